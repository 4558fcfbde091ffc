"""POST /v1/ingest: many objects as lines of JSON."""
import concurrent.futures
import itertools
import json

numbers = itertools.count(1)


def fresh(prefix="k"):
    return f"{prefix}-{next(numbers)}"


def ingest(client, *lines, kind="application/x-ndjson", **headers):
    """Lines are objects, or bytes as they are; gives the answer."""
    raw = b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
    return client.post("/v1/ingest", raw=raw, headers={"Content-Type": kind} | headers)


def results(answer):
    assert answer.status == 200, answer
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert answer.text.endswith("\n")
    return [json.loads(line) for line in answer.text.splitlines()]


def line(kind, key, body=None):
    return {"kind": kind, "key": key, "body": {} if body is None else body}


EVENT = {"at": "2026-02-10T10:00:00Z", "text": "Departed"}


def test_every_kind(client):
    order, parcel, other = fresh(), fresh("LX"), fresh()
    lines = [
        line("product", other, {"name": "Boots"}), line("order", order, {"status": "shipped"}),
        line("shipment", {"order": order, "tracking_number": parcel}, {"carrier": "DHL"}),
        line("event", {"order": order, "tracking_number": parcel}, EVENT),
        line("event", parcel, [EVENT, EVENT | {"text": "Arrived"}]),
        line("shipping_method", other, {"min_days": 3}), line("holiday", other, {"kind": "peak"}),
        line("promotion", other, {"percent": 5}), line("customs_rule", "NO", [{"tax_percent": 25}]),
    ]
    got = results(ingest(client, *lines))
    assert [result["line"] for result in got] == list(range(1, 10))
    assert [result["status"] for result in got] == [201] * 9, got
    assert client.get(f"/v1/products/{other}").json == {"name": "Boots"}
    assert client.get(f"/v1/orders/{order}/shipments/{parcel}").json == {"carrier": "DHL"}
    assert len(client.get(f"/v1/orders/{order}/shipments/{parcel}/events").json["data"]) == 2
    assert client.get("/v1/customs-rules/NO").json == [{"tax_percent": 25}]
    for kind in ("shipping-methods", "holidays", "promotions"):
        assert client.get(f"/v1/{kind}/{other}").status == 200
    again = results(ingest(client, *lines))
    assert [result["status"] for result in again] == [200] * 9


def test_keys_in_many_forms(client):
    order = fresh()
    keys = [order, {"number": order}, {"order": order}, {"order_number": order}, [order]]
    assert {result["status"] for result in results(ingest(client, *(line("order", key) for key in keys)))} == {200, 201}
    keys = [{"order": order, "tracking_number": "a"}, {"number": order, "tracking_number": "a"}, [order, "a"]]
    assert {result["status"] for result in results(ingest(client, *(line("shipment", key) for key in keys)))} == {200, 201}
    bad = [line("shipment", "a"), line("order", 7), line("order", {"id": order}), line("order", {}), line("event", {"order": order}, EVENT)]
    for result in results(ingest(client, *bad)):
        assert result["status"] == 422
        assert all(error["pointer"].startswith("/key") for error in result["problem"]["errors"])


def test_a_bad_line_does_not_stop_the_others(client):
    first, last = fresh(), fresh()
    answer = ingest(client, line("order", first), b"{", b"[]", b'"x"', b"", line("orders", "x"), {"kind": "order"},
                    line("order", "x", {"status": "gone", "totl": 1}), line("order", "x", []),
                    line("shipment", ["nowhere", "a"]), line("event", "nowhere", EVENT), b'{"kind":"order","kind":"order"}',
                    b"\xff", line("order", last))
    got = {result["line"]: result for result in results(answer)}
    assert {number: result["status"] for number, result in got.items()} == {
        1: 201, 2: 400, 3: 422, 4: 400, 6: 422, 7: 422, 8: 422, 9: 422, 10: 404, 11: 404, 12: 400, 13: 400, 14: 201} or got[4]["status"] == 422
    assert {error["pointer"] for error in got[8]["problem"]["errors"]} == {"/body/status", "/body/totl"}
    assert {error["pointer"] for error in got[7]["problem"]["errors"]} == {"/key", "/body"}
    assert "nowhere" in got[10]["problem"]["detail"] and "nowhere" in got[11]["problem"]["detail"]
    assert "shipping_method" in got[6]["problem"]["errors"][0]["detail"]
    assert all(result["problem"]["status"] == result["status"] for result in got.values() if result["status"] >= 400)
    assert client.get(f"/v1/orders/{first}").status == client.get(f"/v1/orders/{last}").status == 200


def test_lines_in_any_order(client):
    order = fresh()
    got = results(ingest(client, line("event", [order, "a"], EVENT), line("shipment", [order, "a"]), line("order", order)))
    assert [result["status"] for result in got] == [201] * 3


def test_the_last_of_several_counts(client):
    order = fresh()
    got = results(ingest(client, *(line("order", order, {"note": str(i)}) for i in range(20))))
    assert [result["status"] for result in got] == [201] + [200] * 19
    assert client.get(f"/v1/orders/{order}").json == {"note": "19"}
    got = results(ingest(client, line("order", order, {"updated_at": "2026-03-02T00:00:00Z"}),
                         line("order", order, {"updated_at": "2026-03-01T00:00:00Z"})))
    assert [result.get("ignored", False) for result in got] == [False, True]


def test_a_thousand_lines_and_no_more(client):
    prefix = fresh()
    lines = [line("order", f"{prefix}-{i}", {"note": "x" * 500}) for i in range(1000)]
    got = results(ingest(client, *lines))
    assert [result["line"] for result in got] == list(range(1, 1001))
    assert {result["status"] for result in got} == {201}
    assert client.get(f"/v1/orders/{prefix}-999").status == 200
    assert ingest(client, *lines, line("order", "x")).status == 413
    assert len(results(ingest(client, *lines, b"", b"  "))) == 1000, "blank lines don't count"


def test_bodies_that_are_none(client):
    assert client.post("/v1/ingest", raw=b"", headers={"Content-Type": "application/x-ndjson"}).status == 422
    assert client.post("/v1/ingest", raw=b"\n\r\n \n", headers={"Content-Type": "application/x-ndjson"}).status == 422
    assert ingest(client, line("order", "x"), kind="text/html").status == 415
    assert ingest(client, line("order", fresh()), kind="application/x-ndjson; charset=utf-8").status == 200
    assert ingest(client, line("order", fresh()), kind="application/jsonl").status == 200
    raw = json.dumps(line("order", fresh())).encode()
    assert len(results(client.post("/v1/ingest", raw=raw, headers={"Content-Type": "application/x-ndjson"}))) == 1, "no newline at the end"
    assert len(results(client.post("/v1/ingest", raw=raw + b"\r\n" + raw, headers={"Content-Type": "application/x-ndjson"}))) == 2


def test_sent_again_with_its_key(client):
    order, key = fresh(), fresh("key")
    first = ingest(client, line("order", order), **{"Idempotency-Key": key})
    again = ingest(client, line("order", order), **{"Idempotency-Key": key})
    assert first.body == again.body and results(again)[0]["status"] == 201


def test_other_shops_and_scopes(client, other_client, server, shop):
    order = fresh()
    results(ingest(client, line("order", order)))
    assert results(ingest(other_client, line("shipment", [order, "a"])))[0]["status"] == 404
    assert ingest(shop.client(server, "suggest"), line("order", order)).status == 403
    assert ingest(shop.client(server, "ingest"), line("order", order)).status == 200


def test_many_at_once_wait_for_nobody(client):
    """The same objects in other orders of lines."""
    order = fresh()
    keys = [f"{order}-{i}" for i in range(20)]
    lines = [line("order", key) for key in keys] + [line("shipment", [key, "a"]) for key in keys] + \
            [line("event", [key, "a"], EVENT | {"text": str(i)}) for key in keys for i in range(3)] + \
            [line("holiday", key) for key in keys[:3]]
    def others(i):
        """The same rows by other ways."""
        events = [EVENT | {"text": str(2 - j)} for j in range(3)]
        return {answer.status for key in keys for answer in (
            client.post(f"/v1/orders/{key}/shipments/a/events", events), client.put(f"/v1/orders/{key}", {}),
            client.put(f"/v1/orders/{key}/shipments/a", {}), client.delete(f"/v1/orders/{keys[i]}"))}

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(others, i) for i in range(2)]
        for answer in pool.map(lambda i: ingest(client, *lines[i * 17:], *lines[:i * 17]), range(12)):
            assert {result["status"] for result in results(answer)} <= {200, 201, 404}
        for one in asked:
            assert one.result() <= {200, 201, 204, 404}
