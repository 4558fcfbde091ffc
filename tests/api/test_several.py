"""Several wishes in one letter, what was said before in its conversation, what the record says to the buyer's words, and whether a
stored answer still fits its order's rows."""
import itertools

import pytest

from test_suggestions import AS_OF, EVENTS, ORDER, PARCEL, ask, assert_good_draft, changed, s10

serial = itertools.count(71000)
UNSENT = {"status": "paid", "paid_at": "2026-03-01T10:05:00Z", "placed_at": "2026-03-01T10:00:00Z", "ship_by": "2026-03-04"}


@pytest.fixture
def put(client):
    """Puts an order, with a parcel or none; gives its number and its path."""
    def put(order=None, parcel=None, events=()):
        number, tracking = f"V{next(serial)}", s10(next(serial))
        path = f"/v1/orders/{number}"
        assert client.put(path, changed(ORDER, **(order or {}))).status == 201
        if parcel is not None:
            assert client.put(f"{path}/shipments/{tracking}", changed(PARCEL, **parcel)).status == 201
            if events:
                assert client.post(f"{path}/shipments/{tracking}/events", list(events)).status == 201
        return number, f"{path}/shipments/{tracking}" if parcel is not None else path
    return put


def asked(client, text, number, **fields):
    """A stored answer to a message of its own."""
    answer = ask(client, text, number, dry_run=False, **fields)
    assert answer["id"]
    return answer


def sent(client, answer):
    assert client.post(f"/v1/suggestions/{answer['id']}/feedback", {"outcome": "sent"}).status == 204


def text_of(answer):
    return answer["draft"]["text"]


CAME = [*EVENTS, {"at": "2026-02-25T09:00:00Z", "text": "Delivered", "state": "delivered", "city": "River Heights", "postcode": "60601"}]


# --- several in one letter ---

@pytest.mark.parametrize("text, issue, secondary, says", [
    ("wrong colour, and I was charged duty", "wrong_item", ["duty_return"], "import duty"),
    ("The lid is cracked and I would like a receipt for my tax office.", "damaged", ["invoice"], "invoice by 3 March 2026"),
    ("One glove was missing from the parcel, and could you also mail me an invoice?", "missing_item", ["invoice"], "invoice by 3 March 2026"),
    ("the colour is not like on picture and also bank took fee for foreign payment 1.50$", "not_as_described", ["payment_fee"], "bank"),
    ("PLEASE SEND ME AN INVOICE AND TELL ME WHERE MY REFUND IS", "invoice", ["refund_status"], "refund"),
])
def test_two_wishes_in_one_sentence(client, put, text, issue, secondary, says):
    number, _ = put({}, {"promised_by": "2026-03-10"}, CAME)
    answer = ask(client, text, number)
    assert answer["issue"]["code"] == issue and answer["issue"]["secondary"] == secondary, answer["intent"]
    assert says in text_of(answer)
    assert_good_draft(answer["draft"])


@pytest.mark.parametrize("text, issue, secondary", [
    ("The lamp arrived broken, I'm opening a case with AliExpress", "dispute_threat", ["damaged"]),
    ("Can you give me a refund?", "refund_request", []),
    ("Hi, any news about my refund? It isn't on my account.", "refund_status", []),
    ("The dimmer broke off. Is it under warranty, could you repair it?", "repair", []),
    ("The motor does not work any more. Could you mend it, or sell me a spare part?", "repair", []),
])
def test_nothing_is_heard_too_much_or_too_little(client, put, text, issue, secondary):
    number, _ = put({}, {"promised_by": "2026-03-10"}, CAME)
    answer = ask(client, text, number)
    assert (answer["issue"]["code"], answer["issue"]["secondary"]) == (issue, secondary), answer["intent"]


def test_a_bill_for_duty_alone_is_no_strange_fee(client, put):
    number, _ = put({"duty_informed": True, "tax_collected_by": "carrier"}, {"promised_by": "2026-03-20", "customs": {"reason": "duty_unpaid"}})
    answer = ask(client, "Received a bill for duty. This is unfair, who pays for this?", number)
    assert (answer["issue"]["code"], answer["issue"]["secondary"]) == ("duty_informed", [])


@pytest.mark.parametrize("text", [
    "I bought the cup and then I saw the saucer, so I would like to know how long you take to send it.",
    "Hello, if the vase breaks on the way, and nobody is to blame, will you replace it? I have not ordered yet.",
    "When will it be sent, and will the courier ring me?"])
def test_a_clause_alone_reports_no_fault(client, put, text):
    number, _ = put(UNSENT)
    answer = ask(client, text, number)
    assert not {answer["issue"]["code"], *answer["issue"]["secondary"]} & {"damaged", "defective", "wrong_item", "missing_item"}


@pytest.mark.parametrize("text, issue, secondary, says", [
    ("When will you ship it? I also need to change the delivery address, we have moved to a new flat.",
     "change_address_before_shipment", ["not_shipped_yet"], "As for your order"),
    ("we have moved, please change the address of my order. and when does it leave your warehouse?",
     "change_address_before_shipment", ["not_shipped_yet"], "leaves us by 4 March 2026"),
    ("HAVE YOU SENT IT YET??? When will you finally dispatch my order! And I need to change the delivery address, the house number is wrong!",
     "change_address_before_shipment", ["not_shipped_yet"], "As for your order"),
    ("hello. when you ship my order please. also sir i need change address of delivery, i move last week",
     "change_address_before_shipment", ["not_shipped_yet"], "As for your order"),
])
def test_the_most_urgent_is_the_first(client, put, text, issue, secondary, says):
    number, _ = put(UNSENT)
    answer = ask(client, text, number)
    assert answer["issue"]["code"] == issue
    assert answer["issue"]["secondary"] == secondary
    assert says in text_of(answer)
    assert_good_draft(answer["draft"])
    assert text_of(answer).index(says) > len(text_of(answer)) / 3  # behind what the main issue has to say
    assert says.split()[0] in answer["draft"]["html"]


def test_a_wish_alone_has_no_more_paragraphs(client, put):
    number, _ = put(UNSENT)
    answer = ask(client, "When will you ship my order?", number)
    assert (answer["issue"]["code"], answer["issue"]["secondary"]) == ("not_shipped_yet", [])
    assert "As for" not in text_of(answer)


@pytest.mark.parametrize("text", [
    "Thank you for your kind answer yesterday! Where is my parcel now?", "Hello, hope you are all well. Where's my order?",
    "Thanks again for everything. One question: can you tell me where the package is?"])
def test_thanks_come_last(client, put, text):
    number, _ = put({}, {"promised_by": "2026-03-20"}, [EVENTS[0], EVENTS[1] | {"at": "2026-02-28T06:30:00Z"}])
    answer = ask(client, text, number)
    assert (answer["intent"]["code"], answer["issue"]["code"]) == ("track_order", "in_transit_on_time")


def test_options_are_the_main_issues(client, put):
    number, _ = put({}, {}, EVENTS)
    answer = ask(client, "My order has still not arrived, it is more than a week late! If you send something, use my new address, please "
                         "change the delivery address of my order.", number)
    assert answer["issue"]["code"] == "overdue_tracked"
    assert answer["issue"]["secondary"] == ["change_address_shipped_high_value"]
    assert [option["action"] for option in answer["resolution"]["options"]] == ["full_refund", "reship"]
    assert "As for the address" in text_of(answer)


# --- what was said before ---

LOST = [EVENTS[0], {"at": "2026-02-20T08:00:00Z", "text": "Declared lost", "state": "lost", "city": "Chicago", "country": "US"}]
WHERE = "My order has not arrived yet. Where is it?"


def actions(answer):
    return [option["action"] for option in answer["resolution"]["options"]]


@pytest.mark.parametrize("conversation", [True, False])
def test_a_consolation_is_offered_once(client, put, conversation):
    number, _ = put({}, {}, LOST)
    thread = {"conversation_id": f"c-{number}"} if conversation else {}
    first = asked(client, WHERE, number, as_of="2026-02-25T10:00:00Z", message={"id": f"{number}-1", "received_at": "2026-02-25T09:00:00Z"} | thread)
    assert "lost_discount" in actions(first)
    again = {"message": {"id": f"{number}-2", "received_at": "2026-03-02T09:30:00Z"} | thread}
    assert "lost_discount" in actions(ask(client, WHERE, number, **again))  # nobody has seen it
    sent(client, first)
    second = ask(client, WHERE, number, **again)
    assert actions(second) == ["full_refund", "reship"]
    assert "off your next order" in text_of(first) and "off your next order" not in text_of(second)


@pytest.mark.parametrize("conversation", [True, False])
def test_the_third_message_is_looked_at(client, put, conversation):
    number, _ = put({}, {"promised_by": "2026-03-20"}, [EVENTS[0], EVENTS[1] | {"at": "2026-02-28T06:30:00Z"}])
    thread = {"conversation_id": f"c-{number}"} if conversation else {}

    def write(name, received_at, **more):
        return ask(client, "Where is my order?", number, message={"id": f"{number}-{name}", "received_at": received_at} | thread, **more)

    write("a", "2026-03-01T09:00:00Z", dry_run=False, as_of="2026-03-01T10:00:00Z")
    write("a", "2026-03-01T09:00:00Z", dry_run=False, as_of="2026-03-01T11:00:00Z")  # the same message is one
    second = write("b", "2026-03-02T08:00:00Z", dry_run=False, as_of="2026-03-02T08:30:00Z")
    assert second["issue"]["priority"] == "normal" and "repeated_contact" not in second["review_reasons"]
    third = write("c", "2026-03-02T09:00:00Z")
    assert third["issue"]["priority"] == "high" and third["needs_review"] and "repeated_contact" in third["review_reasons"]
    # b came after this one
    early = write("c", "2026-03-02T07:00:00Z", as_of="2026-03-02T07:30:00Z")
    assert early["issue"]["priority"] == "normal" and "repeated_contact" not in early["review_reasons"]


def test_a_broken_promise_is_owned(client, put):
    number, _ = put({}, {"promised_by": "2026-03-20"}, [EVENTS[0], EVENTS[1] | {"at": "2026-02-18T06:30:00Z"}])
    first = asked(client, "Where is my order?", number, as_of="2026-02-20T10:00:00Z", message={"id": f"{number}-1", "received_at": "2026-02-20T09:00:00Z"})
    assert first["issue"]["code"] == "in_transit_on_time"
    promised = first["resolution"]["follow_up_at"][:10]
    assert "2026-02-20" < promised < "2026-02-27"

    def again(day):
        return ask(client, "Where is my order?", number, as_of=f"{day}T23:00:00Z",
                   message={"id": f"{number}-2", "received_at": f"{day}T22:00:00Z"})

    assert "You were to hear" not in text_of(again("2026-02-24"))  # it was not sent
    sent(client, first)
    assert "You were to hear" not in text_of(again(promised))  # the day is not over
    later = again(f"2026-02-{int(promised[8:]) + 1:02}")
    assert later["issue"]["code"] == "in_transit_on_time"
    assert f"You were to hear from us by {int(promised[8:])} February 2026" in text_of(later)


# --- what the record says to the buyer's words ---

def verdicts(answer):
    return {claim["claim"]: claim["verdict"] for claim in answer["claims"]}


@pytest.mark.parametrize("text, order, parcel, events, claim, verdict", [
    ("My parcel was due on the 20th and is 10 days late!", {}, {}, EVENTS, "late_by_days", "agree"),
    ("My parcel is 11 days late, where is it?", {}, {}, EVENTS, "late_by_days", "agree"),
    ("My parcel is 12 days late, where is it?", {}, {}, EVENTS, "late_by_days", "contradict"),
    ("My parcel is 3 days late, where is it?", {}, {"promised_by": "2026-03-20"}, EVENTS, "late_by_days", "contradict"),
    ("My parcel is 3 days late, where is it?", {}, {"promised_by": None}, EVENTS, "late_by_days", "unknown"),
    ("I have already paid for this order, why has it not been shipped?", UNSENT, None, (), "already_paid", "agree"),
    ("I have already paid for this order, why has it not been shipped?", UNSENT | {"status": "unpaid", "paid_at": None}, None, (),
     "already_paid", "contradict"),
    ("You never told me about customs duty, nobody did!", {"duty_informed": False}, {}, EVENTS, "not_informed_of_duty", "agree"),
    ("You never told me about customs duty, nobody did!", {"duty_informed": True}, {}, EVENTS, "not_informed_of_duty", "contradict"),
    ("You never told me about customs duty, nobody did!", {}, {}, EVENTS, "not_informed_of_duty", "unknown"),
    ("The tracking has not moved for days, where is my order?", {}, {"promised_by": "2026-03-20"}, EVENTS, "tracking_not_moving", "agree"),
    ("The tracking has not moved for days, where is my order?", {}, {"promised_by": "2026-03-20"},
     [EVENTS[0], EVENTS[1] | {"at": "2026-02-28T10:00:00Z"}], "tracking_not_moving", "contradict"),
    ("The tracking has not moved for days, where is my order?", {}, {"promised_by": "2026-03-20"},
     [EVENTS[0], EVENTS[1] | {"at": "2026-02-27T09:00:00Z"}], "tracking_not_moving", "unknown"),
    ("The dress arrived damaged, it has a hole.", {}, {}, EVENTS, "received_damaged", "unknown"),
    ("You sent me the wrong item, this is a scarf and not the dress.", {}, {}, EVENTS, "received_wrong_item", "unknown"),
    ("A piece is missing from the parcel, the belt was not in it.", {}, {}, EVENTS, "pieces_missing", "unknown"),
    ("You promised me a refund!", {"refund": {"state": "approved", "amount": {"amount": "39.90", "currency": "USD"}}}, {}, EVENTS,
     "promised_refund", "agree"),
    ("You promised me a refund!", {}, {}, EVENTS, "promised_refund", "unknown"),
])
def test_claims(client, put, text, order, parcel, events, claim, verdict):
    number, _ = put(order, parcel, events)
    assert verdicts(ask(client, text, number)).get(claim) == verdict


def test_a_refund_that_was_promised(client, put):
    number, _ = put({}, {}, LOST)
    first = asked(client, "It never came. I want my money back, refund me.", number, as_of="2026-02-25T10:00:00Z", message={"id": f"{number}-1", "received_at": "2026-02-25T09:00:00Z"})
    again = {"message": {"id": f"{number}-2", "received_at": "2026-03-02T09:30:00Z"}}
    words = "You promised me a refund! Where is my money?"
    assert verdicts(ask(client, words, number, **again))["promised_refund"] == "unknown"
    sent(client, first)
    assert verdicts(ask(client, words, number, **again))["promised_refund"] == "agree"


def test_a_refund_that_was_offered_only(client, put):
    number, _ = put({}, {}, LOST)
    first = asked(client, WHERE, number, as_of="2026-02-25T10:00:00Z", message={"id": f"{number}-1", "received_at": "2026-02-25T09:00:00Z"})
    sent(client, first)
    answer = ask(client, "You promised me a refund! Where is my money?", number,
                 message={"id": f"{number}-2", "received_at": "2026-03-02T09:30:00Z"})
    assert verdicts(answer)["promised_refund"] == "contradict"


# --- stale answers ---

def shown(client, answer):
    found = client.get(f"/v1/suggestions/{answer['id']}")
    assert found.status == 200
    listed = client.get(f"/v1/suggestions?order_number={answer['order_number']}").json["data"]
    mine = next(one for one in listed if one["id"] == answer["id"])
    assert mine == found.json
    return found


def is_stale(client, answer):
    return shown(client, answer).json["stale"]


def test_a_stored_answer_says_whether_it_still_holds(client, put):
    number, path = put({}, {}, EVENTS)
    answer = asked(client, WHERE, number)
    assert "stale" not in answer
    fresh = shown(client, answer)
    assert fresh.json == answer | {"stale": False}
    assert client.get(f"/v1/suggestions/{answer['id']}", headers={"If-None-Match": fresh.headers["ETag"]}).status == 304
    # a scan that came in later, though not seen as of then
    scan = {"at": "2026-03-02T12:00:00Z", "text": "Arrived", "state": "arrived_destination", "city": "Chicago", "country": "US"}
    assert client.post(f"{path}/events", [scan]).status == 201
    old = client.get(f"/v1/suggestions/{answer['id']}", headers={"If-None-Match": fresh.headers["ETag"]})
    assert old.status == 200 and old.json == answer | {"stale": True}
    assert old.headers["ETag"] != fresh.headers["ETag"]
    assert is_stale(client, answer)
    assert not is_stale(client, asked(client, WHERE, number))


@pytest.mark.parametrize("change", [
    lambda client, number, path: client.patch(f"/v1/orders/{number}", {"note": "gift"}),
    lambda client, number, path: client.patch(path, {"promised_by": "2026-02-21"}),
    lambda client, number, path: client.delete(f"/v1/orders/{number}"),
])
def test_what_makes_it_stale(client, put, change):
    number, path = put({}, {}, EVENTS)
    other, _ = put({}, {}, EVENTS)
    answer, others = asked(client, WHERE, number), asked(client, WHERE, other)
    assert change(client, number, path).status in (200, 204)
    assert is_stale(client, answer) and not is_stale(client, others)


def test_an_order_that_appears_makes_it_stale(client):
    number = f"V{next(serial)}"
    answer = asked(client, WHERE, number)
    assert answer["issue"]["code"] == "order_not_found" and not is_stale(client, answer)
    assert client.put(f"/v1/orders/{number}", ORDER).status == 201
    assert is_stale(client, answer)


def test_an_order_of_another_does_not(client, put):
    number, path = put({}, {}, EVENTS)
    answer = asked(client, WHERE, number, buyer={"email": "somebody@example.org"})
    assert answer["issue"]["code"] == "order_not_found" and not is_stale(client, answer)
    assert client.patch(path, {"promised_by": "2026-02-21"}).status == 200
    assert not is_stale(client, answer)


def test_without_an_order_nothing_is_stale(client):
    answer = asked(client, "Where is my order?", None)
    assert answer["order_number"] is None
    assert client.get(f"/v1/suggestions/{answer['id']}").json["stale"] is False
