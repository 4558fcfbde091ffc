"""The front door: keys, methods, media types, bodies that don't fit, request ids, health and metrics."""
import concurrent.futures
import re

import pytest

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
MESSAGE = {"message": {"text": "Where is my order?"}}
SUGGESTIONS = "/v1/suggestions"


def assert_problem(answer, status):
    """An RFC 9457 problem that names the request."""
    assert answer.status == status, answer
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json
    assert problem["status"] == status
    assert problem["type"] and problem["title"] and problem["detail"]
    assert problem["instance"] == answer.headers["X-Request-Id"]
    return problem


def stored(sql):
    return sql("SELECT count(*) FROM replyd_data.suggestions")[0][0]


@pytest.fixture
def nothing_stored(sql):
    """The test is about refusals: none may leave a row."""
    before = stored(sql)
    yield
    assert stored(sql) == before
    assert sql("SELECT count(*) FROM replyd_data.idempotency")[0][0] == 0


# --- keys ---


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "Bearer " + "x" * 5000,
                                    "Bearer not-a-key", "Bearer ключ"])
def test_without_a_good_key_401(server, nothing_stored, header):
    if header:
        header = header.encode("utf-8").decode("latin-1")
    answer = server.client().post(SUGGESTIONS, MESSAGE, headers={"Authorization": header})
    assert_problem(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_scheme_has_no_case(server, key):
    for scheme in "bearer", "BEARER":
        answer = server.client().get(SUGGESTIONS, headers={"Authorization": f"{scheme} {key('suggest')}"})
        assert answer.status == 200


@pytest.mark.parametrize("scope, method, path, body", [
    ("suggest", "PUT", "/v1/orders/1", {}),
    ("suggest", "GET", "/v1/orders/1", None),
    ("suggest", "PUT", "/v1/policy", {}),
    ("ingest", "POST", SUGGESTIONS, MESSAGE),
    ("ingest", "GET", SUGGESTIONS, None),
    ("ingest", "PUT", "/v1/policy", {}),
])
def test_too_small_a_scope_403(server, shop, nothing_stored, scope, method, path, body):
    assert_problem(shop.client(server, scope).request(method, path, json=body), 403)


def test_several_scopes_in_one_key(server, shop):
    client = server.client(shop.new_key("suggest,ingest"))
    assert client.get(SUGGESTIONS).status == 200
    assert client.get("/v1/orders/none").status == 404
    assert client.get("/v1/policy").status == 403


def test_a_body_is_judged_only_for_whom_may_send_it(server, shop):
    """What is wrong with a body is told to nobody without a key for it."""
    assert server.client("wrong").post(SUGGESTIONS, {"bad": 1}).status == 401
    assert shop.client(server, "ingest").post(SUGGESTIONS, {"bad": 1}).status == 403


def test_a_revoked_key_is_refused_at_once(server, shop, sql):
    key = shop.new_key("suggest")
    client = server.client(key)
    assert {client.get(SUGGESTIONS).status for _ in range(20)} == {200}, "known to every worker"
    sql("UPDATE replyd_data.api_keys SET revoked_at = now() WHERE hash = sha256(%s)", key.encode())
    assert {client.get(SUGGESTIONS).status for _ in range(20)} == {401}
    assert {client.post(SUGGESTIONS, MESSAGE).status for _ in range(20)} == {401}


def test_keys_are_stored_as_hashes_only(sql, key):
    dump = str(sql("SELECT to_jsonb(k) FROM replyd_data.api_keys k"))
    assert key("admin") not in dump
    assert key("admin")[-12:] not in dump


# --- paths and methods ---


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/", "/v1/suggestion", "/v1/suggestions/", "//v1/suggestions",
                                  "/v1/suggestions/a/b/c", "/v2/suggestions", "/v1/orders//shipments/x", "/.%2e/etc/passwd"])
def test_no_such_path_404(client, path):
    assert_problem(client.get(path), 404)


@pytest.mark.parametrize("method, path, allowed", [
    ("DELETE", SUGGESTIONS, {"GET", "POST"}),
    ("PUT", SUGGESTIONS, {"GET", "POST"}),
    ("PATCH", "/v1/policy", {"GET", "PUT"}),
    ("POST", "/healthz", {"GET"}),
    ("POST", "/v1/orders/1", {"GET", "PUT", "PATCH", "DELETE"}),
])
def test_405_names_what_is_allowed(client, method, path, allowed):
    answer = client.request(method, path, json={})
    assert_problem(answer, 405)
    listed = {word.strip() for word in answer.headers["Allow"].split(",")}
    assert allowed <= listed
    assert method not in listed


@pytest.mark.parametrize("path", ["/v1/orders/%", "/v1/orders/%4", "/v1/orders/%zz", "/v1/orders/%00", "/v1/orders/a%00b",
                                  "/v1/orders/%ff", "/v1/orders/%c3%28", "/v1/orders/%ed%a0%80"])
def test_a_bad_escape_in_the_path_400(client, path):
    assert_problem(client.get(path), 400)


@pytest.mark.parametrize("number", ["A/B", "a b", "50%", "Größe-7", "订单-1", "a+b", "a?b#c", "..", "😀"])
def test_escapes_in_the_path_are_the_number_itself(client, sql, shop, number):
    path = "/v1/orders/" + "".join(f"%{byte:02X}" for byte in number.encode())
    answer = client.put(path, {"note": "kept"})
    assert answer.status in (200, 201, 204), answer
    assert client.get(path).json["note"] == "kept"
    assert sql("SELECT count(*) FROM replyd_data.orders o JOIN replyd_data.shops s USING (shop_id)"
               " WHERE s.code = %s AND o.number = %s", shop.code, number) == [(1,)]
    assert client.delete(path).status == 204
    assert client.get(path).status == 404


def test_head_is_get_without_a_body(client):
    for path in "/healthz", SUGGESTIONS:
        get, head = client.get(path), client.request("HEAD", path)
        assert head.status == get.status == 200
        assert head.body == b""
        assert head.headers["Content-Type"] == get.headers["Content-Type"]


@pytest.mark.parametrize("query", ["limt=3", "limit=3&x=", "limit=0", "limit=101", "limit=ten", "limit=", "limit=-1",
                                   "limit=1e1", "cursor=zzz", "since=yesterday", "since=2026-02-30", "issue=%ff", "issue=nope", "limit=1&limit=2"])
def test_a_bad_query_422(client, query):
    assert_problem(client.get(f"{SUGGESTIONS}?{query}"), 422)


@pytest.mark.parametrize("method, path", [("POST", SUGGESTIONS), ("GET", f"{SUGGESTIONS}/{'0' * 8}-0000-4000-8000-{'0' * 12}"),
                                          ("GET", "/v1/policy"), ("GET", "/healthz"), ("PUT", "/v1/products/X")])
def test_a_query_where_none_is_taken_422(client, nothing_stored, method, path):
    body = {"json": MESSAGE} if method == "POST" else {"json": {}} if method == "PUT" else {}
    assert_problem(client.request(method, f"{path}?dry_run=true", **body), 422)


# --- bodies ---


def test_a_body_too_large_413(client, nothing_stored):
    body = b'{"message": {"text": "' + b"x" * (8 << 20) + b'"}}'
    try:
        assert_problem(client.post(SUGGESTIONS, raw=body), 413)
    except (BrokenPipeError, ConnectionResetError):
        pass  # answered and closed before all of it was sent
    assert client.get("/healthz").status == 200


@pytest.mark.parametrize("media", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonx",
                                   "multipart/form-data; boundary=x", "application/xml",
                                   "application/json; charset=latin1"])
def test_another_media_type_415(client, nothing_stored, media):
    assert_problem(client.post(SUGGESTIONS, MESSAGE, headers={"Content-Type": media}), 415)


@pytest.mark.parametrize("media", ["application/json; charset=utf-8", "Application/JSON", "application/json;charset=UTF-8"])
def test_json_with_parameters_is_json(client, media):
    assert client.post(SUGGESTIONS, MESSAGE | {"dry_run": True}, headers={"Content-Type": media}).status == 200


@pytest.mark.parametrize("body", [b"", b" ", b"{", b"nonsense", b'{"message": {"text": "a"},}', b"{'message': 1}", b"\x00",
                                  b'{"message": {"text": "a"}} more', b'{"message": {"text": "\xff\xfe"}}',
                                  b'{"message": {"text": "\xed\xa0\x80"}}', b'{"message": {"text": "a\x00b"}}',
                                  b'{"message": {"text": "tab\there"}}', b"\xef\xbb\xbf{}x",
                                  b'{"message": {"text": "a"}, "message": {"text": "b"}}',
                                  b"[" * 100000 + b"]" * 100000])
def test_not_json_400(client, nothing_stored, body):
    assert_problem(client.post(SUGGESTIONS, raw=body), 400)


@pytest.mark.parametrize("escaped", [rb"\u0000", rb"a\u0000b", rb"\ud800", rb"\ud800x", rb"\udc00"])
def test_nul_and_half_surrogates_are_refused(client, nothing_stored, escaped):
    answer = client.post(SUGGESTIONS, raw=b'{"message": {"text": "' + escaped + b'"}}')
    assert answer.status in (400, 422), answer


@pytest.mark.parametrize("body, pointer", [
    ([], ""),
    ({}, ""),
    ("x", ""),
    ({"trigger": "order_paid"}, "/order_number"),
    ({"message": None, "trigger": None}, ""),
    (MESSAGE | {"trigger": "order_paid"}, "/trigger"),
    ({"message": "text"}, "/message"),
    ({"message": {}}, "/message/text"),
    ({"message": {"text": None}}, "/message/text"),
    ({"message": {"text": 7}}, "/message/text"),
    ({"message": {"text": ""}}, "/message/text"),
    ({"message": {"text": "x" * 20001}}, "/message/text"),
    ({"message": {"text": "a", "txet": "b"}}, "/message/txet"),
    ({"message": {"text": "a", "received_at": "yesterday"}}, "/message/received_at"),
    ({"message": {"text": "a", "received_at": "2026-02-30T00:00:00Z"}}, "/message/received_at"),
    ({"message": {"text": "a", "received_at": "0001-01-01T00:00:00Z"}}, "/message/received_at"),
    ({"message": {"text": "a", "received_at": "9999-12-31T23:59:59Z"}}, "/message/received_at"),
    ({"message": {"text": "a", "received_at": 1772442840}}, "/message/received_at"),
    ({"message": {"text": "a", "has_attachments": "no"}}, "/message/has_attachments"),
    ({"message": {"text": "a", "language": "english please"}}, "/message/language"),
    ({"message": {"text": "a", "id": "x" * 10000}}, "/message/id"),
    (MESSAGE | {"as_of": "2026-03-02"}, "/as_of"),
    (MESSAGE | {"as_of": "2026-03-02T10:00:00"}, "/as_of"),
    (MESSAGE | {"as_of": "2026-03-02T25:00:00Z"}, "/as_of"),
    (MESSAGE | {"as_of": "2399-03-02T10:00:00Z"}, "/as_of"),
    (MESSAGE | {"order_number": 1001}, "/order_number"),
    (MESSAGE | {"order_number": ""}, "/order_number"),
    (MESSAGE | {"order_number": "a\nb"}, "/order_number"),
    (MESSAGE | {"order_nubmer": "1001"}, "/order_nubmer"),
    (MESSAGE | {"a/b~c": 1}, "/a~1b~0c"),
    (MESSAGE | {"buyer": {"email": "not an address"}}, "/buyer/email"),
    (MESSAGE | {"buyer": {"country": "USA"}}, "/buyer/country"),
    (MESSAGE | {"buyer": []}, "/buyer"),
    (MESSAGE | {"reply_language": 5}, "/reply_language"),
    (MESSAGE | {"dry_run": 1}, "/dry_run"),
    ({"trigger": "made_up"}, "/trigger"),
])
def test_what_does_not_fit_422(client, nothing_stored, body, pointer):
    answer = client.post(SUGGESTIONS, body)
    assert_problem(answer, 422)
    assert pointer in answer.errors, answer
    assert all(answer.errors.values())


def test_all_faults_at_once(client, nothing_stored):
    answer = client.post(SUGGESTIONS, {
        "message": {"text": "", "received_at": "soon", "colour": "blue"}, "buyer": {"country": "xx1", "emial": "a@b.example"},
        "as_of": "now", "dry_run": "yes", "surprise": True})
    assert set(answer.errors) == {"/message/text", "/message/received_at", "/message/colour", "/buyer/country", "/buyer/emial",
                                  "/as_of", "/dry_run", "/surprise"}


@pytest.mark.parametrize("body, pointer", [
    ({"total": {"amount": "12.505", "currency": "USD"}}, "/total"),
    ({"total": {"amount": "12.5", "currency": "JPY"}}, "/total"),
    ({"total": {"amount": "-1.00", "currency": "USD"}}, "/total"),
    ({"total": {"amount": 12.5, "currency": "USD"}}, "/total"),
    ({"total": {"amount": "1e9", "currency": "USD"}}, "/total"),
    ({"total": {"amount": "99999999999999999999", "currency": "USD"}}, "/total"),
    ({"total": {"amount": "NaN", "currency": "USD"}}, "/total"),
    ({"total": {"amount": "12.50", "currency": "usd"}}, "/total"),
    ({"total": {"amount": "12.50", "currency": "XXQ"}}, "/total"),
    ({"total": {"amount": "12.50"}}, "/total"),
    ({"total": "12.50"}, "/total"),
    ({"placed_at": "2026-13-01T00:00:00Z"}, "/placed_at"),
    ({"ship_by": "2026-02-30"}, "/ship_by"),
    ({"status": "teleported"}, "/status"),
    ({"items": [{"sku": "A"}, {"sku": "B", "quantity": 1.5}]}, "/items/1/quantity"),
    ({"items": [{"sku": "A", "quantity": -1}]}, "/items/0/quantity"),
    ({"items": {}}, "/items"),
    ({"customer": {"email": "x"}}, "/customer/email"),
    ({"adress": {}}, "/adress"),
])
def test_orders_that_do_not_fit_422(client, sql, body, pointer):
    answer = client.put("/v1/orders/unfit", body)
    assert_problem(answer, 422)
    assert any(found == pointer or found.startswith(pointer + "/") for found in answer.errors), answer
    assert client.get("/v1/orders/unfit").status == 404


def test_a_word_outside_its_list_is_answered_with_the_list(client):
    detail = client.put("/v1/orders/unfit", {"status": "teleported"}).errors["/status"]
    assert "completed" in detail and "refunded" in detail


def test_the_longest_text_is_taken(client):
    assert client.post(SUGGESTIONS, {"message": {"text": "x" * 20000}, "dry_run": True}).status == 200
    assert client.post(SUGGESTIONS, {"message": {"text": "字" * 20000}, "dry_run": True}).status == 200
    assert client.post(SUGGESTIONS, {"message": {"text": "字" * 20001}, "dry_run": True}).status == 422


# --- ids ---


def test_a_request_id_is_echoed_or_made(client):
    assert client.get("/healthz", headers={"X-Request-Id": "mine-1"}).headers["X-Request-Id"] == "mine-1"
    made = {client.get("/healthz").headers["X-Request-Id"] for _ in range(20)}
    assert len(made) == 20
    assert all(UUID.fullmatch(one) for one in made)
    for path in "/nowhere", SUGGESTIONS:
        answer = client.get(path, headers={"X-Request-Id": "mine-2", "Authorization": None})
        assert answer.headers["X-Request-Id"] == answer.json["instance"] == "mine-2"


@pytest.mark.parametrize("hostile", ["x" * 5000, "a b", 'a"b', "a\\b", "\x7f", "é"])
def test_a_hostile_request_id_is_replaced(client, hostile):
    got = client.get("/healthz", headers={"X-Request-Id": hostile}).headers["X-Request-Id"]
    assert UUID.fullmatch(got)


def test_a_trace_is_continued(client):
    trace, span = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    got = client.get("/healthz", headers={"traceparent": f"00-{trace}-{span}-01"}).headers["traceparent"]
    version, got_trace, got_span, flags = got.split("-")
    assert (version, got_trace, flags) == ("00", trace, "01")
    assert re.fullmatch("[0-9a-f]{16}", got_span) and got_span not in (span, "0" * 16)


@pytest.mark.parametrize("bad", ["", "00", "00-" + "g" * 32 + "-" + "1" * 16 + "-01", "00-" + "0" * 32 + "-" + "1" * 16 + "-01",
                                 "00-" + "1" * 32 + "-" + "0" * 16 + "-01", "ff-" + "1" * 32 + "-" + "1" * 16 + "-01"])
def test_a_broken_trace_is_not_continued(client, bad):
    assert client.get("/healthz", headers={"traceparent": bad}).headers["traceparent"] != bad or not bad


# --- policy, at once on every worker ---


def test_a_new_policy_holds_at_once_everywhere(client):
    def versions():
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            return {found["versions"]["policy"] for found in pool.map(lambda _: client.suggest("Hi", dry_run=True), range(24))}

    before = versions()
    assert len(before) == 1
    for days in 9, 11, 13:
        assert client.put("/v1/policy", {"grace_days": days}).status == 200
        after = versions()
        assert len(after) == 1 and min(after) > max(before)
        before = after
        assert client.get("/v1/policy").json["grace_days"] == days


def test_a_policy_that_does_not_fit_changes_nothing(client):
    before = client.get("/v1/policy").json
    for wrong in {"grace_days": -1}, {"grace_days": "7"}, {"grace_dayz": 7}, {"unclear_below": 1.5}, {"currency": "dollars"}:
        assert_problem(client.put("/v1/policy", wrong), 422)
    assert client.get("/v1/policy").json == before


def test_the_policys_defaults(other_client):
    policy = other_client.get("/v1/policy").json
    expected = {
        "apology_discount_percent": 5, "lost_discount_percent": 10, "partial_refund_percent": 20, "duty_split_percent": 50,
        "grace_days": 7, "late_reply_hours": 24, "return_window_days": 30, "handling_days": 3, "refund_days": [5, 10],
        "investigation_days": 3, "document_hours": 24, "low_stock": 5, "review_invite_after_days": 3,
        "price_adjustment_days": 0, "unclear_below": 0.5, "full_refund_if_not_as_described": True,
        "reship_max": {"amount": "30.00", "currency": "USD"}}
    assert {name: policy[name] for name in expected} == expected


# --- without a key ---


def test_health_and_readiness(server):
    assert server.client().get("/healthz").status == 200
    assert server.client().get("/readyz").status == 200


def test_metrics_are_prometheus_text_and_count(server, client):
    def total():
        answer = server.client().get("/metrics")
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain")
        for line in answer.text.splitlines():
            assert re.fullmatch(r'#.*|[a-zA-Z_:][a-zA-Z0-9_:]*(\{[^{}]*\})? [-+0-9.eE]+(Inf|NaN)?', line), line
        return sum(float(value) for value in re.findall(r"^replyd_\w*requests\w*\{[^}]*\} (\S+)$", answer.text, re.M))

    before = total()
    for _ in range(10):
        client.get("/healthz")
    assert total() >= before + 10


def test_the_apis_description_is_served(server):
    as_json = server.client().get("/openapi.json")
    assert as_json.status == 200
    assert as_json.json["openapi"].startswith("3.")
    assert "/v1/suggestions" in as_json.json["paths"]
    again = server.client().get("/openapi.yaml")
    assert again.status == 200 and b"openapi:" in again.body
