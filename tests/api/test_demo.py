"""The demo shop: the first thing that people try gives the right answers, by the command line as by HTTP."""
import json

import pytest

import harness

QUESTION = "Where is my order? It has not arrived."

ISSUES = {
    "1001": "overdue_tracked", "1002": "in_transit_on_time", "1005": "not_shipped_yet", "1006": "dispatch_late",
    "1011": "tracking_stalled", "1015": "overdue_grace", "1017": "customs_buyer_clearance",
    "1018": "customs_documents_missing", "1019": "customs_undervalued", "1020": "customs_antidumping",
    "1021": "customs_hold_unknown", "1022": "customs_seized", "1024": "ready_for_pickup", "1025": "delivery_failed",
    "1026": "delivered_not_received", "1027": "misdelivered", "1030": "returned_buyer_cause",
    "1032": "returned_seller_cause", "1033": "returned_other_cause", "1034": "returned_not_exported", "1035": "lost",
    "1036": "overdue_untracked", "1048": "in_transit_on_time", "1053": "in_transit_on_time", "1999": "order_not_found",
}


@pytest.mark.parametrize("number", ISSUES)
def test_the_demo_orders_answers(demo, number):
    request = {"message": {"text": QUESTION}, "order_number": number, "dry_run": True}
    found = json.loads(harness.replyd("suggest", "--shop", "demo", database=demo, stdin=json.dumps(request)).stdout)
    assert found["issue"]["code"] == ISSUES[number]
    assert "{{" not in found["draft"]["text"] + found["draft"]["html"]


def test_the_command_line_and_http_give_the_same(demo, start_server):
    server = start_server(demo)
    key = harness.replyd("key", "create", "--shop", "demo", "--scope", "suggest", database=demo).stdout.strip()
    for number in ISSUES:
        request = {"message": {"text": QUESTION}, "order_number": number, "dry_run": True, "as_of": "2026-11-21T12:00:00Z"}
        told = json.loads(harness.replyd("suggest", "--shop", "demo", database=demo, stdin=json.dumps(request)).stdout)
        answered = server.client(key).suggest(**request)
        for changing in ("id", "created_at"):
            told.pop(changing), answered.pop(changing)
        assert told == answered
