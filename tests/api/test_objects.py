"""PUT, GET, PATCH and DELETE of what a shop sends in, and the events of parcels."""
import concurrent.futures
import itertools
import json
import threading

import pytest

numbers = itertools.count(1)
USD = {"amount": "39.90", "currency": "USD"}


def fresh(prefix="k"):
    return f"{prefix}-{next(numbers)}"


BODIES = {
    "products": {
        "name": "Winter boots", "description": "Warm.\nDry.", "material": "leather", "price": USD,
        "floor_price": {"amount": "35", "currency": "USD"}, "cost": {"amount": "12.00", "currency": "USD"}, "stock": 5,
        "restock_on": "2026-04-01", "unit_of_sale": "pair", "units_per_pack": 12, "weight_g": 800,
        "low_price_reason": "last season", "quality_guarantee": True, "voltage": "220 V", "plug": "C",
        "manual_url": "https://a.example/m.pdf",
        "variants": [{"sku": "B-R", "name": "red", "color": "red", "size": "M", "stock": 0}],
        "size_chart": [{"size": "M", "bust_cm": [86, 90], "waist_cm": [68, 72.5], "hip_cm": [92, 96], "length_cm": None,
                        "sleeve_cm": None, "foot_cm": None}],
        "price_tiers": [{"min_quantity": 12, "unit_price": USD, "freight_included": True, "wholesale": False}],
        "alternatives": ["B-2"], "updated_at": "2026-03-02T09:14:00Z"},
    "orders": {
        "status": "shipped", "platform": "own_shop", "currency": "USD", "total": USD,
        "freight": {"amount": "4.90", "currency": "USD"}, "margin": {"amount": "-3.10", "currency": "USD"},
        "note": "no plastic, please", "placed_at": "2026-02-01T10:00:00Z", "paid_at": "2026-02-01T10:02:00Z",
        "ship_by": "2026-02-04", "new_ship_by": "2026-02-06", "shipping_method": "epacket", "duty_informed": False,
        "payment_failure": "card_declined",
        "customer": {"name": "Nancy Drew", "email": "nancy@example.org", "country": "US", "language": "en",
                     "external_id": "77", "birthday": "1990-05-17", "marketing_consent": True},
        "address": {"line1": "1 Main St", "city": "River Heights", "postcode": "60601", "country": "US"},
        "items": [{"sku": "B-R", "name": "Boots", "variant": "red", "quantity": 1, "unit_price": USD}],
        "tax_collected_by": "platform", "incoterm": "DDP", "protection_ends_on": "2026-05-01",
        "refund": {"state": "requested", "amount": USD, "method": "card", "at": "2026-03-01T00:00:00Z"},
        "return": {"state": "none", "tracking_number": "R1", "at": "2026-03-01T00:00:00Z"},
        "dispute": {"kind": "chargeback", "reason": "late", "opened_at": "2026-03-01T10:00:00Z", "respond_by": "2026-03-09"}},
    "shipments": {
        "carrier": "China Post", "carrier_kind": "post", "service": "ePacket", "tracked": True,
        "tracking_url": "https://t.example/LX1", "shipped_at": "2026-02-03T08:00:00Z", "promised_by": "2026-02-20",
        "weight_g": 800, "expected_weight_g": 810, "carrier_phone": "+86 11183", "return_cost": USD, "free_return": False,
        "claim_by": "2026-08-03",
        "customs": {"reason": "duty_unpaid", "party": "buyer", "document": "ID", "duty": {"amount": "900", "currency": "JPY"},
                    "pay_to": "customs", "act_by": "2026-03-10"},
        "return": {"reason": "refused", "cause": "buyer"}, "pickup_point": "Shop 7", "pickup_by": "2026-03-05",
        "signed_by": "N. D.", "items": [{"sku": "B-R", "quantity": 1}]},
    "shipping-methods": {
        "carrier": "DHL", "name": "Express", "kind": "express", "tracked": True, "countries": ["US", "DE"], "min_days": 3,
        "max_days": 5, "handling_days": 1, "price": USD, "per_kg": USD, "free_over": USD},
    "holidays": {"name": "Spring Festival", "kind": "suspension", "from": "2026-02-15", "to": "2026-02-23", "countries": ["CN"]},
    "promotions": {"percent": 12.5, "from": "2026-02-15", "to": "2026-02-20", "skus": ["B-R"]},
    "customs-rules": {
        "duty_free_below": USD, "duty_percent": 2.5, "tax_percent": 19, "tax_threshold": USD, "fixed_duty": USD,
        "collected_by": "carrier", "handling_fee": USD, "recipient_id": {"kind": "CPF", "pattern": "[0-9]{11}"},
        "buyer_documents": ["CPF"], "origin": "CN", "effective_from": "2025-05-02", "effective_to": "2026-12-31",
        "source": "https://law.example/", "alert_from": "2026-01-01", "alert_to": "2026-02-01"},
}
KINDS = list(BODIES)
countries = iter(["US", "DE", "FR", "BR", "JP", "KR", "GB", "IT", "ES", "NL", "PL", "TR", "SA", "MX", "CA", "AU", "NZ", "SE",
                  "NO", "DK", "FI", "AT", "BE", "CH", "CZ", "GR", "HU", "IE", "PT", "RO", "ZA", "IN", "ID", "TH", "VN", "PH"])


@pytest.fixture
def path(client):
    """Gives the path of a new object of a kind; its order is there."""
    def make(kind):
        if kind == "shipments":
            order = f"/v1/orders/{fresh()}"
            assert client.put(order, {}).status == 201
            return f"{order}/shipments/{fresh('LX')}"
        return f"/v1/{kind}/{next(countries) if kind == 'customs-rules' else fresh()}"
    return make


# --- every kind ---


@pytest.mark.parametrize("kind", KINDS)
def test_put_get_delete(client, path, kind):
    at, body = path(kind), BODIES[kind]
    assert client.get(at).status == 404
    assert client.delete(at).status == 404
    assert client.patch(at, {}).status == 404

    created = client.put(at, body)
    assert created.status == 201, created
    assert created.headers["Location"] == at
    assert created.json == body
    read = client.get(at)
    assert read.status == 200 and read.json == body
    assert read.headers["Content-Type"] == "application/json"
    assert read.headers["ETag"] == created.headers["ETag"]

    replaced = client.put(at, {})
    assert replaced.status == 200 and replaced.json == {} and "Location" not in replaced.headers
    assert client.get(at).json == {}
    assert client.request("HEAD", at).status == 200

    deleted = client.delete(at)
    assert deleted.status == 204 and deleted.body == b""
    assert client.get(at).status == 404
    assert client.put(at, body).status == 201, "and may come again"


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_stored_says_the_same_in_bytes(client, path, kind):
    at = path(kind)
    client.put(at, BODIES[kind])
    assert client.get(at).body == client.put(at, json.loads(client.get(at).body)).body


@pytest.mark.parametrize("kind", KINDS)
def test_etag(client, path, kind):
    at = path(kind)
    client.put(at, BODIES[kind])
    etag = client.get(at).headers["ETag"]
    for known in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        answer = client.get(at, headers={"If-None-Match": known})
        assert answer.status == 304 and answer.body == b"" and answer.headers["ETag"] == etag
    assert client.get(at, headers={"If-None-Match": '"other"'}).status == 200
    client.put(at, BODIES[kind])
    assert client.get(at, headers={"If-None-Match": etag}).status == 200
    second = client.get(at).headers["ETag"]
    client.delete(at)
    client.put(at, BODIES[kind])
    assert client.get(at).headers["ETag"] not in (etag, second), "never used twice"


@pytest.mark.parametrize("kind", KINDS)
def test_patch(client, path, kind):
    at, body = path(kind), BODIES[kind]
    client.put(at, body)
    first, *others = body
    patched = client.patch(at, {first: None}, headers={"Content-Type": "application/merge-patch+json"})
    assert patched.status == 200, patched
    assert patched.json == {name: body[name] for name in others} == client.get(at).json
    assert client.patch(at, {first: body[first]}).json == body
    assert client.patch(at, {}).json == body
    wrong = client.patch(at, {"unheard_of": 1})
    assert wrong.status == 422 and "/unheard_of" in wrong.errors
    assert client.get(at).json == body


@pytest.mark.parametrize("kind", KINDS)
def test_an_older_word_is_ignored(client, path, kind):
    at = path(kind)
    old, new, newest = ({"updated_at": f"2026-03-0{day}T00:00:00Z"} for day in (1, 2, 3))
    assert client.put(at, new).status == 201
    ignored = client.put(at, old)
    assert ignored.status == 200 and ignored.json == {"ignored": True}
    assert client.patch(at, old).json == {"ignored": True}
    assert client.get(at).json == new
    assert client.put(at, {"updated_at": "2026-03-02T01:00:00+01:00"}).json != {"ignored": True}, "the same moment counts"
    assert client.put(at, newest).json == newest
    assert client.patch(at, {"updated_at": "2026-03-04T00:00:00Z"}).status == 200
    assert client.put(at, {}).json == {}, "without a time it counts"
    assert client.put(at, old).json == old


@pytest.mark.parametrize("kind", KINDS)
def test_another_shops_object_is_not_there(client, other_client, path, kind):
    at = path(kind)
    client.put(at, BODIES[kind])
    assert other_client.get(at).status == 404
    assert other_client.patch(at, {}).status == 404
    assert other_client.delete(at).status == 404
    if kind == "shipments":
        assert other_client.put(at, {}).status == 404
    else:
        assert other_client.put(at, {}).status == 201
    assert client.get(at).json == BODIES[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_scopes(server, shop, path, kind):
    at = path(kind)
    for scope, status in (("suggest", 403), ("ingest", 201)):
        client = shop.client(server, scope)
        assert client.put(at, {}).status == status
    for scope, status in (("suggest", 403), ("ingest", 200), ("admin", 200)):
        client = shop.client(server, scope)
        assert client.get(at).status == status
        assert client.patch(at, {}).status == status
    assert shop.client(server, "suggest").delete(at).status == 403
    assert server.client().put(at, {}).status == 401
    assert server.client("no-such-key").get(at).status == 401


@pytest.mark.parametrize("kind", KINDS)
def test_faults(client, path, kind):
    at = path(kind)
    assert client.put(at, raw=b"{").status == 400
    assert client.put(at, raw=b'{"a": 1, "a": 2}').status == 400
    assert client.put(at, raw=b"\xff").status == 400
    assert client.put(at, raw=b"{}", headers={"Content-Type": "text/plain"}).status == 415
    assert client.put(at, raw=b"{}", headers={"Content-Type": None}).status == 415
    assert client.post(at, {}).status == 405
    for body in (7, "x", True):
        answer = client.put(at, raw=json.dumps(body).encode())
        assert answer.status in (400, 422)
    answer = client.put(at, {"a/b~": 1, "updated_ad": "now", "updated_at": "now"})
    assert answer.status == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert set(answer.errors) == {"/a~1b~0", "/updated_ad", "/updated_at"}
    assert "updated_at" in answer.errors["/updated_ad"]
    assert client.get(at).status == 404, "nothing was stored"


def test_every_fault_is_told_at_once(client):
    answer = client.put(f"/v1/orders/{fresh()}", {
        "status": "gone", "currency": "usd", "total": {"amount": "1.234", "currency": "USD"},
        "freight": {"amount": 4.9, "currency": "USD"}, "ship_by": "2026-02-30", "duty_informed": "yes",
        "customer": {"email": "nobody", "country": "us", "language": "english"},
        "items": [{"quantity": 1}, {"quantity": 1.5}, {"quantity": -1, "colour": "red"}]})
    assert answer.status == 422
    assert set(answer.errors) == {
        "/status", "/currency", "/total/amount", "/freight/amount", "/ship_by", "/duty_informed", "/customer/email",
        "/customer/country", "/customer/language", "/items/1/quantity", "/items/2/quantity", "/items/2/colour"}
    assert answer.errors["/status"].endswith("unpaid, paid, packed, shipped, completed, cancelled, refunded")


def test_contradictions_are_stored(client):
    at = f"/v1/orders/{fresh()}"
    assert client.put(at, {"status": "unpaid", "paid_at": "2026-01-01T00:00:00Z", "placed_at": "2026-02-01T00:00:00Z"}).status == 201
    assert client.put(f"{at}/shipments/a", {"shipped_at": "2026-02-03T08:00:00Z", "promised_by": "2026-01-01"}).status == 201


def test_an_item_in_another_currency_is_refused(client):
    answer = client.put(f"/v1/orders/{fresh()}", {"total": USD, "items": [{"unit_price": {"amount": "1", "currency": "EUR"}}]})
    assert set(answer.errors) == {"/items/0/unit_price/currency"}


def test_customs_rules_may_be_a_list(client, path):
    at = path("customs-rules")
    rules = [{"duty_percent": 10, "effective_to": "2025-12-31"}, {"duty_percent": 12, "effective_from": "2026-01-01"}]
    assert client.put(at, rules).json == rules
    assert client.get(at).json == rules
    answer = client.put(at, [{}, {"duty_percent": "x"}])
    assert answer.status == 422 and set(answer.errors) == {"/1/duty_percent"}
    assert client.put(at, []).status == 422
    assert client.patch(at, rules[0]).json == rules[0], "RFC 7396: a list that is patched with an object is replaced"


# --- paths ---


@pytest.mark.parametrize("number", ["a%20b", "%E8%AE%A2%E5%8D%95", "a%2Fb", "a%3Fb%23", "..%2F..", "100%25", "a;b=c", "a+b", "x" * 200])
def test_odd_keys(client, number):
    at = f"/v1/orders/{number}"
    assert client.put(at, {"note": number}).status == 201
    assert client.get(at).json == {"note": number}
    assert client.put(f"{at}/shipments/{number}", {}).status == 201
    assert client.get(f"{at}/shipments/{number}").json == {}
    assert client.delete(at).status == 204


@pytest.mark.parametrize("number", ["x" * 201, "a%0Ab", "%20a", "a%20", "%7F", "%C2%85"])
def test_keys_that_can_not_be(client, number):
    for method in (client.get, client.delete):
        answer = method(f"/v1/orders/{number}")
        assert answer.status == 422 and "number" in answer.errors[""]
    answer = client.put(f"/v1/orders/1/shipments/{number}", {})
    assert answer.status == 422 and "tracking_number" in answer.errors[""]


@pytest.mark.parametrize("country", ["us", "XX", "USA", "1"])
def test_countries_that_are_none(client, country):
    answer = client.put(f"/v1/customs-rules/{country}", {})
    assert answer.status == 422 and "country" in answer.errors[""]


@pytest.mark.parametrize("number", ["%", "%zz", "%00", "%ff"])
def test_bad_escapes(client, number):
    assert client.get(f"/v1/orders/{number}").status == 400


# --- orders, parcels ---


def test_a_parcel_needs_its_order(client):
    answer = client.put("/v1/orders/nowhere/shipments/LX1", {})
    assert answer.status == 404 and "nowhere" in answer.json["detail"]


def test_an_order_takes_its_parcels_along(client):
    at = f"/v1/orders/{fresh()}"
    client.put(at, {})
    client.put(f"{at}/shipments/a", {})
    client.post(f"{at}/shipments/a/events", {"at": "2026-02-10T10:00:00Z"})
    assert client.delete(at).status == 204
    client.put(at, {})
    assert client.get(f"{at}/shipments/a").status == 404
    assert client.get(f"{at}/shipments/a/events").status == 404


def test_replacing_an_order_keeps_its_parcels(client):
    at = f"/v1/orders/{fresh()}"
    client.put(at, {})
    client.put(f"{at}/shipments/a", {"carrier": "x"})
    client.put(at, {"status": "shipped"})
    assert client.get(f"{at}/shipments/a").json == {"carrier": "x"}


# --- two at once ---


def test_two_writers_of_one_order_leave_one_whole(client):
    at = f"/v1/orders/{fresh()}"
    bodies = [{"note": str(i) * 1000, "items": [{"sku": str(i), "quantity": i}] * 50} for i in range(8)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            answers = list(pool.map(lambda body: client.put(at, body), bodies))
            assert sorted({answer.status for answer in answers}) in ([200], [200, 201])
            assert client.get(at).json in bodies


def test_patches_at_once_are_all_kept(client):
    at = f"/v1/products/{fresh()}"
    client.put(at, {})
    names = ["name", "description", "material", "unit_of_sale", "voltage", "plug", "low_price_reason", "stock"]
    values = {name: 7 if name == "stock" else name for name in names}
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda name: client.patch(at, {name: values[name]}), names))
    assert [answer.status for answer in answers] == [200] * 8
    assert client.get(at).json == values


def test_orders_and_their_parcels_at_once(client):
    """Deleting, replacing and adding to the same orders from all sides: no one waits for ever, nothing fails."""
    orders = [f"/v1/orders/{fresh()}" for _ in range(3)]
    statuses = set()
    lock = threading.Lock()

    def work(number):
        for i in range(15):
            at = orders[(number + i) % 3]
            for answer in (client.put(at, {"note": "n"}), client.put(f"{at}/shipments/a", {}),
                           client.post(f"{at}/shipments/a/events", [{"at": f"2026-02-{1 + (number * i + j) % 28:02}T00:00:00Z"}
                                                                   for j in range(5)]),
                           client.delete(at) if i % 5 == number % 5 else client.get(at)):
                with lock:
                    statuses.add(answer.status)

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(work, number) for number in range(6)]:
            done.result()
    assert statuses <= {200, 201, 204, 404}


# --- events ---


@pytest.fixture
def parcel(client):
    order, number = fresh(), fresh("LX")
    client.put(f"/v1/orders/{order}", {})
    client.put(f"/v1/orders/{order}/shipments/{number}", {})
    return order, number


EVENT = {"at": "2026-02-10T10:00:00+08:00", "text": "Departed", "code": "EMC", "code_system": "upu", "city": "Beijing",
         "postcode": "100000", "country": "CN", "state": "departed"}


def test_events_sent_twice_are_stored_once(client, parcel):
    at = "/v1/orders/{}/shipments/{}/events".format(*parcel)
    first = client.post(at, EVENT)
    assert first.status == 201 and first.json == {"stored": 1, "known": 0}
    again = client.post(at, EVENT)
    assert again.status == 200 and again.json == {"stored": 0, "known": 1}
    # the same moment, written in another way
    assert client.post(at, EVENT | {"at": "2026-02-10T02:00:00Z"}).json == {"stored": 0, "known": 1}
    assert client.post(at, EVENT | {"text": "Arrived"}).json == {"stored": 1, "known": 0}
    more = [EVENT, EVENT | {"at": "2026-02-11T00:00:00Z"}, EVENT | {"at": "2026-02-11T00:00:00Z"}]
    assert client.post(at, more).json == {"stored": 1, "known": 2}
    assert len(client.get(at).json["data"]) == 3


def test_events_by_the_parcel_alone(client, other_client, parcel):
    at = f"/v1/shipments/{parcel[1]}/events"
    assert client.post(at, [EVENT, EVENT | {"text": "Arrived"}]).json == {"stored": 2, "known": 0}
    assert client.post(at, EVENT).status == 200
    assert other_client.post(at, EVENT).status == 404
    assert len(client.get("/v1/orders/{}/shipments/{}/events".format(*parcel)).json["data"]) == 2


def test_a_number_under_two_orders(client, parcel):
    other = fresh()
    client.put(f"/v1/orders/{other}", {})
    client.put(f"/v1/orders/{other}/shipments/{parcel[1]}", {})
    assert client.post(f"/v1/shipments/{parcel[1]}/events", EVENT).json == {"stored": 1, "known": 0}
    for order in (parcel[0], other):
        assert client.get(f"/v1/orders/{order}/shipments/{parcel[1]}/events").json["data"] == [EVENT]


def test_events_of_unknown_parcels(client, parcel):
    answer = client.post("/v1/shipments/nowhere/events", EVENT)
    assert answer.status == 404 and "nowhere" in answer.json["detail"]
    answer = client.post(f"/v1/orders/{parcel[0]}/shipments/nowhere/events", EVENT)
    assert answer.status == 404 and "nowhere" in answer.json["detail"]
    assert client.get(f"/v1/orders/{parcel[0]}/shipments/nowhere/events").status == 404
    assert client.delete(f"/v1/orders/{parcel[0]}/shipments/nowhere/events").status == 404


def test_faulty_events(client, parcel):
    at = f"/v1/shipments/{parcel[1]}/events"
    answer = client.post(at, [EVENT, {"text": "x"}, EVENT | {"state": "gone", "code_system": "dhl"}])
    assert answer.status == 422 and set(answer.errors) == {"/1/at", "/2/state", "/2/code_system"}
    assert client.post(at, []).status == 422
    assert client.post(at, [{"at": "2026-02-10T10:00:00Z"}] * 1001).status == 422
    assert client.post(at, EVENT).json["stored"] == 1, "nothing of the list was stored"


def test_pages_of_events(client, parcel):
    at = "/v1/orders/{}/shipments/{}/events".format(*parcel)
    # several at the same moment, so that the cursor must tell them apart
    events = [{"at": f"2026-02-{10 + i // 3:02}T00:00:00Z", "text": f"event {i}"} for i in range(25)]
    assert client.post(at, events).json["stored"] == 25
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get(f"{at}?limit=4{cursor and '&cursor=' + cursor}").json
        assert len(page["data"]) <= 4
        seen += page["data"]
        cursor = page["next_cursor"]
    assert sorted(event["text"] for event in seen) == sorted(event["text"] for event in events)
    assert [event["at"] for event in seen] == sorted((event["at"] for event in events), reverse=True)
    assert len(client.get(at).json["data"]) == 20
    for query in ("limit=0", "limit=101", "limit=x", "cursor=x", "limits=1"):
        assert client.get(f"{at}?{query}").status == 422
    etag = client.get(at).headers["ETag"]
    assert client.get(at, headers={"If-None-Match": etag}).status == 304
    client.post(at, EVENT | {"at": "2026-03-01T00:00:00Z"})
    assert client.get(at, headers={"If-None-Match": etag}).status == 200


def test_events_are_deleted_together(client, parcel):
    at = "/v1/orders/{}/shipments/{}/events".format(*parcel)
    client.post(at, EVENT)
    assert client.delete(at).status == 204
    assert client.get(at).json == {"data": [], "next_cursor": None}
    assert client.delete(at).status == 204


def test_the_same_events_from_many_sides(client, parcel):
    events = [EVENT | {"text": f"event {i}"} for i in range(40)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda i: client.post(f"/v1/shipments/{parcel[1]}/events", events[i:] + events[:i]), range(0, 40, 5)))
    assert {answer.status for answer in answers} <= {200, 201}
    assert sum(answer.json["stored"] for answer in answers) == 40


def test_an_idempotent_post_of_events(client, parcel):
    at = f"/v1/shipments/{parcel[1]}/events"
    key = {"Idempotency-Key": fresh("key")}
    first = client.post(at, EVENT, headers=key)
    again = client.post(at, EVENT, headers=key)
    assert (first.status, first.body) == (again.status, again.body) == (201, first.body)
    assert client.post(at, EVENT | {"text": "other"}, headers=key).status == 422


def test_events_scopes(server, shop, parcel):
    assert shop.client(server, "suggest").post(f"/v1/shipments/{parcel[1]}/events", EVENT).status == 403
    assert server.client().post(f"/v1/shipments/{parcel[1]}/events", EVENT).status == 401
