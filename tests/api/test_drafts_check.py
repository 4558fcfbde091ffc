"""POST /v1/drafts/check: an agent's text before it goes out."""
import pathlib

import pytest

import harness

AS_OF = "2026-03-02T10:00:00Z"
PLATFORMS = ["own_shop", "amazon", "ebay", "aliexpress", "wish", "other"]
MARKETPLACES = PLATFORMS[1:]
GOLDEN = sorted((pathlib.Path(harness.ROOT) / "tests/golden").glob("*.en.txt"))


@pytest.fixture(scope="module")
def check(client):
    def post(text, platform="own_shop", suggestion=None):
        answer = client.post("/v1/drafts/check", {"platform": platform, "text": text, "suggestion_id": suggestion})
        assert answer.status == 200, answer
        return answer.json["warnings"]
    return post


def rules(warnings):
    return [warning["rule"] for warning in warnings]


@pytest.mark.parametrize("rule, text, platforms", [
    ("links", "You find it at https://shop.example/x today.", MARKETPLACES),
    ("links", "You find it at blue-lotus.com today.", MARKETPLACES),
    ("email", "Just write to li@shop.example instead.", MARKETPLACES),
    ("phone", "Our number is +86 755 1234 5678.", MARKETPLACES),
    ("phone", "Please phone 13912345678 tomorrow.", MARKETPLACES),
    ("outside_platform", "It is cheaper when you pay us directly by bank transfer.", MARKETPLACES),
    ("outside_platform", "You may buy directly from us next time.", MARKETPLACES),
    ("outside_platform", "To save the fees you can settle it outside the site.", MARKETPLACES),
    ("outside_platform", "Please pay by bank transfer this time.", MARKETPLACES),
    ("marketing", "Check out our new arrivals.", ["amazon", "other"]),
    ("coupon", "You get 10% off your next order.", ["amazon", "other"]),
    ("several_review_requests", "Please leave a review. And do not forget to rate us.", ["amazon", "other"]),
    ("partial_review_request", "If you are happy with it, please leave a review.", ["amazon", "other"]),
    ("review_for_reward", "For a review we send you a gift.", PLATFORMS),
    ("review_for_reward", "Please leave a 5-star review. Then we refund you 5 dollars.", PLATFORMS),
    ("review_change", "Could you change your review to four stars?", PLATFORMS),
    ("dispute_pressure", "Please close your case first.", PLATFORMS),
    ("blame", "This is your own mistake.", PLATFORMS),
    ("blame", "You should have read the description.", PLATFORMS),
    ("blame", "We do not believe that it came broken.", PLATFORMS),
    ("pressure", "This is our final warning.", PLATFORMS),
    ("pressure", "You must decide today.", PLATFORMS),
    ("placeholder", "Dear [NAME], it is on its way.", PLATFORMS),
    ("placeholder", "Dear {{buyer.first_name}}, it is on its way.", PLATFORMS),
    ("placeholder", "Your order <order number> is on its way.", PLATFORMS),
    ("placeholder", "It arrives on XX March.", []),
    ("placeholder", "It arrives on XXX.", PLATFORMS),
    ("placeholder", "TODO: say when it arrives.", PLATFORMS),
])
def test_a_breach_is_told_where_it_is_one(check, rule, text, platforms):
    for platform in PLATFORMS:
        found = [warning for warning in check(text, platform) if warning["rule"] == rule]
        assert bool(found) == (platform in platforms), (platform, found)
        for warning in found:
            assert warning["excerpt"] in text and warning["excerpt"] and warning["detail"], warning


@pytest.mark.parametrize("text", [
    "Hi Nancy,\n\nYour order 1001 left on 5 March 2026 with China Post, number LX123456785CN.\n\nKind regards,\nLi Xiao",
    "Your order 112-1234567-1234567 is on its way.",
    "We refund you US$39.90 by 15 March 2026. There is nothing you need to do.",
    "Thank you very much for your review; it helps us a lot.",
    "Which size would you like: M, XL or XXXL?",
    "You should not have to wait for this, and we are sorry.",
    "There is no hurry. We review the photos and answer by 5 March 2026.",
    "Please never pay anything outside the platform: we do not ask for it.",
    "Please never pay anything outside the site: we do not ask for it.",
])
def test_what_is_right_alarms_nobody(check, text):
    for platform in PLATFORMS:
        assert check(text, platform) == []


def test_no_golden_draft_alarms(check):
    """Their own link to the parcel, a phone, and an offer for the next order are breaches indeed where they are banned."""
    assert len(GOLDEN) > 100
    for path in GOLDEN:
        text = path.read_text()
        assert check(text, "own_shop") == [], path.name
        for platform in MARKETPLACES:
            left = [warning for warning in check(text, platform) if not (
                (warning["rule"] == "links" and "https://" in warning["excerpt"]) or (warning["rule"] == "phone" and "+" in warning["excerpt"])
                or (warning["rule"] == "coupon" and "next order" in warning["excerpt"]) or (warning["rule"] == "outside_platform" and "our own" in warning["excerpt"]))]
            assert left == [], (path.name, platform)


# ---- beside a suggestion ----


@pytest.fixture(scope="module")
def suggestion(client):
    """Overdue and tracked: a refund or a new parcel."""
    order = {"status": "shipped", "platform": "own_shop", "currency": "USD", "total": {"amount": "39.90", "currency": "USD"},
             "placed_at": "2026-02-01T08:00:00Z", "paid_at": "2026-02-01T08:05:00Z", "customer": {"name": "Nancy Drew", "email": "nancy@example.org", "country": "US", "language": "en"},
             "address": {"country": "US"}, "items": [{"sku": "DC-1", "name": "Blue Dress", "quantity": 1, "unit_price": {"amount": "39.90", "currency": "USD"}}]}
    assert client.put("/v1/orders/DC7001", order).status in (200, 201, 204)
    assert client.put("/v1/orders/DC7001/shipments/LX123456785CN", {
        "carrier": "China Post", "carrier_kind": "post", "tracked": True, "shipped_at": "2026-02-02T08:00:00Z", "promised_by": "2026-02-15"}).status in (200, 201, 204)
    assert client.post("/v1/orders/DC7001/shipments/LX123456785CN/events", [
        {"at": "2026-02-03T09:00:00Z", "text": "Posted", "state": "in_transit_origin", "city": "Shenzhen", "country": "CN"}]).status in (200, 201, 204)
    answer = client.post("/v1/suggestions", {
        "message": {"text": "Where is my order DC7001? It has still not arrived.", "id": "dc-1"}, "order_number": "DC7001",
        "buyer": {"name": "Nancy Drew", "email": "nancy@example.org"}, "as_of": AS_OF})
    assert answer.status == 201 and answer.json["issue"]["code"] == "overdue_tracked", answer
    return answer.json


def test_the_draft_itself_is_right(check, suggestion):
    assert check(suggestion["draft"]["text"], suggestion=suggestion["id"]) == []
    assert suggestion["draft"]["warnings"] == []


def test_the_platform_is_the_orders_where_none_is_named(client, suggestion):
    answer = client.post("/v1/drafts/check", {"text": suggestion["draft"]["text"], "suggestion_id": suggestion["id"]})
    assert answer.status == 200 and answer.json == {"warnings": []}


@pytest.mark.parametrize("more, rule, says", [
    ("We refund you US$55.00.", "unknown_amount", "55.00"),
    ("You have it by 24 December 2026.", "unknown_date", "2026-12-24"),
    ("We also give you 17 days more.", "unknown_number", "17"),
    ("The new number is LX987654321CN.", "unknown_number", "LX987654321CN"),
])
def test_what_the_record_does_not_hold(check, suggestion, more, rule, says):
    warnings = check(suggestion["draft"]["text"] + "\n\n" + more, suggestion=suggestion["id"])
    assert rules(warnings) == [rule], warnings
    assert warnings[0]["excerpt"] == more and says in warnings[0]["detail"]


@pytest.mark.parametrize("more", ["It is US$39.90 in all.", "It was $39.90.", "We sent it on 2 February 2026.", "It was due on 2026-02-15.", "That is your order DC7001."])
def test_what_the_record_holds(check, suggestion, more):
    assert check(suggestion["draft"]["text"] + "\n\n" + more, suggestion=suggestion["id"]) == []


@pytest.mark.parametrize("old, new, rule", [
    ("US$39.90", "your money", "missing_amount"),
    ("LX123456785CN", "as you know", "missing_tracking_number"),
    ("15 February 2026", "lately", "missing_date"),
])
def test_what_is_no_longer_said(check, suggestion, old, new, rule):
    draft = suggestion["draft"]["text"]
    assert old in draft
    warnings = check(draft.replace(old, new), suggestion=suggestion["id"])
    assert rules(warnings) == [rule], warnings
    assert old in warnings[0]["excerpt"]


def test_a_choice_that_is_left_out(check, suggestion):
    warnings = check("Hi Nancy,\n\nWe are sorry. We send your order again.", suggestion=suggestion["id"])
    assert "missing_option" in rules(warnings)
    assert [warning["detail"] for warning in warnings if warning["rule"] == "missing_option"] == ['The draft offers "full_refund", the text no longer does.']


# ---- the request ----


def test_no_such_suggestion(client, suggestion):
    body = {"platform": "amazon", "text": "Hi."}
    assert client.post("/v1/drafts/check", body | {"suggestion_id": "0192f0c8-0000-7000-8000-000000000000"}).status == 404
    assert client.post("/v1/drafts/check", body | {"suggestion_id": "no-id"}).status == 404


@pytest.mark.parametrize("body, pointer", [
    ({"platform": "amazon"}, "/text"), ({"platform": "amazon", "text": ""}, "/text"), ({"platform": "bazaar", "text": "Hi."}, "/platform"),
    ({"text": "Hi."}, "/platform"), ({"platform": "amazon", "text": "Hi.", "draft": 1}, "/draft"), ({"platform": "amazon", "text": 7}, "/text"),
])
def test_faults(client, body, pointer):
    answer = client.post("/v1/drafts/check", body)
    assert answer.status == 422 and list(answer.errors) == [pointer], answer
