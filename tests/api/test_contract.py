"""The read contract: whatever tables stand behind the views of schema replyd, the service reads the same; its statements
stay index loops; and every statement of the program names the shop."""
import json
import pathlib
import re
import subprocess

import psycopg2
import pytest

import harness

CASES_DUMP = pathlib.Path(harness.BIN).parent / "tests/cases_dump"


def execute(url, text):
    connection = psycopg2.connect(url)
    connection.autocommit = True
    connection.cursor().execute(text)
    connection.close()


def dump(url, *wants):
    """What the batch read finds for each want; see tests/cases_dump.c."""
    done = subprocess.run([CASES_DUMP, url], input="".join(f"{want}\n" for want in wants), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def statements(path):
    """The prepared statements written out in a C file: name -> SQL."""
    source = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    literal = r'"(?:[^"\\]|\\.)*"'
    found = re.finditer(rf"\{{\s*\"(\w+)\",\s*((?:{literal}\s*)+),\s*\d+\s*\}}", source)
    return {match[1]: "".join(part[1:-1] for part in re.findall(literal, match[2])) for match in found}


# --- a shop whose data has another shape ---

# One wide table of orders; a row for every single piece; a log of parcels and of scans in which the last correction counts.
OTHER_TABLES = """
CREATE SCHEMA shop;
CREATE TABLE shop.orders AS
    SELECT o.*, now() AS synchronised FROM replyd.orders AS o;
ALTER TABLE shop.orders ALTER number TYPE varchar(40), ALTER shop_id TYPE integer, ALTER currency TYPE char(3);
CREATE INDEX ON shop.orders (number);
CREATE TABLE shop.pieces AS
    SELECT i.order_number::varchar(40) AS order_no, i.position AS line, i.sku, i.name, i.variant, i.unit_price
      FROM replyd.order_items AS i, generate_series(1, i.quantity);
CREATE INDEX ON shop.pieces (order_no);
CREATE INDEX ON shop.orders (lower(customer_email), placed_at DESC NULLS LAST);
CREATE INDEX ON shop.orders (customer_id, placed_at DESC NULLS LAST);
CREATE TABLE shop.articles AS SELECT sku AS article, cost AS purchase_price, p.* FROM replyd.products AS p;
ALTER TABLE shop.articles DROP sku, DROP cost, DROP shop_id, ALTER stock TYPE integer, ALTER alternatives TYPE varchar(40)[],
    ALTER size_chart TYPE json;
CREATE INDEX ON shop.articles (article);
CREATE TABLE shop.parcels AS
    SELECT s.*, version, CASE version WHEN 1 THEN 'an older carrier' ELSE s.carrier END AS carrier_then
      FROM replyd.shipments AS s, generate_series(1, 2) AS version;
CREATE INDEX ON shop.parcels (order_number, tracking_number);
CREATE INDEX ON shop.parcels (tracking_number);
CREATE TABLE shop.tracking_log AS
    SELECT e.*, version, CASE version WHEN 1 THEN 'mistaken' ELSE e.text END AS text_then
      FROM replyd.shipment_events AS e, generate_series(1, 2) AS version;
CREATE INDEX ON shop.tracking_log (order_number, tracking_number, at);
"""

OTHER_VIEWS = """
DROP VIEW replyd.orders, replyd.order_items, replyd.products, replyd.shipments, replyd.shipment_events;
CREATE VIEW replyd.orders AS SELECT * FROM shop.orders;
CREATE VIEW replyd.order_items AS
    SELECT s.shop_id, p.order_no AS order_number, p.line AS position, p.sku, p.name, p.variant, count(*) AS quantity, p.unit_price
      FROM shop.pieces AS p, (SELECT shop_id FROM replyd_data.shops WHERE code = 'demo') AS s
     GROUP BY 1, 2, 3, 4, 5, 6, 8;
CREATE VIEW replyd.products AS
    SELECT s.shop_id, a.article AS sku, a.name, a.purchase_price AS cost, a.cost_currency, a.description, a.material, a.price,
           a.price_currency, a.floor_price, a.floor_price_currency, a.stock, a.restock_on, a.unit_of_sale, a.units_per_pack, a.weight_g,
           a.low_price_reason, a.quality_guarantee, a.voltage, a.plug, a.manual_url, a.variants, a.size_chart, a.price_tiers, a.alternatives
      FROM shop.articles AS a, (SELECT shop_id FROM replyd_data.shops WHERE code = 'demo') AS s;
CREATE VIEW replyd.shipments AS
    SELECT DISTINCT ON (shop_id, order_number, tracking_number)
           shop_id, order_number, tracking_number, carrier_then AS carrier, carrier_kind, service, tracked, tracking_url,
           carrier_phone, shipped_at, promised_by, claim_by, pickup_by, pickup_point, signed_by, weight_g::integer,
           expected_weight_g::integer, free_return, return_cost, return_cost_currency, return_reason, return_cause,
           customs_reason, customs_party, customs_document, customs_duty, customs_duty_currency, customs_pay_to, customs_act_by,
           items
      FROM shop.parcels ORDER BY shop_id, order_number, tracking_number, version DESC;
CREATE VIEW replyd.shipment_events AS
    SELECT DISTINCT ON (shop_id, order_number, tracking_number, at, id)
           shop_id, order_number, tracking_number, at, id, text_then AS text, code, code_system, state, city, postcode, country
      FROM shop.tracking_log ORDER BY shop_id, order_number, tracking_number, at, id, version DESC;
"""


@pytest.fixture(scope="module")
def other(make_database, template):
    """The URL of a database whose contract is views over another schema."""
    url = make_database(template)
    execute(url, harness.DEMO.read_text(encoding="utf-8"))
    return url


def every_order(url):
    return [f"1 2099-01-01T00:00:00Z order={number}"
            for number, in harness.query(url, "SELECT number FROM replyd.orders ORDER BY number")]


GOODS = """
INSERT INTO replyd_data.products (shop_id, sku, body) VALUES
    (1, 'SKIRT', '{"name": "Skirt", "description": "A skirt.\\nBlue.", "material": "cotton", "price": {"amount": "19.90", "currency": "USD"},
        "floor_price": {"amount": "15", "currency": "USD"}, "cost": {"amount": "40.00", "currency": "CNY"}, "stock": -2,
        "restock_on": "2026-05-01", "unit_of_sale": "pack", "units_per_pack": 12, "weight_g": 180.5, "low_price_reason": "own factory",
        "quality_guarantee": true, "voltage": "220 V", "plug": "C", "manual_url": "https://shop.example/m.pdf",
        "variants": [{"sku": "SKIRT-S", "name": "Blue S", "color": "blue", "size": "S", "stock": 0}, {"color": "red"}],
        "size_chart": [{"size": "S", "bust_cm": [80, 84.5], "foot_cm": null}, {"size": "M", "waist_cm": [70, 75]}],
        "price_tiers": [{"min_quantity": 10, "unit_price": {"amount": "17.00", "currency": "USD"}},
                        {"min_quantity": 50, "unit_price": {"amount": "16.00", "currency": "USD"}, "freight_included": true, "wholesale": true}],
        "alternatives": ["HAT", "NONE", "SKIRT", "SCARF"]}'),
    (1, 'HAT', '{"name": "Hat", "stock": 3, "alternatives": ["SKIRT"], "variants": [{"color": "red"}]}'),
    (1, 'SCARF', '{}'),
    (1, 'EMPTY', '{"variants": null, "size_chart": [], "alternatives": null, "weight_g": null, "price": null}');
INSERT INTO replyd_data.orders (shop_id, number, body) VALUES
    (1, 'G1', '{"status": "paid", "total": {"amount": "50.00", "currency": "USD"}, "freight": {"amount": "5.00", "currency": "USD"},
        "placed_at": "2026-02-01T10:00:00Z", "paid_at": "2026-02-01T11:00:00Z", "platform": "ebay",
        "customer": {"name": "Eve", "email": "Eve@example.org", "external_id": "eve", "birthday": "1990-05-06", "marketing_consent": true},
        "address": {"line1": "1 Elm", "city": "Rome", "postcode": "00100", "country": "IT"},
        "items": [{"sku": "SKIRT", "quantity": 2}, {"sku": "EMPTY", "quantity": 1}, {"sku": "SKIRT", "variant": "red", "quantity": 1}, {"name": "no number", "quantity": 1}]}'),
    (1, 'G2', '{"status": "unpaid", "total": {"amount": "900", "currency": "JPY"}, "placed_at": "2026-02-03T10:00:00Z",
        "customer": {"email": "eve@EXAMPLE.org"}, "return": {"state": "received"}, "dispute": {"kind": "chargeback"}}'),
    (1, 'G3', '{"placed_at": "2026-02-05T10:00:00Z", "customer": {"external_id": "eve", "country": "IT", "marketing_consent": false}}'),
    (1, 'G4', '{"placed_at": "2026-02-06T10:00:00Z", "customer": {"external_id": "eve", "email": "adam@example.org"}}'),
    (1, 'G5', '{"placed_at": "2026-03-06T10:00:00Z", "customer": {"email": "eve@example.org"}}'),
    (1, 'G6', '{"customer": {"email": "eve@example.org"}}'),
    (1, 'G7', '{"placed_at": "2026-02-04T10:00:00Z"}');
INSERT INTO replyd_data.shipments (shop_id, order_number, tracking_number, body) VALUES
    (1, 'G1', 'GP1', '{"items": [{"sku": "SKIRT", "quantity": 2}, {"sku": "HAT"}, {"quantity": 3}]}'), (1, 'G1', 'GP2', '{"items": null}');
"""


@pytest.fixture(scope="module")
def goods(make_database, template):
    url = make_database(template)
    execute(url, harness.DEMO.read_text(encoding="utf-8"))
    execute(url, GOODS)
    return url


MOMENT = "2026-03-01T00:00:00Z"


def usd(amount):
    return {"amount": amount, "currency": "USD"}


SKIRT = {
    "sku": "SKIRT", "name": "Skirt", "description": "A skirt.\nBlue.", "material": "cotton", "unit_of_sale": "pack",
    "low_price_reason": "own factory", "voltage": "220 V", "plug": "C", "manual_url": "https://shop.example/m.pdf", "price": usd("19.90"),
    "floor_price": usd("15.00"), "cost": {"amount": "40.00", "currency": "CNY"}, "restock_on": "2026-05-01T23:59:59Z",
    "units_per_pack": 12, "weight_g": 180.5, "quality_guarantee": True,
    "variants": [{"sku": "SKIRT-S", "name": "Blue S", "color": "blue", "size": "S", "stock": 0}, {"color": "red"}],
    "size_chart": [{"size": "S", "bust_cm": [80, 84.5]}, {"size": "M", "waist_cm": [70, 75]}],
    "price_tiers": [{"min_quantity": 10, "unit_price": usd("17.00"), "freight_included": False, "wholesale": False},
                    {"min_quantity": 50, "unit_price": usd("16.00"), "freight_included": True, "wholesale": True}]}
NO_LISTS = {"variants": [], "size_chart": [], "price_tiers": [], "alternatives": []}


def test_products(goods):
    of_order, of_sku, both, twice, unread, none, foreign = dump(goods, *(f"{shop} {MOMENT} {want}" for shop, want in (
        (1, "order=G1 reads=product"), (1, "sku=SKIRT reads=product"), (1, "order=nope order=G1 sku=HAT reads=product"),
        (1, "order=G1 sku=SKIRT reads=product"), (1, "order=G1 sku=SKIRT reads=customer"), (1, "sku=NONE reads=product"),
        (2, "sku=SKIRT reads=product"))))
    skirt, empty = of_order["products"]
    assert [product["sku"] for product in skirt.pop("alternatives")] == ["HAT", "SCARF"], "on record, itself not among them"
    assert skirt == SKIRT, "stock below nothing is unknown"
    assert empty == {"sku": "EMPTY"} | NO_LISTS
    (asked,) = of_sku["products"]
    assert asked["alternatives"] == [{"sku": "HAT", "name": "Hat", "stock": 3} | NO_LISTS, {"sku": "SCARF"} | NO_LISTS]
    assert [product["sku"] for product in both["products"]] == ["HAT", "SKIRT", "EMPTY"]
    assert [product["sku"] for product in twice["products"]] == ["SKIRT", "EMPTY"]
    assert "products" not in unread and "products" not in none and "products" not in foreign


def test_a_shared_batch_keeps_wants_apart(goods):
    wants = [f"1 {MOMENT} {want}" for want in (
        "order=G1 reads=product", "order=G2", "sku=HAT reads=product,customer", "order=G2 reads=customer", "order=1001 reads=product")]
    assert dump(goods, *wants) == [dump(goods, want)[0] for want in wants]


def test_contents_of_a_parcel(goods):
    case, = dump(goods, f"1 {MOMENT} order=G1")
    first, second = case["order"]["shipments"]
    assert first["contents"] == {"SKIRT": 2, "HAT": 1}
    assert "contents" not in second


def numbers(case):
    return [order["number"] for order in case["customer"]["orders"]]


def test_customer(goods):
    by_order, by_email, by_id, by_both, other_id, stranger = dump(goods, *(f"1 {MOMENT} {want} reads=customer" for want in (
        "order=G1", "email=EVE@example.org", "id=eve", "order=nope email=eve@example.org id=eve", "email=adam@example.org id=eve",
        "email=nobody@example.org")))
    assert numbers(by_order) == ["G3", "G2", "G1", "G6"], "the newest first; not adam's, not what comes after as_of"
    customer = by_order["customer"]
    assert {key: value for key, value in customer.items() if key != "orders"} == {
        "name": "Eve", "email": "eve@EXAMPLE.org", "country": "IT", "id": "eve", "birthday": "1990-05-06T00:00:00Z",
        "marketing_consent": False, "reviews": 0}
    assert customer["orders"][1:3] == [
        {"number": "G2", "status": "unpaid", "currency": "JPY", "total": 900, "placed_at": "2026-02-03T10:00:00Z",
         "return_state": "received", "dispute_kind": "chargeback"},
        {"number": "G1", "status": "paid", "platform": "ebay", "currency": "USD", "total": 5000, "freight": 500,
         "placed_at": "2026-02-01T10:00:00Z", "paid_at": "2026-02-01T11:00:00Z", "line1": "1 Elm", "city": "Rome", "postcode": "00100",
         "country": "IT", "first_item": "Skirt"}]
    assert numbers(by_email) == ["G2", "G1", "G6"]
    assert sorted(numbers(by_id)) == ["G1", "G3", "G4"], "an id alone contradicts no address"
    assert numbers(by_both) == ["G3", "G2", "G1", "G6"]
    assert numbers(other_id) == ["G4", "G3"]
    assert stranger["customer"] == {"email": "nobody@example.org", "reviews": 0, "orders": []}


def test_a_customer_is_told_to_the_buyer_alone(goods):
    of_another, of_nobody, unread, foreign = dump(
        goods, f"1 {MOMENT} order=G1 email=adam@example.org reads=customer", f"1 {MOMENT} order=G7 reads=customer",
        f"1 {MOMENT} order=G1 reads=product", f"2 {MOMENT} email=eve@example.org reads=customer")
    assert of_another["order"]["number"] == "G1" and "customer" not in of_another
    assert "customer" not in of_nobody and "customer" not in unread
    assert foreign["customer"]["orders"] == []


def test_reviews_that_were_answered(goods):
    for number, columns in enumerate((
            {"trigger": "positive_review", "order_number": "G1", "buyer_email": "eve@example.org", "message_id": None},
            {"trigger": "positive_review", "order_number": "G1", "buyer_id": "eve", "message_id": None},
            {"intent": "leave_negative_review", "message_id": "r-2", "buyer_email": "eve@example.org", "buyer_id": "eve"},
            {"intent": "thank", "message_id": "r-3", "buyer_email": "eve@example.org"},
            {"trigger": "negative_review", "order_number": "G9", "buyer_email": "adam@example.org"},
            {"trigger": "negative_review", "order_number": "G2", "buyer_email": "eve@example.org", "received_at": MOMENT}), 100):
        insert_suggestion(goods, number, **{"received_at": "2026-02-20"} | columns)
    case, = dump(goods, f"1 {MOMENT} order=G1 reads=customer")
    assert case["customer"]["reviews"] == 2
    execute(goods, "TRUNCATE replyd_data.suggestions CASCADE")


def test_a_customer_has_at_most_200_orders(goods):
    execute(goods, """INSERT INTO replyd_data.orders (shop_id, number, body) SELECT 1, 'many-' || i, jsonb_build_object(
        'placed_at', to_char('2026-01-01'::timestamp + i * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'customer', jsonb_build_object(
            'email', 'many@example.org')) FROM generate_series(1, 300) AS i""")
    case, = dump(goods, f"1 {MOMENT} email=many@example.org reads=customer")
    assert numbers(case) == [f"many-{i}" for i in range(300, 100, -1)]
    execute(goods, "DELETE FROM replyd_data.orders WHERE number LIKE 'many-%'")


def test_other_tables_read_the_same(other):
    execute(other, GOODS)
    wants = [f"{want} reads=product,customer" for want in every_order(other)] + [
        f"1 {MOMENT} {want} reads=product,customer" for want in ("sku=SKIRT", "email=eve@example.org id=eve", "sku=HAT id=eve")]
    before = dump(other, *wants)
    assert len(before) >= 45
    assert sum("products" in case for case in before) > 40 and sum("customer" in case for case in before) > 40
    own = "SELECT replyd_data.is_own('orders'), replyd_data.is_own('order_items'), replyd_data.is_own('shipment_events')"
    assert harness.query(other, own) == [(True, True, True)]
    execute(other, OTHER_TABLES + OTHER_VIEWS)
    assert dump(other, *wants) == before
    assert harness.query(other, own) == [(False, False, False)]


def test_a_role_needs_select_alone(other):
    execute(other, "DROP ROLE IF EXISTS replyd_contract_reader")
    execute(other, """CREATE ROLE replyd_contract_reader LOGIN;
        GRANT USAGE ON SCHEMA replyd TO replyd_contract_reader; GRANT SELECT ON ALL TABLES IN SCHEMA replyd TO replyd_contract_reader""")
    try:
        reader = re.sub(r"//[^@/]*@", "//replyd_contract_reader@", other)
        wants = every_order(other)
        assert dump(reader, *wants) == dump(other, *wants)
    finally:
        execute(other, "DROP OWNED BY replyd_contract_reader; DROP ROLE replyd_contract_reader")


def test_what_is_read(demo):
    tracking, = harness.query(demo, "SELECT tracking_number FROM replyd.shipments WHERE order_number = '1001'")[0]
    case, second, by_tracking, foreign, early = dump(
        demo, "1 2099-01-01T00:00:00Z order=1001", "1 2099-01-01T00:00:00Z order=nope order=1002 order=1001",
        f"1 2099-01-01T00:00:00Z tracking={tracking}", "2 2099-01-01T00:00:00Z order=1001", "1 2000-01-01T00:00:00Z order=1001")
    order = case["order"]
    assert (order["number"], order["status"], order["total"], order["currency"]) == ("1001", "shipped", 3990, "USD")
    assert order["customer_email"] == "nancy@example.org"
    assert [item["unit_cost"] for item in order["items"]] == [{"amount": "5.10", "currency": "USD"}, {"amount": "2.80", "currency": "USD"}]
    events = order["shipments"][0]["events"]
    assert [event["state"] for event in events] == ["in_transit_origin"] * 2 + ["export_customs", "in_transit_origin", "departed"]
    assert [event["at"] for event in events] == sorted(event["at"] for event in events)
    assert second["order"]["number"] == "1002", "the first number that exists wins"
    of_nancy, of_nobody, first_tracked, bare = dump(
        demo, *(f"1 2099-01-01T00:00:00Z {rest}" for rest in (
            "order=nope order=1002 order=1001 email=Nancy@Example.org", "order=1002 order=1001 email=nobody@example.org",
            f"bare=1002 bare=1003 bare=1004 bare=1005 tracking={tracking}", "bare=nope bare=1002")))
    assert of_nancy == case, "the buyer's own before others'"
    assert of_nobody["order"]["number"] == bare["order"]["number"] == "1002"
    assert first_tracked == case, "a parcel's order before numbers that may be none"
    assert by_tracking == case
    assert "order" not in foreign, "another shop's order"
    assert early["order"]["shipments"][0]["events"] == []


def test_every_state_of_a_parcel_is_in_the_demo(demo):
    seen = {shipment["events"][-1]["state"] for case in dump(demo, *every_order(demo))
            for shipment in case["order"]["shipments"] if shipment["events"]}
    words = json.loads((harness.ROOT / "playbook/facts.json").read_text(encoding="utf-8"))["words"]
    assert seen == set(words["shipment_state"])
    statuses = {case["order"]["status"] for case in dump(demo, *every_order(demo))}
    assert statuses == set(words["order_status"])


def test_rows_version_moves_with_the_rows(demo):
    moment = "2099-01-01T00:00:00Z"
    last_year = "2000-01-01T00:00:00Z"

    def versions():
        return [case["order"]["rows_version"] for case in dump(demo, f"1 {moment} order=1012", f"1 {last_year} order=1012")]

    before = versions()
    assert versions() == before
    execute(demo, """INSERT INTO replyd_data.events (shop_id, order_number, tracking_number, body)
        SELECT shop_id, order_number, tracking_number, '{"at": "2020-01-01T00:00:00Z", "text": "Accepted"}'
          FROM replyd_data.shipments WHERE order_number = '1012'""")
    after_event = versions()
    assert after_event[0] != before[0] and after_event[1] != before[1], "an event that as_of does not see counts too"
    execute(demo, "UPDATE replyd_data.orders SET body = body || '{\"note\": \"x\"}' WHERE number = '1012'")
    assert versions()[0] != after_event[0]
    execute(demo, "UPDATE replyd_data.products SET body = body || '{\"cost\": {\"amount\": \"9.99\", \"currency\": \"USD\"}}'")
    assert versions()[0] == versions()[0]


def insert_suggestion(url, number, **columns):
    row = {"shop_id": 1, "id": f"00000000-0000-7000-8000-{number:012}", "created_at": "2026-01-01", "as_of": "2026-01-01",
           "received_at": f"2026-01-01T00:{number:02}:00Z", "message_id": f"m-{number}", "issue": "overdue_tracked",
           "stage": "after_sale", "priority": "high", "responsible_party": "carrier", "language": "en", "rows_hash": 0,
           "request": "{}", "facts": "{}", "answer": "{}"} | columns
    harness.query(url, f"INSERT INTO replyd_data.suggestions ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})",
                  *row.values())
    return row["id"]


def test_contacts(demo):
    insert_suggestion(demo, 1, conversation_id="c-1", order_number="1001", buyer_email="nancy@example.org", offered=["wait", "full_refund"])
    sent = insert_suggestion(demo, 2, conversation_id="c-1", order_number="1001", buyer_email="nancy@example.org", offered=["reship"],
                             promised_refund=True, follow_up_at="2026-01-05T00:00:00Z")
    insert_suggestion(demo, 3, conversation_id="c-1", message_id="m-2", received_at="2026-01-01T00:02:00Z", issue="lost", offered=["collect"])
    insert_suggestion(demo, 4, conversation_id="c-2", order_number="1001", buyer_email="somebody@example.com")
    insert_suggestion(demo, 5, conversation_id="c-1", message_id=None)
    insert_suggestion(demo, 6, conversation_id="c-1", shop_id=2)
    harness.query(demo, "INSERT INTO replyd_data.feedback (shop_id, suggestion_id, outcome) VALUES (1, %s, 'sent')", sent)

    def contacts(want):
        return [(row["message_id"], row["issue"], row["sent"]) for row in dump(demo, want)[0]["contacts"]]

    later = "2026-01-02T00:00:00Z"
    both = [("m-1", "overdue_tracked", False), ("m-2", "lost", True)]
    told, = dump(demo, f"1 {later} conversation=c-1")
    assert [(row["offered"], row["promised_refund"], row.get("follow_up_at")) for row in told["contacts"]] == [
        (["full_refund", "wait"], False, None), (["reship"], True, "2026-01-05T00:00:00Z")], "of the answer that went out"
    assert contacts(f"1 {later} conversation=c-1") == both
    assert contacts(f"1 {later} conversation=c-1 message=m-2") == both[:1]
    assert contacts("1 2026-01-01T00:02:00Z conversation=c-1") == both[:1], "strictly before as_of"
    # without a conversation: the same buyer, named or the order's own, about the same order
    of_order = [("m-1", "overdue_tracked", False), ("m-2", "overdue_tracked", True)]
    assert contacts(f"1 {later} order=1001") == of_order
    assert contacts(f"1 {later} order=1001 email=Nancy@Example.org") == of_order
    assert contacts(f"1 {later} order=1001 email=somebody@example.com") == [("m-4", "overdue_tracked", False)]
    assert contacts(f"1 {later} order=1002") == []


def test_contacts_are_a_short_read(other):
    """However many were answered about one order or in one conversation, messages or not."""
    for of, message_id in (("order", "NULL"), ("order", "'m-' || i"), ("conversation", "NULL"), ("conversation", "'m-' || i")):
        harness.query(other, f"""
            INSERT INTO replyd_data.suggestions (shop_id, id, created_at, as_of, received_at, conversation_id, message_id, order_number,
                   buyer_email, issue, stage, priority, responsible_party, language, rows_hash, request, facts, answer)
            SELECT 1, gen_random_uuid(), now(), now(), '2026-01-01'::timestamptz - i * interval '1 minute',
                   %s, {message_id}, %s, 'nancy@example.org', 'lost', 'after_sale', 'normal', 'unknown', 'en', 0, '{{}}', '{{}}', '{{}}'
              FROM generate_series(1, 5000) AS i""", "c-9" if of == "conversation" else None, "1001" if of == "order" else None)
    newest = [f"m-{i}" for i in range(50, 0, -1)]
    for want in ("order=1001 email=nancy@example.org", "conversation=c-9"):
        case, = dump(other, f"1 2026-01-02T00:00:00Z {want}")
        assert [contact["message_id"] for contact in case["contacts"]] == newest
    # half way, of the order
    case, = dump(other, "1 2025-12-31T00:00:00Z order=1001 email=nancy@example.org")
    assert [contact["message_id"] for contact in case["contacts"]] == [f"m-{i}" for i in range(1490, 1440, -1)]
    scanned = [node for node in nodes(dict(plans(other))["cases_contacts"]["Plan"]) if node["Node Type"] == "Index Scan"
               and node["Relation Name"] == "suggestions"]
    assert {node["Index Name"] for node in scanned} == {"contacts_by_order", "contacts_by_conversation"}
    for node in scanned:
        assert node["Actual Rows"] <= 200 and not node.get("Rows Removed by Filter")
    execute(other, "TRUNCATE replyd_data.suggestions CASCADE")


# --- plans ---

SETTINGS = re.findall(r'"(SET [^"]*)"', (harness.ROOT / "src/db/cases.c").read_text(encoding="utf-8"))
TYPES = {"slot": "int4", "shop_id": "int8", "as_of": "timestamptz"}


def plans(url):
    """The plan of every statement of a case's read, in a session set like the reader's."""
    connection = psycopg2.connect(url)
    cursor = connection.cursor()
    for setting in SETTINGS:
        cursor.execute(setting)
    for name, text in statements(harness.ROOT / "src/db/cases.c").items():
        cursor.execute(f"PREPARE {name} AS {text}")
        types = re.findall(r"\$\d::(\w+)\[\]", text)
        sample = {"int4": "0", "int8": "1", "text": "1001", "timestamptz": "2099-01-01"}
        values = ", ".join(f"'{{{sample[type_]}}}'" for type_ in types)
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE {name}({values})")
        yield name, cursor.fetchone()[0][0]
    connection.close()


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


@pytest.mark.parametrize("shape", ["demo", "other"])
def test_plans_are_index_loops(request, shape):
    url = request.getfixturevalue(shape)
    if shape == "other":
        if harness.query(url, "SELECT replyd_data.is_own('orders')") == [(True,)]:
            execute(url, OTHER_TABLES + OTHER_VIEWS)
        execute(url, """INSERT INTO shop.tracking_log (shop_id, order_number, tracking_number, at, id, text_then, version)
            SELECT 1, 'n' || i / 10, 'p' || i / 10, '2026-01-01'::timestamptz + i * interval '1 minute', gen_random_uuid(), 'scan', 1
              FROM generate_series(1, 100000) AS i; ANALYZE shop.tracking_log""")
    read = dict(plans(url))
    assert set(read) == {"cases_lookup", "cases_orders", "cases_items", "cases_shipments", "cases_events", "cases_contacts",
                         "cases_products", "cases_customer"}
    for name, plan in read.items():
        for node in nodes(plan["Plan"]):
            told = f"{name}: {node['Node Type']} on {node.get('Relation Name')}"
            assert node["Node Type"] not in ("Hash Join", "Merge Join", "Bitmap Heap Scan"), told
            assert node["Node Type"] != "Seq Scan" or node.get("Relation Name") == "shops", told
            # nothing is read that the wants did not name
            assert node["Actual Rows"] + node.get("Rows Removed by Filter", 0) < 200, told


# --- shops are kept apart ---

COMPILED = {pathlib.Path(entry["directory"], entry["file"]).resolve(): entry for entry in
            json.loads((pathlib.Path(harness.BIN).parent / "compile_commands.json").read_text(encoding="utf-8"))}
WITH_SQL = [path for path in sorted((harness.ROOT / "src").rglob("*.c")) if re.search(r"\breplyd(_data)?\.[a-z_\"]", path.read_text(encoding="utf-8"))]


def sql_texts(path):
    """The strings of a source file that are SQL over our schemas, as the compiler sees them: macros put some together."""
    entry = COMPILED[path]
    command = re.sub(r" -o \S+| -c(?= )| -M\w* \S+| -MD", "", entry["command"]) + " -E -P"
    source = subprocess.run(command, shell=True, cwd=entry["directory"], check=True, capture_output=True, text=True).stdout
    for run in re.findall(r'(?:"(?:[^"\\\n]|\\.)*"\s*)+', source):
        text = "".join(part[1:-1] for part in re.findall(r'"(?:[^"\\\n]|\\.)*"', run))
        if re.search(r"\b(FROM|INTO|UPDATE|JOIN) replyd(_data)?\.", text):
            yield text


@pytest.mark.parametrize("path", WITH_SQL, ids=lambda path: str(path.relative_to(harness.ROOT)))
def test_every_statement_names_the_shop(path):
    texts = list(sql_texts(path))
    assert texts
    for text in texts:
        assert "shop_id" in text or "replyd_data.migrations" in text, text
