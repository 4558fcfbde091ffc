"""The schema: migrations, versions moved by triggers, what objects' columns make of their bodies, and the statement that
stores suggestions."""
import concurrent.futures
import re

import psycopg2
import pytest

import harness
from test_contract import statements


@pytest.fixture(scope="module")
def shop_id(sql):
    return sql("INSERT INTO replyd_data.shops (code, name) VALUES ('schema', 'Schema') RETURNING shop_id")[0][0]


# --- migrations ---

def test_migrate_twice_and_at_once(make_database):
    url = make_database()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: harness.replyd("migrate", database=url), range(4)))
    assert sum("0001-shops.sql done" in run.stdout for run in done) == 1
    assert "done" not in harness.replyd("migrate", database=url).stdout


def test_a_newer_schema_is_refused(make_database, template):
    url = make_database(template)
    harness.query(url, "INSERT INTO replyd_data.migrations (number, name) VALUES (9999, '9999-later.sql')")
    for words in (["migrate"], ["shop", "list"]):
        done = harness.replyd(*words, database=url, check=False)
        assert done.returncode == 1
        assert "newer" in done.stderr


def test_a_failed_migration_leaves_nothing(make_database):
    url = make_database()
    harness.query(url, "CREATE SCHEMA replyd_data")
    done = harness.replyd("migrate", database=url, check=False)
    assert done.returncode == 1
    assert "0001-shops.sql failed" in done.stderr
    assert harness.query(url, "SELECT to_regclass('replyd_data.shops')") == [(None,)]


def test_everything_has_a_comment(sql):
    without = sql("""
        SELECT c.oid::regclass::text, a.attname FROM pg_class AS c LEFT JOIN pg_attribute AS a
               ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE c.relnamespace IN ('replyd'::regnamespace, 'replyd_data'::regnamespace) AND c.relkind IN ('r', 'v')
           AND (obj_description(c.oid) IS NULL OR col_description(c.oid, a.attnum) IS NULL)""")
    assert without == []


def test_every_primary_key_leads_with_the_shop(sql):
    leads = sql("""
        SELECT i.indrelid::regclass::text, a.attname FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
          JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
         WHERE i.indisprimary AND c.relnamespace = 'replyd_data'::regnamespace""")
    assert {name for name, lead in leads if lead != "shop_id"} == {"replyd_data.migrations"}


def test_the_granted_role_can_serve_and_no_more(make_database, template):
    url = make_database(template)
    harness.query(url, "DROP ROLE IF EXISTS replyd_schema_service")
    harness.query(url, "CREATE ROLE replyd_schema_service LOGIN")
    try:
        harness.replyd("migrate", "--grant-to", "replyd_schema_service", database=url)
        harness.query(url, "INSERT INTO replyd_data.shops (code, name) VALUES ('a', 'A')")
        service = re.sub(r"//[^@/]*@", "//replyd_schema_service@", url)
        harness.query(service, "INSERT INTO replyd_data.orders (shop_id, number, body) VALUES (1, 'x', '{}')")
        harness.query(service, "INSERT INTO replyd_data.holidays (shop_id, code, body) VALUES (1, 'x', '{}')")
        harness.query(service, "SELECT * FROM replyd.orders, replyd.contacts")
        assert harness.query(service, "SELECT version FROM replyd_data.shops") == [(2,)], "moved by the trigger"
        for text in ("UPDATE replyd_data.shops SET name = 'B'", "DELETE FROM replyd_data.api_keys",
                     "INSERT INTO replyd_data.migrations (number, name) VALUES (9, 'x')", "CREATE TABLE replyd_data.x ()"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                harness.query(service, text)
    finally:
        harness.query(url, "DROP OWNED BY replyd_schema_service; DROP ROLE replyd_schema_service")


# --- versions ---

def test_versions_move(sql, shop_id):
    def version():
        return sql("SELECT version, policy_version FROM replyd_data.shops WHERE shop_id = %s", shop_id)[0]

    version_before, policy_before = version()
    writes = {"api_keys": "(shop_id, hash, scopes) VALUES (%s, sha256('x'), '{suggest}')",
              "templates": "(shop_id, issue, language, body) VALUES (%s, 'lost', 'en', '{}')",
              "rules": "(shop_id, issue, body) VALUES (%s, 'lost', '{}')",
              "shipping_methods": "(shop_id, code, body) VALUES (%s, 'a', '{}')",
              "holidays": "(shop_id, code, body) VALUES (%s, 'a', '{}')",
              "promotions": "(shop_id, code, body) VALUES (%s, 'a', '{}')",
              "customs_rules": "(shop_id, country, body) VALUES (%s, 'DE', '[{}]')",
              "policies": "(shop_id, body) VALUES (%s, '{}')"}
    for count, (table, values) in enumerate(writes.items(), 1):
        sql(f"INSERT INTO replyd_data.{table} {values}", shop_id)
        assert version() == (version_before + count, policy_before + (table == "policies"))
    sql("UPDATE replyd_data.policies SET body = '{\"grace_days\": 3}' WHERE shop_id = %s", shop_id)
    sql("DELETE FROM replyd_data.rules WHERE shop_id = %s", shop_id)
    assert version() == (version_before + len(writes) + 2, policy_before + 2)
    sql("INSERT INTO replyd_data.orders (shop_id, number, body) VALUES (%s, 'v', '{}')", shop_id)
    assert version() == (version_before + len(writes) + 2, policy_before + 2), "orders are not kept by workers"


# --- objects ---

UPSERT = """INSERT INTO replyd_data.orders AS o (shop_id, number, body) VALUES (%s, 'u', %s) ON CONFLICT (shop_id, number) DO UPDATE
    SET body = excluded.body, revision = excluded.revision, changed_at = excluded.changed_at
    WHERE o.updated_at IS NULL OR excluded.updated_at IS NULL OR excluded.updated_at >= o.updated_at RETURNING revision"""


def test_an_older_object_is_ignored(sql, shop_id):
    def put(body):
        return [revision for revision, in sql(UPSERT, shop_id, body)]

    first, = put('{"updated_at": "2026-03-02T10:00:00Z"}')
    assert put('{"updated_at": "2026-03-02T10:59:59+01:00"}') == []
    second, = put('{"updated_at": "2026-03-02T11:00:00+01:00", "note": "as old"}')
    third, = put('{"note": "no time"}')
    assert first < second < third
    sql("DELETE FROM replyd_data.orders WHERE number = 'u'")
    fourth, = put('{"note": "no time"}')
    assert fourth > third, "a revision is never used twice"


def test_columns_follow_from_the_body(sql, shop_id):
    sql("INSERT INTO replyd_data.orders (shop_id, number, body) VALUES (%s, 'c', %s)", shop_id,
        '{"total": {"amount": "12.50", "currency": "EUR"}, "freight": {"amount": "3", "currency": "USD"}, "status": "paid",'
        ' "ship_by": "2026-03-02", "new_ship_by": "2026-03-02T10:00:00+02:00", "placed_at": null, "duty_informed": false,'
        ' "dispute": {"respond_by": "2026-03-09"}, "customer": {"email": "a@example.org", "birthday": "1990-05-06T23:00:00-02:00",'
        ' "marketing_consent": false}, "refund": null}')
    row, = sql("""SELECT currency, total::text, freight, status, ship_by = '2026-03-02T23:59:59Z', new_ship_by = '2026-03-02T08:00:00Z',
                         placed_at, duty_informed, dispute_respond_by = '2026-03-09T23:59:59Z', customer_email, refund_state,
                         customer_birthday::text, customer_marketing_consent
                    FROM replyd.orders WHERE shop_id = %s AND number = 'c'""", shop_id)
    assert row == ("EUR", "12.50", None, "paid", True, True, None, False, True, "a@example.org", None, "1990-05-07", False)


def test_events_are_stored_once_and_go_with_their_order(sql, shop_id):
    def add(body):
        sql("INSERT INTO replyd_data.events (shop_id, order_number, tracking_number, body) VALUES (%s, 'e', 't', %s)"
            " ON CONFLICT DO NOTHING", shop_id, body)
        return sql("SELECT count(*) FROM replyd_data.events WHERE shop_id = %s AND order_number = 'e'", shop_id)[0][0]

    with pytest.raises(psycopg2.errors.ForeignKeyViolation):
        add('{"at": "2026-03-02T10:00:00Z"}')
    sql("INSERT INTO replyd_data.orders (shop_id, number, body) VALUES (%s, 'e', '{}')", shop_id)
    sql("INSERT INTO replyd_data.shipments (shop_id, order_number, tracking_number, body) VALUES (%s, 'e', 't', '{}')", shop_id)
    assert add('{"at": "2026-03-02T10:00:00Z", "text": "Accepted", "city": null}') == 1
    assert add('{"text": "Accepted", "at": "2026-03-02T11:00:00+01:00"}') == 1
    assert add('{"text": "Accepted", "at": "2026-03-02T10:00:01Z"}') == 2
    assert add('{"text": "Accepted.", "at": "2026-03-02T10:00:00Z"}') == 3
    sql("DELETE FROM replyd_data.orders WHERE shop_id = %s AND number = 'e'", shop_id)
    assert sql("SELECT count(*) FROM replyd_data.events WHERE shop_id = %s AND order_number = 'e'", shop_id) == [(0,)]


# --- suggestions ---

STORE = statements(harness.ROOT / "src/db/store.c")


def store(sql, shop_id, *rows):
    """Stores rows of (id, idempotency key); gives the positions of the keys that were won."""
    columns = {8: "order", 9: "A@Example.org", 13: "lost", 14: "after_sale", 15: "high", 16: "carrier", 17: "en", 18: 0,
               19: "{}", 20: "{}", 21: "{}", 24: "reship,wait", 25: True, 26: "2026-01-05", 3: "2026-01-01", 4: "2026-01-01", 1: shop_id}
    values = []
    for number in range(1, 27):
        if number == 2:
            values.append([f"00000000-0000-7000-8000-{row[0]:012}" for row in rows])
        elif number == 22:
            values.append([row[1] for row in rows])
        elif number == 23:
            values.append([psycopg2.Binary(b"h" * 32) for row in rows])
        else:
            values.append([columns.get(number)] * len(rows))
    return sorted(position for position, in sql(re.sub(r"\$(\d+)", "%s", STORE["store_insert"]), *values))


def stored(sql, shop_id):
    return [number for number, in sql("SELECT right(id::text, 12)::int FROM replyd_data.suggestions WHERE shop_id = %s ORDER BY 1", shop_id)]


def test_one_key_one_suggestion(sql, shop_id):
    assert store(sql, shop_id, (1, None), (2, "k"), (3, "k"), (4, "l")) == [2, 4], "the first of a batch wins"
    assert stored(sql, shop_id) == [1, 2, 4]
    assert store(sql, shop_id, (5, "k"), (6, None), (7, "m")) == [3]
    assert store(sql, shop_id, (6, None), (7, "m")) == [], "sent again after a lost answer"
    assert stored(sql, shop_id) == [1, 2, 4, 6, 7]
    assert sql("SELECT DISTINCT buyer_email, received_at = as_of, offered, promised_refund, follow_up_at = '2026-01-05'"
               " FROM replyd_data.suggestions WHERE shop_id = %s", shop_id) == [("a@example.org", True, ["reship", "wait"], True, True)]
    replay = re.sub(r"\$\d+", "%s", STORE["store_replay"])
    (position, request_hash, id_, _, answer, status, found), = sql(replay, [shop_id, shop_id], ["none", "k"])
    assert (position, bytes(request_hash), str(id_)[-1], answer, status, found) == (2, b"h" * 32, "2", "{}", 201, True)

    sql("UPDATE replyd_data.idempotency SET created_at = now() - interval '25 hours' WHERE key IN ('k', 'l')")
    assert sql(replay, [shop_id], ["k"]) == [], "older than a day is absent"
    assert store(sql, shop_id, (8, "k")) == [1]
    sql(STORE["store_sweep"])
    assert sql("SELECT key FROM replyd_data.idempotency WHERE shop_id = %s ORDER BY 1", shop_id) == [("k",), ("m",)]


def test_rows_stay_in_their_page(sql, shop_id):
    """Nothing of a usual suggestion is stored out of line."""
    toasted = sql("""SELECT pg_relation_size(reltoastrelid) FROM pg_class WHERE oid = 'replyd_data.suggestions'::regclass""")
    assert toasted == [(0,)]
    sql("""INSERT INTO replyd_data.suggestions SELECT shop_id, gen_random_uuid(), created_at, as_of, received_at, null, null, null, null,
        null, null, null, issue, stage, priority, responsible_party, language, 0, offered, promised_refund, follow_up_at, request,
        (SELECT json_object_agg('fact.' || i, 'value ' || i) FROM generate_series(1, 100) AS i), answer
          FROM replyd_data.suggestions WHERE shop_id = %s LIMIT 1""", shop_id)
    assert sql("""SELECT pg_relation_size(reltoastrelid) FROM pg_class WHERE oid = 'replyd_data.suggestions'::regclass""") == [(0,)]
