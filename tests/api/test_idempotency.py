"""Idempotency-Key: a POST that may be sent again."""
import concurrent.futures

import pytest

SUGGESTIONS = "/v1/suggestions"
BODY = {"message": {"text": "Where is my order?", "id": "m-1", "conversation_id": "c-1"}, "as_of": "2026-03-02T10:00:00Z"}


def post(client, key, body=None, path=SUGGESTIONS):
    return client.post(path, body or BODY, headers={"Idempotency-Key": key})


@pytest.fixture
def rows(sql):
    return lambda: sql("SELECT count(*) FROM replyd_data.suggestions")[0][0]


def test_the_same_again_gives_the_same_bytes(client, rows):
    first = post(client, "same")
    before = rows()
    for _ in range(5):
        again = post(client, "same")
        assert again.status == first.status == 201
        assert again.body == first.body
        assert again.headers["Location"] == first.headers["Location"]
    assert rows() == before


def test_another_body_is_refused(client, rows):
    assert post(client, "other").status == 201
    before = rows()
    answer = post(client, "other", BODY | {"order_number": "1001"})
    assert answer.status == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert rows() == before


def test_another_path_is_another_request(client):
    suggestion = post(client, "path").json
    answer = post(client, "path", {"outcome": "sent"}, f"{SUGGESTIONS}/{suggestion['id']}/feedback")
    assert answer.status == 422


def test_another_shops_key_is_another_key(client, other_client):
    first, second = post(client, "shops"), post(other_client, "shops")
    assert first.status == second.status == 201
    assert first.json["id"] != second.json["id"]


@pytest.mark.parametrize("key", ["race-1", "race-2", "race-3"])
def test_a_race_stores_one_row(client, rows, key):
    before = rows()
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: post(client, key), range(10)))
    assert [answer.status for answer in answers] == [201] * 10
    assert len({answer.body for answer in answers}) == 1
    assert rows() == before + 1


def test_a_race_of_two_bodies_has_one_winner(client, rows):
    before = rows()
    bodies = [BODY, BODY | {"order_number": "7"}] * 5
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda body: post(client, "two bodies", body), bodies))
    assert sorted(answer.status for answer in answers) == [201] * 5 + [422] * 5
    assert len({answer.body for answer in answers if answer.status == 201}) == 1
    assert rows() == before + 1


def test_a_refused_request_takes_no_key(client):
    assert post(client, "mended", {"message": {"text": ""}}).status == 422
    assert post(client, "mended").status == 201


def test_a_key_is_forgotten_after_a_day(client, sql):
    first = post(client, "old")
    sql("UPDATE replyd_data.idempotency SET created_at = created_at - interval '25 hours' WHERE key = 'old'")
    second = post(client, "old", BODY | {"order_number": "8"})
    assert second.status == 201
    assert second.json["id"] != first.json["id"]


def test_feedback_is_stored_once(client, sql):
    suggestion = client.suggest("Where is my order?")
    path = f"{SUGGESTIONS}/{suggestion['id']}/feedback"
    for _ in range(3):
        assert post(client, "feedback", {"outcome": "sent"}, path).status == 204
    assert sql("SELECT count(*) FROM replyd_data.feedback WHERE suggestion_id = %s", suggestion["id"]) == [(1,)]
    assert post(client, "feedback", {"outcome": "rejected"}, path).status == 422


@pytest.mark.parametrize("key", ["x" * 201, "a\tb", "é"])
def test_a_key_that_is_none_400(client, key):
    assert post(client, key).status == 400


def test_a_dry_run_takes_no_key(client, sql):
    assert post(client, "dry", BODY | {"dry_run": True}).status == 200
    assert sql("SELECT count(*) FROM replyd_data.idempotency WHERE key = 'dry'") == [(0,)]
