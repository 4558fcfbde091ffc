"""GET /v1/followups: mails that are due by the record, and answers that were promised."""
import datetime
import itertools

import pytest

from test_openapi import validator
from test_suggestions import NANCY, ORDER, PARCEL, changed, s10

FOLLOWUPS = "/v1/followups"
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
TODAY = NOW.date()
serial = itertools.count(30000)
FITS = validator("Followup")


def at(**span):
    """So long before now; negative: after it."""
    return (NOW - datetime.timedelta(**span)).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(days):
    """The day so many days ago."""
    return str(TODAY - datetime.timedelta(days=days))


def midnight(days):
    return day(days) + "T00:00:00Z"


def ok(answer):
    assert answer.status in (200, 201, 204), answer
    return answer


def told(client, **query):
    return ok(client.get(FOLLOWUPS + "?" + "&".join(f"{name}={value}" for name, value in query.items()))).json


def due(client, **query):
    """All pages' entries."""
    page = told(client, limit=100, **query)
    entries = page["data"]
    while page["next_cursor"]:
        page = told(client, limit=100, cursor=page["next_cursor"], **query)
        entries += page["data"]
    for entry in entries:
        assert list(FITS.iter_errors(entry)) == []
    return entries


class Shelf:
    def __init__(self, client):
        self.client = client

    def put(self, order=None, parcel=None, events=()):
        """A new order's number; `parcel` None: none is on record."""
        number, tracking = f"F{next(serial)}", s10(next(serial))
        base = {"placed_at": at(days=3), "paid_at": at(days=3), "ship_by": None}
        ok(self.client.put(f"/v1/orders/{number}", changed(ORDER, **(base | (order or {})))))
        if parcel is not None:
            base = {"shipped_at": at(days=40), "promised_by": day(-30), "claim_by": None}
            ok(self.client.put(f"/v1/orders/{number}/shipments/{tracking}", changed(PARCEL, **(base | parcel))))
            for event in events:
                ok(self.client.post(f"/v1/orders/{number}/shipments/{tracking}/events", event))
        return number

    def rush(self, entry):
        """Posts what an entry says."""
        return ok(self.client.post("/v1/suggestions", entry["request"])).json


@pytest.fixture
def shelf(make_shop, server):
    """A shop of the test's own."""
    return Shelf(make_shop().client(server))


def scan(state, **ago):
    return [{"at": at(**ago), "text": "scan", "state": state, "city": "River Heights", "postcode": "60601", "country": "US"}]


SENT = {"status": "shipped", "placed_at": at(days=41), "paid_at": at(days=41)}
UNSENT = {"status": "paid", "ship_by": day(-20)}
HOURS_2 = at(hours=2)

# trigger, order, parcel, events, when it is due; the state's moment is two hours ago
STATES = {
    "held_by_customs": (SENT, {"customs": {"reason": "unknown"}}, scan("customs_held", hours=2), HOURS_2),
    "returned_to_sender": (SENT, {"return": {"reason": "refused"}}, scan("returned", hours=2), HOURS_2),
    "delivery_failed": (SENT, {}, scan("delivery_failed", hours=2), HOURS_2),
    "ready_for_pickup": (SENT, {"pickup_by": day(-5)}, scan("ready_for_pickup", hours=2), HOURS_2),
    "delivered": (SENT, {}, scan("delivered", hours=2), HOURS_2),
    "arrived_at_customs": (SENT, {}, scan("import_customs", hours=2), HOURS_2),
    "arrived_in_country": (SENT, {}, scan("arrived_destination", hours=2), HOURS_2),
    "order_shipped": (SENT, {"shipped_at": at(days=1)}, scan("departed", hours=2), midnight(1)),
    "order_paid": (UNSENT, None, (), midnight(3)),
    "promised_date_passed": (SENT, {"promised_by": day(3)}, scan("departed", days=12), midnight(2)),
    "payment_rejected": ({"status": "unpaid", "payment_failure": "card_declined", "paid_at": None}, None, (), midnight(3)),
    "order_unpaid": ({"status": "unpaid", "paid_at": None}, None, (), midnight(1)),
    "dispute_opened": (SENT | {"dispute": {"kind": "platform_case", "opened_at": at(days=2), "respond_by": at(days=-4)}}, {},
                       scan("departed", days=12), midnight(2)),
    "review_invitation": (SENT, {}, scan("delivered", days=9), midnight(2)),
}


@pytest.mark.parametrize("trigger", STATES)
def test_what_the_record_shows(shelf, trigger):
    order, parcel, events, due_at = STATES[trigger]
    ok(shelf.client.put("/v1/policy", {"review_invite_after_days": 7}))
    number = shelf.put(order, parcel, events)
    page = told(shelf.client)
    assert page["next_cursor"] is None
    [entry] = page["data"]
    assert entry == {"due_at": due_at, "reason": trigger, "order_number": number, "customer": {"email": NANCY["email"], "id": None},
                     "request": {"trigger": trigger, "order_number": number}}
    made = shelf.rush(entry)
    assert made["issue"]["code"] not in ("unclear", "order_not_found") and made["draft"]["text"]
    assert trigger not in [entry["reason"] for entry in due(shelf.client)]


FUTURE = {
    "order_unpaid": ({"status": "unpaid", "placed_at": at(), "paid_at": None}, None, (), midnight(-2)),
    "promised_date_passed": (SENT, {"promised_by": day(0)}, scan("departed", days=12), midnight(-1)),
    "review_invitation": (SENT, {}, scan("delivered", days=8), midnight(-2)),
}


@pytest.mark.parametrize("trigger", FUTURE)
def test_to_the_second(shelf, trigger):
    """Not a second before; a mail made before it was due is no reason not to make it."""
    order, parcel, events, due_at = FUTURE[trigger]
    ok(shelf.client.put("/v1/policy", {"review_invite_after_days": 10}))
    shelf.put(order, parcel, events)
    assert due(shelf.client) == []
    second = datetime.datetime.strptime(due_at, "%Y-%m-%dT%H:%M:%SZ") - datetime.timedelta(seconds=1)
    assert due(shelf.client, due_before=second.strftime("%Y-%m-%dT%H:%M:%SZ")) == []
    [entry] = due(shelf.client, due_before=due_at)
    assert (entry["reason"], entry["due_at"]) == (trigger, due_at)
    assert due(shelf.client, due_before=due_at[:10]) == [entry]  # a day is its start
    shelf.rush(entry)
    assert due(shelf.client, due_before=due_at) == [entry]


@pytest.mark.parametrize("trigger, days, order, parcel, events", [
    ("delivered", 7, SENT, {}, lambda days, hours: scan("delivered", days=days, hours=hours)),
    ("delivery_failed", 14, SENT, {}, lambda days, hours: scan("delivery_failed", days=days, hours=hours)),
    ("held_by_customs", 30, SENT, {}, lambda days, hours: scan("customs_held", days=days, hours=hours)),
])
def test_what_is_long_over_is_left(shelf, trigger, days, order, parcel, events):
    ok(shelf.client.put("/v1/policy", {"review_invite_after_days": 300}))
    fresh = shelf.put(order, parcel, events(days, -1))
    shelf.put(order, parcel, events(days, 1))
    assert [(entry["reason"], entry["order_number"]) for entry in due(shelf.client)] == [(trigger, fresh)]


@pytest.mark.parametrize("order, parcel, events", [
    (SENT | {"status": "refunded"}, {}, scan("delivered", hours=2)),
    (SENT | {"status": "cancelled"}, {}, scan("delivered", hours=2)),
    (SENT | {"placed_at": at(days=181)}, {}, scan("delivered", hours=2)),
    (SENT | {"status": "completed", "placed_at": at(days=91)}, {}, scan("delivered", hours=2)),
    (SENT | {"platform": "amazon"}, {}, scan("delivered", hours=2)),  # banned there
    (SENT | {"platform": "amazon"}, {"shipped_at": at(days=1)}, scan("departed", hours=2)),
    (SENT | {"dispute": {"kind": "chargeback", "respond_by": at(hours=1)}}, {}, scan("delivered", hours=2)),
    (SENT | {"return": {"state": "requested"}}, {}, scan("delivered", days=9)),
    (SENT | {"refund": {"state": "requested"}}, {}, scan("delivered", days=9)),
    (SENT, {"pickup_by": day(1)}, scan("ready_for_pickup", hours=2)),
    (UNSENT | {"paid_at": at(days=9), "placed_at": at(days=9)}, None, ()),
])
def test_nothing_is_due(shelf, order, parcel, events):
    ok(shelf.client.put("/v1/policy", {"review_invite_after_days": 7}))
    shelf.put(order, parcel, events)
    assert due(shelf.client) == []


@pytest.mark.parametrize("order, parcel, events, trigger", [
    (SENT | {"placed_at": at(days=179)}, {}, scan("delivered", hours=2), "delivered"),
    (SENT | {"status": "completed", "placed_at": at(days=89)}, {}, scan("delivered", hours=2), "delivered"),
    (SENT | {"placed_at": None}, {}, scan("delivered", hours=2), "delivered"),
    (SENT | {"platform": "amazon"}, {}, scan("delivery_failed", hours=2), "delivery_failed"),
    (SENT, {"promised_by": None}, scan("lost", hours=2), "promised_date_passed"),
    (UNSENT | {"ship_by": day(2)}, None, (), "promised_date_passed"),
    (SENT | {"status": "refunded", "dispute": {"kind": "chargeback", "opened_at": at(days=1)}}, {}, (), "dispute_opened"),
    ({"status": "cancelled", "payment_failure": "other", "paid_at": None}, None, (), "payment_rejected"),
])
def test_all_the_same(shelf, order, parcel, events, trigger):
    number = shelf.put(order, parcel, events)
    assert [(entry["reason"], entry["order_number"]) for entry in due(shelf.client)] == [(trigger, number)]


def test_one_mail_at_a_time(shelf):
    """What presses more comes first; the other when it is made."""
    number = shelf.put(UNSENT | {"ship_by": day(2)})
    for trigger in ("promised_date_passed", "order_paid"):
        [entry] = due(shelf.client)
        assert (entry["reason"], entry["order_number"]) == (trigger, number)
        shelf.rush(entry)
    assert due(shelf.client) == []


def test_a_second_failed_delivery_is_another(shelf):
    number = shelf.put(SENT, {}, scan("delivery_failed", hours=30))
    shelf.client.suggest(None, trigger="delivery_failed", order_number=number, as_of=at(hours=20))
    assert due(shelf.client) == []
    later = shelf.put(SENT, {}, scan("delivery_failed", hours=10))
    shelf.client.suggest(None, trigger="delivery_failed", order_number=later, as_of=at(hours=20))
    assert [entry["order_number"] for entry in due(shelf.client)] == [later]


def test_what_was_only_tried_is_still_due(shelf):
    number = shelf.put(*STATES["delivered"][:3])
    shelf.client.suggest(None, trigger="delivered", order_number=number, dry_run=True)
    assert [entry["reason"] for entry in due(shelf.client)] == ["delivered"]


def test_holiday(shelf):
    holiday = {"name": "Spring Festival", "kind": "suspension", "from": day(-8), "to": day(-12), "countries": ["US"]}
    ok(shelf.client.put("/v1/holidays/spring", holiday))
    number = shelf.put(UNSENT | {"ship_by": day(-9), "paid_at": at(days=8), "placed_at": at(days=8)})
    assert due(shelf.client) == []
    [entry] = due(shelf.client, due_before=midnight(-1))
    assert (entry["reason"], entry["order_number"]) == ("holiday_suspension", number)
    ok(shelf.client.put("/v1/holidays/spring", holiday | {"from": day(-7)}))
    [entry] = due(shelf.client)
    assert (entry["reason"], entry["due_at"]) == ("holiday_suspension", midnight(0))
    assert shelf.rush(entry)["issue"]["code"] == "holiday_delay"
    assert due(shelf.client) == []
    ok(shelf.client.put("/v1/holidays/spring", holiday | {"from": day(-7), "kind": "peak"}))
    assert due(shelf.client, due_before=midnight(-1)) == []


def test_customs_alert(shelf):
    number = shelf.put(UNSENT)
    ok(shelf.client.put("/v1/customs-rules/US", {"alert_from": day(1), "alert_to": day(-10)}))
    [entry] = due(shelf.client)
    assert (entry["reason"], entry["order_number"], entry["due_at"]) == ("destination_customs_alert", number, midnight(3))
    assert shelf.rush(entry)["issue"]["code"] == "customs_alert_delay"
    ok(shelf.client.put("/v1/customs-rules/US", {"alert_from": day(9), "alert_to": day(1)}))
    assert [entry["reason"] for entry in due(shelf.client)] == ["order_paid"]


def unpaid(**more):
    return {"status": "unpaid", "paid_at": None} | more


def test_several_unpaid_orders_are_one_mail(shelf):
    shelf.put(unpaid(placed_at=at(days=4)))
    shelf.put(unpaid())
    other = shelf.put(unpaid(customer={"name": "Ned", "external_id": "ned-1"}, address={"line1": "1 Oak Lane", "city": "Springfield"}))
    entries = {entry["reason"]: entry for entry in due(shelf.client)}
    assert set(entries) == {"several_unpaid_orders", "order_unpaid"}
    assert entries["several_unpaid_orders"] == {
        "due_at": midnight(1), "reason": "several_unpaid_orders", "order_number": None,
        "customer": {"email": NANCY["email"], "id": None},
        "request": {"trigger": "several_unpaid_orders", "buyer": {"email": NANCY["email"]}}}
    assert entries["order_unpaid"]["order_number"] == other
    assert entries["order_unpaid"]["customer"] == {"email": None, "id": "ned-1"}
    for entry in entries.values():
        shelf.rush(entry)
    assert due(shelf.client) == []


def bought(shelf, days, **customer):
    person = changed(NANCY, **({"marketing_consent": True} | customer))
    for ago in days:
        shelf.put({"status": "completed", "placed_at": at(days=ago), "paid_at": at(days=ago), "customer": person})


@pytest.mark.parametrize("days, customer, due_at", [
    ((310, 210, 110), {}, midnight(9)),
    ((301, 201, 101), {}, midnight(0)),
    ((300, 200, 100), {}, None),      # a day is left
    ((360, 260, 162), {}, None),      # two months too late: 162 - 98 - 1
    ((358, 258, 158), {}, midnight(57)),
    ((210, 110), {}, None),           # no habit
    ((310, 210, 110), {"marketing_consent": False}, None),
    ((310, 210, 110), {"marketing_consent": None}, None),
    ((310, 210, 110), {"email": None}, None),
])
def test_win_back(shelf, days, customer, due_at):
    bought(shelf, days, **customer)
    entries = due(shelf.client)
    if due_at is None:
        assert entries == []
        return
    assert entries == [{"due_at": due_at, "reason": "win_back", "order_number": None, "customer": {"email": NANCY["email"], "id": None},
                        "request": {"trigger": "win_back", "buyer": {"email": NANCY["email"]}}}]
    assert shelf.rush(entries[0])["issue"]["code"] == "win_back"
    assert due(shelf.client) == []


def test_win_back_not_on_amazon(shelf):
    person = NANCY | {"marketing_consent": True}
    for ago in (310, 210, 110):
        shelf.put({"status": "completed", "platform": "amazon", "placed_at": at(days=ago), "paid_at": at(days=ago), "customer": person})
    assert due(shelf.client) == []


# --- promised answers ---


def answered(shelf, number, outcomes=("sent",), days=9):
    """A message about the parcel was answered so many days ago, with a promise."""
    found = shelf.client.suggest("Where is my parcel? I have been waiting for so long.", order_number=number,
                                 buyer={"email": NANCY["email"]}, message={"received_at": at(days=days)}, as_of=at(days=days))
    for outcome in outcomes:
        ok(shelf.client.post(f"/v1/suggestions/{found['id']}/feedback", {"outcome": outcome}))
    assert found["resolution"]["follow_up_at"]
    return found["resolution"]["follow_up_at"]


@pytest.fixture
def waiting(shelf):
    """An order with nothing else due."""
    number = shelf.put(SENT | {"placed_at": at(days=101), "paid_at": at(days=101)}, {"shipped_at": at(days=100), "promised_by": day(62)},
                       scan("departed", days=90))
    return number


@pytest.mark.parametrize("outcome", ["sent", "edited"])
def test_a_promised_answer(shelf, waiting, outcome):
    assert due(shelf.client) == []
    promised = answered(shelf, waiting, [outcome])
    [entry] = due(shelf.client)
    assert entry == {"due_at": promised, "reason": "promised_answer", "order_number": waiting,
                     "customer": {"email": NANCY["email"], "id": None},
                     "request": {"trigger": "promised_date_passed", "order_number": waiting}}
    assert shelf.rush(entry)["draft"]["text"]
    assert due(shelf.client) == []


@pytest.mark.parametrize("outcomes", [(), ("rejected",), ("sent", "rejected")])
def test_what_was_not_sent_promises_nothing(shelf, waiting, outcomes):
    answered(shelf, waiting, outcomes)
    assert due(shelf.client) == []


def test_a_later_message_takes_the_promise_up(shelf, waiting):
    answered(shelf, waiting)
    answered(shelf, waiting, (), days=1)
    assert due(shelf.client) == []


def test_a_promise_is_due_when_it_says(shelf, waiting):
    promised = answered(shelf, waiting, days=0)
    moment = datetime.datetime.strptime(promised, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    assert moment > NOW
    early = (moment - datetime.timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert due(shelf.client) == due(shelf.client, due_before=early) == []
    assert [entry["due_at"] for entry in due(shelf.client, due_before=promised)] == [promised]


def test_a_promise_is_kept_by_what_the_state_asks(shelf):
    number = shelf.put(SENT, {"promised_by": day(12)}, scan("departed", days=20))
    answered(shelf, number)
    parcel = shelf.put(SENT, {"promised_by": day(12)}, scan("departed", days=20) + scan("ready_for_pickup", days=1))
    answered(shelf, parcel)
    asked = {entry["order_number"]: entry["request"]["trigger"] for entry in due(shelf.client)}
    assert asked == {number: "promised_date_passed", parcel: "ready_for_pickup"}


# --- pages ---


def test_pages(make_shop, server, sql):
    """600 orders and a customer to be won back: each once, in pages of any size; what is not due between them."""
    shop = make_shop()
    client = shop.client(server)
    [[shop_id]] = sql("SELECT shop_id FROM replyd_data.shops WHERE code = %s", shop.code)
    sql("""INSERT INTO replyd_data.orders (shop_id, number, body)
           SELECT %s, 'P' || to_char(i, 'FM0000'), jsonb_build_object('status', CASE WHEN i %% 3 = 0 THEN 'cancelled' ELSE 'unpaid' END,
             'platform', 'own_shop', 'currency', 'USD', 'placed_at', %s::text,
             'customer', jsonb_build_object('email', 'buyer' || i || '@example.org'))
             FROM generate_series(1, 600) AS i""", shop_id, at(days=3))
    bought(Shelf(client), (310, 210, 110))
    wanted = [f"P{i:04}" for i in range(1, 601) if i % 3] + [None]
    for limit in (1, 7, 100):
        seen, query, pages = [], {"limit": limit}, 0
        while query:
            page = told(client, **query)
            assert len(page["data"]) <= limit
            assert [entry["due_at"] for entry in page["data"]] == sorted(entry["due_at"] for entry in page["data"])
            seen += [entry["order_number"] for entry in page["data"]]
            query = {"limit": limit, "cursor": page["next_cursor"]} if page["next_cursor"] else None
            pages += 1
        assert sorted(seen, key=lambda number: number or "Z") == wanted
        assert pages <= len(wanted) // limit + 3


def test_sorted_by_what_is_due_first(shelf):
    first = shelf.put(unpaid(placed_at=at(days=9), customer={"email": "a@example.org"}))
    last = shelf.put(unpaid(placed_at=at(days=3), customer={"email": "b@example.org"}))
    middle = shelf.put(unpaid(placed_at=at(days=6), customer={"email": "c@example.org"}))
    assert [entry["order_number"] for entry in due(shelf.client)] == [first, middle, last]


def test_another_shop_sees_nothing(client, other_client):
    Shelf(client).put(*STATES["delivered"][:3])
    assert [entry["reason"] for entry in due(client)] == ["delivered"]
    assert told(other_client) == {"data": [], "next_cursor": None}


def test_an_order_of_nobody(shelf):
    shelf.put(SENT | {"customer": None}, {}, scan("delivered", hours=2))
    [entry] = due(shelf.client)
    assert entry["customer"] is None
    shelf.rush(entry)
    assert due(shelf.client) == []


def test_another_shops_mail_does_not_count(shelf, other_client):
    """Two shops may have an order of one number."""
    number = shelf.put(*STATES["delivered"][:3])
    other_client.suggest(None, trigger="delivered", order_number=number)
    assert [entry["order_number"] for entry in due(shelf.client)] == [number]


@pytest.mark.parametrize("query", ["due_before=soon", "due_before=2026-02-30", "limit=0", "limit=101", "limit=x", "cursor=x", "cursor=o0",
                                   "cursor=o0g", "cursor=oc3", "cursor=o00", "cursor=", "due=2026-03-02"])
def test_what_can_not_be_asked(client, query):
    assert client.get(f"{FOLLOWUPS}?{query}").status == 422


def test_scope_and_etag(client, server, key):
    assert server.client(key("ingest")).get(FOLLOWUPS).status == 403
    assert server.client(key("suggest")).get(FOLLOWUPS).status == 200
    query = f"{FOLLOWUPS}?due_before={day(-1)}"
    first = client.get(query)
    assert client.get(query, headers={"If-None-Match": first.headers["ETag"]}).status == 304
