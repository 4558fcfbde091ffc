"""GET /v1/stats: counts and shares, the share sent unchanged, hours to answer."""
import datetime

import pytest

STATS = "/v1/stats"
NOW = datetime.datetime.now(datetime.timezone.utc)
TODAY = NOW.date()


def ago(**span):
    return (NOW - datetime.timedelta(**span)).strftime("%Y-%m-%dT%H:%M:%SZ")


def ask(client, text, hours=1, outcomes=()):
    body = {"message": {"text": text, "received_at": ago(hours=hours)}}
    answer = client.post("/v1/suggestions", body)
    assert answer.status == 201
    for outcome in outcomes:
        assert client.post(f"/v1/suggestions/{answer.json['id']}/feedback", {"outcome": outcome}).status == 204
    return answer.json


def stats(client, **query):
    answer = client.get(STATS + "?" + "&".join(f"{name}={value}" for name, value in query.items()))
    assert answer.status == 200, answer
    return answer.json


@pytest.fixture(scope="module", autouse=True)
def suggestions(client):
    ask(client, "Where is my order 123-none?", 2, ["sent"])
    ask(client, "Where is my order 124-none?", 4, ["sent"])
    ask(client, "Where is my order 125-none?", 30, ["rejected", "edited"])
    ask(client, "Where is my order 126-none?", 5, ["rejected"])
    ask(client, "Where is my order?", 1)
    ask(client, "Where is my parcel?", 1)
    ask(client, "The moon is very bright tonight.", 1)


def test_by_issue(client):
    told = stats(client)
    assert told["group_by"] == "issue"
    assert told["total"] == {"count": 7, "share": 1, "answered": 3, "sent_unchanged": 0.5, "median_hours_to_answer": pytest.approx(4, abs=0.2)}
    by = {row.pop("key"): row for row in told["data"]}
    assert list(by) == ["order_not_found", "order_number_missing", "unclear"]  # the largest first
    assert by["order_not_found"] == {"count": 4, "share": 0.5714, "answered": 3, "sent_unchanged": 0.5, "median_hours_to_answer": pytest.approx(4, abs=0.2)}
    assert by["order_number_missing"] == {"count": 2, "share": 0.2857, "answered": 0, "sent_unchanged": None, "median_hours_to_answer": None}


@pytest.mark.parametrize("group, keys", [
    ("responsible_party", {"buyer": 6, "unknown": 1}), ("stage", {"after_sale": 7}), ("day", {str(TODAY): 7})])
def test_by_what(client, group, keys):
    told = stats(client, group_by=group)
    assert {row["key"]: row["count"] for row in told["data"]} == keys
    assert abs(sum(row["share"] for row in told["data"]) - 1) < 1e-3


def test_days_are_counted_whole(client):
    yesterday, tomorrow = (TODAY + datetime.timedelta(days=days) for days in (-1, 1))
    assert stats(client, **{"from": TODAY, "to": TODAY})["total"]["count"] == 7
    assert stats(client, **{"from": tomorrow, "to": tomorrow})["total"]["count"] == 0
    empty = stats(client, **{"from": "2026-01-01", "to": yesterday - datetime.timedelta(days=1)})
    assert empty["data"] == []
    assert empty["total"] == {"count": 0, "share": 0, "answered": 0, "sent_unchanged": None, "median_hours_to_answer": None}
    assert stats(client, **{"from": ago(hours=1), "to": ago(minutes=30)})["total"]["count"] == 0


def test_the_last_word_counts(client, make_shop, server):
    shop = make_shop().client(server)
    ask(shop, "Where is my order?", 1, ["sent", "rejected"])
    assert stats(shop)["total"] | {"median_hours_to_answer": None} == {
        "count": 1, "share": 1, "answered": 0, "sent_unchanged": 0, "median_hours_to_answer": None}


def test_another_shop_sees_nothing(other_client):
    assert stats(other_client)["total"]["count"] == 0


@pytest.mark.parametrize("query", ["group_by=intent", "from=yesterday", "to=2026-13-01", "from=2026-03-02&to=2026-03-01", "form=2026-03-01"])
def test_what_can_not_be_counted(client, query):
    assert client.get(f"{STATS}?{query}").status == 422


def test_etag(client):
    query = f"{STATS}?from={TODAY}&to={TODAY}"
    first = client.get(query)
    assert client.get(query, headers={"If-None-Match": first.headers["ETag"]}).status == 304
