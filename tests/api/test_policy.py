"""GET and PUT /v1/policy; shops that keep their objects in tables of their own."""
import concurrent.futures

import pytest

DEFAULTS = {
    "currency": "USD", "country": None, "fx": {}, "languages": [], "signature": None, "payment_methods": [],
    "cors_origins": [], "reship_max": {"amount": "30.00", "currency": "USD"}, "apology_discount_percent": 5,
    "lost_discount_percent": 10, "partial_refund_percent": 20, "duty_split_percent": 50, "grace_days": 7,
    "late_reply_hours": 24, "return_window_days": 30, "handling_days": 3, "refund_days": [5, 10], "investigation_days": 3,
    "document_hours": 24, "low_stock": 5, "review_invite_after_days": 3, "price_adjustment_days": 0, "unclear_below": 0.5,
    "full_refund_if_not_as_described": True}
POLICY = "/v1/policy"


@pytest.fixture
def mine(make_shop, server):
    """The client of a shop that nobody else uses."""
    return make_shop().client(server)


def test_defaults(mine):
    answer = mine.get(POLICY)
    assert answer.status == 200 and answer.json == DEFAULTS
    assert mine.get(POLICY, headers={"If-None-Match": answer.headers["ETag"]}).status == 304


def test_what_is_left_out_stays(mine):
    etag = mine.get(POLICY).headers["ETag"]
    put = mine.put(POLICY, {"grace_days": 10, "fx": {"EUR": "1.08"}, "country": "CN"})
    assert put.status == 200, put
    assert put.json == DEFAULTS | {"grace_days": 10, "fx": {"EUR": "1.08"}, "country": "CN"}
    answer = mine.get(POLICY)
    assert answer.json == put.json, "at once"
    assert answer.headers["ETag"] != etag
    assert mine.put(POLICY, {"low_stock": 0}).json == put.json | {"low_stock": 0}
    assert mine.put(POLICY, {"fx": {"GBP": "1.27"}}).json["fx"] == {"GBP": "1.27"}, "a field is replaced whole"
    assert mine.put(POLICY, {"country": None, "grace_days": None, "fx": None, "low_stock": None}).json == DEFAULTS
    assert mine.put(POLICY, {}).json == DEFAULTS


def test_the_whole_may_be_put_back(mine):
    whole = {
        "currency": "EUR", "country": "DE", "fx": {"JPY": "0.0061"}, "languages": ["en", "zh"], "signature": "Li\nShop",
        "payment_methods": ["PayPal"], "cors_origins": ["https://shop.example", "http://localhost:3000"],
        "reship_max": {"amount": "25.50", "currency": "EUR"}, "apology_discount_percent": 7.5, "lost_discount_percent": 0,
        "partial_refund_percent": 100, "duty_split_percent": 33.3, "grace_days": 0, "late_reply_hours": 48,
        "return_window_days": 14, "handling_days": 1, "refund_days": [0, 3], "investigation_days": 5, "document_hours": 72,
        "low_stock": 1, "review_invite_after_days": 10, "price_adjustment_days": 14, "unclear_below": 0.35,
        "full_refund_if_not_as_described": False}
    assert set(whole) == set(DEFAULTS)
    assert mine.put(POLICY, whole).json == whole == mine.get(POLICY).json
    assert mine.put(POLICY, mine.get(POLICY).json).json == whole


def test_reship_max_follows_the_currency(mine):
    assert mine.put(POLICY, {"currency": "JPY"}).json["reship_max"] == {"amount": "30", "currency": "JPY"}


def test_faults(mine):
    answer = mine.put(POLICY, {"currency": "usd", "grace_day": 1, "refund_days": [10, 5], "cors_origins": ["*"],
                               "apology_discount_percent": 101, "languages": ["sv"], "fx": {"XXX": "1", "EUR": "0"}})
    assert answer.status == 422
    assert set(answer.errors) == {"/currency", "/grace_day", "/refund_days", "/cors_origins/0", "/apology_discount_percent",
                                  "/languages/0", "/fx", "/fx/EUR"}
    assert mine.get(POLICY).json == DEFAULTS
    assert mine.put(POLICY, raw=b"[]").status == 422
    assert mine.put(POLICY, raw=b"{").status == 400
    assert mine.delete(POLICY).status == 405


def test_the_version_is_named_in_suggestions(mine):
    before = mine.suggest("Where is my order?")["versions"]["policy"]
    mine.put(POLICY, {"grace_days": 9})
    assert mine.suggest("Where is my order?")["versions"]["policy"] == before + 1


def test_writes_at_once_are_all_kept(mine):
    fields = {"grace_days": 1, "low_stock": 2, "handling_days": 4, "document_hours": 5, "signature": "x", "country": "CN"}
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda item: mine.put(POLICY, dict([item])), fields.items()))
    assert [answer.status for answer in answers] == [200] * 6
    assert mine.get(POLICY).json == DEFAULTS | fields


def test_scopes_and_shops(server, shop, client, other_client):
    for scope in ("suggest", "ingest"):
        assert shop.client(server, scope).get(POLICY).status == 403
        assert shop.client(server, scope).put(POLICY, {}).status == 403
    client.put(POLICY, {"grace_days": 20})
    assert other_client.get(POLICY).json["grace_days"] == 7


def test_objects_that_the_shop_keeps_itself(client, sql):
    """A view of the contract that no longer reads our tables: what was sent in would never be read."""
    assert client.put("/v1/orders/o-1", {}).status == 201
    assert client.put("/v1/orders/o-1/shipments/s-1", {}).status == 201
    ours = sql("SELECT pg_get_viewdef('replyd.orders'::regclass)")[0][0]
    sql("CREATE SCHEMA mine")
    sql("CREATE TABLE mine.orders AS SELECT * FROM replyd.orders")
    sql("CREATE OR REPLACE VIEW replyd.orders AS SELECT * FROM mine.orders")
    try:
        for answer in (client.put("/v1/orders/o-2", {}), client.patch("/v1/orders/o-1", {}), client.delete("/v1/orders/o-1")):
            assert answer.status == 409
            assert "own tables" in answer.json["detail"]
        line = b'{"kind": "order", "key": "o-2", "body": {}}'
        answer = client.post("/v1/ingest", raw=line, headers={"Content-Type": "application/x-ndjson"})
        assert '"status":409' in answer.text
        assert client.put("/v1/products/p-1", {}).status == 201, "other kinds go on"
    finally:
        sql(f"CREATE OR REPLACE VIEW replyd.orders AS {ours}")
    assert client.get("/v1/orders/o-1").json == {}
    assert client.put("/v1/orders/o-2", {}).status == 201
