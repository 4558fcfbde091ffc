"""The shop's calendar, over HTTP and in `replyd suggest`: what is put holds for the next answer on every worker; and what
else reaches the facts by the front door alone: a new address, the law of the country."""
import copy
import itertools
import json

import harness
import pytest

AS_OF = "2026-03-02T10:00:00Z"
ORDER = {
    "status": "shipped", "platform": "own_shop", "currency": "EUR", "total": {"amount": "39.90", "currency": "EUR"},
    "placed_at": "2026-01-28T10:00:00Z", "paid_at": "2026-01-28T10:05:00Z",
    "customer": {"name": "Nancy Drew", "email": "nancy@example.org"}, "address": {"city": "Berlin", "country": "DE"},
    "items": [{"sku": "LD-1", "name": "Linen dress", "quantity": 1}]}
PARCEL = {"carrier": "Northern Post", "tracked": True, "shipped_at": "2026-01-30T08:00:00Z", "promised_by": "2026-02-27"}
EVENTS = [{"at": "2026-03-01T06:30:00Z", "text": "In transit", "state": "departed", "city": "Shenzhen", "country": "CN"}]
FESTIVAL = {"name": "Spring Festival", "kind": "suspension", "from": "2026-02-15", "to": "2026-02-23", "countries": ["CN"]}
numbers = itertools.count(1)


@pytest.fixture(scope="module", autouse=True)
def records(client):
    client.put("/v1/policy", {"currency": "EUR", "country": "CN"})
    client.put("/v1/orders/1001", ORDER)
    client.put("/v1/orders/1001/shipments/LX123456785CN", PARCEL)
    client.post("/v1/orders/1001/shipments/LX123456785CN/events", EVENTS)


def body(text):
    return {"message": {"id": f"calendar-{next(numbers)}", "text": text}, "order_number": "1001", "as_of": AS_OF,
            "buyer": {"email": "nancy@example.org"}}


@pytest.fixture
def facts(client, sql):
    """facts(text, ...) is what the stored suggestion was made from."""
    def ask(text="My parcel has not arrived, it is late.", **more):
        answer = client.post("/v1/suggestions", body(text) | more)
        assert answer.status == 201, answer
        [[stored]] = sql("SELECT facts FROM replyd_data.suggestions WHERE id = %s", answer.json["id"])
        return stored
    return ask


def calendar(facts):
    return {name[9:]: value for name, value in facts.items() if name.startswith("calendar.") and value is not None}


NONE = {"overlap": False, "running": False}
MET = {"overlap": True, "name": "Spring Festival", "kind": "suspension", "from": "2026-02-15", "to": "2026-02-23", "running": False}


def test_a_holiday_holds_at_once_and_until_it_is_deleted(client, facts):
    assert calendar(facts()) == NONE
    assert client.put("/v1/holidays/cny", FESTIVAL).status == 201
    assert [calendar(facts()) for _ in range(6)] == [MET] * 6  # whichever worker answers
    client.put("/v1/holidays/cny", FESTIVAL | {"from": "2026-03-02", "to": "2026-03-05"})
    assert calendar(facts())["from"] == "2026-03-02"
    client.put("/v1/holidays/cny", FESTIVAL | {"from": "2026-03-03", "to": "2026-03-05"})
    assert calendar(facts()) == NONE
    client.put("/v1/holidays/cny", FESTIVAL | {"countries": ["FR"]})
    assert calendar(facts()) == NONE
    client.put("/v1/holidays/cny", FESTIVAL | {"countries": ["DE"]})
    assert calendar(facts()) == MET
    client.patch("/v1/holidays/cny", {"countries": None})
    assert calendar(facts()) == MET
    client.put("/v1/holidays/sales", {"name": "winter sales", "kind": "peak", "from": "2026-02-01", "to": "2026-02-28"})
    assert calendar(facts())["name"] == "winter sales"  # ends last
    client.delete("/v1/holidays/sales")
    client.delete("/v1/holidays/cny")
    assert calendar(facts()) == NONE


def test_the_command_knows_the_calendar(client, database, shop, sql):
    client.put("/v1/holidays/cny", FESTIVAL)
    asked = body("My parcel has not arrived, it is late.")
    answer = json.loads(harness.replyd("suggest", "--shop", shop.code, database=database, stdin=json.dumps(asked)).stdout)
    [[stored]] = sql("SELECT facts FROM replyd_data.suggestions WHERE id = %s", answer["id"])
    assert calendar(stored) == MET
    client.delete("/v1/holidays/cny")


def test_the_command_knows_the_methods(client, database, shop, sql):
    client.put("/v1/shipping-methods/slow", {"handling_days": 9})
    client.put("/v1/orders/1001", ORDER | {"shipping_method": "slow"})
    asked = body("My parcel has not arrived, it is late.")
    answer = json.loads(harness.replyd("suggest", "--shop", shop.code, database=database, stdin=json.dumps(asked)).stdout)
    [[days]] = sql("SELECT facts->'order.handling_days' FROM replyd_data.suggestions WHERE id = %s", answer["id"])
    assert days == 9
    client.put("/v1/orders/1001", ORDER)
    client.delete("/v1/shipping-methods/slow")


def test_a_method_written_by_sql_that_cannot_be_read_is_left_out(client, facts, shop, sql):
    client.put("/v1/shipping-methods/slow", {"handling_days": 9})
    client.put("/v1/orders/1001", ORDER | {"shipping_method": "slow"})
    sql("INSERT INTO replyd_data.shipping_methods (shop_id, code, body) SELECT shop_id, 'odd', '{\"handling_days\": \"soon\"}'"
        " FROM replyd_data.shops WHERE code = %s", shop.code)
    assert facts()["order.handling_days"] == 9
    sql("DELETE FROM replyd_data.shipping_methods WHERE code = 'odd'")
    client.put("/v1/orders/1001", ORDER)
    client.delete("/v1/shipping-methods/slow")


def test_a_calendar_written_by_sql_that_cannot_be_read_is_left_out(client, facts, shop, sql):
    client.put("/v1/holidays/cny", FESTIVAL)
    sql("INSERT INTO replyd_data.holidays (shop_id, code, body) SELECT shop_id, 'odd', '{\"name\": 7}' FROM replyd_data.shops"
        " WHERE code = %s", shop.code)
    assert calendar(facts()) == MET
    sql("DELETE FROM replyd_data.holidays WHERE code = 'odd'")
    client.delete("/v1/holidays/cny")


@pytest.mark.parametrize("country, days", [("DE", 14), ("GR", 14), ("GB", 14), ("US", None), ("CH", None), ("NO", None)])
def test_the_right_of_withdrawal_is_by_the_country_of_the_order(client, facts, country, days):
    order = copy.deepcopy(ORDER)
    order["address"]["country"] = country
    client.put("/v1/orders/1001", order)
    found = facts()
    assert found.get("law.withdrawal_days") == days
    assert found.get("law.withdrawal") is (True if days else None)
    assert bool(found.get("law.source")) == bool(days)
    client.put("/v1/orders/1001", ORDER)


@pytest.mark.parametrize("text, address", [
    ("Hello, please change the delivery address to Hauptstr. 5, 10827 Berlin, thanks", "Hauptstr. 5, 10827 Berlin"),
    ("I moved. Send it to:\n12 Baker Court\nLeeds LS1 4HT\n\nBest regards\nNancy Drew\n9 Old Lane, Hull", "12 Baker Court, Leeds LS1 4HT"),
    ("wrong address!! ship to 231 pine ave, tulsa ok", "231 pine ave, tulsa ok"),
    ("i live now in Via Roma 15, 20121 Milano, not in the old flat. please correct", "Via Roma 15, 20121 Milano"),
    ("Could you send order 1001 to my office instead?", None),
    ("I forgot the apartment number, it's 4B", None)])
def test_a_new_address_in_the_text(facts, text, address):
    assert facts(text).get("message.new_address") == address
