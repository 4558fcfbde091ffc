"""The parcel that has not left, is late, stands still, is lost, goes to the wrong place or is not wanted any more: M03, M06 to M10,
M15, A01, A02, A04, A05, A40."""
import itertools
import re

import pytest

from test_suggestions import AS_OF, NANCY, ORDER, PARCEL, ask, assert_good_draft, changed, s10

serial = itertools.count(60000)
PLATFORMS = ["own_shop", "amazon", "ebay", "aliexpress", "wish", "other"]
TODAY = "2026-03-02"


def scan(at, state="departed", city="Shenzhen", country="CN", text="Departed the airport"):
    return {"at": at, "text": text, "state": state, "city": city, "country": country}


UNSENT = {"status": "paid", "paid_at": "2026-03-01T10:05:00Z", "placed_at": "2026-03-01T10:00:00Z", "ship_by": "2026-03-04"}
# On its way, on time, scanned lately, of much value.
SENT = {"shipped_at": "2026-02-24T08:00:00Z", "promised_by": "2026-03-20", "carrier_phone": "+86 755 1234 5678"}
MOVING = [scan("2026-02-27T06:30:00Z")]

# issue -> order, parcel (None: there is none), events, its party, priority, action, options
CASES = {
    "cancel_before_shipment": (UNSENT, None, [], "buyer", "normal", "cancel_and_refund", ["full_refund"]),
    "not_shipped_yet": (UNSENT, None, [], "seller", "normal", "inform", []),
    "dispatch_late": (UNSENT | {"placed_at": "2026-02-20T10:00:00Z", "paid_at": "2026-02-20T10:05:00Z", "ship_by": "2026-02-24",
                                "new_ship_by": "2026-03-06"}, None, [], "warehouse", "high", "apologise_new_date", ["wait", "full_refund"]),
    "change_address_before_shipment": (UNSENT, None, [], "buyer", "normal", "change_address", ["change_address"]),
    "change_address_shipped_low_value": ({"total": {"amount": "29.90", "currency": "USD"}}, SENT, MOVING, "buyer", "high", "reship",
                                         ["reship", "hold_at_carrier"]),
    "change_address_shipped_high_value": ({}, SENT, MOVING, "buyer", "high", "hold_at_carrier", ["hold_at_carrier", "apology_discount"]),
    "unwanted_free_return": ({}, SENT | {"free_return": True}, MOVING, "buyer", "normal", "refuse_parcel", ["refuse_and_refund"]),
    "unwanted_costly_return": ({}, SENT | {"free_return": False, "return_cost": {"amount": "18.00", "currency": "USD"}}, MOVING, "buyer",
                               "normal", "keep_with_partial_refund", ["partial_refund", "return_at_buyer_cost", "refuse_and_refund"]),
    "overdue_grace": ({}, {"promised_by": "2026-02-27"}, MOVING, "carrier", "high", "wait", ["wait", "full_refund"]),
    "overdue_untracked": ({}, {"tracked": False, "tracking_url": None, "carrier_kind": "economy"}, [], "carrier", "high", "refund",
                          ["full_refund"]),
    "lost": ({}, {}, [scan("2026-02-20T08:00:00Z", "lost", "Chicago", "US", "Declared lost")], "carrier", "high", "refund_or_reship",
             ["full_refund", "reship", "lost_discount"]),
    "tracking_stalled": ({}, {"promised_by": "2026-03-20"}, [scan("2026-02-20T06:30:00Z")], "carrier", "high", "investigate",
                         ["wait", "full_refund"]),
}

CANCEL = [
    "Please cancel my order.", "I changed my mind, can you cancel the order?", "CANCEL MY ORDER NOW!!! I don't want it anymore!",
    "hello sir i want cancel order please", "Ordered by mistake, pls cancel it", "I would like to cancel my purchase, I don't need it any more.",
    "cancel order", "Sorry to trouble you, but I found it cheaper elsewhere and no longer want the dress. Could you cancel it?"]
MOVE = [
    "Please change the delivery address of my order, I have moved.", "wrong address!! change it NOW", "I gave the wrong house number, can you correct it?",
    "hello, i need change address of my parcel please", "Can you send it to my office instead? I moved last week.",
    "I made a mistake in the shipping address. Could you please send the order to another address?"]
WHEN_SENT = [
    "When will you ship my order?", "still not shipped??", "hi when you send my package", "Has my order been dispatched yet?",
    "Four days and you STILL have not shipped my order! This is outrageous!", "May I ask when the order will be on its way?"]
NOT_HERE = [
    "My order has not arrived yet, it should be here by now.", "still nothing!!! where is my parcel, it is late", "i not receive my package",
    "Hello, the delivery date has passed and I have not received my dress.", "Late.  Where is it?",
    "I am so disappointed. My parcel was promised for last week and never came."]
STANDS_STILL = [
    "Where is my order?", "The tracking has not moved for days, where is my parcel?", "tracking not update, where my package",
    "Could you check my parcel please? Nothing has changed in the tracking.", "WHY DOES THE TRACKING NOT MOVE?? Where is it!",
    "any news of my parcel"]
TEXTS = {
    "cancel_before_shipment": CANCEL, "unwanted_free_return": CANCEL, "unwanted_costly_return": CANCEL,
    "change_address_before_shipment": MOVE, "change_address_shipped_low_value": MOVE, "change_address_shipped_high_value": MOVE,
    "not_shipped_yet": WHEN_SENT, "dispatch_late": WHEN_SENT, "overdue_grace": NOT_HERE, "overdue_untracked": NOT_HERE, "lost": NOT_HERE,
    "tracking_stalled": STANDS_STILL}


class Shelf:
    """Puts orders with or without a parcel and asks about them."""

    def __init__(self, client):
        self.client = client

    def put(self, order=None, parcel=None, events=()):
        number, tracking = f"P{next(serial)}", s10(next(serial))
        assert self.client.put(f"/v1/orders/{number}", changed(ORDER, **(order or {}))).status in (200, 201)
        if parcel is not None:
            path = f"/v1/orders/{number}/shipments/{tracking}"
            assert self.client.put(path, changed(PARCEL, **parcel)).status in (200, 201)
            if events:
                assert self.client.post(path + "/events", list(events)).status in (200, 201, 204)
        return number, tracking

    def put_case(self, issue, order=None, parcel=None, events=None):
        """The issue's case with some fields changed."""
        base_order, base_parcel, base_events = CASES[issue][:3]
        return self.put(base_order | (order or {}), None if base_parcel is None else base_parcel | (parcel or {}),
                        base_events if events is None else events)

    def found(self, issue, order=None, parcel=None, events=None, text=None, **fields):
        """What is answered to a case that differs from the issue's in the given fields."""
        number, _ = self.put_case(issue, order, parcel, events)
        answer = ask(self.client, text or TEXTS[issue][0], number, **fields)
        assert_good_draft_or_none(answer["draft"])
        return answer


def assert_good_draft_or_none(draft):
    if draft["text"]:
        assert_good_draft(draft)


@pytest.fixture(scope="module")
def shelf(client):
    return Shelf(client)


@pytest.fixture(scope="module")
def cases(shelf):
    """issue -> (order number, tracking number)"""
    return {issue: shelf.put_case(issue) for issue in CASES}


def code(found):
    return found["issue"]["code"]


def text_of(found):
    return found["draft"]["text"]


def options_of(found, offered=None):
    return [option["action"] for option in found["resolution"]["options"] if offered is None or option["offer_to_buyer"] == offered]


def option(found, action):
    return next(one for one in found["resolution"]["options"] if one["action"] == action)


def steps_of(found):
    return {step["action"]: step["due"] for step in found["resolution"]["next_steps"]}


def money(amount, currency="USD"):
    return {"amount": amount, "currency": currency}


# --- what holds for each of them ---


@pytest.mark.parametrize("issue, text", [(issue, text) for issue in CASES for text in TEXTS[issue]])
def test_however_it_is_said(client, cases, issue, text):
    found = ask(client, text, cases[issue][0])
    assert code(found) == issue, found["intent"]
    assert_good_draft(found["draft"])


@pytest.mark.parametrize("issue", CASES)
def test_codes(client, cases, issue):
    found = ask(client, TEXTS[issue][0], cases[issue][0])
    _, _, _, party, priority, action, options = CASES[issue]
    assert found["issue"]["responsible_party"] == party
    assert found["issue"]["priority"] == priority
    assert found["issue"]["stage"] == ("after_sale" if party == "carrier" else "in_sale")
    assert found["resolution"]["action"] == action
    assert options_of(found) == options
    assert [one["recommended"] for one in found["resolution"]["options"]] == [True] * bool(options) + [False] * (len(options) - 1)
    assert all(one["reason"].strip() and "{{" not in one["reason"] for one in found["resolution"]["options"])
    assert found["resolution"]["reason"] and found["resolution"]["evidence"]
    assert found["resolution"]["follow_up_at"] > AS_OF
    assert found["valid_until"] > AS_OF


@pytest.mark.parametrize("issue", CASES)
def test_a_draft_reads_as_a_letter(client, cases, issue):
    number, tracking = cases[issue]
    found = ask(client, TEXTS[issue][0], number, agent={"name": "Li Xiao"})
    text = text_of(found)
    assert text.startswith("Hi Nancy,\n\n") and "Li Xiao" in text and number in text
    assert 40 <= len(text.split()) <= 190, len(text.split())
    assert "soon" not in text.replace("As soon as", "") and "ASAP" not in text
    if CASES[issue][1] and CASES[issue][1].get("tracked", True):
        assert tracking in text and "https://track.northernpost.example/RB" in text and "Latest update" in text


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("issue", CASES)
def test_every_platform(shelf, issue, platform):
    found = shelf.found(issue, {"platform": platform})
    text = found["draft"]["subject"] + text_of(found) + found["draft"]["html"]
    assert code(found) == issue
    if platform != "own_shop":
        assert "http" not in text and "1234 5678" not in text and "northernpost" not in text
    if platform in ("amazon", "other"):
        assert not {"apology_discount", "lost_discount"} & set(options_of(found))
        assert "next order" not in text
    elif issue in ("lost", "change_address_shipped_high_value"):
        assert "% off your next order" in text


@pytest.mark.parametrize("issue", CASES)
def test_bare_records_are_worded_around(shelf, issue):
    order = {"total": None, "freight": None, "items": [], "paid_at": None, "placed_at": None, "address": None}
    if issue.startswith("change_address_shipped"):
        order.pop("total")
    parcel = {"carrier": None, "service": None, "tracking_url": None, "claim_by": None, "return_cost": None, "shipped_at": "2026-02-24T08:00:00Z"}
    found = shelf.found(issue, order, parcel)
    assert code(found) == issue
    assert_good_draft(found["draft"])
    assert not re.search(r"[$€]\s*0\.00|\bnone\b|unknown", text_of(found), re.I)


@pytest.mark.parametrize("issue", CASES)
def test_a_dispute_is_not_answered_by_mail(shelf, issue):
    for kind in "platform_case", "chargeback":
        found = shelf.found(issue, {"dispute": {"kind": kind, "respond_by": "2026-03-05"}})
        assert text_of(found) == "" and "dispute" in found["review_reasons"]
        if kind == "chargeback":
            assert not [one for one in found["resolution"]["options"] if one["amount"]], "it would be paid twice"


@pytest.mark.parametrize("issue", CASES)
@pytest.mark.parametrize("order", [{"status": "refunded"}, {"status": "cancelled"}, {"refund": {"state": "issued"}},
                                   {"return": {"state": "posted"}}])
def test_nothing_is_offered_twice(shelf, issue, order):
    found = shelf.found(issue, order)
    if issue == "cancel_before_shipment" and "status" in order:
        assert not [one for one in found["resolution"]["options"] if one["amount"]] and "issue_refund" not in steps_of(found)
        return
    assert code(found) != issue
    assert code(found) == "return_in_progress" or "refund" not in text_of(found).lower()  # a refund that is due is told, not offered


@pytest.mark.parametrize("issue", [issue for issue in CASES if CASES[issue][1] is not None])
def test_of_several_parcels_no_total_is_promised(client, shelf, issue):
    number, _ = shelf.put_case(issue)
    other = s10(next(serial))
    path = f"/v1/orders/{number}/shipments/{other}"
    assert client.put(path, changed(PARCEL, promised_by="2026-04-20", shipped_at="2026-02-25T08:00:00Z", free_return=None)).status == 201
    found = ask(client, TEXTS[issue][0], number)
    assert code(found) == issue and found["needs_review"] is True
    assert_good_draft(found["draft"])
    assert "39.90" not in text_of(found) and "29.90" not in text_of(found)
    assert all(one["amount"] is None and one["cost_to_seller"] is None for one in found["resolution"]["options"])


@pytest.mark.parametrize("issue", CASES)
@pytest.mark.parametrize("state", ["delivered", "returned"])
def test_a_parcel_that_has_ended_is_another_matter(shelf, issue, state):
    if CASES[issue][1] is None:
        return
    found = shelf.found(issue, events=MOVING + [scan("2026-02-28T08:00:00Z", state, "Chicago", "US")])
    assert code(found) != issue


# --- M03 ---


@pytest.mark.parametrize("status", ["paid", "packed"])
def test_cancelled_before_it_left(shelf, status):
    found = shelf.found("cancel_before_shipment", {"status": status})
    assert option(found, "full_refund")["amount"] == option(found, "full_refund")["cost_to_seller"] == money("39.90")
    text = text_of(found)
    assert "We are cancelling your order" in text and "US$39.90" in text and "12 March 2026" in text
    assert "May we ask" in text and text.count("?") == 1 and "return" in text
    assert steps_of(found)["issue_refund"] == steps_of(found)["hold_parcel"] == TODAY
    assert found["needs_review"] is False


def test_cancelled_and_never_paid(shelf):
    found = shelf.found("cancel_before_shipment", {"status": "unpaid", "paid_at": None})
    assert code(found) == "cancel_before_shipment" and options_of(found) == []
    assert "no payment" in text_of(found) and "39.90" not in text_of(found) and "issue_refund" not in steps_of(found)


@pytest.mark.parametrize("order, says, silent, review", [
    ({"status": "cancelled"}, ["We are checking today how far your refund is, and will write to you by 3 March 2026"], ["39.90"], True),
    ({"status": "cancelled", "refund": {"state": "approved", "amount": money("39.90")}}, ["We are checking today"], ["39.90"], True),
    ({"status": "refunded", "refund": {"state": "issued", "amount": money("39.90"), "at": "2026-02-20T08:00:00Z"}},
     ["We sent you US$39.90 back on 20 February 2026; you will see it by 2 March 2026 at the latest", "not there by then"], ["checking"], False),
    ({"status": "refunded", "refund": {"state": "issued", "amount": money("39.90"), "at": "2026-02-19T08:00:00Z"}},
     ["We sent you US$39.90 back on 19 February 2026.", "If it is not there, just tell us"], ["1 March", "checking"], False),
    ({"status": "refunded", "refund": {"state": "completed"}}, ["We sent you your money back."], ["checking"], False),
])
def test_what_is_cancelled_already_is_confirmed(shelf, order, says, silent, review):
    for text in CANCEL[0], "I want my money back please":
        found = shelf.found("cancel_before_shipment", order | {"placed_at": "2026-02-10T10:00:00Z", "paid_at": "2026-02-10T10:00:00Z"}, text=text)
        assert (code(found), found["resolution"]["action"], options_of(found)) == ("cancel_before_shipment", "cancel_and_refund", [])
        assert "is cancelled already, and nothing has left us" in text_of(found) and "We are cancelling" not in text_of(found)
        assert all(words in text_of(found) for words in says) and not any(words in text_of(found) for words in silent)
        assert ("missing_fact" in found["review_reasons"]) == ("follow_up" in steps_of(found)) == ("verify_payment" in steps_of(found)) == review
        assert not {"issue_refund", "hold_parcel"} & set(steps_of(found))
        assert ("refund.state" in found["draft"]["missing"]) == ("refund" not in order)


def test_an_order_that_was_sent_and_cancelled_is_another_matter(shelf):
    assert code(shelf.found("unwanted_free_return", {"status": "cancelled"})) == "unclear"


@pytest.mark.parametrize("text, order, asked", [
    ("Please cancel my order.", {}, True), ("I found it cheaper elsewhere, please cancel my order.", {}, True),
    ("CANCEL MY ORDER NOW!!! THIS IS OUTRAGEOUS, YOU LIARS!!!", {}, False),
    ("Not shipped yet? I want my money back", {"ship_by": "2026-03-01"}, False), ("Not shipped yet? I would like my money back please", {"ship_by": TODAY}, True)])
def test_why_is_asked_with_tact(shelf, text, order, asked):
    found = shelf.found("cancel_before_shipment", order, text=text)
    assert code(found) == "cancel_before_shipment", found["intent"]
    assert ("May we ask what we could have done better?" in text_of(found)) == asked
    assert "changed your mind" not in text_of(found)


@pytest.mark.parametrize("amount, left", [("5.00", "34.90"), ("39.89", "0.01")])
def test_what_went_back_before_is_not_paid_again(shelf, amount, left):
    found = shelf.found("cancel_before_shipment", {"refund": {"state": "completed", "amount": money(amount), "at": "2026-03-01T12:00:00Z"}})
    assert code(found) == "cancel_before_shipment" and option(found, "full_refund")["amount"] == money(left)
    assert f"US${left}" in text_of(found) and "in full" not in text_of(found)


@pytest.mark.parametrize("issue", ["cancel_before_shipment", "unwanted_free_return", "unwanted_costly_return"])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_nobody_is_asked_for_an_untrue_reason(shelf, issue, platform):
    text = text_of(shelf.found(issue, {"platform": platform}))
    assert not re.search(r"(choose|select|state|give|pick|as) (the|a|your)? ?reason", text, re.I)
    assert "You need not tell us" in text


def test_money_back_before_it_left_is_a_cancellation(shelf):
    assert code(shelf.found("cancel_before_shipment", text="I want my money back please")) == "cancel_before_shipment"


# --- M06 to M08 ---

NEW = "Please send it to my new address: 18 Ash Grove, Swansea SA2 8JD, United Kingdom."


def test_a_new_address_is_repeated(shelf):
    found = shelf.found("change_address_before_shipment", text=NEW)
    assert "18 Ash Grove" in text_of(found) and "missing or wrong" in text_of(found)
    assert steps_of(found)["update_address"] == TODAY
    found = shelf.found("change_address_shipped_low_value", text=NEW)
    assert "18 Ash Grove" in text_of(found) and "redirect" in text_of(found)
    assert "ship_replacement" in steps_of(found)


def test_an_address_that_is_not_there_is_asked_for(shelf):
    for issue in "change_address_before_shipment", "change_address_shipped_low_value":
        found = shelf.found(issue, text="I have moved. Please change my address.")
        assert "Please send us the whole new address" in text_of(found)
        assert "message.new_address" in found["draft"]["missing"]
        assert not {"update_address", "ship_replacement"} & set(steps_of(found))


@pytest.mark.parametrize("platform", ["own_shop", "ebay"])
@pytest.mark.parametrize("issue, text", [("change_address_before_shipment", NEW), ("change_address_shipped_low_value", NEW),
                                         ("cancel_before_shipment", "Please cancel my order.")])
def test_nothing_is_done_for_somebody(client, shelf, issue, text, platform):
    if (issue, platform) == ("change_address_before_shipment", "ebay"):
        return  # who may open the order on the platform is the buyer
    number, _ = shelf.put_case(issue, {"platform": platform})
    found = ask(client, f"{text} It is order {number}.", buyer=None)
    assert code(found) == issue
    assert "buyer_unverified" in found["review_reasons"]
    assert_good_draft(found["draft"])
    assert "unless the person who ordered" in text_of(found) and "Ash Grove" not in text_of(found)
    assert "We are cancelling" not in text_of(found) and ("e-mail" in text_of(found)) == (platform == "own_shop")
    assert not {"update_address", "ship_replacement", "issue_refund"} & set(steps_of(found))


@pytest.mark.parametrize("platform", PLATFORMS[1:])
def test_marketplaces_ask_for_no_address(shelf, platform):
    assert "message.new_address" not in shelf.found("change_address_before_shipment", {"platform": platform}, text=MOVE[0])["draft"]["missing"]
    assert "message.new_address" in shelf.found("change_address_before_shipment", text=MOVE[0])["draft"]["missing"]


@pytest.mark.parametrize("platform", PLATFORMS[1:])
def test_marketplaces_change_it_inside_or_by_a_new_order(shelf, platform):
    found = shelf.found("change_address_before_shipment", {"platform": platform}, text=NEW)
    assert options_of(found) == ["change_address", "cancel_and_refund"]
    assert option(found, "cancel_and_refund")["amount"] == money("39.90")
    text = text_of(found)
    assert "protection" in text and "on the platform" in text and "“cancel”" in text and "Ash Grove" not in text
    assert "update_address" not in steps_of(found)


@pytest.mark.parametrize("order, issue", [
    ({"total": money("30.00")}, "change_address_shipped_low_value"), ({"total": money("30.01")}, "change_address_shipped_high_value"),
    ({"total": None}, "change_address_shipped_high_value"),
    ({"currency": "JPY", "total": money("900", "JPY"), "freight": None, "items": []}, "change_address_shipped_high_value")])
def test_the_limit_of_a_second_parcel(shelf, order, issue):
    found = shelf.found("change_address_shipped_high_value", order)
    assert code(found) == issue
    missing = {"order.total"} if order["total"] is None else {"order.total_in_policy_currency"} if "currency" in order else set()
    assert {"order.total", "order.total_in_policy_currency"} & set(found["draft"]["missing"]) == missing
    assert ("missing_fact" in found["review_reasons"]) == bool(missing) == ("compared" in found["resolution"]["reason"])


def test_a_rate_makes_it_comparable(server, make_shop):
    client = make_shop().client(server)
    assert client.put("/v1/policy", {"currency": "USD", "fx": {"EUR": "1.20"}, "reship_max": money("30.00")}).status == 200
    for total, issue in ("25.00", "change_address_shipped_low_value"), ("25.01", "change_address_shipped_high_value"):
        found = Shelf(client).found("change_address_shipped_high_value",
                                    {"currency": "EUR", "total": money(total, "EUR"), "freight": None, "items": []})
        assert code(found) == issue


def test_a_new_parcel_costs_goods_and_freight(client, shelf):
    assert client.put("/v1/products/LD-1", {"name": "Linen dress", "cost": money("12.00")}).status in (200, 201)
    found = shelf.found("change_address_shipped_low_value")
    assert option(found, "reship")["cost_to_seller"] == money("16.90")


def test_held_at_the_carrier(shelf):
    found = shelf.found("change_address_shipped_high_value")
    text = text_of(found)
    assert "24 February" in text and "20 March" in text and "Northern Post" in text and "+86 755 1234 5678" in text
    assert "sorry" in text and "5% off your next order" in text and "“hold”" in text
    assert steps_of(found)["contact_carrier"] == TODAY
    late = shelf.found("change_address_shipped_high_value", parcel={"promised_by": "2026-03-01"})
    assert "It is due by" not in text_of(late)


def test_no_discount_of_nothing(server, make_shop):
    client = make_shop().client(server)
    assert client.put("/v1/policy", {"apology_discount_percent": 0, "lost_discount_percent": 0, "partial_refund_percent": 0}).status == 200
    for issue in "change_address_shipped_high_value", "lost", "unwanted_costly_return":
        found = Shelf(client).found(issue)
        assert not {"apology_discount", "lost_discount", "partial_refund"} & set(options_of(found))
        assert "0%" not in text_of(found)


@pytest.mark.parametrize("issue", ["change_address_before_shipment", "change_address_shipped_low_value"])
@pytest.mark.parametrize("buyer, verified", [
    (None, False), ({"name": "Nancy Drew"}, False), ({"email": "nancy@example.org"}, True)])
def test_a_new_address_is_for_the_buyer_alone(client, shelf, issue, buyer, verified):
    """The order is named beside the text, and who asks is not."""
    found = ask(client, NEW, shelf.put_case(issue)[0], buyer=buyer)
    assert code(found) == issue
    assert ("buyer_unverified" in found["review_reasons"]) == ("unless the person who ordered" in text_of(found)) == (not verified)
    assert bool({"update_address", "ship_replacement"} & set(steps_of(found))) == ("Ash Grove" in text_of(found)) == verified
    assert ("has not been checked" in found["resolution"]["reason"]) == (not verified)
    assert_good_draft(found["draft"])


def test_a_marketplace_checks_its_buyers(client, shelf):
    found = ask(client, NEW, shelf.put_case("change_address_before_shipment", {"platform": "ebay"})[0], buyer=None)
    assert found["review_reasons"] == [] and "on the platform" in text_of(found)


@pytest.mark.parametrize("platform", ["own_shop", "ebay", "amazon"])
def test_a_new_address_for_what_is_not_paid_yet(shelf, platform):
    found = shelf.found("change_address_before_shipment", {"status": "unpaid", "paid_at": None, "platform": platform}, text=NEW)
    assert (code(found), options_of(found)) == ("change_address_before_shipment", ["change_address"])
    assert "refund" not in text_of(found) and "39.90" not in text_of(found)
    if platform != "own_shop":
        assert "not paid by our record" in text_of(found) and "before you pay" in text_of(found) and "protection" in text_of(found)
        assert "nothing is paid" in found["resolution"]["reason"]
    refunded = {"status": "unpaid", "platform": platform, "refund": {"state": "issued"}}
    assert code(shelf.found("change_address_before_shipment", refunded, text=NEW)) == "unclear"


PICKUP = [scan("2026-03-01T08:00:00Z", "ready_for_pickup", "River Heights", "US")]


@pytest.mark.parametrize("pickup_by, open, follow_up", [("2026-03-01", False, "2026-03-03"), (TODAY, True, "2026-03-03"), ("2026-03-03", True, "2026-03-03"),
                                                        ("2026-03-04", True, "2026-03-04"), ("2026-03-09", True, "2026-03-04"),
                                                        (None, True, "2026-03-04")])
def test_held_where_it_lies_already(shelf, pickup_by, open, follow_up):
    parcel = {"pickup_point": "Corner Books", "pickup_by": pickup_by}
    found = shelf.found("change_address_shipped_high_value", parcel=parcel, events=PICKUP)
    text = text_of(found)
    assert code(found) == "change_address_shipped_high_value" and steps_of(found)["follow_up"] == follow_up
    assert f"Your parcel {'is' if open else 'was'} waiting to be collected at Corner Books" in text
    assert f"we are asking Northern Post today {'to keep it there longer' if open else 'if it is still there'}" in text
    assert ("until" in text) == (open and pickup_by is not None)
    assert "goes to the old address" not in text and "if and where" not in text and "“hold”" not in text
    low = shelf.found("change_address_shipped_low_value", parcel=parcel, events=PICKUP, text=NEW)
    assert "waiting to be collected at Corner Books" in text_of(low) and "near the old address" not in text_of(low)
    assert "Corner Books" not in text_of(shelf.found("change_address_shipped_high_value", parcel=parcel))


@pytest.mark.parametrize("at, today", [("2026-03-02T06:00:00Z", True), ("2026-03-01T23:59:00Z", False)])
def test_a_new_address_while_it_is_out_for_delivery(shelf, at, today):
    out = [scan(at, "out_for_delivery", "River Heights", "US")]
    text = text_of(shelf.found("change_address_shipped_high_value", events=out))
    assert ("out for delivery to the old address today: can you or somebody else take it in there?" in text) == today
    assert ("You can still get your parcel" in text) == (not today)
    text = text_of(shelf.found("change_address_shipped_low_value", events=out, text=NEW))
    assert ("out for delivery to the old address today; if somebody can take it in" in text) == today


def test_a_new_address_while_customs_hold_it(shelf):
    held = [scan("2026-03-01T08:00:00Z", "customs_held", "Chicago", "US")]
    text = text_of(shelf.found("change_address_shipped_high_value", events=held))
    assert "Customs are holding it now; without an answer it goes to the old address once they release it." in text
    assert "Customs" not in text_of(shelf.found("change_address_shipped_high_value"))


@pytest.mark.parametrize("tracked", [False, True])
@pytest.mark.parametrize("issue", ["change_address_shipped_low_value", "change_address_shipped_high_value"])
def test_no_carrier_redirects_what_it_cannot_find(shelf, issue, tracked):
    parcel = {"tracked": tracked} | ({} if tracked else {"tracking_url": None})
    found = shelf.found(issue, parcel=parcel, events=MOVING if tracked else [], text=NEW)
    assert code(found) == issue
    assert ("hold_at_carrier" in options_of(found)) == ("contact_carrier" in steps_of(found)) == tracked
    assert ("“hold”" in text_of(found)) == ("today" in text_of(found)) == tracked
    assert ("without tracking" in text_of(found)) == (not tracked)
    assert ("1234 5678" in text_of(found)) == (tracked and issue == "change_address_shipped_high_value")
    if issue == "change_address_shipped_low_value":
        assert ("by 5 March 2026" in text_of(found)) and options_of(found)[0] == "reship"


# --- M09, M10 ---


def test_a_free_return_is_refused(shelf):
    found = shelf.found("unwanted_free_return")
    assert option(found, "refuse_and_refund")["amount"] == option(found, "refuse_and_refund")["cost_to_seller"] == money("39.90")
    text = text_of(found)
    assert "refuse it" in text and "free of charge" in text and "return label" in text and "US$39.90" in text
    waiting = shelf.found("unwanted_free_return", events=[scan("2026-03-01T08:00:00Z", "ready_for_pickup")])
    assert code(waiting) == "unwanted_free_return" and "do not collect it" in text_of(waiting)


@pytest.mark.parametrize("free, issue", [(True, "unwanted_free_return"), (False, "unwanted_costly_return"), (None, "unwanted_costly_return")])
def test_free_return_unknown_is_not_free(shelf, free, issue):
    assert code(shelf.found("unwanted_costly_return", parcel={"free_return": free})) == issue


def test_a_costly_return_without_a_right(shelf):
    found = shelf.found("unwanted_costly_return")
    assert options_of(found) == ["partial_refund", "return_at_buyer_cost", "refuse_and_refund"]
    assert [option(found, action)["amount"]["amount"] for action in options_of(found)] == ["7.98", "39.90", "21.90"]
    assert [option(found, action)["cost_to_seller"]["amount"] for action in options_of(found)] == ["7.98", "39.90", "39.90"]
    text = text_of(found)
    assert text.index("US$7.98") < text.index("US$39.90") < text.index("US$21.90") and text.count("US$18.00") == 2
    assert "May we ask" in text and "return label" in text


@pytest.mark.parametrize("country", ["DE", "FR", "GB"])
def test_inside_the_legal_withdrawal_it_comes_first(shelf, country):
    found = shelf.found("unwanted_costly_return", {"address": {"country": country}})
    assert found["resolution"]["action"] == "accept_withdrawal"
    assert options_of(found) == ["refuse_and_refund", "return_at_buyer_cost", "partial_refund"]
    assert [option(found, action)["amount"]["amount"] for action in options_of(found)] == ["39.90", "39.90", "7.98"]
    assert option(found, "refuse_and_refund")["cost_to_seller"] == money("57.90")
    text = text_of(found)
    assert "You can cancel your order" in text and "You can choose:" in text and "return label, free of charge" in text and "delivery charge included" in text and "taken off" not in text


def test_a_return_of_unknown_cost(shelf):
    found = shelf.found("unwanted_costly_return", parcel={"return_cost": None})
    assert "cost.return" in found["draft"]["missing"]
    assert option(found, "refuse_and_refund")["amount"] is None
    assert "21.90" not in text_of(found) and "you pay the return freight" in text_of(found)


@pytest.mark.parametrize("country", ["US", "DE"])
@pytest.mark.parametrize("parcel, missing", [
    ({"return_cost": None, "free_return": None}, {"shipment.return_cost", "shipment.free_return"}), ({"return_cost": None}, {"shipment.return_cost"}),
    ({"free_return": None}, {"shipment.free_return"}), ({}, set())])
def test_what_a_return_costs_is_asked_for(shelf, country, parcel, missing):
    found = shelf.found("unwanted_costly_return", {"address": {"country": country}}, parcel)
    assert code(found) == "unwanted_costly_return"
    assert {fact for fact in found["draft"]["missing"] if fact.startswith("shipment.")} == missing
    assert ("missing_fact" in found["review_reasons"]) == (country == "US" and len(missing) == 2), "neither is known, and no law says who pays"


def test_nothing_can_be_reckoned_without_a_total(shelf):
    for country in "US", "DE":
        found = shelf.found("unwanted_costly_return", {"total": None, "address": {"country": country}})
        assert not any(one["amount"] for one in found["resolution"]["options"])
        assert "order.total" in found["draft"]["missing"] and "missing_fact" in found["review_reasons"]


def test_a_return_that_costs_more_than_the_goods_is_not_refused(shelf):
    for cost, offered in ("39.89", True), ("39.90", False):
        found = shelf.found("unwanted_costly_return", parcel={"return_cost": money(cost)})
        assert ("refuse_and_refund" in options_of(found)) == offered


def test_a_return_in_another_currency(shelf, server, make_shop):
    client = make_shop().client(server)
    assert client.put("/v1/policy", {"currency": "USD", "fx": {"CHF": "1.10"}}).status == 200
    rated = Shelf(client)
    for cost, less in ("36.26", "0.01"), ("36.27", None):  # at 1.10: 39.886 and 39.897, of 39.90
        found = rated.found("unwanted_costly_return", parcel={"return_cost": money(cost, "CHF")})
        assert ("refuse_and_refund" in options_of(found)) == bool(less)
        assert f"you pay the return freight, CHF\u00a0{cost}" in text_of(found)
        if less:
            assert option(found, "refuse_and_refund")["amount"] == money(less)
            assert f"US${less} back, the return freight of CHF\u00a0{cost} taken off" in text_of(found)
    found = shelf.found("unwanted_costly_return", parcel={"return_cost": money("36.27", "CHF")})
    assert option(found, "refuse_and_refund")["amount"] is None and "cost.return" in found["draft"]["missing"]
    assert "the return freight of CHF\u00a036.27 taken off" in text_of(found)


def test_goods_bought_in_another_currency(server, make_shop):
    client = make_shop().client(server)
    assert client.put("/v1/products/LD-1", {"name": "Linen dress", "cost": money("85.00", "CNY")}).status == 201
    found = Shelf(client).found("change_address_shipped_low_value")
    assert option(found, "reship")["cost_to_seller"] is None and "cost.reship" in found["draft"]["missing"]
    assert client.put("/v1/policy", {"fx": {"CNY": "0.141"}}).status == 200
    found = Shelf(client).found("change_address_shipped_low_value")
    assert option(found, "reship")["cost_to_seller"] == money("16.89") and "cost.reship" not in found["draft"]["missing"]  # 11.985


@pytest.mark.parametrize("percent", [0, 20, 100])
def test_the_opening_says_what_is_offered(server, make_shop, percent):
    client = make_shop().client(server)
    assert client.put("/v1/policy", {"partial_refund_percent": percent}).status == 200
    found = Shelf(client).found("unwanted_costly_return")
    assert (found["resolution"]["action"] == "keep_with_partial_refund") == ("partial_refund" in options_of(found)) == (percent > 0)
    assert ("You can keep" in text_of(found)) == ("Keep it:" in text_of(found)) == (percent > 0)
    assert ("You can return your order" in text_of(found)) == (found["resolution"]["action"] == "accept_return") == (percent == 0)
    assert "You can choose:" in text_of(found) and "Just tell us which." in text_of(found)
    assert not any("costs less" in one["reason"] for one in found["resolution"]["options"])
    found = Shelf(client).found("unwanted_costly_return", {"address": {"country": "DE"}})
    assert found["resolution"]["action"] == "accept_withdrawal" and "You can cancel your order" in text_of(found)


@pytest.mark.parametrize("cost, offered, exceeds", [("39.89", True, False), ("39.90", False, False), ("39.91", False, True), ("80.00", False, True)])
def test_what_a_dear_return_means(shelf, cost, offered, exceeds):
    found = shelf.found("unwanted_costly_return", parcel={"return_cost": money(cost)})
    assert ("refuse_and_refund" in options_of(found)) == offered
    assert ("send_return_label" in steps_of(found)) == ("return label" in text_of(found)) == offered
    assert ("its cost taken off in the same way" in text_of(found)) == offered
    assert (f"US${cost}, which is more than that" in text_of(found)) == exceeds
    assert "You can choose:" in text_of(found)


def test_one_way_alone_is_no_choice(server, make_shop):
    client = make_shop().client(server)
    assert client.put("/v1/policy", {"partial_refund_percent": 0}).status == 200
    found = Shelf(client).found("unwanted_costly_return", parcel={"return_cost": money("80.00")})
    assert options_of(found) == ["return_at_buyer_cost"]
    assert "You can:" in text_of(found) and "if you would like that" in text_of(found) and "which." not in text_of(found)


@pytest.mark.parametrize("country, law", [("US", False), ("DE", True)])
def test_the_law_is_no_missing_fact(shelf, country, law):
    found = shelf.found("unwanted_costly_return", {"address": {"country": country}}, {"return_cost": None, "free_return": None})
    assert not [fact for fact in found["draft"]["missing"] if fact.startswith("law.")]
    assert ("free of charge" in text_of(found)) == law


def test_one_of_two_parcels_is_named(client, shelf):
    number, _ = shelf.put_case("unwanted_costly_return")
    path = f"/v1/orders/{number}/shipments/{s10(next(serial))}"
    assert client.put(path, changed(PARCEL, promised_by="2026-04-20", shipped_at="2026-02-25T08:00:00Z")).status == 201
    assert "For the parcel above you can choose:" in text_of(ask(client, CANCEL[0], number))


@pytest.mark.parametrize("days, says", [(0, "on the day of its return"), (1, "within 1 day of its return"), (2, "within 2 days of its return")])
def test_days_are_counted_in_words_that_fit(server, make_shop, days, says):
    client = make_shop().client(server)
    assert client.put("/v1/policy", {"refund_days": [0, days]}).status == 200
    for issue in "unwanted_free_return", "unwanted_costly_return":
        assert says in text_of(Shelf(client).found(issue))


def test_refused_at_a_pickup_point(shelf):
    text = text_of(shelf.found("unwanted_free_return", events=PICKUP))
    assert "please do not collect it" in text and "If it reaches you all the same" in text and "refusing" not in text


# --- M15 ---


@pytest.mark.parametrize("what, order, issue", [
    ("due today", {"ship_by": TODAY}, "not_shipped_yet"),
    ("due yesterday", {"ship_by": "2026-03-01"}, "dispatch_late"),
    ("handling days end today", {"ship_by": None, "placed_at": None, "paid_at": "2026-02-27T23:00:00Z"}, "not_shipped_yet"),
    ("handling days are over", {"ship_by": None, "placed_at": None, "paid_at": "2026-02-26T01:00:00Z"}, "dispatch_late"),
    ("no day to be had", {"ship_by": None, "placed_at": None, "paid_at": None}, "not_shipped_yet"),
    ("known to be late before it is", {"ship_by": "2026-03-04", "new_ship_by": "2026-03-09"}, "dispatch_late"),
    ("packed", {"status": "packed"}, "not_shipped_yet"),
])
def test_the_day_of_dispatch(shelf, what, order, issue):
    found = shelf.found("not_shipped_yet", order)
    assert code(found) == issue
    if what == "no day to be had":
        assert "order.dispatch_by" in found["draft"]["missing"] and "missing_fact" in found["review_reasons"]
        assert "leaves us by" not in text_of(found) and steps_of(found)["check_warehouse"] == TODAY
    if what == "handling days end today":
        assert "2 March 2026" in text_of(found)
    if what == "packed":
        assert "packed" in text_of(found)


def test_the_handling_days_of_the_method(server, make_shop):
    client = make_shop().client(server)
    shelf = Shelf(client)
    order = {"ship_by": None, "placed_at": None, "paid_at": "2026-02-26T08:00:00Z", "shipping_method": "slow"}

    def answer(**fields):
        found = shelf.found("not_shipped_yet", order | fields)
        shown = {fact["fact"]: fact["value"] for fact in found["resolution"]["evidence"]}
        return code(found), shown["order.handling_days"], shown["order.dispatch_by"]

    assert answer() == ("dispatch_late", 3, "2026-03-01"), "a method that nobody put"
    assert client.put("/v1/shipping-methods/slow", {"handling_days": 4}).status == 201
    assert [answer() for _ in range(6)] == [("not_shipped_yet", 4, TODAY)] * 6, "on whichever worker"
    assert answer(shipping_method="other") == answer(shipping_method=None) == ("dispatch_late", 3, "2026-03-01")
    assert answer(ship_by="2026-03-01") == ("dispatch_late", 4, "2026-03-01"), "a day that was promised holds"
    assert client.patch("/v1/shipping-methods/slow", {"handling_days": 0}).status == 200
    assert answer() == ("dispatch_late", 0, "2026-02-26")
    assert client.put("/v1/policy", {"handling_days": 4}).status == 200
    assert answer() == ("dispatch_late", 0, "2026-02-26"), "the method's, and it is 0"
    assert client.put("/v1/shipping-methods/slow", {"name": "Slow boat"}).status == 200
    assert answer() == ("not_shipped_yet", 4, TODAY)
    assert client.put("/v1/shipping-methods/slow", {"handling_days": 1}).status == 200
    assert answer()[0] == "dispatch_late"
    assert client.delete("/v1/shipping-methods/slow").status == 204
    assert answer() == ("not_shipped_yet", 4, TODAY)


def test_a_dispatch_far_off(shelf):
    found = shelf.found("not_shipped_yet", {"ship_by": "2026-03-20"})
    assert "leaves us by 20 March 2026" in text_of(found) and "you hear from us by 21 March 2026" in text_of(found)
    assert found["resolution"]["follow_up_at"] == "2026-03-21T10:00:00Z"


def test_a_new_day_of_dispatch(shelf):
    text = text_of(shelf.found("dispatch_late"))
    assert "6 March 2026" in text and "24 February 2026" in text and "sorry" in text
    assert "“wait” or “cancel”" in text and "US$39.90" in text


@pytest.mark.parametrize("new", [None, "2026-03-01"])
def test_no_new_day_is_made_up(shelf, new):
    found = shelf.found("dispatch_late", {"new_ship_by": new})
    assert code(found) == "dispatch_late" and "order.dispatch_new_by" in found["draft"]["missing"]
    assert "We are asking our warehouse today" in text_of(found) and "3 March 2026" in text_of(found)
    assert "1 March 2026" not in text_of(found)


def test_who_will_not_wait_for_the_dispatch(shelf):
    found = shelf.found("dispatch_late", text="When will you finally ship? I will not wait any longer!")
    assert code(found) == "dispatch_late"
    assert options_of(found)[0] == "full_refund"


# --- A01, A02 ---


@pytest.mark.parametrize("promised, issue", [
    (TODAY, "in_transit_on_time"), ("2026-03-01", "overdue_grace"), ("2026-02-23", "overdue_grace"), ("2026-02-22", "overdue_tracked")])
def test_both_ends_of_the_grace(shelf, promised, issue):
    assert code(shelf.found("overdue_grace", parcel={"promised_by": promised})) == issue


def test_the_grace_is_the_policys(server, make_shop):
    client = make_shop().client(server)
    for days, issue in (3, "overdue_grace"), (2, "overdue_tracked"), (0, "overdue_tracked"):
        assert client.put("/v1/policy", {"grace_days": days}).status == 200
        assert code(Shelf(client).found("overdue_grace")) == issue


def test_waiting_has_its_evidence_and_its_end(shelf):
    found = shelf.found("overdue_grace")
    text = text_of(found)
    assert "27 February 2026" in text and "3 days late" in text and "sorry" in text
    assert "5 March 2026" in text and "If it is not with you by 6 March 2026" in text
    assert options_of(found, offered=True) == ["wait"] and "US$" not in text
    assert steps_of(found)["contact_carrier"] == TODAY
    assert found["resolution"]["follow_up_at"] == "2026-03-05T10:00:00Z"
    assert "season" not in text and "holiday" not in text


@pytest.mark.parametrize("text", ["I won't wait any longer, my parcel is late!", "My parcel is late. I want my money back now!",
                                  "parcel late, cancel order and refund please"])
def test_who_will_not_wait_gets_the_money(shelf, text):
    found = shelf.found("overdue_grace", text=text)
    assert code(found) == "overdue_grace"
    assert found["resolution"]["action"] == "refund_or_reship"
    assert options_of(found, offered=True) == ["full_refund", "wait"]
    assert option(found, "full_refund")["recommended"] and option(found, "full_refund")["amount"] == money("39.90")
    assert "We are refunding your order in full: US$39.90" in text_of(found)
    assert "issue_refund" in steps_of(found)


@pytest.mark.parametrize("text, wishes", [
    ("Where is my money? the parcel never arrived", True), ("refund me please, it never came", True), ("it has not come, refund me", True),
    ("Nothing has arrived, I'd like a refund", True), ("My parcel is late. Can I get a refund?", True), ("Not arrived. Refund please.", True),
    ("no parcel, no news. money back please!!", True), ("I would prefer a refund, the parcel is late", True),
    ("I don't want my money back, I want my parcel, where is it?", False), ("My parcel has not come. Send it again or refund me.", False),
    ("My parcel has not arrived. I don't want a refund, just tell me where it is", False),
    ("Where is my parcel? I want my money back if it is lost.", False), ("I paid a lot of money and my order is late", False)])
@pytest.mark.parametrize("issue", ["overdue_grace", "lost"])
def test_money_wished_in_plain_words(shelf, issue, text, wishes):
    found = shelf.found(issue, text=text)
    assert code(found) == issue, found["intent"]
    assert ("issue_refund" in steps_of(found)) == ("We are refunding" in text_of(found)) == wishes


@pytest.mark.parametrize("issue", ["overdue_grace", "tracking_stalled"])
@pytest.mark.parametrize("ends, waits", [("2026-03-02", False), ("2026-03-03", True), ("2026-04-30", True)])
def test_no_waiting_past_the_protection(shelf, issue, ends, waits):
    found = shelf.found(issue, {"platform": "aliexpress", "protection_ends_on": ends})
    assert found["resolution"]["options"][0]["action"] == ("wait" if waits else "full_refund")
    assert found["resolution"]["follow_up_at"] <= ends + "T23:59:59Z"
    if ends == "2026-03-03":
        assert "by 3 March 2026" in text_of(found) and "6 March" not in text_of(found) and "27 March" not in text_of(found)
    if not waits:
        assert "refunding your order in full today" in text_of(found)


@pytest.mark.parametrize("answer_by, waits", [("2026-03-01", True), ("2026-03-02", False), ("2026-03-03", True)])
def test_no_waiting_past_a_dispute(shelf, answer_by, waits):
    found = shelf.found("overdue_grace", {"dispute": {"kind": "platform_case", "respond_by": answer_by}})
    assert options_of(found)[0] == ("wait" if waits else "full_refund")


def test_writing_again_moves_no_date(client, shelf):
    number, _ = shelf.put_case("overdue_grace")
    dates = []
    for day in "01", "02":
        message = {"id": f"{number}-{day}", "conversation_id": number, "received_at": f"2026-03-{day}T09:00:00Z", "text": NOT_HERE[0]}
        made = client.post("/v1/suggestions", {"message": message, "order_number": number, "as_of": f"2026-03-{day}T10:00:00Z",
                                               "buyer": {"email": "nancy@example.org"}}).json
        assert client.post(f"/v1/suggestions/{made['id']}/feedback", {"outcome": "sent"}).status == 204
        dates.append(made["resolution"]["follow_up_at"])
    assert dates == ["2026-03-04T10:00:00Z"] * 2


def test_untracked_and_late_within_the_grace(shelf):
    found = shelf.found("overdue_grace", parcel={"tracked": False, "tracking_url": None, "carrier_kind": "economy"}, events=[])
    assert code(found) == "overdue_grace"
    assert "travels without tracking" in text_of(found) and "you get your money back" in text_of(found)
    assert "contact_carrier" not in steps_of(found) and "carrier" not in text_of(found)


@pytest.mark.parametrize("last, issue", [("2026-01-29", "overdue_grace"), ("2026-01-30", "peak_season_delay"), ("2026-02-20", "peak_season_delay")])
@pytest.mark.parametrize("kind", ["peak", "suspension"])
def test_a_season_counts_when_it_met_the_parcel(server, make_shop, last, issue, kind):
    client = make_shop().client(server)
    entry = {"name": "the winter sales", "kind": kind, "from": "2026-01-20", "to": last}
    assert client.put("/v1/holidays/winter", entry).status in (200, 201)
    found = Shelf(client).found("overdue_grace")
    assert code(found) == issue
    assert ("winter sales" in text_of(found)) == (issue == "peak_season_delay")


def test_a_season_is_named_with_may(server, make_shop):
    client = make_shop().client(server)
    assert client.put("/v1/holidays/winter", {"name": "the winter sales", "kind": "peak", "from": "2026-01-20", "to": "2026-02-20"}).status == 201
    for text in NOT_HERE:
        found = Shelf(client).found("overdue_grace", text=text)
        assert code(found) == "peak_season_delay"
    text = text_of(found)
    assert "It may have been held up by the winter sales (20 January 2026 to 20 February 2026)." in text
    assert "We sent it on 30 January 2026" in text and "If it is not with you by 6 March 2026" in text
    assert (found["resolution"]["action"], options_of(found)) == ("wait", ["wait", "full_refund"])
    found = Shelf(client).found("overdue_grace", text="I will not wait any longer for my parcel, it is late")
    assert (code(found), found["resolution"]["action"]) == ("peak_season_delay", "refund_or_reship")
    # past the grace the season is no excuse
    assert code(Shelf(client).found("overdue_grace", parcel={"promised_by": "2026-02-20"})) == "overdue_tracked"


@pytest.mark.parametrize("season", [False, True])
@pytest.mark.parametrize("promised, last_day", [("2026-02-23", True), ("2026-02-24", False)])
def test_the_last_day_of_the_grace(server, make_shop, promised, last_day, season):
    client = make_shop().client(server)
    if season:
        assert client.put("/v1/holidays/winter", {"name": "Lunar New Year", "kind": "peak", "from": "2026-02-14", "to": "2026-02-24"}).status == 201
    for grace in 7, 1:
        if grace == 1:
            assert client.put("/v1/policy", {"grace_days": 1}).status == 200
            promised = "2026-03-01" if last_day else TODAY
            if not last_day:
                continue  # not late
        found = Shelf(client).found("overdue_grace", parcel={"promised_by": promised})
        text = text_of(found)
        assert code(found) == ("peak_season_delay" if season else "overdue_grace")
        assert ("If we cannot tell you on 3 March 2026 that it is about to arrive, you can choose a full refund or a new parcel" in text) == last_day
        assert ("If it is not with you by 3 March 2026" in text) == (not last_day) and "by 2 March" not in text
        assert ("It may have been held up by Lunar New Year (14 February 2026 to 24 February 2026)." in text) == season
        found = Shelf(client).found("overdue_grace", parcel={"promised_by": promised, "tracked": False, "tracking_url": None}, events=[])
        text = text_of(found)
        assert ("If your parcel does not come today, you get your money back." in text) == last_day and "2 March" not in text
        assert ("until 3 March 2026 at the latest" in text) == (not last_day)
        assert ("We will write to you on 3 March 2026." in text) == last_day


def test_when_the_protection_is_over_money_comes_first(shelf):
    for ends in "2026-03-01", "2026-02-10":
        found = shelf.found("overdue_grace", {"platform": "aliexpress", "protection_ends_on": ends})
        assert options_of(found, offered=True) == ["full_refund", "wait"] and found["resolution"]["action"] == "refund_or_reship"
        assert "Without an answer by 5 March 2026 we refund you." in text_of(found) and "we wait with you" not in text_of(found)
    found = shelf.found("overdue_grace", {"platform": "aliexpress", "protection_ends_on": "2026-03-01", "total": money("400.00")})
    assert "we wait with you until 6 March 2026" in text_of(found) and "we refund you" not in text_of(found), "much money waits for a person"


def test_one_sentence_for_who_may_still_choose(shelf):
    text = text_of(shelf.found("overdue_grace", text="I won't wait any longer, my parcel is late!"))
    assert "Just tell us if the parcel still comes, or by 3 March 2026 if you would rather wait for it." in text


# --- A04, A05 ---


def test_no_proof_either_way(shelf):
    found = shelf.found("overdue_untracked")
    text = text_of(found)
    assert "We are refunding your order in full: US$39.90, with you by 12 March 2026" in text
    assert "10 days late" in text and "without tracking" in text and "?" not in text
    assert {"issue_refund", "stop_service_for_country"} <= set(steps_of(found)) and "claim_from_carrier" not in steps_of(found)


@pytest.mark.parametrize("promised, issue", [("2026-02-22", "overdue_untracked"), ("2026-02-23", "overdue_grace")])
def test_where_the_money_begins(shelf, promised, issue):
    assert code(shelf.found("overdue_untracked", parcel={"promised_by": promised})) == issue


@pytest.mark.parametrize("order", [{"total": money("400.00")}, {"currency": "JPY", "total": money("5200", "JPY"), "freight": None, "items": []}])
def test_much_money_is_confirmed_by_a_person(shelf, order):
    found = shelf.found("overdue_untracked", order)
    assert code(found) == "overdue_untracked" and found["needs_review"] is True
    assert "We are refunding" not in text_of(found) and "You get your money back" in text_of(found)
    assert "issue_refund" not in steps_of(found)


def test_lost(shelf):
    found = shelf.found("lost")
    text = text_of(found)
    assert "Northern Post has reported your order" in text and "lost" in text
    assert "US$39.90" in text and "New parcel" in text and "10% off your next order" in text
    assert option(found, "lost_discount")["amount"] is None
    assert steps_of(found)["claim_from_carrier"] == "2026-03-20"
    assert "claim_from_carrier" not in steps_of(shelf.found("lost", parcel={"claim_by": "2026-03-01"}))
    assert "claim_from_carrier" in steps_of(shelf.found("lost", parcel={"claim_by": TODAY}))
    chosen = shelf.found("lost", text="I want my money back")
    assert code(chosen) == "lost" and "We are refunding your order in full" in text_of(chosen)


@pytest.mark.parametrize("parcel, events, issue", [
    ({"tracked": None}, [], "overdue_tracked"), ({"tracked": None, "carrier_kind": None}, [], "overdue_tracked"),
    ({"tracked": None, "carrier_kind": "economy"}, [], "overdue_untracked"),
    ({"tracked": None, "carrier_kind": "economy"}, MOVING, "overdue_tracked"), ({"tracked": True, "carrier_kind": "economy"}, [], "overdue_tracked"),
    ({"tracked": None, "shipped_at": None}, [], "overdue_tracked")])
def test_long_overdue_and_tracked_or_not_is_not_on_record(shelf, parcel, events, issue):
    for text in NOT_HERE:
        found = shelf.found("overdue_untracked", parcel=PARCEL | parcel, events=events, text=text)
        assert code(found) == issue, found["intent"]
    unknown = parcel["tracked"] is None and not events
    assert ("shipment.tracked" in found["draft"]["missing"]) == ("missing_fact" in found["review_reasons"]) == unknown
    assert options_of(found)[0] == "full_refund" and "US$39.90" in text_of(found)
    assert "without tracking" not in text_of(found) and (not unknown or "tracked is not on record" in found["resolution"]["reason"])


@pytest.mark.parametrize("parcel, issue, party", [({}, "overdue_untracked", "carrier"), (PARCEL, "overdue_tracked", "carrier")])
def test_nothing_paid_is_sent_again(shelf, parcel, issue, party):
    found = shelf.found("overdue_untracked", {"total": money("0.00"), "freight": None}, parcel)
    assert code(found) == issue and found["issue"]["responsible_party"] == party
    assert (found["resolution"]["action"], options_of(found)) == ("refund_or_reship", ["reship"])
    assert "a new parcel, free of charge" in text_of(found) and "answer “parcel”" in text_of(found)
    assert "refund" not in (found["draft"]["subject"] + text_of(found)).lower() and "issue_refund" not in steps_of(found)


# --- A40 ---


@pytest.mark.parametrize("text", [*STANDS_STILL[:1], *NOT_HERE])
def test_sent_and_no_parcel_on_record(shelf, text):
    number, _ = shelf.put()
    found = ask(shelf.client, text, number)
    assert code(found) == "tracking_stalled" and found["resolution"]["action"] == "investigate", found["intent"]
    assert {"shipment.number", "shipment.promised_by", "shipment.shipped_on"} <= set(found["draft"]["missing"])
    assert "missing_fact" in found["review_reasons"]
    assert steps_of(found)["check_warehouse"] == TODAY and "contact_carrier" not in steps_of(found)
    assert_good_draft(found["draft"])
    assert "will write to you by 5 March 2026" in text_of(found) and "12 March 2026" in text_of(found)
    assert not re.search(r"carrier|scan|due by|Tracking", text_of(found))


def test_sent_and_no_parcel_on_record_is_asked_otherwise(shelf):
    number, _ = shelf.put()
    found = ask(shelf.client, "Where is my parcel? I won't wait any longer, I want my money back", number)
    assert code(found) == "tracking_stalled" and options_of(found) == ["full_refund", "wait"]
    assert "We are refunding your order in full" in text_of(found) and "missing_fact" in found["review_reasons"]
    assert code(ask(shelf.client, CANCEL[0], number)) == "unwanted_costly_return"
    assert code(ask(shelf.client, STANDS_STILL[0], shelf.put({"status": "completed"})[0])) == "unclear"


@pytest.mark.parametrize("promised, issue", [
    (None, "in_transit_on_time"), ("2026-03-20", "in_transit_on_time"), ("2026-02-27", "overdue_grace"), ("2026-02-20", "overdue_tracked")])
def test_sent_by_the_orders_status_alone(shelf, promised, issue):
    """The only parcel of an order that was sent is on its way, though no day of dispatch is on record."""
    parcel = {"shipped_at": None, "promised_by": promised}
    assert code(shelf.found("tracking_stalled", parcel=parcel, events=[])) == issue
    assert code(shelf.found("tracking_stalled", {"status": "paid"}, parcel, [])) in ("dispatch_late", "not_shipped_yet")


@pytest.mark.parametrize("what, parcel, events, issue", [
    ("six days", {}, [scan("2026-02-24T00:00:01Z")], "in_transit_on_time"),
    ("seven days", {}, [scan("2026-02-23T23:59:59Z")], "tracking_stalled"),
    ("sent two days ago", {"shipped_at": "2026-02-28T08:00:00Z"}, [], "in_transit_on_time"),
    ("sent three days ago", {"shipped_at": "2026-02-27T08:00:00Z"}, [], "tracking_stalled"),
    ("a label two days ago", {"shipped_at": "2026-02-28T08:00:00Z"}, [scan("2026-02-28T08:00:00Z", "label_created")], "in_transit_on_time"),
    ("a label three days ago", {"shipped_at": "2026-02-27T08:00:00Z"}, [scan("2026-02-27T08:00:00Z", "label_created")], "tracking_stalled"),
    ("without tracking", {"tracked": False}, [], "in_transit_on_time"),
    ("no promise", {"promised_by": None}, None, "tracking_stalled"),
    ("promise passed", {"promised_by": "2026-03-01"}, None, "overdue_grace"),
])
def test_when_a_parcel_stands_still(shelf, what, parcel, events, issue):
    found = shelf.found("tracking_stalled", parcel=parcel, events=events)
    assert code(found) == issue
    if what == "sent three days ago":
        assert "has had no scan since we sent it on 27 February 2026" in text_of(found)


def test_what_is_said_of_a_parcel_that_stands_still(shelf):
    found = shelf.found("tracking_stalled")
    text = text_of(found)
    assert "no new scan since 20 February 2026" in text and "will write to you by 5 March 2026" in text
    assert "If there is nothing new by 27 March 2026, you get your money back (US$39.90)" in text
    assert found["resolution"]["follow_up_at"] == "2026-03-05T10:00:00Z"
    assert steps_of(found)["contact_carrier"] == TODAY
    found = shelf.found("tracking_stalled", text="Tracking does not move. I won't wait any longer, where is my parcel")
    assert options_of(found) == ["full_refund", "wait"] and found["resolution"]["action"] == "investigate"
    assert "We are refunding your order in full" in text_of(found)


def test_who_only_changed_his_mind_cancels(shelf):
    assert code(shelf.found("tracking_stalled", text=CANCEL[0])) == "unwanted_costly_return"


def test_records_that_contradict_each_other(shelf):
    # left before it was ordered: the day is not told
    found = shelf.found("tracking_stalled", {"placed_at": "2026-02-20T10:00:00Z", "paid_at": "2026-02-20T10:00:00Z"})
    assert "conflicting_facts" in found["review_reasons"]
    assert "30 January" not in text_of(found) and "US$39.90" not in text_of(found)
    # paid before it was ordered
    found = shelf.found("not_shipped_yet", {"paid_at": "2026-02-01T10:00:00Z"})
    assert "conflicting_facts" in found["review_reasons"] and "1 February" not in text_of(found)


def test_a_promise_that_passed_before_dispatch_is_a_late_dispatch(client, cases):
    found = client.suggest(trigger="promised_date_passed", order_number=cases["dispatch_late"][0], as_of=AS_OF, dry_run=True)
    assert found["issue"]["code"] == "dispatch_late" and found["draft"]["text"]


@pytest.mark.parametrize("promised, told", [(None, False), ("2026-03-20", True)])
def test_why_to_wait_for_a_parcel_that_stands_still(shelf, promised, told):
    found = shelf.found("tracking_stalled", parcel={"promised_by": promised})
    assert ("promised day has not passed" in option(found, "wait")["reason"]) == told


# --- what a chargeback asks of us ---

BACK = "2026-03-01T08:00:00Z"


@pytest.mark.parametrize("what, issue, order, parcel, events, wins", [
    ("never left", "cancel_before_shipment", {}, None, None, False),
    ("never left", "not_shipped_yet", {}, None, None, False),
    ("never left", "dispatch_late", {}, None, None, False),
    ("never left", "change_address_before_shipment", {}, None, None, False),
    ("cancelled", "cancel_before_shipment", {"status": "cancelled"}, None, None, False),
    ("refunded", "cancel_before_shipment", {"status": "refunded"}, None, None, True),
    ("under way", "unwanted_free_return", {}, {}, None, True),
    ("under way", "unwanted_costly_return", {}, {}, None, True),
    ("under way", "change_address_shipped_low_value", {}, {}, None, True),
    ("under way", "change_address_shipped_high_value", {}, {}, None, True),
    ("no scan: no proof", "unwanted_free_return", {}, {}, [], False),
    ("without tracking", "unwanted_free_return", {}, {"tracked": False}, None, False),
    ("stands still, scanned", "tracking_stalled", {}, {}, None, True),
    ("never scanned", "tracking_stalled", {}, {}, [], False),
    ("the promise ends today", "tracking_stalled", {}, {"promised_by": TODAY}, None, True),
    ("late since today", "overdue_grace", {}, {"promised_by": "2026-03-01"}, None, False),
    ("long late", "overdue_untracked", {}, {}, None, False),
    ("lost", "lost", {}, {}, None, False),
    ("lost, though in time", "lost", {}, {"promised_by": "2026-03-20"}, None, False),
])
def test_a_chargeback_is_contested_or_accepted(shelf, what, issue, order, parcel, events, wins):
    for kind in "chargeback", "platform_case":
        found = shelf.found(issue, order | {"dispute": {"kind": kind, "respond_by": "2026-03-09"}}, parcel, events)
        assert code(found) == issue, what
        steps, reason = steps_of(found), found["resolution"]["reason"]
        assert steps.get("contest_chargeback") == ("2026-03-09" if wins and kind == "chargeback" else None), what
        assert ("accept it: the bank pays the buyer back; a refund of ours would pay twice" in reason) == (kind == "chargeback" and not wins), what
        assert ("Contest the chargeback" in reason) == (kind == "chargeback" and wins), what
        if kind == "chargeback":
            assert "issue_refund" not in steps and "send_return_label" not in steps
            assert "follow_up" in steps or what == "refunded"


@pytest.mark.parametrize("what, parcel, event, wins", [
    ("delivered", {}, scan(BACK, "delivered", "River Heights", "US"), True),
    ("refused", {"return": {"reason": "refused"}}, scan(BACK, "returned", "Shenzhen", "CN"), True),
    ("by the carrier", {"return": {"reason": "refused", "cause": "carrier"}}, scan(BACK, "returned", "Shenzhen", "CN"), False),
    ("never exported", {"return": {"reason": "not_exported"}}, scan(BACK, "returned", "Shenzhen", "CN"), False),
    ("our address", {"return": {"reason": "wrong_address", "cause": "seller"}}, scan(BACK, "returned", "Shenzhen", "CN"), False),
    ("waits for the buyer", {}, scan(BACK, "ready_for_pickup", "River Heights", "US"), True),
    ("seized", {"customs": {"reason": "restricted"}}, scan(BACK, "seized", "Chicago", "US"), False),
])
def test_a_chargeback_where_the_way_has_ended(shelf, what, parcel, event, wins):
    number, _ = shelf.put({"dispute": {"kind": "chargeback", "respond_by": "2026-03-09"}}, parcel, [event])
    found = ask(shelf.client, "Where is my parcel? I did not get it.", number)
    assert found["issue"]["code"] != "unclear", what
    assert ("contest_chargeback" in steps_of(found)) == wins, (what, code(found))
    assert ("accept it" in found["resolution"]["reason"]) != wins


@pytest.mark.parametrize("total, due", [("39.90", "2026-03-03"), ("0.00", None)])
def test_money_and_goods_do_not_both_go(shelf, total, due):
    """Back before export: while the goods may still be chosen the money is held back for a day."""
    parcel = {"return": {"reason": "not_exported"}}
    number, _ = shelf.put({"total": money(total)}, parcel, [scan(BACK, "returned", "Shenzhen", "CN")])
    found = ask(shelf.client, "Where is my parcel?", number)
    assert code(found) == "returned_not_exported"
    assert steps_of(found).get("issue_refund") == due
    assert "Answer “parcel” by 3 March 2026" in text_of(found)


def test_no_time_to_choose_is_no_time_to_hold_back(shelf):
    number, _ = shelf.put({"platform": "aliexpress", "protection_ends_on": TODAY}, {"return": {"reason": "not_exported"}},
                          [scan(BACK, "returned", "Shenzhen", "CN")])
    found = ask(shelf.client, "Where is my parcel?", number)
    assert steps_of(found)["issue_refund"] == TODAY and "“parcel”" not in text_of(found)
