"""Duty, payments, refunds, prices, reviews, disputes and moods: A12 to A15, A27, A28, A31 to A36, A43 to A47."""
import itertools

import re

import pytest

from test_suggestions import AS_OF, ORDER, PARCEL, ask, assert_good_draft, changed, s10

serial = itertools.count(95000)
TODAY = "2026-03-02"
PLATFORMS = ["own_shop", "amazon", "ebay", "aliexpress", "wish", "other"]


def money(amount, currency="USD"):
    return {"amount": amount, "currency": currency}


def scan(at, state, city="Chicago", country="US"):
    return {"at": at, "text": "Scan", "state": state, "city": city, "country": country}


LEFT = scan("2026-02-05T06:30:00Z", "departed", "Shenzhen", "CN")
HELD = [LEFT, scan("2026-02-20T08:00:00Z", "customs_held")]
CAME = [LEFT, scan("2026-02-24T08:00:00Z", "delivered", "River Heights")]
LATE = [LEFT, scan("2026-02-27T08:00:00Z", "arrived_destination")]

# A return costs 12.00 and the 4.90 that the way out cost.
DUTY = {"customs": {"reason": "duty_unpaid", "party": "buyer", "duty": money("16.00"), "pay_to": "Customs Online", "act_by": "2026-03-09"},
        "return_cost": money("12.00"), "promised_by": "2026-03-20"}


def duty(amount):
    return {"customs": DUTY["customs"] | {"duty": money(amount)}}


NOT_TOLD = {"duty_informed": False, "tax_collected_by": "carrier", "margin": money("10.00")}
UNSENT = {"status": "unpaid", "paid_at": None}

DISPUTES_DUTY = [
    "Why do I have to pay customs duty? Nobody told me!", "I REFUSE TO PAY 16 DOLLARS IMPORT TAX!!!", "sir why i must pay custom tax, i not want pay",
    "unexpected customs charges??",
    "Hello, today the postman stood at my door and wanted money for customs before he would hand me the parcel, which I find strange, as "
    "your page said nothing of any duty."]
DISPUTES_FEE = [
    "My bank charged me a fee for paying you.", "WHY IS THERE A FOREIGN TRANSACTION FEE ON MY CARD!!", "my card take extra money conversion fee why",
    "3% fee from my bank??",
    "I do not want to be petty, but my card statement shows a handling fee of two dollars beside your amount, and I would like to know "
    "what that is for."]
CHARGED_TWICE = [
    "I was charged twice for the same order.", "YOU TOOK MY MONEY TWICE!!!", "hello you take money two time from my card", "double charge",
    "Looking through my bank statement this morning I noticed that the amount for my dress has been debited two times, on the same day."]
PAID_UNPAID = [
    "I paid yesterday but my order still says unpaid.", "I HAVE PAID! WHY DOES IT SAY AWAITING PAYMENT?!", "i pay already but order show not paid",
    "paid, still shown as unpaid",
    "The payment left my account three days ago, yet when I open my order on your page it is still shown as waiting for payment."]
CHEAPER = [
    "The dress is cheaper now than when I bought it. Can I get the difference back?", "YOU DROPPED THE PRICE TWO DAYS AFTER I BOUGHT IT!!",
    "i buy and now price is less, give me difference please", "price dropped, refund the difference?",
    "I had a coupon and in all the hurry forgot to enter it; would it be possible to take it off afterwards?"]
LOW_VALUE = [
    "Could you declare a lower value on the customs form?", "Mark it as a gift!!!", "pls write low price on parcel for custom", "declare 5 dollars only",
    "I always have trouble with import tax here, so it would be very kind if you could write on the parcel that it is a gift."]
STRANGE_FEE = [
    "I got a text message asking me to pay 1.99 for my parcel. Is it real?", "IS THIS SMS A SCAM?? It wants my card!", "someone send me link pay fee for package, is true?",
    "sms asks for a delivery fee, from you?",
    "This afternoon somebody rang me who said he was from the parcel service and that I had to pay three dollars by card before they bring "
    "it. I hung up. Is that genuine?"]
REFUND = ["I want a refund.", "GIVE ME MY MONEY BACK!!!", "please return my money sir", "refund pls",
          "After thinking about it for a while I have decided that I would like to have my money back, please."]
WHERE_REFUND = [
    "Where is my refund?", "STILL NO REFUND!!!", "when i get my refund money", "refund status?",
    "You wrote to me that the money would be given back, and I have looked at my account every day since, but nothing has come."]
PLEASED = ["I love the dress!", "Great quality, very happy!!", "very good seller i like", "5 stars", "It is even more beautiful than in the pictures, and my sister wants one too."]
HALF = ["It is okay, nothing special.", "so-so", "is normal, not bad not good", "3 stars, average", "The dress is all right, though I had hoped for a little more."]
DISPLEASED = ["Terrible product, very disappointed.", "WORST PURCHASE EVER!!!", "very bad, i not like", "one star, rubbish",
              "I have to say that this dress is a great disappointment to me, and I would not recommend it to anybody."]
THREAT = ["I will open a dispute.", "CHARGEBACK!! I am calling my bank NOW", "i open case on paypal if you not answer", "you will hear from my lawyer",
          "If nothing happens by the end of the week, I shall have no choice but to report your shop to the consumer protection agency."]
COMPLAINT = ["Your customer service is terrible.", "NOBODY EVER ANSWERS ME!!!", "very bad service, no answer my message", "worst support ever",
             "I have never been treated like this by any shop; three mails and not one useful line came back."]
THANKS = ["Thank you very much!", "thanks a lot", "ok thank you sir", "Many thanks for your help, that was very kind of you."]
HELLO = ["Hello", "Good morning!", "hi there", "Hi, how are you?"]
HUMAN = ["I want to speak to a human.", "LET ME TALK TO A REAL PERSON!!!", "can i talk with person please not robot", "human please",
         "I would rather talk about this with somebody of your team in person than with a machine; could you arrange that?"]

# issue -> order, parcel (None: there is none), events, party, priority, action, options, texts
CASES = {
    "duty_informed": ({"duty_informed": True, "tax_collected_by": "carrier"}, DUTY, HELD, "buyer", "normal", "buyer_pays_duty", ["buyer_pays_duty"], DISPUTES_DUTY),
    "duty_shared": (NOT_TOLD, DUTY, HELD, "seller", "normal", "share_duty", ["share_duty", "bear_duty", "return_and_refund"], DISPUTES_DUTY),
    "duty_return": (NOT_TOLD, DUTY | duty("40.00"), HELD, "seller", "normal", "return_and_refund", ["return_and_refund"], DISPUTES_DUTY),
    "tax_charged_twice": ({"tax_collected_by": "seller"}, DUTY, HELD, "carrier", "normal", "refund_tax", ["refund_tax"], DISPUTES_DUTY),
    "payment_fee": ({}, {}, CAME, "bank", "normal", "explain_fee", [], DISPUTES_FEE),
    "duplicate_charge": ({}, {}, CAME, "bank", "normal", "verify_payment", ["full_refund"], CHARGED_TWICE),
    "paid_but_unpaid": (UNSENT, None, [], "platform", "normal", "verify_payment", [], PAID_UNPAID),
    "price_adjustment": ({}, {}, CAME, "seller", "normal", "hold_price", [], CHEAPER),
    "undervalue_request": ({}, {"promised_by": "2026-03-20"}, LATE, "buyer", "normal", "decline_declaration", [], LOW_VALUE),
    "suspicious_fee": ({}, {"promised_by": "2026-03-20"}, LATE, "unknown", "normal", "verify_fee", [], STRANGE_FEE),
    "refund_request": ({}, {}, CAME, "unknown", "normal", "ask_cause", [], REFUND),
    "refund_status": ({}, {}, CAME, "seller", "normal", "inform", [], WHERE_REFUND),
    "positive_review": ({}, {}, CAME, "seller", "low", "thank", [], PLEASED),
    "neutral_review": ({}, {}, CAME, "seller", "normal", "apologise_improve", [], HALF),
    "negative_review": ({}, {}, CAME, "seller", "normal", "apologise_fix", ["replacement", "return_and_refund"], DISPLEASED),
    "dispute_threat": ({}, {}, LATE, "seller", "high", "propose_settlement", ["full_refund", "reship"], THREAT),
    "service_complaint": ({}, {}, CAME, "seller", "normal", "apologise_commit", [], COMPLAINT),
    "thanks": ({}, {}, CAME, "seller", "low", "close", [], THANKS),
    "greeting": ({}, {}, CAME, "seller", "low", "ask_need", [], HELLO),
    "human_requested": ({}, {}, CAME, "seller", "normal", "handover", [], HUMAN),
}
REVIEWS = ["positive_review", "neutral_review", "negative_review"]
CASE = {"kind": "platform_case", "reason": "Item not received", "opened_at": "2026-03-01T10:00:00Z", "respond_by": "2026-03-05T10:00:00Z"}


class Desk:
    """Puts the issues' cases and asks about them."""

    def __init__(self, client):
        self.client = client

    def put(self, issue, order=None, parcel=None, events=None):
        base_order, base_parcel, base_events = CASES[issue][:3]
        number, tracking = f"M{next(serial)}", s10(next(serial))
        path = f"/v1/orders/{number}/shipments/{tracking}"
        assert self.client.put(f"/v1/orders/{number}", changed(ORDER, **(base_order | (order or {})))).status == 201
        if base_parcel is not None:
            assert self.client.put(path, changed(PARCEL | base_parcel, **(parcel or {}))).status == 201
            events = base_events if events is None else events
            assert not events or self.client.post(path + "/events", events).status in (200, 201, 204)
        return number

    def found(self, issue, order=None, parcel=None, events=None, text=None, **fields):
        """What is answered to a case that differs from the issue's in the given fields."""
        found = ask(self.client, text or CASES[issue][-1][0], self.put(issue, order, parcel, events), **fields)
        if found["draft"]["text"]:
            assert_good_draft(found["draft"])
        return found

    def told(self, trigger, issue, order=None, parcel=None, events=None):
        """What is answered to an event."""
        return self.client.suggest(trigger=trigger, order_number=self.put(issue, order, parcel, events), as_of=AS_OF, dry_run=True)


@pytest.fixture(scope="module")
def desk(client):
    return Desk(client)


def code(found):
    return found["issue"]["code"]


def text_of(found):
    return found["draft"]["text"]


def options_of(found):
    return [option["action"] for option in found["resolution"]["options"]]


def option(found, action):
    return next(option for option in found["resolution"]["options"] if option["action"] == action)


def steps_of(found):
    return {step["action"]: step["due"] for step in found["resolution"]["next_steps"]}


# --- every issue ---


@pytest.mark.parametrize("issue, text", [(issue, text) for issue in CASES for text in CASES[issue][-1]])
def test_however_it_is_said(desk, issue, text):
    found = desk.found(issue, text=text)
    assert code(found) == issue, found["intent"]
    party, priority, action, options = CASES[issue][3:7]
    assert found["issue"]["responsible_party"] == party
    assert found["issue"]["stage"] == "after_sale"
    if found["sentiment"] != "angry":
        assert found["issue"]["priority"] == priority
    assert found["resolution"]["action"] == action
    if not issue == "dispute_threat":
        assert [name for name in options_of(found) if not (name == "return_and_refund" and name not in options)] == options
    assert_good_draft(found["draft"])
    assert "Nancy" in text_of(found)


@pytest.mark.parametrize("issue", CASES)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_on_every_platform(desk, issue, platform):
    found = desk.found(issue, {"platform": platform})
    assert code(found) == issue
    assert found["draft"]["warnings"] == []
    if platform != "own_shop":
        assert "http" not in text_of(found) and "e-mail" not in text_of(found)


@pytest.mark.parametrize("issue", CASES)
def test_one_apology_and_the_late_one_first(desk, issue):
    found = desk.found(issue, message={"received_at": "2026-02-28T10:00:00Z"})
    assert text_of(found).split("\n\n")[1].startswith("We are sorry for our late reply")
    assert text_of(found).count("sorry") == 1, text_of(found)


@pytest.mark.parametrize("issue", [issue for issue in CASES if issue not in REVIEWS + ["thanks", "greeting"]])
def test_short(desk, issue):
    words = text_of(desk.found(issue)).split()
    assert len(words) <= 170, len(words)


# --- duty ---


@pytest.mark.parametrize("amount, margin, issue, action, pays", [
    # a return costs 16.90: borne up to that and to the margin
    ("10.00", "10.00", "duty_shared", "bear_duty", "10.00"), ("10.01", "10.00", "duty_shared", "share_duty", "5.01"),
    ("16.90", "90.00", "duty_shared", "bear_duty", "16.90"), ("16.91", "90.00", "duty_shared", "share_duty", "8.46"),
    # half of it up to the cost of a return
    ("33.80", "10.00", "duty_shared", "share_duty", "16.90"), ("33.82", "10.00", "duty_return", "return_and_refund", "39.90"),
])
def test_who_pays_the_duty(desk, amount, margin, issue, action, pays):
    found = desk.found("duty_shared", {"margin": money(margin)}, duty(amount))
    assert (code(found), found["resolution"]["action"]) == (issue, action)
    first = found["resolution"]["options"][0]
    assert (first["action"], first["amount"], first["offer_to_buyer"]) == (action, money(pays), True)
    assert first["cost_to_seller"] == money("51.90" if issue == "duty_return" else pays)


def test_a_duty_that_we_pay(desk):
    found = desk.found("duty_shared", {"margin": money("30.00")})
    assert "all of it, US$16.00" in text_of(found) and "Customs Online" in text_of(found) and "receipt" in text_of(found)
    assert not option(found, "share_duty")["offer_to_buyer"]
    assert option(found, "return_and_refund")["cost_to_seller"] == money("51.90")


def test_a_duty_that_is_shared_says_how_it_is_paid_back(desk):
    text = text_of(desk.found("duty_shared"))
    assert "US$16.00" in text and "We pay US$8.00 of it back the way you paid us, within 10 days" in text
    assert "“refund”" in text and "at our cost" in text and "9 March 2026" in text


@pytest.mark.parametrize("percent, issue", [(100, "duty_shared"), (0, "duty_return")])
def test_the_split_is_the_policys(server, make_shop, percent, issue):
    client = make_shop().client(server)
    assert client.put("/v1/policy", {"duty_split_percent": percent}).status == 200
    found = Desk(client).found("duty_shared")
    assert code(found) == issue
    if percent:
        assert option(found, "share_duty")["amount"] == money("16.00")
        assert "all of it back" in text_of(found) and "remains for you" not in text_of(found)


@pytest.mark.parametrize("order, parcel, issue, missing", [
    ({"duty_informed": None}, {}, "duty_shared", "order.duty_informed"),
    ({"margin": None}, {}, "duty_shared", "order.margin"),
    ({}, {"return_cost": None}, "duty_shared", "cost.way_back"),
    ({}, {"customs": {"reason": "duty_unpaid"}}, "duty_return", "shipment.customs.duty"),
    ({}, duty("16.00") | {"customs": DUTY["customs"] | {"duty": money("16.00", "CHF")}}, "duty_return", "shipment.customs.duty_in_order_currency"),
])
def test_what_is_not_known_of_a_duty(desk, order, parcel, issue, missing):
    found = desk.found("duty_shared", order, parcel)
    assert code(found) == issue
    assert missing in found["draft"]["missing"]
    assert found["needs_review"] == (missing != "order.margin")
    assert "null" not in text_of(found)


def test_a_duty_he_was_told_of(desk):
    found = desk.found("duty_informed")
    assert option(found, "buyer_pays_duty")["amount"] == money("16.00")
    assert option(found, "buyer_pays_duty")["cost_to_seller"] == money("0.00")
    assert "the person who receives the parcel pays it" in text_of(found)
    assert "wrote" not in text_of(desk.found("duty_informed", text="Nobody told me that I have to pay duty!"))  # he is not confronted
    assert "we then refund you us$35.00" in text_of(found).lower()  # what refusing it costs him: the freight of 4.90


def test_the_law_lets_him_withdraw_from_it(desk):
    found = desk.found("duty_informed", {"address": {"line1": "Allee 1", "city": "Berlin", "postcode": "10115", "country": "DE"}})
    assert "US$39.90, our delivery charge included" in text_of(found)


def test_a_duty_on_what_was_delivered(desk):
    for issue in "duty_shared", "duty_return":
        text = text_of(desk.found(issue, events=HELD + [scan("2026-02-25T08:00:00Z", "delivered")]))
        assert "label" in text and "have the parcel sent back" not in text
    assert "went to customs" in text_of(desk.found("duty_informed", events=HELD + [scan("2026-02-25T08:00:00Z", "delivered")]))


def test_a_duty_on_what_was_not_sent_yet(desk):
    found = desk.found("duty_informed", {"status": "paid"}, events=[], parcel={"shipped_at": None})
    assert code(found) == "duty_informed"
    assert "please pay" not in text_of(found) and "when the parcel reaches your country" in text_of(found)


@pytest.mark.parametrize("text", ["I had to pay 16 dollars import duty at the door, nobody told me. Please refund it.",
                                  "The postman took $16 customs from me, I want that money back."])
def test_who_has_the_parcel_wants_the_duty_back_not_the_order(desk, text):
    """The choice is told: nobody who kept his dress is told to send it in for a duty."""
    for issue in "duty_shared", "duty_return":
        found = desk.found(issue, events=CAME, text=text)
        assert code(found) == issue
        assert options_of(found)[0] == CASES[issue][6][0]
        assert "As you wish" not in text_of(found) and "“refund”" in text_of(found)
        assert not {"recall_parcel", "send_return_label"} & set(steps_of(found))


@pytest.mark.parametrize("text", ["The courier is demanding VAT and duties, I am not paying for that.", DISPUTES_DUTY[2]])
def test_a_hold_for_the_duty_is_the_same_matter(desk, text):
    found = desk.found("duty_shared", text=text)
    assert code(found) == "duty_shared" and found["issue"]["priority"] == "normal"


@pytest.mark.parametrize("order", [{"tax_collected_by": "seller"}, {"tax_collected_by": "platform"}, {"tax_collected_by": None, "incoterm": "DDP"}])
def test_prepaid_tax_is_not_paid_twice(desk, order):
    found = desk.found("tax_charged_twice", order)
    assert code(found) == "tax_charged_twice"
    assert option(found, "refund_tax")["amount"] == option(found, "refund_tax")["cost_to_seller"] == money("16.00")
    assert "receipt" in text_of(found) and "you do not pay import tax twice" in text_of(found).lower()
    assert "Tracking number" in text_of(found) and "Latest update" in text_of(found)  # it is held, not there yet
    assert steps_of(found)["contact_carrier"] == TODAY


def test_a_receipt_that_came_is_not_asked_for(desk):
    text = text_of(desk.found("tax_charged_twice", message={"has_attachments": True}))
    assert "Please send us the receipt" not in text and "12 March 2026" in text


@pytest.mark.parametrize("issue", ["duty_shared", "duty_return"])
def test_who_wants_his_money_instead(desk, issue):
    found = desk.found(issue, text=DISPUTES_DUTY[0] + " Give me my money back.")
    assert code(found) == issue
    assert options_of(found)[0] == "return_and_refund"
    assert "US$39.90" in text_of(found) and "recall_parcel" in steps_of(found)


# --- payment ---


def test_a_fee_is_not_ours(desk):
    text = text_of(desk.found("payment_fee"))
    assert "does not come from us" in text and "US$39.90" in text and "bank" in text and "28 January 2026" in text
    assert "from the platform" in text_of(desk.found("payment_fee", {"platform": "aliexpress"}))


def test_a_second_charge_is_a_hold_or_real(desk):
    found = desk.found("duplicate_charge")
    assert option(found, "full_refund")["amount"] == money("39.90")
    assert "hold" in text_of(found).lower() and "9 March 2026" in text_of(found) and "5 March 2026" in text_of(found)
    assert steps_of(found)["verify_payment"] == "2026-03-05"
    assert "issue_refund" not in steps_of(found)
    assert "picture" not in text_of(desk.found("duplicate_charge", message={"has_attachments": True}))
    shown = desk.found("duplicate_charge", text=PAID_UNPAID[0])  # whatever his page shows: we have his money
    assert "Our record shows the order as paid, with one payment of US$39.90" in text_of(shown) and "you see a second" not in text_of(shown).split("If ")[0]


def test_paid_but_shown_unpaid(desk):
    found = desk.found("paid_but_unpaid")
    assert "do not pay a second time" in text_of(found) and "proof" in text_of(found) and "US$39.90" in text_of(found)
    assert "proof" not in text_of(desk.found("paid_but_unpaid", message={"has_attachments": True}))
    assert code(desk.found("paid_but_unpaid", {"status": "paid", "paid_at": ORDER["paid_at"]})) == "duplicate_charge"


@pytest.fixture(scope="module")
def cheaper(server, make_shop):
    """Bought for 35.00 and paid on 28 January; 29.50 today."""
    client = make_shop().client(server)
    assert client.put("/v1/products/LD-1", {"name": "Linen dress", "price": money("29.50")}).status == 201
    return Desk(client)


@pytest.mark.parametrize("days, action", [(33, "adjust_price"), (32, "hold_price"), (0, "hold_price")])
def test_a_price_that_fell(cheaper, days, action):
    assert cheaper.client.put("/v1/policy", {"price_adjustment_days": days}).status == 200
    found = cheaper.found("price_adjustment")
    assert found["resolution"]["action"] == action
    if action == "adjust_price":
        assert option(found, "partial_refund")["amount"] == option(found, "partial_refund")["cost_to_seller"] == money("5.50")
        assert "US$5.50" in text_of(found) and "12 March 2026" in text_of(found)
        assert steps_of(found)["issue_refund"] == TODAY
    else:
        assert options_of(found) == [] and "not able" in text_of(found) and "issue_refund" not in steps_of(found)
        assert ("1 March 2026" in text_of(found)) == (days == 32)


def test_a_price_that_did_not_fall(cheaper):
    assert cheaper.client.put("/v1/policy", {"price_adjustment_days": 60}).status == 200
    found = cheaper.found("price_adjustment", {"items": [ORDER["items"][0] | {"unit_price": money("29.50")}]})
    assert found["resolution"]["action"] == "hold_price" and "not lower" in text_of(found)
    unknown = cheaper.found("price_adjustment", {"items": [ORDER["items"][0] | {"sku": "LD-X"}]})
    assert unknown["resolution"]["action"] == "adjust_price" and "price_drop.amount" in unknown["draft"]["missing"]
    assert "missing_fact" in unknown["review_reasons"] and "3 March 2026" in text_of(unknown)
    assert "issue_refund" not in steps_of(unknown)


def test_no_false_declaration(desk, client):
    found = desk.found("undervalue_request", {"tax_collected_by": "platform"})
    assert "true value" in text_of(found) and "already included" in text_of(found)
    assert "already included" not in text_of(desk.found("undervalue_request"))
    without = ask(client, LOW_VALUE[0])
    assert code(without) == "undervalue_request"
    assert_good_draft(without["draft"])


def test_a_fee_that_a_stranger_asks(desk, client):
    found = desk.found("suspicious_fee")
    assert "do not pay through" in text_of(found) and "do not open any link" in text_of(found) and "shows nothing that is due" in text_of(found) and "own page" in text_of(found)
    assert steps_of(found)["contact_carrier"] == TODAY
    due = desk.found("suspicious_fee", {"tax_collected_by": "carrier"}, DUTY, HELD)
    assert "US$16.00" in text_of(due) and "Customs Online" in text_of(due)
    prepaid = desk.found("suspicious_fee", {"tax_collected_by": "seller"}, DUTY, HELD)
    assert "US$16.00" not in text_of(prepaid) and "were included in what you paid" in text_of(prepaid)
    without = ask(client, STRANGE_FEE[0])
    assert code(without) == "suspicious_fee" and "order number" in text_of(without)
    assert_good_draft(without["draft"])


@pytest.mark.parametrize("text", ["Is this SMS a scam?", "someone texts me to pay 3 euro for the package, looks like a scam", "A fee by text: real or a scam?"])
def test_who_asks_whether_it_is_a_scam_is_not_angry(desk, text):
    found = desk.found("suspicious_fee", text=text)
    assert code(found) == "suspicious_fee" and found["sentiment"] != "angry" and found["issue"]["priority"] == "normal"


def test_who_asks_kindly_for_his_refund_is_not_angry(desk):
    found = desk.found("refund_request", text="Could you refund me for this order, please?")
    assert code(found) == "refund_request" and found["sentiment"] != "angry" and found["issue"]["priority"] == "normal"


# --- refunds ---


def test_a_refund_without_a_reason(desk):
    found = desk.found("refund_request")
    assert "reason" in text_of(found) and "26 March 2026" in text_of(found)  # the window: 30 days from the delivery
    assert "issue_refund" not in steps_of(found)


@pytest.mark.parametrize("state, amount, at, says, step", [
    ("issued", "39.90", "2026-02-27T10:00:00Z", ["US$39.90", "27 February 2026", "9 March 2026", "10 days"], None),
    ("completed", "20.00", "2026-02-20T10:00:00Z", ["US$20.00", "20 February 2026", "2 March 2026"], None),
    ("completed", "20.00", "2026-02-19T10:00:00Z", ["US$20.00", "19 February 2026", "3 March 2026"], "verify_payment"),
    ("approved", "39.90", None, ["US$39.90", "approved", "12 March 2026"], "issue_refund"),
    ("requested", "39.90", None, ["US$39.90", "3 March 2026"], "verify_payment"),
    ("rejected", "39.90", None, ["3 March 2026", "not approved"], "verify_payment"),
])
def test_where_the_refund_is(desk, state, amount, at, says, step):
    refund = {"state": state, "amount": money(amount), "method": "PayPal"} | ({"at": at} if at else {})
    found = desk.found("refund_status", {"refund": refund})
    assert code(found) == "refund_status"
    for words in says:
        assert words in text_of(found)
    assert (step in steps_of(found)) if step else not {"verify_payment", "issue_refund"} & set(steps_of(found))
    assert ("missing_fact" in found["review_reasons"]) == (state in ("requested", "rejected"))


def test_no_refund_on_record(desk):
    found = desk.found("refund_status")
    assert "3 March 2026" in text_of(found) and "no refund has gone out" in text_of(found)
    assert "missing_fact" in found["review_reasons"] and "refund.state" in found["draft"]["missing"]
    asked = desk.found("refund_status", text="How long does it take until you refund me?")
    assert code(asked) == "refund_status" and "within 10 days" in text_of(asked)


def test_a_refund_without_its_day_or_amount(desk):
    text = text_of(desk.found("refund_status", {"status": "refunded"}))
    assert "shows the order as refunded" in text and "no refund has gone out" not in text


def test_a_refund_that_is_asked_for_again(desk):
    found = desk.found("refund_status", {"refund": {"state": "issued", "amount": money("39.90"), "at": "2026-02-27T10:00:00Z"}}, text=REFUND[0])
    assert code(found) == "refund_status" and "27 February 2026" in text_of(found)


# --- reviews ---


def test_a_neutral_invitation(desk):
    found = desk.told("review_invitation", "positive_review")
    assert code(found) == "review_invite" and found["resolution"]["action"] == "invite_review" and found["issue"]["priority"] == "low"
    text = text_of(found).lower()
    assert_good_draft(found["draft"])
    assert found["order_number"].lower() in text
    for word in "5 star", "five star", "positive", "discount", "refund", "gift", "coupon", "voucher", "if you are happy", "http":
        assert word not in text


@pytest.mark.parametrize("order, parcel, events", [
    ({"dispute": CASE}, {}, CAME), ({"return": {"state": "requested"}}, {}, CAME), ({"return": {"state": "received"}}, {}, CAME),
    ({"refund": {"state": "issued", "amount": money("10.00")}}, {}, CAME), ({}, {}, LATE), ({"status": "cancelled"}, {}, CAME)])
def test_no_invitation(desk, order, parcel, events):
    found = desk.told("review_invitation", "positive_review", order, parcel, events)
    assert code(found) != "review_invite" and not text_of(found) and found["needs_review"]


@pytest.mark.parametrize("at, mail", [("2026-02-27T08:00:00Z", True), ("2026-02-28T08:00:00Z", False)])
def test_an_invitation_has_its_day(desk, at, mail):
    found = desk.told("review_invitation", "positive_review", events=[LEFT, scan(at, "delivered")])
    assert code(found) == "review_invite" and bool(text_of(found)) == mail
    assert ("follow_up" in steps_of(found)) != mail
    if not mail:
        assert steps_of(found)["follow_up"] == "2026-03-03"


@pytest.mark.parametrize("issue", REVIEWS)
@pytest.mark.parametrize("trigger", [False, True])
def test_nothing_for_a_review(desk, issue, trigger):
    found = desk.told(issue, issue) if trigger else desk.found(issue)
    assert code(found) == issue
    assert_good_draft(found["draft"])
    text = text_of(found).lower()
    for word in "review", "rating", "star", "discount", "coupon", "gift", "feedback", "voucher":
        assert not re.search(rf"\b{word}", text), word  # "frustrating" is none
    assert not {"apology_discount", "lost_discount", "next_order_offer", "partial_refund"} & set(options_of(found))


def test_a_bad_review_is_put_right(desk):
    found = desk.found("negative_review", parcel={"return_cost": money("12.00")})
    assert option(found, "return_and_refund")["amount"] == money("39.90")
    assert option(found, "return_and_refund")["cost_to_seller"] == money("51.90")
    assert "US$39.90" in text_of(found) and "Replacement" in text_of(found)
    assert "report_review" not in steps_of(found)
    assert "report_review" in steps_of(desk.told("negative_review", "negative_review", {"platform": "amazon"}))


# --- disputes ---


@pytest.mark.parametrize("order, parcel, events, underlying, options", [
    ({}, {}, LATE, "overdue_tracked", ["full_refund", "reship"]),
    ({}, {}, [LEFT, scan("2026-02-20T08:00:00Z", "lost")], "lost", ["full_refund", "reship", "lost_discount"]),
    ({}, {}, [LEFT, scan("2026-02-20T08:00:00Z", "returning"), scan("2026-02-27T08:00:00Z", "returned")], "returned_other_cause", ["full_refund", "reship"]),
    ({}, {"customs": {"reason": "documents_missing"}}, HELD, "customs_documents_missing", ["provide_documents", "return_and_refund"]),
    ({}, {}, CAME, None, []),
])
def test_the_state_decides_what_a_threat_is_offered(desk, order, parcel, events, underlying, options):
    found = desk.found("dispute_threat", order, parcel, events)
    assert code(found) == "dispute_threat" and found["resolution"]["action"] == "propose_settlement"
    assert set(options_of(found)) == set(options)
    assert (underlying or "no cause") in found["resolution"]["reason"]
    assert found["issue"]["priority"] == "high" and "dispute" in found["review_reasons"] and found["needs_review"]
    for row in found["resolution"]["options"]:
        if row["offer_to_buyer"] and "amount" in row and row["amount"]:
            assert "US$" in text_of(found)


@pytest.mark.parametrize("text", THREAT)
def test_never_asked_to_leave_it(desk, text):
    for events in LATE, CAME:
        said = text_of(desk.found("dispute_threat", text=text, events=events)).lower()
        for word in "close the", "close your", "withdraw", "cancel the case", "cancel the dispute", "do not open", "please wait":
            assert word not in said


def test_a_threat_without_an_order(client):
    found = ask(client, THREAT[0])
    assert code(found) == "dispute_threat" and "order number" in text_of(found) and found["needs_review"]
    assert_good_draft(found["draft"])


@pytest.mark.parametrize("reason, events, underlying", [
    ("Item not received", LATE, "overdue_tracked"), ("item_not_received", CAME, "delivered_not_received"), ("Item damaged", CAME, "damaged"),
    ("not_as_described", CAME, "not_as_described"), ("Wrong item", CAME, "wrong_item"), ("Other", CAME, None), (None, CAME, None)])
def test_a_case_is_answered_for_its_reason(desk, reason, events, underlying):
    dispute = {name: value for name, value in (CASE | {"reason": reason}).items() if value}
    found = desk.told("dispute_opened", "dispute_threat", {"platform": "ebay", "dispute": dispute}, events=events)
    assert code(found) == "dispute_opened" and found["issue"]["priority"] == "high"
    assert (underlying or "names a cause") in found["resolution"]["reason"]
    assert bool(options_of(found)) == bool(underlying)
    assert_good_draft(found["draft"])
    assert steps_of(found)["follow_up"] == "2026-03-05"
    assert "dispute" in found["review_reasons"] and found["draft"]["warnings"] == []


def test_a_case_is_offered_the_best(desk):
    found = desk.told("dispute_opened", "dispute_threat", {"platform": "ebay", "dispute": CASE})
    assert options_of(found)[:2] == ["full_refund", "reship"]
    assert "US$39.90" in text_of(found) and "in the case" in text_of(found)
    assert "Your parcel was due by 20 February 2026" in text_of(found) and "Without an answer we will write to you again on 3 March 2026" in text_of(found)
    asked = desk.found("dispute_threat", {"platform": "ebay", "dispute": CASE})
    assert code(asked) == "dispute_opened"


@pytest.mark.parametrize("events, contest", [(CAME, True), (LATE, False)])
def test_a_chargeback_is_never_paid_twice(desk, events, contest):
    found = desk.told("dispute_opened", "dispute_threat", {"dispute": CASE | {"kind": "chargeback"}}, events=events)
    assert code(found) == "dispute_opened"
    assert not {"full_refund", "partial_refund", "return_and_refund", "replacement", "reship"} & set(options_of(found))
    assert steps_of(found).get("contest_chargeback") == ("2026-03-05" if contest else None)
    assert "refunding" not in text_of(found) and "no second refund" in text_of(found)
    assert ("Contest" in found["resolution"]["reason"]) == contest


@pytest.mark.parametrize("issue", [issue for issue in CASES if CASES[issue][6]])
@pytest.mark.parametrize("kind", ["chargeback", "platform_case"])
def test_no_mail_and_no_money_beside_a_dispute(desk, issue, kind):
    found = desk.found(issue, {"dispute": CASE | {"kind": kind}})
    if issue != "dispute_threat":
        assert code(found) == issue and not text_of(found)
    assert found["needs_review"] and "dispute" in found["review_reasons"] and found["issue"]["priority"] == "high"
    if kind == "chargeback":
        assert not [row for row in found["resolution"]["options"] if row["action"] != "buyer_pays_duty" and row["cost_to_seller"]]
        assert "issue_refund" not in steps_of(found)


# --- moods ---


def test_a_complaint_has_a_step_and_a_date(desk, client):
    found = desk.found("service_complaint")
    assert "apologise" in text_of(found) and "today" in text_of(found) and "3 March 2026" in text_of(found)
    assert steps_of(found)["escalate"] == TODAY
    without = ask(client, COMPLAINT[0])
    assert code(without) == "service_complaint"
    assert_good_draft(without["draft"])


@pytest.mark.parametrize("text, issue", [(THANKS[0], "thanks"), (HELLO[0], "greeting"), (HUMAN[0], "human_requested")])
def test_without_an_order(client, text, issue):
    found = ask(client, text)
    assert code(found) == issue
    assert_good_draft(found["draft"])
    assert found["needs_review"] == (issue == "human_requested")


def test_a_person_takes_over(desk):
    found = desk.found("human_requested")
    assert found["needs_review"] and "human_requested" in found["review_reasons"]
    assert "3 March 2026" in text_of(found) and steps_of(found)["escalate"] == TODAY


# --- several matters in one letter ---


def test_a_fault_beside_the_verdict_is_named(desk):
    found = desk.found("negative_review", text="Terrible quality, very disappointed. Also it arrived with a big tear.")
    assert code(found) == "negative_review" and "damaged" in found["issue"]["secondary"]
    assert "You write that it came damaged." in text_of(found) and "what is wrong" not in text_of(found)
    assert text_of(found).count("damage") == 1  # it is not answered twice


@pytest.mark.parametrize("text, events, underlying", [
    ("My parcel is two weeks late and still not here. If I do not hear from you I will open a dispute with PayPal.", LATE, "overdue_tracked"),
    ("The dress arrived torn and broken. Send me a new one or I do a chargeback!", CAME, "damaged"),
    ("It says delivered but I never got it. I will open a case with ebay tomorrow.", CAME, "delivered_not_received"),
])
def test_a_threat_is_answered_for_what_it_is_about(desk, text, events, underlying):
    found = desk.found("dispute_threat", text=text, events=events)
    assert code(found) == "dispute_threat" and underlying in found["resolution"]["reason"]
    assert options_of(found) and "As for your parcel" not in text_of(found) and "We will also" not in text_of(found)


def test_a_question_beside_the_duty(desk):
    found = desk.found("suspicious_fee", text=STRANGE_FEE[0] + " And where is my parcel?")
    assert code(found) == "suspicious_fee" and "in_transit_on_time" in found["issue"]["secondary"]
    assert text_of(found).count("Latest update") == 1 and "As for your parcel" not in text_of(found)
    found = desk.found("duty_return", text="Where is my refund? And why must I pay customs duty, nobody told me!")
    assert {code(found), *found["issue"]["secondary"]} == {"duty_return", "refund_status"}
    assert "import duty" in text_of(found) and "About your refund" in text_of(found)
