"""The goods themselves: wrong, short, faulty (A22 to A24), sent back, exchanged, mended, explained (A25, A26, A29, A30), in several parcels
or on their way back (A41, A42), dangerous (A48), not to be had (M04), to be changed (M05)."""
import itertools
import re

import pytest

from test_suggestions import AS_OF, ORDER, PARCEL, ask, assert_good_draft, changed, s10

serial = itertools.count(90000)
PHOTO = {"has_attachments": True}


def usd(amount):
    return {"amount": amount, "currency": "USD"}


def scan(at, state, city="Chicago", country="US", **more):
    return {"at": at, "text": "Scan", "state": state, "city": city, "country": country, **more}


LEFT = scan("2026-02-05T06:30:00Z", "departed", "Shenzhen", "CN")


def came(day):
    return [LEFT, scan(f"{day}T08:00:00Z", "delivered", "River Heights", postcode="60601")]


CAME = came("2026-02-27")
SENT = {"promised_by": "2026-03-12", "shipped_at": "2026-02-18T08:00:00Z"}
ON_THE_WAY = [scan("2026-02-19T06:30:00Z", "departed", "Shenzhen", "CN"), scan("2026-03-01T08:00:00Z", "arrived_destination")]
UNSENT = {"status": "paid", "placed_at": "2026-03-01T10:00:00Z", "paid_at": "2026-03-01T10:05:00Z", "ship_by": "2026-03-05"}
RETURN_COST = {"return_cost": usd("12.00")}
GERMAN = {"customer": ORDER["customer"] | {"country": "DE"},
          "address": {"line1": "Weg 1", "city": "Bonn", "postcode": "53111", "country": "DE"}}
BONN = [LEFT, scan("2026-02-27T08:00:00Z", "delivered", "Bonn", "DE", postcode="53111")]
DRESS = {"name": "Linen dress", "price": usd("35.00"), "cost": usd("14.00"), "stock": 9, "manual_url": "https://shop.example/dress.pdf",
         "alternatives": ["LD-2"],
         "variants": [{"sku": "LD-1-BM", "name": "blue, M", "color": "blue", "size": "M", "stock": 4},
                      {"sku": "LD-1-BL", "name": "blue, L", "color": "blue", "size": "L", "stock": 5},
                      {"sku": "LD-1-RM", "name": "red, M", "color": "red", "size": "M", "stock": 0}]}
COTTON = {"name": "Cotton dress", "price": usd("29.00"), "stock": 3}

WRONG = [
    "You sent me the wrong dress, I ordered the blue one.", "WRONG ITEM!!! I ordered a dress and got a phone case, are you serious?",
    "this is not what i order, you send other thing", "wrong colour in the bag",
    "Hello, I opened my parcel this morning with my daughter, and instead of the linen dress there was a men's shirt in it. Could you "
    "please look into that?"]
MISSING = [
    "One of the pieces I ordered is not in the parcel.", "HALF OF MY ORDER IS MISSING. Where is the rest???",
    "in box only one, i pay for two pieces", "belt missing",
    "Good evening, I was so happy that the parcel came, but when I unpacked it, the belt that belongs to the dress was not there. Have "
    "you forgotten it perhaps?"]
DAMAGED = [
    "The dress arrived with a big tear, and the box was crushed.", "IT ARRIVED IN PIECES!!! This is a disgrace!",
    "arrive broken the glass, box is smash", "arrived cracked",
    "Hi there, I hope that you are well. The parcel came on Friday, but the postman must have dropped it, since everything in it is "
    "smashed to pieces."]
DEFECTIVE = [
    "The zip of the dress stopped working after one day.", "It does NOT WORK. I pressed every button, it is dead!",
    "the lamp not turn on, i try many time", "stopped charging",
    "It was all fine at first, but since yesterday the zip has refused to move, whatever I try, and now the slider has come off altogether."]
NOT_AS_DESCRIBED = [
    "The dress does not look like the pictures at all, the fabric is thin polyester and not linen.",
    "You LIED in your description! It says linen and this is plastic!", "in photo is big, real is very small, not same like description",
    "not as described",
    "I was looking forward to a dark blue as in the photos of your shop, but what I hold in my hands is turquoise, and much shorter than "
    "the listing says."]
RETURN = [
    "I would like to return the dress, please.", "I WANT TO SEND THIS BACK. NOW.", "how i can return it? i no like", "return please",
    "Good morning! My sister has given me the very same dress for my birthday, so I should like to send mine back to you if that is "
    "possible."]
EXCHANGE = [
    "Could I exchange it for a size L?", "too small! Change it for an L at once!", "i want change for size L, M is too small for me",
    "swap for L?",
    "The dress fits nicely around the waist but it is rather tight elsewhere, so I wonder whether you would take it back and send me the "
    "L instead."]
REPAIR = [
    "Can you repair it? I would like to use the warranty.", "It broke and I have a WARRANTY. Fix it!!",
    "you can repair? or send me spare part", "need a spare part",
    "My lamp is still under warranty as far as I know, and I would much rather have it mended than throw it away; what do I have to do?"]
USAGE = [
    "How do I put it together? I do not understand the drawing.", "YOUR MANUAL IS USELESS, how on earth do I install this?!",
    "how to use this? i not understand", "instructions?",
    "I have been sitting in front of the box for an hour now, trying to find out how the lamp is to be mounted on the wall, and I cannot "
    "work out which screw goes where."]
SAFETY = [
    "The lamp caught fire while we were asleep!", "I GOT AN ELECTRIC SHOCK FROM YOUR LAMP!!!",
    "my skin burn after wear the dress, red and pain", "my son swallowed a part of it",
    "I do not want to make a fuss, but since I wore it for the first time I have had a rash all over both arms, and my doctor says that it "
    "is an allergy to the dye."]
CHANGE = [
    "Can I change my order to size L, please?", "CHANGE IT TO SIZE L BEFORE YOU SEND IT!!!", "please change size in my order, L not M",
    "make it an L instead",
    "I ordered yesterday evening, a little tired as I must admit, and took M although I always wear L; could you change my order to the L?"]
SENT_BACK = [
    "I sent the dress back two weeks ago, where is my refund?", "I RETURNED IT. WHERE IS MY MONEY?!",
    "i send back item already, when money come", "refund for my return?",
    "As you asked me I took the parcel to the post office on the 20th, and since then I have been waiting for the money to come back to my "
    "account."]
HALF = [
    "Only one of the two parcels has come.", "HALF MY ORDER IS STILL NOT HERE", "i get one package, other thing not come", "hat not in the parcel",
    "Thank you for the quick delivery of the dress, but the hat that I ordered with it was not in the box, although I have paid for it."]

# issue -> its party, action, options, stage, texts, and whether it is not sent yet
CASES = {
    "wrong_item": ("warehouse", "request_photo", ["resend", "full_refund"], WRONG),
    "missing_item": ("warehouse", "resend_missing", ["resend_missing", "partial_refund"], MISSING),
    "damaged": ("carrier", "request_photo", ["partial_refund", "return_and_refund", "replacement"], DAMAGED),
    "defective": ("supplier", "request_photo", ["partial_refund", "return_and_refund", "replacement"], DEFECTIVE),
    "not_as_described": ("seller", "request_photo", ["partial_refund", "return_and_refund", "replacement"], NOT_AS_DESCRIBED),
    "return_in_window": ("buyer", "accept_return", ["return_and_refund", "exchange"], RETURN),
    "exchange": ("buyer", "exchange", ["exchange", "return_and_refund"], EXCHANGE),
    "repair": ("supplier", "warranty", ["repair", "spare_part", "partial_refund"], REPAIR),
    "usage_help": ("seller", "guide_usage", [], USAGE),
    "safety_incident": ("supplier", "handover", [], SAFETY),
}
FAULTS = ["damaged", "defective", "not_as_described"]


class Goods:
    """Puts orders of a dress that has been delivered, and asks about them."""

    def __init__(self, client):
        self.client = client
        for sku, product in {"LD-1": DRESS, "LD-2": COTTON}.items():
            assert client.put(f"/v1/products/{sku}", product).status in (200, 201)

    def put(self, order=None, parcel=None, events=None):
        number = f"G{next(serial)}"
        assert self.client.put(f"/v1/orders/{number}", changed(ORDER, **(order or {}))).status == 201
        if parcel is not False:
            self.parcel(number, parcel, CAME if events is None else events)
        return number

    def parcel(self, number, parcel=None, events=None):
        tracking = s10(next(serial))
        path = f"/v1/orders/{number}/shipments/{tracking}"
        assert self.client.put(path, changed(PARCEL | RETURN_COST, **(parcel or {}))).status == 201
        assert not events or self.client.post(path + "/events", events).status in (200, 201, 204)
        return tracking

    def found(self, issue, text=None, order=None, parcel=None, events=None, number=None, **fields):
        """What is answered to a case that differs from a delivered dress in the given fields."""
        found = ask(self.client, text or CASES[issue][3][0], number or self.put(order, parcel, events), **fields)
        assert code(found) == issue, (code(found), found["intent"], found["draft"]["missing"])
        if found["draft"]["text"]:
            assert_good_draft(found["draft"])
        return found


@pytest.fixture(scope="module")
def goods(client):
    return Goods(client)


@pytest.fixture(scope="module")
def delivered(goods):
    return goods.put()


def code(found):
    return found["issue"]["code"]


def options(found):
    return {option["action"]: option for option in found["resolution"]["options"]}


def steps(found):
    return {step["action"]: step["due"] for step in found["resolution"]["next_steps"]}


def flat(found):
    return " ".join(found["draft"]["text"].split())


LONG_AGO = {"placed_at": "2026-01-08T10:00:00Z", "paid_at": "2026-01-08T10:00:00Z"}
SENT_LONG_AGO = {"shipped_at": "2026-01-10T08:00:00Z", "promised_by": "2026-02-10"}


@pytest.fixture
def policy(goods):
    """Sets the shop's policy for one test."""
    before = {"partial_refund_percent": 20, "full_refund_if_not_as_described": True, "handling_days": 3}

    def put(**changes):
        assert goods.client.put("/v1/policy", changes).status == 200
    yield put
    put(**before)


# ---- what holds for all ----


@pytest.mark.parametrize("issue", ["missing_item", *FAULTS, "repair", "return_out_of_window"])
@pytest.mark.parametrize("percent, amount", [(0, None), (1, "0.40"), (100, "39.90")])
def test_part_of_the_price_is_the_policys(goods, policy, issue, percent, amount):
    policy(partial_refund_percent=percent)
    found = goods.found(issue, RETURN[0] if issue == "return_out_of_window" else None,
                        **({"events": came("2026-01-20")[1:], "order": LONG_AGO, "parcel": SENT_LONG_AGO} if issue == "return_out_of_window" else {}))
    offered = options(found).get("partial_refund")
    assert (offered and offered["amount"]) == (amount and usd(amount))
    assert "keep" not in re.findall("“(.*?)”", found["draft"]["text"]) or percent


@pytest.mark.parametrize("days, by", [(0, "2026-03-03"), (1, "2026-03-03"), (2, "2026-03-04")])
def test_what_is_missing_leaves_within_the_handling_days(goods, delivered, policy, days, by):
    policy(handling_days=days)
    assert steps(goods.found("missing_item", number=delivered))["ship_missing"] == by


def test_nothing_of_money_is_said_beside_harm(goods, delivered):
    found = goods.found("safety_incident", "The lamp gave me an electric shock. I want to return the dress.", number=delivered)
    assert "return_in_window" in found["issue"]["secondary"]
    assert not re.search(r"\$|refund|money|return", flat(found)) and "keep the item" in flat(found)


def test_a_second_question_is_answered_as_well(goods, delivered):
    found = goods.found("damaged", "The dress arrived with a big tear. How do I wash it?", number=delivered)
    assert found["issue"]["secondary"] == ["usage_help"] and "https://shop.example/dress.pdf" in flat(found)


@pytest.mark.parametrize("issue, text", [(issue, text) for issue, case in CASES.items() for text in case[3]])
def test_is_known_in_any_words(goods, delivered, issue, text):
    found = goods.found(issue, text, number=delivered)
    party, action, offered, _ = CASES[issue]
    assert found["issue"]["responsible_party"] == party and found["issue"]["stage"] == "after_sale"
    assert found["resolution"]["action"] == action
    assert sorted(options(found)) == sorted(offered)
    assert found["draft"]["text"]


@pytest.mark.parametrize("issue", [issue for issue in CASES if issue not in ("safety_incident", "usage_help")])
def test_a_chargeback_gets_no_money_beside_it_and_no_mail(goods, issue):
    dispute = {"kind": "chargeback", "opened_at": "2026-03-01T10:00:00Z", "respond_by": "2026-03-09T10:00:00Z"}
    found = goods.found(issue, order={"dispute": dispute})
    assert not options(found) and not found["draft"]["text"] and "dispute" in found["review_reasons"]


# ---- wrong and missing ----


def test_wrong_item_asks_for_a_picture_only_where_none_came(goods, delivered):
    without = goods.found("wrong_item", number=delivered)
    assert without["resolution"]["action"] == "request_photo" and "with a photo" in flat(without)
    shown = goods.found("wrong_item", number=delivered, message=PHOTO)
    assert shown["resolution"]["action"] == "resend_or_refund" and "Thank you for the picture" in flat(shown)
    assert "photo of" not in flat(shown)
    for found in (without, shown):
        assert options(found)["full_refund"]["amount"] == usd("39.90")
        assert options(found)["resend"]["cost_to_seller"] == usd("18.90")  # goods 14.00 and freight 4.90
        assert "$39.90" in flat(found) and "pay nothing" in flat(found) and "Linen dress" in flat(found)
        assert "check_warehouse" in steps(found)
    assert "keep_proof" in steps(shown) and "keep_proof" not in steps(without)


def test_wrong_item_for_one_who_has_chosen(goods, delivered):
    money = goods.found("wrong_item", "You sent me the wrong dress. I want my money back.", number=delivered, message=PHOTO)
    assert money["resolution"]["options"][0]["action"] == "full_refund" and "issue_refund" in steps(money)
    assert "We are refunding your order in full: US$39.90" in flat(money) and "One word" not in flat(money)
    again = goods.found("wrong_item", "You sent me the wrong dress. Please send me the right one again.", number=delivered, message=PHOTO)
    if "ship_replacement" in steps(again):
        assert "We are sending you the right item" in flat(again)


def test_a_part_of_an_order_has_no_amount_of_the_whole(goods):
    two = [ORDER["items"][0], ORDER["items"][0] | {"sku": "LD-2", "name": "Cotton dress"}]
    for issue in ["wrong_item", "missing_item", *FAULTS]:
        found = goods.found(issue, order={"items": two}, message=PHOTO)
        assert not any(option["amount"] for option in options(found).values()), issue
        assert "$39.90" not in flat(found)


def weighed(weight, expected):
    return {"weight_g": weight, "expected_weight_g": expected}


def test_missing_pieces_are_sent_and_the_weight_is_compared(goods):
    found = goods.found("missing_item")
    assert "free of charge" in flat(found) and "check_warehouse" in steps(found) and "ship_missing" in steps(found)
    assert steps(found)["ship_missing"] == "2026-03-05"  # the policy's handling days
    assert {"shipment.weight_g", "shipment.expected_weight_g"} <= set(found["draft"]["missing"])
    light = goods.found("missing_item", parcel=weighed(300, 500))
    assert "weighed less than it should" in flat(light) and not light["draft"]["missing"].count("shipment.weight_g")
    assert "claim_from_carrier" not in steps(light)
    right = goods.found("missing_item", parcel=weighed(500, 500))
    assert steps(right)["claim_from_carrier"] == "2026-03-20" and "full weight" in right["resolution"]["reason"]
    assert "customs" not in flat(right).lower()
    assert not re.search(r"carrier|post|stolen", flat(right), re.I)


@pytest.mark.parametrize("weight, light", [(475, False), (474, True), (476, False)])  # 5 % of 500 g, and more than 20 g
def test_the_weight_may_differ_a_little(goods, weight, light):
    found = goods.found("missing_item", parcel=weighed(weight, 500))
    assert ("weighed less than it should" in flat(found)) == light
    assert ("claim_from_carrier" in steps(found)) != light


@pytest.mark.parametrize("text, inspected", [
    ("Inspected by customs", True), ("Customs inspection: parcel opened", True), ("Customs inspection", True), ("In clearance", False),
    ("Pending customs inspection", False), ("Held by customs for inspection", False), ("Released by customs without inspection", False)])
def test_only_an_inspection_on_record_is_named_as_a_cause(goods, text, inspected):
    events = [LEFT, scan("2026-02-15T08:00:00Z", "import_customs") | {"text": text}, CAME[1]]
    found = goods.found("missing_item", parcel=weighed(500, 500), events=events)
    assert ("customs opened it on the way" in flat(found) and "may have been lost" in flat(found)) == inspected
    assert ("customs" in flat(found).lower()) == inspected


# ---- faults ----


@pytest.mark.parametrize("issue", FAULTS)
def test_a_fault_has_three_choices_said_at_once(goods, delivered, issue):
    for photo in (False, True):
        found = goods.found(issue, number=delivered, message={"has_attachments": photo})
        offers = options(found)
        assert found["resolution"]["action"] == ("offer_choices" if photo else "request_photo")
        assert list(offers) == ["partial_refund", "return_and_refund", "replacement"]
        assert offers["partial_refund"]["recommended"] and offers["partial_refund"]["amount"] == usd("7.98")
        assert offers["partial_refund"]["cost_to_seller"] == usd("7.98")
        assert offers["return_and_refund"]["amount"] == usd("39.90") and offers["return_and_refund"]["cost_to_seller"] == usd("51.90")
        assert offers["replacement"]["amount"] is None and offers["replacement"]["cost_to_seller"] == usd("30.90")
        for said in ("$7.98", "$39.90", "free of charge", "pay for the return", "packaging"):
            assert said in flat(found), said
        assert ("answer with a photo" in flat(found)) == (not photo)
        assert len(found["draft"]["text"].split()) < 170


def test_costs_that_are_not_on_record_are_missing(goods):
    found = goods.found("damaged", parcel={"return_cost": None})
    assert options(found)["return_and_refund"]["cost_to_seller"] is None and "shipment.return_cost" in found["draft"]["missing"]


def test_only_harm_on_the_way_is_claimed_from_the_carrier(goods, delivered):
    assert steps(goods.found("damaged", number=delivered))["claim_from_carrier"] == "2026-03-20"
    assert "claim_from_carrier" not in steps(goods.found("damaged", parcel={"claim_by": "2026-03-01"}))
    for issue in ("defective", "not_as_described"):
        assert "claim_from_carrier" not in steps(goods.found(issue, number=delivered))


def test_who_wants_the_money_for_a_fault_gets_it_first(goods, delivered):
    text = "The dress arrived with a big tear. I want my money back."
    found = goods.found("damaged", text, number=delivered, message=PHOTO)
    assert found["resolution"]["options"][0]["action"] == "return_and_refund"
    assert "You get all of your money back, US$39.90" in flat(found) and "send_return_label" in steps(found)
    assert "$7.98" in flat(found)  # the other ways are still said
    unseen = goods.found("damaged", text, number=delivered)
    assert "send_return_label" not in steps(unseen) and "photo" in flat(unseen)


@pytest.mark.parametrize("promised", [True, False])
def test_the_policy_stands_by_its_descriptions(goods, delivered, policy, promised):
    policy(full_refund_if_not_as_described=promised)
    assert ("for a full refund" in flat(goods.found("not_as_described", number=delivered))) == promised


@pytest.mark.parametrize("text", ["It came broken and I want a refund.", "I want my money back. The dress has a hole.",
                                  "The dress arrived with a big tear. I want my money back."])
def test_a_fault_wins_over_what_is_asked_for_it(goods, delivered, text):
    found = goods.found("damaged", text, number=delivered)
    assert found["resolution"]["options"][0]["action"] == "return_and_refund"


@pytest.mark.parametrize("where, day, text, issue", [
    (GERMAN, "2025-06-01", "defective", "defective"),  # statutory guarantee of two years
    (GERMAN, "2024-03-02", "defective", "defective"),  # its last day
    (GERMAN, "2024-03-01", "defective", "return_out_of_window"),
    ({}, "2025-06-01", "defective", "defective"),  # no law on record: a person looks
    (GERMAN, "2024-03-01", "damaged", "return_out_of_window"),
])
def test_a_fault_is_not_out_of_any_window_within_the_guarantee(goods, where, day, text, issue):
    events = [scan(f"{day}T08:00:00Z", "delivered", "Bonn", "DE", postcode="53111") if where else came(day)[1]]
    dates = {"placed_at": "2024-01-10T10:00:00Z", "paid_at": "2024-01-10T10:00:00Z"}
    found = goods.found(issue, CASES[text][3][0], order=where | dates, parcel={"shipped_at": "2024-01-12T10:00:00Z", "promised_by": "2024-02-20"},
                        events=events)
    assert ("missing_fact" in found["review_reasons"]) == (issue == "defective" and not where)


# ---- returns and exchanges ----


@pytest.mark.parametrize("text", ["I would like to return the dress. Could I exchange it for a size L?", *RETURN, *EXCHANGE[:2]])
def test_too_late_in_any_words(goods, text):
    found = goods.found("return_out_of_window", text, events=came("2026-01-20")[1:], order=LONG_AGO, parcel=SENT_LONG_AGO)
    assert found["resolution"]["action"] == "decline_return" and found["issue"]["responsible_party"] == "buyer"
    assert "We regret" in flat(found)


def test_who_may_not_return_is_not_told_of_the_window_as_well(goods):
    found = goods.found("return_out_of_window", "I would like to return the dress. What is your return policy?", events=came("2026-01-20")[1:],
                        order=LONG_AGO, parcel=SENT_LONG_AGO)
    assert "You can return or exchange" not in flat(found)


@pytest.mark.parametrize("text, heard", [
    ("It is not as described: your photo shows a belt and there is none.", False), ("It is not as described, my photos show it.", True),
    ("The colour is not as described, see the attached picture.", True)])
def test_the_listings_pictures_are_not_the_buyers(goods, delivered, text, heard):
    found = goods.found("not_as_described", text, number=delivered)
    assert found["resolution"]["action"] == ("offer_choices" if heard else "request_photo")


@pytest.mark.parametrize("text", ["It is too tight, please change it for an L.", "Please swap the M for L.", "An L. That is what I'd like to exchange it for."])
def test_a_letter_at_the_end_is_a_size(goods, delivered, text):
    assert "blue, L is in stock" in flat(goods.found("exchange", text, number=delivered))


@pytest.mark.parametrize("where, day, issue", [
    ({}, "2026-01-31", "return_in_window"), ({}, "2026-01-30", "return_out_of_window"),  # 30 days by the policy
    (GERMAN, "2026-01-31", "return_in_window"), (GERMAN, "2026-01-30", "return_out_of_window"),
])
def test_the_last_day_of_the_window(goods, where, day, issue):
    events = [scan(f"{day}T08:00:00Z", "delivered", "Bonn", "DE", postcode="53111")] if where else [came(day)[1]]
    parcel = {"shipped_at": "2026-01-10T08:00:00Z", "promised_by": "2026-02-10"}
    found = goods.found(issue, RETURN[0], order=where | {"placed_at": "2026-01-08T10:00:00Z", "paid_at": "2026-01-08T10:00:00Z"}, parcel=parcel,
                        events=events)
    if issue == "return_out_of_window":
        assert found["resolution"]["action"] == "decline_return" and list(options(found)) == ["partial_refund"]
        assert options(found)["partial_refund"]["amount"] == usd("7.98") and "1 March 2026" in flat(found)
        assert "wrong with it" in flat(found)
    else:
        assert "2 March 2026" in flat(found)


def test_who_pays_for_a_return(goods):
    asked = goods.found("return_in_window")
    assert "you pay the freight back to us, US$12.00" in flat(asked) and "$39.90" in flat(asked)
    assert options(asked)["return_and_refund"]["cost_to_seller"] == usd("39.90")
    free = goods.found("return_in_window", parcel={"free_return": True})
    assert "the return is free" in flat(free) and "you pay" not in flat(free)
    assert options(free)["return_and_refund"]["cost_to_seller"] == usd("51.90")
    unknown = goods.found("return_in_window", parcel={"return_cost": None})
    assert "you pay the freight back to us" in flat(unknown) and "shipment.return_cost" in unknown["draft"]["missing"]


def test_the_legal_withdrawal_comes_first_and_whole(goods):
    found = goods.found("return_in_window", order=GERMAN, events=BONN)
    first = found["resolution"]["options"][0]
    assert first["action"] == "return_and_refund" and first["amount"] == usd("39.90")
    assert "our delivery charge included" in flat(found) and "need not tell us why" in flat(found)
    assert "withdrawal" in found["resolution"]["reason"]


def test_who_wants_the_money_for_a_return_is_told_how(goods, delivered):
    found = goods.found("return_in_window", "I would like to return the dress. Please refund me.", number=delivered)
    assert "You can return your order" in flat(found) and "return address" in flat(found) and "29 March 2026" in flat(found)


def test_an_order_that_has_not_left_is_cancelled_instead(goods):
    assert code(ask(goods.client, RETURN[0], goods.put(UNSENT, False))) == "cancel_before_shipment"


def test_exchange_by_stock(goods, delivered):
    there = goods.found("exchange", number=delivered)
    assert "in stock" in flat(there) and "L" in flat(there) and "return address" in flat(there)
    assert options(there)["exchange"]["cost_to_seller"] == usd("4.90")
    gone = goods.found("exchange", "Could I exchange it for a red one?", number=delivered)
    assert list(options(gone)) == ["return_and_refund"] and "do not have red, M in stock" in flat(gone) and "blue" in flat(gone)
    open_ = goods.found("exchange", "I would like to exchange it.", number=delivered)
    assert "Which size or colour" in flat(open_)


def test_an_exchange_is_out_of_the_window_as_well(goods):
    found = goods.found("return_out_of_window", EXCHANGE[0], events=[came("2026-01-20")[1]],
                        parcel={"shipped_at": "2026-01-10T08:00:00Z", "promised_by": "2026-02-10"},
                        order={"placed_at": "2026-01-08T10:00:00Z", "paid_at": "2026-01-08T10:00:00Z"})
    assert "last day to return it was 19 February 2026" in flat(found)


def test_repair_is_free_under_guarantee(goods):
    found = goods.found("repair", order=GERMAN, events=BONN)
    assert "free of charge" in flat(found) and "under guarantee until" in flat(found) and "photo" in flat(found)
    assert options(found)["repair"]["cost_to_seller"] == usd("16.90")  # both ways
    old = goods.found("repair", order=GERMAN | {"placed_at": "2023-01-08T10:00:00Z", "paid_at": "2023-01-08T10:00:00Z"},
                      parcel={"shipped_at": "2023-01-10T08:00:00Z", "promised_by": "2023-02-10"},
                      events=[scan("2023-02-01T08:00:00Z", "delivered", "Bonn", "DE", postcode="53111")])
    assert "missing_fact" in old["review_reasons"] and "free of charge" not in flat(old)
    assert not any(option["offer_to_buyer"] for option in options(old).values())


def test_usage_help_sends_the_manual_where_links_may_be_sent(goods, delivered):
    found = goods.found("usage_help", number=delivered)
    assert "https://shop.example/dress.pdf" in flat(found) and "photo" in flat(found) and not found["needs_review"]
    banned = goods.found("usage_help", order={"platform": "amazon"})
    assert "http" not in flat(banned) and "missing_fact" in banned["review_reasons"]
    assert "product.manual_url" not in banned["draft"]["missing"]


# ---- parcels ----


@pytest.fixture(scope="module")
def split(goods):
    """The dress is there, the hat on its way."""
    number = goods.put({"items": ORDER["items"] + [{"sku": "H-1", "name": "Straw hat", "quantity": 1}]},
                       {"items": [{"sku": "LD-1", "quantity": 1}]})
    return number, goods.parcel(number, SENT | {"items": [{"sku": "H-1", "quantity": 1}]}, ON_THE_WAY)


@pytest.mark.parametrize("text", HALF)
def test_split_shipment_tells_each_parcel(goods, split, text):
    found = goods.found("split_shipment", text, number=split[0])
    assert found["issue"]["priority"] == "high" and found["issue"]["responsible_party"] == "warehouse"
    assert found["resolution"]["action"] == "inform" and not options(found)
    for said in ("Straw hat", "Linen dress", "delivered on 27 February 2026", "due by 12 March 2026", split[1], "2 parcels"):
        assert said in found["draft"]["subject"] + flat(found), said


def test_pieces_missing_when_all_parcels_are_there(goods):
    number = goods.put(parcel={"items": [{"sku": "LD-1", "quantity": 1}]})
    goods.parcel(number, events=CAME)
    goods.found("missing_item", number=number)


def test_the_other_parcel_is_late(goods):
    number = goods.put()
    goods.parcel(number, {"promised_by": "2026-02-25"}, ON_THE_WAY)
    found = goods.found("split_shipment", HALF[0], number=number)
    assert "contact_carrier" in steps(found) and "did not keep our promise" in flat(found)


@pytest.mark.parametrize("text", SENT_BACK)
@pytest.mark.parametrize("state", ["posted", "received"])
def test_return_in_progress(goods, text, state):
    back = {"state": state, "tracking_number": "RX123456785US", "at": "2026-02-26T10:00:00Z"}
    found = goods.found("return_in_progress", text, order={"return": back})
    assert found["resolution"]["action"] == "inform" and found["issue"]["responsible_party"] == "seller" and not options(found)
    assert "RX123456785US" in flat(found) and "$39.90" in flat(found) and "26 February 2026" in flat(found)
    if state == "received":
        assert "8 March 2026" in flat(found) and "issue_refund" in steps(found)  # ten days after it came
    else:
        assert "within 10 days of the day it arrives" in flat(found)


@pytest.mark.parametrize("day, late", [("2026-02-20", False), ("2026-02-19", True)])
def test_a_refund_that_is_late_is_owned(goods, day, late):
    found = goods.found("return_in_progress", SENT_BACK[0], order={"return": {"state": "received", "at": f"{day}T10:00:00Z"}})
    assert ("the money was due by" in flat(found)) == late == ("missing_fact" in found["review_reasons"])


# ---- danger ----


@pytest.mark.parametrize("text", SAFETY)
def test_safety_is_for_a_person_today_and_without_money(goods, delivered, text):
    found = goods.found("safety_incident", text, number=delivered)
    assert found["issue"]["priority"] == "high" and "legal_or_safety" in found["review_reasons"] and not options(found)
    for said in ("stop using", "all right", "keep the item", "today, 2 March 2026"):
        assert said in flat(found), said
    assert not re.search(r"\$|refund|money|discount|voucher", flat(found))
    assert steps(found)["escalate"] == "2026-03-02"


def test_safety_without_an_order(goods):
    found = ask(goods.client, SAFETY[0])
    assert code(found) == "safety_incident" and "stop using" in flat(found)


# ---- not sent yet ----


def test_seller_cannot_ship(goods):
    number = goods.put(UNSENT, False)
    found = goods.client.suggest(trigger="seller_cannot_ship", order_number=number, as_of=AS_OF)
    assert code(found) == "seller_cannot_ship" and found["issue"]["responsible_party"] == "supplier" and found["issue"]["stage"] == "in_sale"
    assert found["resolution"]["action"] == "offer_choices" and list(options(found)) == ["replacement", "full_refund"]
    assert "Cotton dress" in flat(found) and "$29.00" in flat(found) and "$39.90" in flat(found)
    assert goods.client.patch("/v1/products/LD-1", {"restock_on": "2026-03-20", "stock": 0}).status == 200
    try:
        back = goods.client.suggest(trigger="seller_cannot_ship", order_number=number, as_of=AS_OF)
        assert list(options(back)) == ["wait_for_restock", "replacement", "full_refund"] and "20 March 2026" in flat(back)
    finally:
        assert goods.client.patch("/v1/products/LD-1", {"restock_on": None, "stock": 9}).status == 200
    sent = goods.client.suggest(trigger="seller_cannot_ship", order_number=goods.put(), as_of=AS_OF)
    assert code(sent) != "seller_cannot_ship"


@pytest.mark.parametrize("text", CHANGE)
def test_change_item_by_what_is_there(goods, text):
    unsent = goods.put(UNSENT, False)
    found = goods.found("change_item_possible", text, number=unsent, buyer={"email": "nancy@example.org"})
    assert found["resolution"]["action"] == "change_item" and list(options(found)) == ["change_item"]
    assert found["issue"]["stage"] == "in_sale" and "update_item" in steps(found) and "Your change is made" in flat(found)
    sent = goods.found("change_item_shipped", text, parcel=SENT, events=ON_THE_WAY)
    assert sent["resolution"]["action"] == "exchange_after_delivery" and list(options(sent)) == ["exchange"]
    assert "left us on 18 February 2026" in flat(sent) and "exchange" in flat(sent)


def test_an_exchange_is_told_once(goods):
    text = "Can I have size 39 instead of 38? It has not gone out yet I think."
    found = goods.found("change_item_shipped", text, parcel=SENT, events=ON_THE_WAY)
    assert "exchange" in found["issue"]["secondary"] and flat(found).count("freight back") == 1


@pytest.mark.parametrize("text", ["Could you make my order red instead of blue, please?", "CHANGE THE COLOUR TO RED BEFORE YOU SEND IT!!!",
                                  "i order blue but want red, you can change?", "make it red instead"])
def test_change_item_out_of_stock(goods, text):
    found = goods.found("change_item_out_of_stock", text, number=goods.put(UNSENT, False))
    assert found["resolution"]["action"] == "offer_alternative" and found["issue"]["responsible_party"] == "supplier"
    assert "alternative_variant" in options(found) and "blue, L" in flat(found) and "update_item" not in steps(found)


def test_what_is_not_known_to_be_there_is_not_promised(goods):
    items = [{"sku": "X-1", "name": "Scarf", "quantity": 1}]
    found = goods.found("change_item_possible", "Can I change my order to red, please?", number=goods.put(UNSENT | {"items": items}, False))
    assert "missing_fact" in found["review_reasons"] and "checking" in flat(found) and "update_item" not in steps(found)


# ---- found in review ----


@pytest.mark.parametrize("text", ["Please cancel my order, I don't want it any more.", "cancel it, i changed my mind",
                                  "I have changed my mind and don't want it any more. Can I return it?"])
def test_a_cancellation_of_what_has_come_is_a_return(goods, text):
    found = goods.found("return_in_window", text)
    assert list(options(found)) == ["return_and_refund", "exchange"]
    assert "29 March 2026" in flat(found)
    assert not found["needs_review"]
    found = ask(goods.client, text, goods.put(LONG_AGO, SENT_LONG_AGO, came("2026-01-30")))
    assert code(found) == "return_out_of_window"
    if "return" not in text:
        assert code(ask(goods.client, text, goods.put(parcel=SENT, events=ON_THE_WAY))).startswith("unwanted_")


@pytest.mark.parametrize("text", ["I have sent it back on 20 February.", "Refund me now! I have sent it back on 20 Feb.",
                                  "I have already sent the dress back to you, it went off on 20 February."])
def test_who_has_sent_it_back_is_not_told_to_look_at_the_neighbours(goods, delivered, text):
    found = goods.found("refund_status", text, number=delivered)
    assert "delivered_not_received" not in found["issue"]["secondary"]
    assert "neighbour" not in flat(found)
    posted = goods.put({"return": {"state": "posted", "at": "2026-02-20T10:00:00Z"}})
    goods.found("return_in_progress", text, number=posted)


@pytest.mark.parametrize("text, issue", [
    ("The dress came torn. Please send me a new one.", "damaged"),
    ("You sent me the wrong size, I ordered the M and got an S. I want to exchange it.", "wrong_item"),
    ("It stopped working. Can I return it? What a piece of junk.", "defective"),
    ("The zip does not work, can you repair it under the warranty?", "repair")])
def test_a_fault_is_answered_once(goods, delivered, text, issue):
    """What the fault's own choices answer is not said again, on worse terms, in a paragraph of its own."""
    text = flat(goods.found(issue, text, number=delivered))
    assert "you pay the freight" not in text and "repaired" not in text and "We also put right" not in text and "We will also put right" not in text and "disappointed" not in text


def test_who_wants_to_exchange_faulty_goods_is_offered_new_ones_first(goods, delivered):
    found = goods.found("damaged", "The dress arrived damaged. I would like to exchange it.", number=delivered)
    assert [name for name in options(found)] == ["replacement", "partial_refund", "return_and_refund"]
    assert "send_return_label" not in steps(found) and "ship_replacement" not in steps(found)


@pytest.mark.parametrize("text", ["Can I exchange it for the red one?", "I want to swap it for the red M"])
def test_nobody_is_offered_what_he_has(goods, delivered, text):
    text = flat(goods.found("exchange", text, number=delivered))
    assert "In stock: blue, L" in text and "blue, M" not in text


def test_change_of_item_does_not_offer_what_is_ordered(goods):
    number = goods.put(UNSENT, parcel=False)
    found = goods.found("change_item_out_of_stock", "Please change the colour of my order to red", number=number)
    assert "In stock: blue, L" in flat(found) and "blue, M" not in flat(found)
    assert found["draft"]["subject"] == f"Your order {number}: your change"
    found = goods.found("change_item_out_of_stock", "I would like the purple one instead", number=number)
    assert "It does not come in purple" in flat(found)


def test_a_late_refund_of_a_return_blames_nobody(goods):
    found = goods.found("return_in_progress", "I sent it back, where is my refund?",
                        {"return": {"state": "received", "at": "2026-02-10T10:00:00Z"}})
    assert found["review_reasons"] == ["missing_fact"]
    assert "the money was due by 20 February 2026" in flat(found)


def test_of_several_lines_the_one_out_of_stock_cannot_be_sent(goods):
    for sku, product in {"SC-1": DRESS | {"name": "Silk scarf", "stock": 0, "restock_on": "2026-03-20", "variants": []}}.items():
        assert goods.client.put(f"/v1/products/{sku}", product).status in (200, 201)
    lines = ORDER["items"] + [{"sku": "SC-1", "name": "Silk scarf", "quantity": 1, "unit_price": usd("10.00")}]
    number = goods.put(UNSENT | {"items": lines}, parcel=False)
    found = goods.client.suggest(trigger="seller_cannot_ship", order_number=number, as_of=AS_OF, dry_run=True)
    assert list(options(found)) == ["wait_for_restock", "replacement", "full_refund"]
    assert options(found)["full_refund"]["amount"] is None
    assert flat(found).count(f"We cannot send the Silk scarf in your order {number}") == 1
    assert "back in stock on 20 March 2026" in flat(found)


def test_of_several_parcels_on_their_way_the_next_is_told(goods):
    number = goods.put(parcel=SENT, events=ON_THE_WAY)
    goods.parcel(number, SENT | {"promised_by": "2026-03-15"}, ON_THE_WAY)
    found = goods.found("split_shipment", "The belt is not in the parcel.", number=number)
    assert "comes in other parcels, and the next one is due by 12 March 2026" in flat(found)
    assert "The next one to come:" in flat(found) and "a parcel of its own" not in flat(found)


def test_before_the_delivery_the_window_is_told_in_days(goods):
    found = goods.found("return_in_window", "I would like to return the dress.", parcel=SENT, events=ON_THE_WAY)
    assert "within 30 days of its delivery" in flat(found)


def test_an_exchange_on_the_way_without_a_wish(goods):
    found = goods.found("change_item_shipped", "I'd like to change my order to a different size", parcel=SENT, events=ON_THE_WAY)
    assert "Write to us when it has come, and we send you the return address." in flat(found)
    assert "unused, please" not in flat(found)
