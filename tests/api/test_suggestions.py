"""Suggestions: overdue and tracked (A03), in transit and on time (M14), no order to speak of (A37), unclear (A38); and what
holds for every suggestion: stored as answered, replayable, one buyer's and one shop's only."""
import concurrent.futures
import copy
import re

import pytest

import harness

SUGGESTIONS = "/v1/suggestions"
AS_OF = "2026-03-02T10:00:00Z"

NANCY = {"name": "Nancy Drew", "email": "nancy@example.org", "country": "US", "language": "en"}
ORDER = {
    "status": "shipped", "platform": "own_shop", "currency": "USD", "total": {"amount": "39.90", "currency": "USD"},
    "freight": {"amount": "4.90", "currency": "USD"}, "placed_at": "2026-01-28T10:00:00Z", "paid_at": "2026-01-28T10:05:00Z",
    "customer": NANCY, "address": {"line1": "12 Elm Road", "city": "River Heights", "postcode": "60601", "country": "US"},
    "items": [{"sku": "LD-1", "name": "Linen dress", "variant": "blue, M", "quantity": 1,
               "unit_price": {"amount": "35.00", "currency": "USD"}}]}
PARCEL = {
    "carrier": "Northern Post", "carrier_kind": "post", "service": "Registered", "tracked": True,
    "tracking_url": "https://track.northernpost.example/RB", "shipped_at": "2026-01-30T08:00:00Z", "promised_by": "2026-02-20",
    "claim_by": "2026-03-20"}
EVENTS = [
    {"at": "2026-01-30T09:00:00Z", "text": "Posted", "state": "in_transit_origin", "city": "Shenzhen", "country": "CN"},
    {"at": "2026-02-05T06:30:00Z", "text": "Departed the airport", "state": "departed", "city": "Shenzhen", "country": "CN"}]

OVERDUE = [
    "Hi, my order still has not arrived!",
    "I have been waiting for weeks and my parcel has not come.",
    "Order never arrived. It is way past the delivery date.",
    "My package is late. You promised it would be here by now.",
    "still nothing in the mail, the delivery date passed days ago",
    "I haven't received my dress yet, it should have been here ten days ago",
    "It was supposed to arrive by 20 February and it is not here.",
    "i still didnt recieve my order!!",
    "Nothing has been delivered so far. The parcel is overdue.",
    "My order is more than a week late and I still have not got it.",
    "The item never showed up.",
    "Hello, I did not receive the package. The promised date is over.",
    "hi there, parcel not received yet, its been over a month",
    "My goods have not arrived although the delivery time is long over.",
    "We are in March and I still have not received what I ordered in January.",
    "Not received!!! Where is it?",
]

ON_THE_WAY = [
    "Where is my order?",
    "Can you tell me where my parcel is right now?",
    "when will my package arrive?",
    "Hi, could you give me an update on the delivery?",
    "How is my shipment doing? Any news?",
    "what's the status of my order",
    "Where is my stuff at the moment?",
    "Is my parcel on its way?",
    "I would like to track my order, please.",
    "Please let me know when I can expect my parcel.",
    "any tracking info for my order??",
    "Just checking where the package is.",
    "Do you know on which day it will be delivered?",
    "could you check the tracking for me, I don't see where it is",
    "Hello! When do you think the parcel will get here?",
    "whats happening with my delivery",
]

UNCLEAR = [
    "The moon is very bright tonight.",
    "asdfgh jkl qwerty",
    "Do you sponsor local football clubs?",
    "What is the capital of Peru?",
    "Please remove my father's obituary from your web page.",
    "We can put your site on the first page of the search results!",
    "Are you hiring? I am a carpenter.",
    "lorem ipsum dolor sit amet",
    "I would like to interview your founder for my podcast.",
    "Can you recommend a good restaurant in Lisbon?",
    "Our cooperative bakes sourdough bread and looks for investors.",
    "My neighbour's cat climbed the roof again.",
    "Who won the chess tournament yesterday?",
    "Congratulations, you were chosen for a business directory entry!",
    "We invite you to exhibit at our trade fair in Milan.",
    "11111111111",
]


def changed(base, **changes):
    """A copy with other fields; None takes one out."""
    body = copy.deepcopy(base) | changes
    return {name: value for name, value in body.items() if value is not None}


def s10(number):
    """A valid S10 tracking number."""
    digits = f"{number:08d}"
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7))) % 11
    return f"RB{digits}{ {10: 0, 11: 5}.get(check, check) }CN".replace(" ", "")


class Orders:
    """Puts orders with a parcel and its events."""

    def __init__(self, client):
        self.client, self.count = client, 0

    def put(self, order=None, parcel=None, events=None, prefix="T"):
        """Returns (order number, tracking number) of a new order that differs from the base in the given fields."""
        self.count += 1
        number, tracking = f"{prefix}{7000 + self.count}", s10(40000 + self.count)
        self._ok(self.client.put(f"/v1/orders/{number}", changed(ORDER, **(order or {}))))
        self._ok(self.client.put(f"/v1/orders/{number}/shipments/{tracking}", changed(PARCEL, **(parcel or {}))))
        if events is None:
            events = EVENTS
        if events:
            self.add_events(number, tracking, events)
        return number, tracking

    def add_events(self, number, tracking, events):
        self._ok(self.client.post(f"/v1/orders/{number}/shipments/{tracking}/events", events))

    @staticmethod
    def _ok(answer):
        assert answer.status in (200, 201, 204), answer


@pytest.fixture(scope="module")
def orders(client):
    return Orders(client)


@pytest.fixture(scope="module")
def overdue(orders):
    return orders.put()


@pytest.fixture(scope="module")
def on_the_way(orders):
    """Promised for later, scanned lately."""
    return orders.put(parcel={"promised_by": "2026-03-10", "shipped_at": "2026-02-18T08:00:00Z"}, events=[
        {"at": "2026-02-18T09:00:00Z", "text": "Posted", "state": "in_transit_origin", "city": "Shenzhen", "country": "CN"},
        {"at": "2026-02-27T21:15:00Z", "text": "Arrived in the destination country", "state": "arrived_destination",
         "city": "Chicago", "country": "US"}])


def ask(client, text, number=None, **fields):
    """A dry run: nothing said in one test counts in the next."""
    fields = {"buyer": {"name": "Nancy Drew", "email": "nancy@example.org"}, "as_of": AS_OF, "dry_run": True} | fields
    return client.suggest(text, **({"order_number": number} if number else {}), **fields)


def assert_good_draft(draft):
    """What holds for every draft."""
    text = draft["subject"] + "\n" + draft["text"]
    assert draft["subject"].strip() and draft["text"].strip()
    assert "\n" not in draft["subject"] and "\r" not in text
    assert not re.search(r"[{}]|\bnull\b|\bNone\b|\bundefined\b|\bnan\b|%s|\(\)|  |\.\.| [,.;!?]|TODO", text), text
    assert draft["html"].count("<p") == draft["html"].count("</p>") > 0
    assert not re.search(r"[{}]", draft["html"])


# --- A03 ---


@pytest.mark.parametrize("text", OVERDUE)
def test_overdue_however_it_is_said(client, overdue, text):
    number, tracking = overdue
    found = ask(client, text, number)
    assert found["issue"]["code"] == "overdue_tracked", found["intent"]
    assert found["issue"]["stage"] == "after_sale"
    assert found["issue"]["responsible_party"] == "carrier"
    assert found["issue"]["priority"] == "high"
    assert found["order_number"] == number
    assert found["intent"]["code"] in ("report_not_received", "track_order")
    assert 0 < found["intent"]["confidence"] <= 1
    assert_good_draft(found["draft"])
    assert tracking in found["draft"]["text"]


def test_overdue_offers_the_refund_and_the_parcel(client, overdue):
    number, _ = overdue
    found = ask(client, OVERDUE[0], number)
    resolution = found["resolution"]
    assert resolution["action"] == "refund_or_reship"
    assert resolution["rule"] == "overdue_tracked"
    assert "2026-02-20" in resolution["reason"] and "10 days" in resolution["reason"]
    refund, reship = resolution["options"][:2]
    assert (refund["action"], refund["recommended"], refund["offer_to_buyer"]) == ("full_refund", True, True)
    assert refund["amount"] == {"amount": "39.90", "currency": "USD"}
    assert (reship["action"], reship["recommended"], reship["offer_to_buyer"]) == ("reship", False, True)
    assert all(option["reason"] for option in resolution["options"])
    evidence = {item["fact"]: item["value"] for item in resolution["evidence"]}
    assert evidence["shipment.promised_by"] == "2026-02-20"
    assert {"actor": "seller", "action": "claim_from_carrier", "due": "2026-03-20"} in resolution["next_steps"]
    assert resolution["follow_up_at"] > AS_OF


def test_an_overdue_draft_says_what_it_must(client, overdue):
    number, tracking = overdue
    draft = ask(client, OVERDUE[0], number, agent={"name": "Li Xiao"})["draft"]
    text = draft["text"]
    assert "$39.90" in text, "the amount"
    assert "20 February" in text, "the promised date"
    assert tracking in text and "https://track.northernpost.example/RB" in text, "number and page"
    assert "5 February" in text, "the latest event's date"
    assert "Linen dress" in text, "the item"
    assert re.search(r"\b(sorry|apologi[sz]e)", text, re.I)
    assert "refund" in text.lower() and re.search(r"new (one|parcel|dress)|again|replacement|resend|send", text)
    assert "Nancy" in text and "Li Xiao" in text
    assert len(text.split()) < 220


@pytest.mark.parametrize("what, order, parcel, as_of, fits", [
    ("ten days late", {}, {}, AS_OF, True),
    ("eight days late", {}, {}, "2026-02-28T10:00:00Z", True),
    ("within the grace", {}, {}, "2026-02-27T10:00:00Z", False),
    ("not late at all", {}, {"promised_by": "2026-03-20"}, AS_OF, False),
    ("late by a moment in time", {}, {"promised_by": "2026-02-22T08:00:00Z"}, AS_OF, True),
    ("no promise on record", {}, {"promised_by": None}, AS_OF, False),
    ("not tracked", {}, {"tracked": False, "carrier_kind": "economy", "tracking_url": None}, AS_OF, False),
    ("another currency", {"currency": "JPY", "total": {"amount": "5200", "currency": "JPY"}, "freight": None, "items": []}, {}, AS_OF, True),
    ("a total unknown", {"total": None, "freight": None}, {}, AS_OF, True),
    ("no items on record", {"items": []}, {}, AS_OF, True),
    ("no page on record", {}, {"tracking_url": None}, AS_OF, True),
    ("no carrier on record", {}, {"carrier": None, "service": None, "claim_by": None}, AS_OF, True),
    ("on a marketplace", {"platform": "ebay"}, {}, AS_OF, True),
])
def test_overdue_on_facts_that_vary(client, orders, what, order, parcel, as_of, fits):
    number, _ = orders.put(order, parcel)
    found = ask(client, OVERDUE[0], number, as_of=as_of)
    assert (found["issue"]["code"] == "overdue_tracked") == fits
    assert_good_draft(found["draft"])


@pytest.mark.parametrize("state", ["delivered", "lost", "customs_held", "returned"])
def test_a_parcel_that_ended_otherwise_is_not_overdue(client, orders, state):
    number, _ = orders.put(events=EVENTS + [{"at": "2026-02-26T08:00:00Z", "text": "Event", "state": state, "city": "Chicago",
                                             "country": "US"}])
    assert ask(client, OVERDUE[0], number)["issue"]["code"] != "overdue_tracked"


def test_the_policys_grace_decides(server, make_shop):
    client = make_shop().client(server)
    number, _ = Orders(client).put()
    for days, fits in (9, True), (10, False), (7, True):
        assert client.put("/v1/policy", {"grace_days": days}).status == 200
        assert (ask(client, OVERDUE[0], number)["issue"]["code"] == "overdue_tracked") == fits


def test_without_events_the_draft_is_worded_around(client, orders):
    number, tracking = orders.put(events=[])
    found = ask(client, OVERDUE[0], number)
    assert found["issue"]["code"] == "overdue_tracked"
    assert_good_draft(found["draft"])
    assert any(fact.startswith("shipment.last_event") for fact in found["draft"]["missing"])


def test_marketplaces_get_no_links(client, orders):
    number, _ = orders.put({"platform": "amazon"})
    draft = ask(client, OVERDUE[0], number)["draft"]
    assert "http" not in draft["text"] and "href" not in draft["html"]


def test_html_can_not_be_smuggled_in(client, orders):
    evil = "<script>alert(1)</script>&lt;{{shop.name}}\\\"'"
    number, _ = orders.put({"items": [{"sku": "X", "name": evil, "quantity": 1}]}, {"carrier": "<b>Post</b>"})
    draft = ask(client, OVERDUE[0], number, buyer={"name": "<i>Nancy</i> Drew", "email": "nancy@example.org"})["draft"]
    for tag in "<script", "<b>", "<i>":
        assert tag not in draft["html"]


@pytest.mark.parametrize("text", ["held by customs", "parcel held by customs", "stuck at customs", "still not here", "over a month", "lost", "late"])
def test_a_few_words_are_english_too(client, overdue, text):
    found = ask(client, text, overdue[0])
    assert found["language"] == {"message": "en", "reply": "en"} and found["draft"]["warnings"] == []


# --- M14 ---


@pytest.mark.parametrize("text", ON_THE_WAY)
def test_on_the_way_however_it_is_asked(client, on_the_way, text):
    number, tracking = on_the_way
    found = ask(client, text, number)
    assert found["issue"]["code"] == "in_transit_on_time", found["intent"]
    assert found["issue"]["stage"] == "in_sale"
    assert found["resolution"]["action"] == "ask_patience"
    assert_good_draft(found["draft"])
    assert tracking in found["draft"]["text"]
    assert "Chicago" in found["draft"]["text"], "the latest event's place"
    assert "27 February" in found["draft"]["text"], "the latest event's date"
    assert "10 March" in found["draft"]["text"], "the expected day"


@pytest.mark.parametrize("what, parcel, as_of, fits", [
    ("promised for today", {"promised_by": "2026-03-02"}, AS_OF, True),
    ("promised for yesterday", {"promised_by": "2026-03-01"}, AS_OF, False),
    ("not promised", {"promised_by": None}, AS_OF, None),
    ("the same parcel later", {"promised_by": "2026-03-10"}, "2026-03-25T00:00:00Z", False),
])
def test_on_the_way_on_facts_that_vary(client, orders, what, parcel, as_of, fits):
    number, _ = orders.put(parcel={"shipped_at": "2026-02-20T08:00:00Z"} | parcel, events=[
        {"at": "2026-02-27T21:15:00Z", "text": "Arrived", "state": "arrived_destination", "city": "Chicago", "country": "US"}])
    found = ask(client, ON_THE_WAY[0], number, as_of=as_of)
    if fits is not None:
        assert (found["issue"]["code"] == "in_transit_on_time") == fits
    assert_good_draft(found["draft"])


def test_valid_until_is_when_the_promise_passes_or_before(client, on_the_way):
    number, _ = on_the_way
    found = ask(client, ON_THE_WAY[0], number)
    assert AS_OF < found["valid_until"] <= "2026-03-11T00:00:00Z"


# --- A37 ---


@pytest.mark.parametrize("text", [*OVERDUE[:8], *ON_THE_WAY[:8]])
def test_a_number_that_is_not_there(client, text):
    found = ask(client, text, "NO-SUCH-7")
    assert found["issue"]["code"] == "order_not_found"
    assert found["resolution"]["action"] == "ask_order_number"
    assert found["order_number"] == "NO-SUCH-7"
    assert "NO-SUCH-7" in found["draft"]["text"]
    assert_good_draft(found["draft"])


@pytest.mark.parametrize("text", [*OVERDUE[:8], *ON_THE_WAY[:8]])
def test_no_number_given(client, text):
    found = ask(client, text, buyer={"name": "Nobody Known"})
    assert found["issue"]["code"] == "order_number_missing"
    assert found["resolution"]["action"] == "ask_order_number"
    assert found["order_number"] is None
    assert_good_draft(found["draft"])


@pytest.mark.parametrize("text", [
    "Where is my order {0}?", "order no. {0} has not arrived", "my order #{0} is late, where is it", "Order {0}: still not received!",
    "I ordered {0} weeks ago... order number {0}, where is it?", "Bestellung? no: order number {0}. Where is my parcel?",
    "Where is it?\n\nOrder: {0}\n", "hello my order number is {0} and i want to know where the parcel is",
])
def test_a_number_in_the_text_is_found(client, on_the_way, text):
    number, _ = on_the_way
    found = ask(client, text.format(number))
    assert found["order_number"] == number
    assert found["entities"]["order_number"] == number
    assert "buyer_unverified" not in found["review_reasons"]


@pytest.mark.parametrize("text", [
    "I live in {0} Springfield, my parcel hasn't come", "I live at {0} Peachtree St and my parcel hasn't come",
    "I paid {0} for the lamp and my parcel hasn't come", "invoice {0}: the parcel hasn't come", "ticket #{0}: my parcel hasn't come",
    "{0} hasn't come"])
def test_a_number_alone_that_is_no_order_is_none(client, text):
    found = ask(client, text.format(62704))
    assert found["issue"]["code"] == "order_number_missing"
    assert found["order_number"] is None
    assert "62704" not in found["draft"]["text"]


@pytest.mark.parametrize("text", ["Where is my parcel? I live at {0} Elm Street", "{0} has not come"])
def test_a_number_alone_opens_no_order_of_nobody(client, orders, text):
    number, tracking = orders.put(prefix="")
    found = ask(client, text.format(number), buyer=None)
    assert found["issue"]["code"] == "order_number_missing"
    assert found["order_number"] is None and "buyer_unverified" not in found["review_reasons"]
    # nor keeps a tracking number from being looked up
    found = ask(client, f"{number} or {tracking}, where is it?", buyer=None)
    assert found["order_number"] == number and "buyer_unverified" in found["review_reasons"]


def test_of_several_numbers_the_buyers_own_is_his(client, orders):
    theirs, _ = orders.put({"customer": NANCY | {"email": "friend@example.org"}}, prefix="")
    mine, _ = orders.put(prefix="")
    text = f"My friend's order {theirs} came long ago but mine, {mine}, did not"
    found = ask(client, text)
    assert found["order_number"] == mine and "buyer_mismatch" not in found["review_reasons"]
    assert ask(client, text, buyer={"email": "friend@example.org"})["order_number"] == theirs
    assert "buyer_mismatch" in ask(client, text, buyer={"email": "eve@example.net"})["review_reasons"]
    assert ask(client, text, buyer=None)["order_number"] == theirs


@pytest.mark.parametrize("text", ["where is Order-{0}", "ordernr{0} has not come", "where is order {1}?", "order 0{0} has not come"])
def test_a_number_written_otherwise_is_found(client, orders, text):
    number, _ = orders.put(prefix="")
    found = ask(client, text.format(number, " ".join(number)))
    assert found["order_number"] == number
    assert found["entities"]["order_number"] == number


def test_a_tracking_number_in_the_text_is_found(client, on_the_way):
    number, tracking = on_the_way
    found = ask(client, f"Where is my parcel {tracking}?")
    assert found["order_number"] == number
    assert found["issue"]["code"] == "in_transit_on_time"


@pytest.mark.parametrize("text", ["Where is my order {0}?", "order no. {0} has not arrived", "My order #{0} is late, where is it?"])
def test_a_number_only_in_the_text_and_no_buyer_needs_review(client, on_the_way, text):
    number, _ = on_the_way
    found = ask(client, text.format(number), buyer=None)
    assert found["needs_review"] is True
    assert "buyer_unverified" in found["review_reasons"]


@pytest.mark.parametrize("buyer", [{"email": "eve@example.net"}, {"email": "eve@example.net", "name": "Nancy Drew"},
                                   {"id": "someone-else"}, {"email": "nancy@example.org.example"},
                                   {"email": "nancy@example.org", "id": "someone-else"}])
@pytest.mark.parametrize("how", ["beside", "in the text", "by tracking number"])
def test_another_buyers_order_is_not_told(client, orders, buyer, how):
    number, tracking = orders.put({"customer": NANCY | {"external_id": "nancy-1"}})
    text = {"in the text": f"Where is my order {number}?", "by tracking number": f"Where is {tracking}?"}.get(how, "Where is my order?")
    asked = {"message": {"text": text}, "buyer": buyer, "as_of": AS_OF, "dry_run": True}
    if how == "beside":
        asked["order_number"] = number
    answer = client.post(SUGGESTIONS, asked)
    assert answer.status == 200
    found = answer.json
    assert found["issue"]["code"] == "order_not_found"
    assert found["needs_review"] is True
    assert "buyer_mismatch" in found["review_reasons"]
    # ids, times and versions are digits that may look like anything
    told = harness.dumps({name: value for name, value in found.items() if name not in ("id", "created_at", "versions")})
    told = told.decode() if isinstance(told, bytes) else told
    for secret in ("River Heights", "12 Elm", "60601", "Linen", "LD-1", "Northern Post", "northernpost", "39.90", "Shenzhen",
                   "Departed", "2026-02-20", "nancy-1", *([] if how == "by tracking number" else [tracking]),
                   *([number] if how == "by tracking number" else []),
                   *([] if "name" in buyer else ["Nancy"]), *([] if "email" in buyer and "nancy" in buyer["email"] else ["nancy@"])):
        assert secret not in told, secret
    assert_good_draft(found["draft"])


def test_the_buyers_address_has_no_case(client, on_the_way):
    number, _ = on_the_way
    found = ask(client, ON_THE_WAY[0], number, buyer={"email": "NANCY@Example.ORG"})
    assert found["issue"]["code"] == "in_transit_on_time"


# --- A38 ---


@pytest.mark.parametrize("text", UNCLEAR)
@pytest.mark.parametrize("with_order", [False, True])
def test_what_is_not_understood_is_not_answered(client, overdue, text, with_order):
    found = ask(client, text, overdue[0] if with_order else None)
    assert found["issue"]["code"] == "unclear", found["intent"]
    assert found["resolution"]["action"] == "handover"
    assert found["needs_review"] is True
    assert {"low_confidence", "out_of_scope"} & set(found["review_reasons"])
    assert found["intent"]["alternatives"] or "low_confidence" not in found["review_reasons"], "the agent gets the guesses"
    assert_good_draft(found["draft"])
    assert "refund" not in found["draft"]["text"].lower()


@pytest.mark.parametrize("text", ["?", "...", "😀", "\u200b", "a" * 20000, "\n\n\n> quoted only\n> and more", "ＷＨＥＲＥ", "\u202e\u202d"])
def test_odd_texts_get_an_answer(client, text):
    assert_good_draft(ask(client, text)["draft"])


def test_the_policys_threshold_decides_what_is_clear(server, make_shop):
    client = make_shop().client(server)
    number, _ = Orders(client).put()
    assert client.put("/v1/policy", {"unclear_below": 1}).status == 200
    assert ask(client, OVERDUE[0], number)["issue"]["code"] == "unclear"
    assert client.put("/v1/policy", {"unclear_below": 0}).status == 200
    assert ask(client, OVERDUE[0], number)["issue"]["code"] == "overdue_tracked"


# --- what holds for all ---


def body_of(overdue, **fields):
    return {"message": {"text": OVERDUE[0], "id": "m-81", "conversation_id": "c-17", "received_at": "2026-03-02T09:14:00Z"},
            "order_number": overdue[0], "buyer": {"name": "Nancy Drew", "email": "nancy@example.org"}, "as_of": AS_OF} | fields


def test_an_answer_has_the_contracts_shape(client, overdue):
    answer = client.post(SUGGESTIONS, body_of(overdue))
    assert answer.status == 201
    found = answer.json
    assert answer.headers["Location"] == f"{SUGGESTIONS}/{found['id']}"
    assert list(found) == ["id", "created_at", "message_id", "conversation_id", "order_number", "language", "intent", "issue",
                           "sentiment", "entities", "resolution", "claims", "draft", "valid_until", "needs_review",
                           "review_reasons", "versions"]
    assert found["message_id"] == "m-81" and found["conversation_id"] == "c-17"
    assert found["language"] == {"message": "en", "reply": "en"}
    assert found["sentiment"] in ("angry", "upset", "neutral", "pleased")
    assert {"claim": "not_received", "verdict": "unknown", "fact": "shipment.state"} in found["claims"]
    assert set(found["versions"]) == {"playbook", "model", "policy"} and found["versions"]["policy"] == 1
    assert set(found["draft"]) == {"language", "subject", "text", "html", "gloss", "missing", "warnings"}
    assert found["needs_review"] is bool(found["review_reasons"])


def test_get_gives_what_post_answered(client, overdue):
    posted = client.post(SUGGESTIONS, body_of(overdue))
    got = client.get(posted.headers["Location"])
    assert got.status == 200
    assert got.json == posted.json | {"stale": False}
    again = client.get(posted.headers["Location"], headers={"If-None-Match": got.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("id", ["00000000-0000-4000-8000-000000000000", "nonsense", "1", "..", "0192"])
def test_no_such_suggestion_404(client, id):
    assert client.get(f"{SUGGESTIONS}/{id}").status == 404


def bare(answer):
    """The bytes but for id and created_at."""
    return re.sub(rb'"(id|created_at)": ?"[^"]*"', b"", answer.body, count=2)


def test_the_same_rows_and_moment_give_the_same_bytes(client, orders):
    number, tracking = orders.put()
    asked = body_of((number,))
    first = client.post(SUGGESTIONS, asked)
    assert bare(client.post(SUGGESTIONS, asked)) == bare(first)
    assert bare(client.post(SUGGESTIONS, asked | {"dry_run": True})) == bare(first)
    # what happens after that moment is not seen: events, further messages
    orders.add_events(number, tracking, [{"at": "2026-03-02T10:00:01Z", "text": "Delivered", "state": "delivered"}])
    later = copy.deepcopy(asked)
    later["message"] |= {"id": "m-82", "received_at": "2026-03-03T09:00:00Z", "text": "Hello?"}
    assert client.post(SUGGESTIONS, later | {"as_of": "2026-03-03T10:00:00Z"}).status == 201
    assert bare(client.post(SUGGESTIONS, asked)) == bare(first)


def test_a_dry_run_stores_nothing(client, overdue, sql):
    before = sql("SELECT count(*) FROM replyd_data.suggestions")
    answer = client.post(SUGGESTIONS, body_of(overdue, dry_run=True))
    assert answer.status == 200
    assert client.get(f"{SUGGESTIONS}/{answer.json['id']}").status == 404
    assert sql("SELECT count(*) FROM replyd_data.suggestions") == before


def test_three_contacts_call_for_a_person(client, orders):
    number, _ = orders.put()
    found = []
    for i in range(4):
        asked = body_of((number,))
        asked["message"] |= {"id": f"r-{i}", "conversation_id": "repeated", "received_at": f"2026-03-0{1 + i // 2}T0{1 + i}:00:00Z"}
        found.append(client.post(SUGGESTIONS, asked).json)
    assert ["repeated_contact" in one["review_reasons"] for one in found] == [False, False, True, True]


# --- lists ---


@pytest.fixture(scope="module")
def listed(server, make_shop):
    """A shop's client and its 7 suggestions, oldest first."""
    client = make_shop().client(server)
    made = []
    for i in range(7):
        message = {"text": "Where is it?", "id": f"l-{i}", "conversation_id": f"lc-{i % 2}"}
        made.append(client.suggest(message=message, order_number=f"L-{i % 3}"))
    return client, made


def ids(suggestions):
    return [suggestion["id"] for suggestion in suggestions]


def test_a_list_is_newest_first(listed):
    client, made = listed
    found = client.get(SUGGESTIONS).json
    assert ids(found["data"]) == ids(reversed(made))
    assert found["next_cursor"] is None
    assert found["data"][0] == made[-1] | {"stale": False}


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 8])
def test_pages_join_to_the_whole(listed, limit):
    client, made = listed
    seen, cursor, pages = [], "", 0
    while cursor is not None:
        page = client.get(f"{SUGGESTIONS}?limit={limit}" + (f"&cursor={cursor}" if cursor else "")).json
        assert len(page["data"]) <= limit
        seen += ids(page["data"])
        cursor = page["next_cursor"]
        pages += 1
    assert seen == ids(reversed(made))
    assert pages == -(-7 // limit)


@pytest.mark.parametrize("query, wanted", [
    ("conversation_id=lc-1", [5, 3, 1]), ("message_id=l-4", [4]), ("order_number=L-2", [5, 2]), ("conversation_id=none", []),
    ("conversation_id=lc-0&order_number=L-0", [6, 0]), ("issue=order_not_found", [6, 5, 4, 3, 2, 1, 0]), ("issue=overdue_tracked", []),
    ("since=2020-01-01", [6, 5, 4, 3, 2, 1, 0]), ("since=2099-01-01T00:00:00Z", []), ("conversation_id=lc%2D1", [5, 3, 1]),
])
def test_filters(listed, query, wanted):
    client, made = listed
    assert ids(client.get(f"{SUGGESTIONS}?{query}").json["data"]) == [made[i]["id"] for i in wanted]


def test_since_counts_from_a_moment(listed):
    client, made = listed
    found = client.get(f"{SUGGESTIONS}?since={made[3]['created_at']}").json["data"]
    assert ids(found) == ids(reversed(made[3:]))


# --- feedback ---


def test_feedback(client, overdue, sql):
    id = client.suggest(**body_of(overdue))["id"]
    path = f"{SUGGESTIONS}/{id}/feedback"
    for body in ({"outcome": "sent"}, {"outcome": "edited", "text": "Dear Nancy,\n…"},
                 {"outcome": "rejected", "issue": "lost", "note": ""} if "lost" in known_issues(client) else
                 {"outcome": "rejected", "issue": "unclear", "note": ""}):
        answer = client.post(path, body)
        assert (answer.status, answer.body) == (204, b"")
    assert sql("SELECT outcome FROM replyd_data.feedback WHERE suggestion_id = %s ORDER BY number", id) == [
        ("sent",), ("edited",), ("rejected",)]


def known_issues(client):
    return {issue["code"] for issue in client.get("/v1/issues").json["data"]}


def test_feedback_names_any_issue_of_the_book(client, overdue):
    id = client.suggest(**body_of(overdue))["id"]
    assert client.post(f"{SUGGESTIONS}/{id}/feedback", {"outcome": "rejected", "issue": "misdelivered"}).status == 204


def test_feedback_on_nothing_404(client, other_client, overdue):
    for id in "00000000-0000-4000-8000-000000000000", "nonsense":
        assert client.post(f"{SUGGESTIONS}/{id}/feedback", {"outcome": "sent"}).status == 404
    id = client.suggest(**body_of(overdue))["id"]
    assert other_client.post(f"{SUGGESTIONS}/{id}/feedback", {"outcome": "sent"}).status == 404


@pytest.mark.parametrize("body, pointer", [({}, "/outcome"), ({"outcome": "liked"}, "/outcome"), ({"outcome": None}, "/outcome"),
                                           ({"outcome": "sent", "issue": "no_such_issue"}, "/issue"),
                                           ({"outcome": "sent", "stars": 5}, "/stars"), ([], "")])
def test_feedback_that_does_not_fit_422(client, overdue, body, pointer):
    id = client.suggest(**body_of(overdue))["id"]
    answer = client.post(f"{SUGGESTIONS}/{id}/feedback", body)
    assert answer.status == 422
    assert pointer in answer.errors


# --- one shop's only ---


def test_shops_do_not_see_each_other(client, other_client, orders):
    number, _ = orders.put()
    mine = client.post(SUGGESTIONS, body_of((number,)))
    assert other_client.get(mine.headers["Location"]).status == 404
    assert mine.json["id"] not in other_client.get(SUGGESTIONS + "?limit=100").text
    for path in f"/v1/orders/{number}", f"/v1/orders/{number}/shipments/{s10(40001)}":
        assert other_client.get(path).status == 404
        assert other_client.delete(path).status == 404
    found = ask(other_client, OVERDUE[0], number)
    assert found["issue"]["code"] == "order_not_found"


def test_one_number_in_two_shops(client, other_client, orders):
    number, _ = orders.put()
    assert other_client.put(f"/v1/orders/{number}", changed(ORDER, customer={"name": "Bess Marvin", "email": "bess@example.org"},
                                                            status="paid")).status in (200, 201)
    mine = ask(client, OVERDUE[0], number)
    theirs = ask(other_client, OVERDUE[0], number, buyer={"email": "bess@example.org"})
    assert mine["issue"]["code"] == "overdue_tracked"
    assert theirs["issue"]["code"] != "overdue_tracked"
    assert "Bess" not in mine["draft"]["text"] and "Nancy" not in theirs["draft"]["text"]


# --- many at once ---


def test_each_of_many_gets_its_own_answer(client, other_client, overdue, on_the_way):
    kinds = [
        (client, OVERDUE[0], overdue[0], "overdue_tracked", overdue[1]),
        (client, ON_THE_WAY[0], on_the_way[0], "in_transit_on_time", on_the_way[1]),
        (client, OVERDUE[0], "NO-SUCH-9", "order_not_found", "NO-SUCH-9"),
        (client, UNCLEAR[0], None, "unclear", ""),
        (other_client, OVERDUE[0], overdue[0], "order_not_found", overdue[0]),
    ]

    def one(i):
        who, text, number, issue, told = kinds[i % len(kinds)]
        message = {"text": text, "id": f"many-{i}", "conversation_id": f"many-c-{i}"}
        answer = who.post(SUGGESTIONS, {"message": message, "as_of": AS_OF, "buyer": {"email": "nancy@example.org"}} |
                          ({"order_number": number} if number else {}))
        assert answer.status == 201, answer
        found = answer.json
        assert found["message_id"] == f"many-{i}" and found["conversation_id"] == f"many-c-{i}"
        assert found["order_number"] == number
        assert found["issue"]["code"] == issue
        assert told in found["draft"]["text"]
        return who, found

    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        results = list(pool.map(one, range(640)))
    assert len({found["id"] for _, found in results}) == 640
    for who, found in results[::40]:
        assert who.get(f"{SUGGESTIONS}/{found['id']}").json == found | {"stale": False}


# --- what the parcel's number, the other parcels and the mails before say ---


@pytest.mark.parametrize("text", ["Where is my parcel {}?", "track {} please", "My tracking number is {}, where is it?"])
def test_a_parcels_number_that_leads_nowhere_is_acknowledged(client, orders, text):
    number, tracking = orders.put()
    found = ask(client, text.format(tracking))
    assert (found["order_number"], found["issue"]["code"]) == (number, "overdue_tracked")
    for other in "RB123456785CN", "RB123456789CN":  # the second one's check digit is wrong
        found = ask(client, text.format(other))
        assert found["issue"]["code"] == "order_not_found" and f"We looked for parcel {other}" in found["draft"]["text"]


@pytest.mark.parametrize("promises, late", [
    (["2026-03-01"], "Another parcel of this order is late as well; we will write to you about it by 5 March 2026."),
    (["2026-03-02"], None), ([None], None),
    (["2026-02-24", "2026-03-01", "2026-03-02"], "2 other parcels of this order are late as well; we will write to you about them by 5 March 2026.")])
def test_other_late_parcels_are_told(client, orders, promises, late):
    number, tracking = orders.put()
    for i, promised_by in enumerate(promises):
        path = f"/v1/orders/{number}/shipments/OTHER-{number}-{i}"
        assert client.put(path, changed(PARCEL, promised_by=promised_by)).status == 201
        assert client.post(path + "/events", EVENTS).status in (200, 201, 204)
    found = ask(client, OVERDUE[0], number)
    assert found["issue"]["code"] == "overdue_tracked" and tracking in found["draft"]["text"]
    assert ("late as well" in found["draft"]["text"]) == bool(late) and (late or "") in found["draft"]["text"]
    assert ("another is late as well" in found["resolution"]["reason"]) == bool(late)


@pytest.mark.parametrize("state, late", [("delivered", False), ("returned", False), ("lost", False), ("arrived_destination", True)])
def test_a_parcel_whose_way_has_ended_is_not_late(client, orders, state, late):
    number, _ = orders.put()
    path = f"/v1/orders/{number}/shipments/OTHER-{number}"
    assert client.put(path, changed(PARCEL, promised_by="2026-02-22")).status == 201
    assert client.post(path + "/events", EVENTS + [{"at": "2026-02-27T08:00:00Z", "text": "Scan", "state": state, "country": "US"}]).status in (200, 201, 204)
    assert ("late as well" in ask(client, f"{OVERDUE[0]}", number)["draft"]["text"]) == late


@pytest.mark.parametrize("promised_by, issue", [("2026-02-20", "overdue_tracked"), ("2026-03-01", "overdue_grace"), ("2026-03-10", None)])
def test_sent_by_its_status_alone(client, orders, promised_by, issue):
    number, _ = orders.put(parcel={"shipped_at": None, "promised_by": promised_by}, events=[])
    found = ask(client, "Where is my order?", number)
    assert issue in (None, found["issue"]["code"])
    assert found["issue"]["code"] != "unclear" or "shipment.shipped_on" in found["draft"]["missing"]


def test_which_fact_is_missing_of_parcels_that_nothing_is_known_of(client, orders):
    number, _ = orders.put(parcel={"shipped_at": None}, events=[])
    assert client.put(f"/v1/orders/{number}/shipments/OTHER-{number}", changed(PARCEL, shipped_at=None)).status == 201
    found = ask(client, "Where is my order?", number)
    assert found["issue"]["code"] == "unclear" and "shipment.shipped_on" in found["draft"]["missing"]
    assert "shipment.shipped_on" not in ask(client, UNCLEAR[0], number)["draft"]["missing"]


def test_a_refund_on_record_is_said_where_no_rule_fits(client, orders):
    number, _ = orders.put({"refund": {"state": "completed", "amount": {"amount": "39.90", "currency": "USD"}, "at": "2026-02-27T08:00:00Z"}})
    found = ask(client, OVERDUE[0], number)
    assert found["issue"]["code"] != "overdue_tracked"
    if found["issue"]["code"] == "unclear":
        assert "a refund is on record: completed" in found["resolution"]["reason"]


@pytest.mark.parametrize("state, amount, rest", [
    ("requested", "39.90", "39.90"), ("approved", "5.00", "34.90"), ("issued", "39.89", "0.01"), ("completed", "5.00", "34.90"), ("completed", "39.90", None)])
def test_what_was_paid_back_before_is_not_paid_twice(client, orders, state, amount, rest):
    number, _ = orders.put({"refund": {"state": state, "amount": {"amount": amount, "currency": "USD"}, "at": "2026-02-27T08:00:00Z"}})
    found = ask(client, OVERDUE[0], number)
    assert (found["issue"]["code"] == "overdue_tracked") == (rest is not None)
    if rest is None:
        return
    refund = found["resolution"]["options"][0]
    assert refund["action"] == "full_refund" and refund["amount"] == refund["cost_to_seller"] == {"amount": rest, "currency": "USD"}
    text, before = found["draft"]["text"], rest != "39.90"
    assert_good_draft(found["draft"])
    assert (f"- Refund: US${rest}, what is left after the US${amount} refunded before, with you by" in text) == before
    assert ("a refund of the rest or a new parcel" in text) == before != ("a full refund or a new parcel" in text)
    assert (f"US${amount} was refunded before" in found["resolution"]["reason"] or f"{amount}" in found["resolution"]["reason"]) == before
    found = ask(client, "My parcel never came, I want my money back!", number)
    assert (f"We are refunding the rest of your order: US${rest}, with you by" in found["draft"]["text"]) == before


@pytest.mark.parametrize("sent", [True, False])
@pytest.mark.parametrize("parcel, text, first, again", [
    ({"promised_by": "2026-03-01"}, OVERDUE[0], "We are asking the carrier today where", "We are asking the carrier once more today where"),
    ({"promised_by": "2026-03-20"}, "The tracking has not moved for days, where is my parcel?", "We are asking the carrier today to find out",
     "We are asking the carrier once more today to find out")])
def test_who_writes_again_is_not_told_that_we_ask_for_the_first_time(client, orders, parcel, text, first, again, sent):
    number, _ = orders.put(parcel=parcel)
    known = "We know that you have written to us about this before and that it is still not settled."
    for i in range(3):
        message = {"id": f"{number}-{sent}-{i}", "conversation_id": f"{number}-{sent}", "received_at": f"2026-03-02T0{6 + i}:00:00Z"}
        found = client.suggest(text, message=message, order_number=number, buyer={"email": "nancy@example.org"}, as_of=f"2026-03-02T0{7 + i}:00:00Z")
        mail, before = found["draft"]["text"], sent and i > 0
        assert_good_draft(found["draft"])
        assert (again in mail) == (known in mail) == before and (first in mail) != before
        assert ("Thank you for writing to us again" in mail) == (i > 0 and not sent)
        if sent:
            assert client.post(f"{SUGGESTIONS}/{found['id']}/feedback", {"outcome": "sent"}).status in (200, 201, 204)
