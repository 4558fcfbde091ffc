"""POST /v1/suggestions/batch: up to 100 requests at once, each answered for itself and in its place."""
import concurrent.futures

import pytest

BATCH = "/v1/suggestions/batch"
AS_OF = "2026-03-02T10:00:00Z"


def asks(number, text="Where is my order?", **more):
    return {"message": {"text": text, "id": f"b-{number}", "conversation_id": f"cb-{number}"}, "as_of": AS_OF, **more}


@pytest.fixture
def stored(sql):
    return lambda: sql("SELECT count(*) FROM replyd_data.suggestions")[0][0]


def test_each_is_answered_in_its_place(client, stored):
    before = stored()
    answer = client.post(BATCH, {"requests": [asks(i) for i in range(100)]})
    assert answer.status == 200
    results = answer.json["results"]
    assert [result["status"] for result in results] == [201] * 100
    assert [result["suggestion"]["message_id"] for result in results] == [f"b-{i}" for i in range(100)]
    assert len({result["suggestion"]["id"] for result in results}) == 100
    assert stored() == before + 100
    for result in results[::33]:
        read = client.get(f"/v1/suggestions/{result['suggestion']['id']}").json
        assert {name: value for name, value in read.items() if name != "stale"} == result["suggestion"]


def test_the_same_as_one_by_one(client):
    one = client.post("/v1/suggestions", asks("same")).json
    batch = client.post(BATCH, {"requests": [asks("same")]}).json["results"][0]["suggestion"]
    for answer in (one, batch):
        del answer["id"], answer["created_at"]
    assert batch == one


def test_a_bad_one_spoils_no_other(client, stored):
    before = stored()
    bad = [{"message": {"text": ""}}, {"massage": {}}, 7, None, "text", [], {"message": {"text": "x"}, "trigger": "delivered"}]
    requests = [asks("good-1"), *bad, asks("good-2")]
    results = client.post(BATCH, {"requests": requests}).json["results"]
    assert [result["status"] for result in results] == [201] + [422] * len(bad) + [201]
    for result in results[1:-1]:
        problem = result["problem"]
        assert problem["status"] == 422 and problem["errors"], problem
    assert results[1]["problem"]["errors"][0]["pointer"] == "/message/text"
    assert stored() == before + 2


def test_dry_runs_store_nothing(client, stored):
    before = stored()
    results = client.post(BATCH, {"requests": [asks("dry", dry_run=True), asks("wet")]}).json["results"]
    assert [result["status"] for result in results] == [200, 201]
    assert stored() == before + 1


@pytest.mark.parametrize("body, pointer", [
    ({"requests": []}, "/requests"),
    ({"requests": [asks(i) for i in range(101)]}, "/requests"),
    ({"requests": {}}, "/requests"),
    ({"requests": None}, "/requests"),
    ({}, "/requests"),
    ([asks(1)], ""),
    ({"requests": [asks(1)], "more": 1}, "/more"),
])
def test_a_list_that_does_not_fit(client, stored, body, pointer):
    before = stored()
    answer = client.post(BATCH, body)
    assert answer.status == 422
    assert pointer in answer.errors
    assert stored() == before


def test_the_same_key_gives_the_same_answers(client, stored):
    body = {"requests": [asks(f"key-{i}") for i in range(5)]}
    first = client.post(BATCH, body, headers={"Idempotency-Key": "batch-1"})
    before = stored()
    again = client.post(BATCH, body, headers={"Idempotency-Key": "batch-1"})
    assert first.status == again.status == 200
    assert first.json == again.json
    assert stored() == before
    other = client.post(BATCH, {"requests": body["requests"][:2]}, headers={"Idempotency-Key": "batch-1"})
    assert other.status == 422
    assert stored() == before


def test_many_batches_at_once(client, stored):
    before = stored()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: client.post(BATCH, {"requests": [asks(f"{n}-{i}") for i in range(40)]}), range(8)))
    assert all(answer.status == 200 for answer in answers)
    assert stored() == before + 320


def test_another_shop_and_a_small_scope(client, other_client, shop, server):
    mine = client.post(BATCH, {"requests": [asks("mine")]}).json["results"][0]["suggestion"]["id"]
    assert other_client.get(f"/v1/suggestions/{mine}").status == 404
    assert shop.client(server, "ingest").post(BATCH, {"requests": [asks(1)]}).status == 403
    assert server.client().post(BATCH, {"requests": [asks(1)]}).status == 401


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)], ids=["in order", "mixed"])
def test_one_conversation_counts_its_earlier_messages(client, order):
    number = f"BR-{order[0]}"
    assert client.put(f"/v1/orders/{number}", {"status": "paid", "placed_at": "2026-03-01T08:00:00Z", "paid_at": "2026-03-01T08:00:00Z", "ship_by": "2026-03-20",
                                               "customer": {"email": "again@example.org"}, "address": {"country": "US"}}).status == 201
    requests = [{"message": {"text": "Where is my order?", "id": f"{number}-{day}", "conversation_id": number, "received_at": f"2026-03-1{day}T08:00:00Z"},
                 "order_number": number, "buyer": {"email": "again@example.org"}, "as_of": f"2026-03-1{day}T09:00:00Z"} for day in order]
    found = [result["suggestion"] for result in client.post(BATCH, {"requests": requests}).json["results"]]
    assert [("repeated_contact" in one["review_reasons"], one["issue"]["priority"]) for one in found] == \
        [(day == 2, "high" if day == 2 else "normal") for day in order]
