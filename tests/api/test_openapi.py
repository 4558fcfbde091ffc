"""The API's description says what the server does."""
import json
import re

import jsonschema
import pytest
import yaml

import harness
from test_objects import BODIES
from test_policy import DEFAULTS

SPEC = yaml.safe_load((harness.ROOT / "openapi/openapi.yaml").read_text(encoding="utf-8"))
SCHEMAS = {"products": "Product", "orders": "Order", "shipments": "Shipment", "shipping-methods": "ShippingMethod",
           "holidays": "Holiday", "promotions": "Promotion", "customs-rules": "CustomsRule"}
METHODS = ("get", "put", "post", "patch", "delete")


def validator(name):
    schema = {"$ref": f"#/components/schemas/{name}", "components": SPEC["components"]}
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_whole_object_fits_its_schema(kind):
    assert list(validator(SCHEMAS[kind]).iter_errors(BODIES[kind])) == []
    properties = set(SPEC["components"]["schemas"][SCHEMAS[kind]]["properties"])
    assert properties == set(BODIES[kind]) | {"updated_at"}


def test_the_policy_fits_its_schema():
    assert list(validator("Policy").iter_errors(DEFAULTS)) == []
    properties = SPEC["components"]["schemas"]["Policy"]["properties"]
    assert set(properties) == set(DEFAULTS)
    for name, schema in properties.items():
        assert schema.get("default", DEFAULTS[name]) == DEFAULTS[name]


def test_examples_fit_their_schemas():
    for name, schema in SPEC["components"]["schemas"].items():
        for example in schema.get("examples", []):
            assert list(validator(name).iter_errors(example)) == [], name


def test_references_lead_somewhere():
    for pointer in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(SPEC))):
        node = SPEC
        for name in pointer.split("/"):
            assert name in node, pointer
            node = node[name]


@pytest.mark.parametrize("path", SPEC["paths"])
def test_every_path_is_there(server, path):
    at = re.sub(r"\{country\}", "US", path)
    at = re.sub(r"\{[^}]+\}", "x", at)
    operations = {method: operation for method, operation in SPEC["paths"][path].items() if method in METHODS}
    for method, operation in operations.items():
        answer = server.client().request(method.upper(), at)
        if operation.get("security", SPEC["security"]):
            assert answer.status == 401, f"{method} {at}"
        else:
            assert answer.status not in (404, 405), f"{method} {at}"
    unheard = server.client().request("REPORT", at)
    assert unheard.status == 405
    assert {name.strip().lower() for name in unheard.headers["Allow"].split(",")} == set(operations)


def test_a_problem_fits_its_schema(client):
    answer = client.put("/v1/orders/x", {"status": "gone"})
    assert list(validator("Problem").iter_errors(answer.json)) == []
    assert list(validator("Problem").iter_errors(client.get("/v1/orders/nowhere").json)) == []
