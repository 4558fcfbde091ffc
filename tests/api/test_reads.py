"""What is read for a suggestion beside its order: products and the customer where a rule may want them, and what a worker
keeps of the shop's promotions and customs rules."""
import json

import pytest

import harness

PRODUCT = {"name": "Copper kettle", "price": {"amount": "20.00", "currency": "USD"}, "stock": 4, "weight_g": 900}
PROMOTION = {"percent": 10, "from": "2026-03-01", "to": "2026-03-10", "skus": ["K1"]}
RULES = [{"duty_percent": 5, "effective_to": "2026-02-01"}, {"duty_percent": 7, "effective_from": "2026-02-02"}]
CUSTOMER = {"name": "Ida", "email": "ida@example.org", "external_id": "ida"}
AS_OF = "2026-03-05T09:00:00Z"


@pytest.fixture(scope="module", autouse=True)
def records(client):
    client.put("/v1/products/K1", PRODUCT)
    client.put("/v1/orders/R1", {"status": "shipped", "placed_at": "2026-02-20T09:00:00Z", "paid_at": "2026-02-20T09:00:00Z",
                                 "customer": CUSTOMER, "items": [{"sku": "K1", "quantity": 1}]})


@pytest.fixture
def facts(client, sql):
    """The facts that a request is answered from."""
    def read(**request):
        answer = client.post("/v1/suggestions", {"as_of": AS_OF} | request)
        assert answer.status == 201, answer
        return sql("SELECT facts FROM replyd_data.suggestions WHERE id = %s", answer.json["id"])[0][0]
    return read


def asked(text, **request):
    return {"message": {"text": text}} | request


STOCK = "Hello, is this kettle in stock?"
TRACK = "Where is my parcel? I would like to track it."


def test_a_product_is_read_for_questions_about_it_alone(facts):
    assert facts(**asked(STOCK, sku="K1"))["product.name"] == "Copper kettle"
    assert facts(**asked(STOCK, order_number="R1"))["product.sku"] == "K1"
    told = facts(**asked(TRACK, order_number="R1", sku="K1"))
    assert told["message.intent"] == "track_order"
    assert told["product.name"] == "Copper kettle", "which the order's line says"
    assert not {"product.price", "product.stock", "quote.unit_price"} & set(told)


def test_the_customer_is_read_for_greetings(facts):
    told = facts(trigger="win_back", buyer={"email": "IDA@example.org"})
    assert told["customer.orders"] == 1
    assert "customer.orders" not in facts(**asked(TRACK, order_number="R1"))


def test_promotions_and_customs_rules_are_kept_until_they_change(client, facts):
    ask = asked("Is there any discount on this kettle, and what customs duty do I pay in Brazil?", sku="K1", buyer={"country": "BR"})
    assert "promotion.percent" not in facts(**ask)
    client.put("/v1/promotions/spring", PROMOTION)
    client.put("/v1/customs-rules/BR", RULES)
    told = facts(**ask)
    assert (told["promotion.percent"], told["duty.percent"]) == (10, 7)
    client.put("/v1/promotions/spring", PROMOTION | {"skus": ["K2"]})
    client.put("/v1/customs-rules/BR", {"duty_percent": 9})
    told = facts(**ask)
    assert "promotion.percent" not in told and told["duty.percent"] == 9
    client.put("/v1/promotions/spring", PROMOTION | {"percent": 12})
    assert facts(**ask)["promotion.percent"] == 12


def test_one_that_cannot_be_read_is_left_out(client, facts, shop, sql):
    client.put("/v1/promotions/spring", PROMOTION)
    client.put("/v1/customs-rules/BR", {"duty_percent": 9})
    for table, key, code in (("promotions", "code", "odd"), ("customs_rules", "country", "CL")):
        sql(f"INSERT INTO replyd_data.{table} (shop_id, {key}, body) SELECT shop_id, %s, '{{\"percent\": \"much\"}}'"
            " FROM replyd_data.shops WHERE code = %s", code, shop.code)
    told = facts(**asked("Any discount, and how much is the customs duty?", sku="K1", buyer={"country": "BR"}))
    assert (told["promotion.percent"], told["duty.percent"]) == (10, 9)
    sql("DELETE FROM replyd_data.promotions WHERE code = 'odd'")
    sql("DELETE FROM replyd_data.customs_rules WHERE country = 'CL'")


def test_the_command_reads_the_same(facts, shop, database, sql):
    request = {"as_of": AS_OF} | asked(STOCK, sku="K1")
    answer = json.loads(harness.replyd("suggest", "--shop", shop.code, database=database, stdin=json.dumps(request)).stdout)
    [[told]] = sql("SELECT facts FROM replyd_data.suggestions WHERE id = %s", answer["id"])
    assert told == facts(**request)


def test_what_was_offered_is_stored(client, facts, sql):
    client.put("/v1/orders/R2", {"status": "shipped", "total": {"amount": "20.00", "currency": "USD"}, "placed_at": "2026-01-20T09:00:00Z",
                                 "paid_at": "2026-01-20T09:00:00Z", "customer": CUSTOMER})
    client.put("/v1/orders/R2/shipments/T2", {"carrier": "DHL", "tracked": True, "shipped_at": "2026-01-21T09:00:00Z",
                                              "promised_by": "2026-02-05"})
    client.post("/v1/orders/R2/shipments/T2/events", {"at": "2026-01-25T09:00:00Z", "text": "In transit", "state": "departed"})
    answer = client.post("/v1/suggestions", {"as_of": AS_OF} | asked(TRACK, order_number="R2")).json
    [row] = sql("SELECT offered, promised_refund, follow_up_at IS NOT NULL FROM replyd_data.suggestions WHERE id = %s", answer["id"])
    offered = [option["action"] for option in answer["resolution"]["options"] if option.get("offer", True)]
    assert answer["draft"] and offered
    assert row == (offered, False, True)
