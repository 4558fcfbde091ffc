"""POST /v1/buyers/erase: a buyer's messages and suggestions are gone; nobody else's."""
import copy

import pytest

from test_suggestions import ORDER

ERASE = "/v1/buyers/erase"
AS_OF = "2026-03-02T10:00:00Z"


def order_of(email, external_id=None):
    order = copy.deepcopy(ORDER)
    order["customer"] |= {"email": email} | ({"external_id": external_id} if external_id else {})
    return order


def ask(client, text="Where is my order?", **fields):
    answer = client.post("/v1/suggestions", {"message": {"text": text} | fields.pop("message", {}), "as_of": AS_OF, **fields})
    assert answer.status == 201
    return answer.json["id"]


def there(client, *ids):
    return [client.get(f"/v1/suggestions/{id}").status for id in ids]


def erase(client, **who):
    answer = client.post(ERASE, who)
    assert answer.status == 204 and answer.body == b"", answer


@pytest.fixture(scope="module", autouse=True)
def orders(client):
    for number, email, external in (("E1", "Anna@Example.org", "a-1"), ("E2", "bert@example.org", "b-1"), ("E3", "carl@example.org", None)):
        assert client.put(f"/v1/orders/{number}", order_of(email, external)).status in (200, 201)


def test_by_email_in_any_case(client, sql):
    anna = [ask(client, buyer={"email": "anna@example.org"}), ask(client, buyer={"email": "ANNA@example.ORG"}, order_number="E1"),
            ask(client, order_number="E1")]
    bert = [ask(client, buyer={"email": "bert@example.org"}), ask(client, order_number="E2")]
    assert client.post(f"/v1/suggestions/{anna[0]}/feedback", {"outcome": "edited", "text": "Dear Anna"}).status == 204
    erase(client, email="aNNa@eXample.org")
    assert there(client, *anna) == [404] * 3
    assert there(client, *bert) == [200] * 2
    assert sql("SELECT count(*) FROM replyd_data.feedback WHERE text = 'Dear Anna'") == [(0,)]
    assert client.get("/v1/orders/E1").status == 200  # the shop's own record


def test_by_id_finds_the_same_buyers_address(client):
    first, second = ask(client, buyer={"id": "b-1"}), ask(client, buyer={"email": "bert@example.org"})
    erase(client, id="b-1")
    assert there(client, first, second) == [404, 404]


def test_the_rest_of_the_conversation_goes_but_no_strangers(client):
    named = ask(client, buyer={"email": "dora@example.org"}, message={"conversation_id": "c-dora", "id": "d1"})
    unnamed = ask(client, "My dress is blue, not green!", message={"conversation_id": "c-dora", "id": "d2"})
    stranger = ask(client, buyer={"email": "eve@example.org"}, order_number="E3")
    erase(client, email="dora@example.org")
    assert there(client, named, unnamed) == [404, 404]
    erase(client, email="carl@example.org")  # whose order number eve named
    assert there(client, stranger) == [200]


def test_no_text_is_left_anywhere(client, sql):
    ask(client, "My secret word is xylophone-77", buyer={"email": "fay@example.org"}, message={"id": "f-1"})
    erase(client, email="fay@example.org")
    for table in ("suggestions", "feedback", "idempotency"):
        assert sql(f"SELECT count(*) FROM replyd_data.{table} t WHERE t::text LIKE '%xylophone%' OR t::text ILIKE '%fay@example%'") == [(0,)]


def test_an_answer_that_was_erased_is_not_given_again(client):
    body = {"message": {"text": "Where is my order?"}, "buyer": {"email": "gus@example.org"}, "as_of": AS_OF}
    assert client.post("/v1/suggestions", body, headers={"Idempotency-Key": "gus"}).status == 201
    erase(client, email="gus@example.org")
    assert client.post("/v1/suggestions", body, headers={"Idempotency-Key": "gus"}).status == 409


def test_somebody_unknown_and_twice(client):
    erase(client, email="nobody@example.org")
    erase(client, email="nobody@example.org")
    erase(client, id="no such id")


def test_another_shops_buyer_of_the_same_address_stays(client, other_client):
    mine, theirs = (ask(each, buyer={"email": "hal@example.org"}) for each in (client, other_client))
    erase(client, email="hal@example.org")
    assert there(client, mine) == [404]
    assert there(other_client, theirs) == [200]


@pytest.mark.parametrize("body, pointer", [
    ({}, ""), ({"email": None}, ""), ({"email": "a@example.org", "id": "1"}, ""), ({"email": "no address"}, "/email"),
    ({"id": ""}, "/id"), ({"mail": "a@example.org"}, "/mail"), ([], "")])
def test_who_is_not_said(client, body, pointer):
    answer = client.post(ERASE, body)
    assert answer.status == 422
    assert pointer in answer.errors
