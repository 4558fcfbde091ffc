"""A shop's own drafts and rules in place of the shipped ones, and the preview."""
import json

import pytest

import harness
from test_suggestions import AS_OF, NANCY, ORDER, Orders, ask, changed, overdue, orders  # noqa: F401

TEMPLATE = "/v1/templates/overdue_tracked/en"
RULE = "/v1/rules/overdue_tracked"
PREVIEW = "/v1/templates/preview"
LATE = "I have been waiting for weeks and my parcel has not come."
OWN = {"subject": "About {{order.number}}", "text": "Your parcel should have been with you by {{shipment.promised_by}}.\n\n"
                                                   "{{#shipment.carrier}}We asked {{shipment.carrier}}.{{/shipment.carrier}}"}


@pytest.fixture(autouse=True)
def shipped_again(client):
    yield
    for _ in range(2):  # one may lean on the other
        for path in (TEMPLATE, RULE, "/v1/templates/tracking_stalled/en", "/v1/rules/unclear"):
            assert client.delete(path).status in (204, 404, 409)


def late(client, overdue, **fields):
    answer = ask(client, LATE, overdue[0], **fields)
    return {name: value for name, value in answer.items() if name not in ("id", "created_at")}


def everywhere(client, overdue):
    """The answer's draft, asked often enough that both workers answer."""
    answers = [late(client, overdue) for _ in range(12)]
    assert len({json.dumps([answer["draft"], answer["resolution"], answer["versions"]]) for answer in answers}) == 1
    return answers[0]


def refused(answer, *faults):
    """422 with these (pointer, part of the detail), and no others."""
    assert answer.status == 422, answer
    told = [(error["pointer"], error["detail"]) for error in answer.json["errors"]]
    assert len(told) == len(faults), told
    for (pointer, detail), (expected, part) in zip(told, faults):
        assert pointer == expected and part in detail, told


# --- drafts ---

def test_the_next_suggestion_uses_it_and_the_one_after_deletion_does_not(client, overdue):
    shipped = everywhere(client, overdue)
    answer = client.put(TEMPLATE, OWN)
    assert answer.status == 201 and answer.json == OWN and answer.headers["Location"] == TEMPLATE
    own = everywhere(client, overdue)
    assert own["issue"]["code"] == "overdue_tracked"
    assert own["draft"]["subject"] == f"About {overdue[0]}"
    assert "should have been with you by 20 February 2026.\n\nWe asked Northern Post." in own["draft"]["text"]
    assert own["draft"]["text"].startswith("Hi Nancy,"), "the frame stands around it"
    assert "</p>" in own["draft"]["html"] and own["draft"]["warnings"] == []
    assert own["versions"]["playbook"].startswith(shipped["versions"]["playbook"] + "-")
    answer = client.put(TEMPLATE, changed(OWN, subject="Late"))
    assert answer.status == 200
    again = everywhere(client, overdue)
    assert again["draft"]["subject"] == "Late" and again["versions"] != own["versions"]
    assert client.delete(TEMPLATE).status == 204
    assert everywhere(client, overdue) == shipped
    assert client.delete(TEMPLATE).status == 404


def test_it_is_one_shops_alone(client, other_client, overdue):
    other = Orders(other_client).put(prefix="S")
    before = late(other_client, other)
    client.put(TEMPLATE, OWN)
    client.put(RULE, changed(client.get(RULE).json, reason="Ours."))
    assert late(client, overdue)["draft"]["subject"].startswith("About")
    assert late(other_client, other) == before
    assert other_client.get(TEMPLATE).json["subject"] != OWN["subject"]
    assert other_client.delete(TEMPLATE).status == 404


def test_what_is_shipped_is_read_in_the_form_that_put_takes(client, overdue):
    shipped = client.get(TEMPLATE)
    assert shipped.status == 200 and set(shipped.json) == {"subject", "text", "also"}
    assert shipped.headers["ETag"].startswith('"shipped-')
    before = late(client, overdue)
    assert client.put(TEMPLATE, shipped.json).status == 201
    assert late(client, overdue)["draft"] == before["draft"]
    own = client.get(TEMPLATE)
    assert own.json == shipped.json and own.headers["ETag"] != shipped.headers["ETag"]
    assert client.get(TEMPLATE, headers={"If-None-Match": own.headers["ETag"]}).status == 304


def test_every_shipped_draft_and_rule_would_do_as_a_shops_own(client):
    issues = [issue["code"] for issue in client.get("/v1/issues").json["data"]]
    for issue in issues:
        for path in (f"/v1/rules/{issue}", f"/v1/templates/{issue}/en"):
            assert client.put(path, client.get(path).json).status == 201, path
            assert client.delete(path).status == 204, path


def test_also_answers_in_a_letter_about_something_else(client, on_the_way):
    client.put("/v1/templates/tracking_stalled/en", {"subject": "x", "text": "y", "also": "ALSO {{order.number}}."})
    answer = ask(client, "Please send it to my new address instead. And where is my parcel right now?", on_the_way[0])
    assert answer["issue"]["secondary"] == ["tracking_stalled"]
    assert f"\n\nALSO {on_the_way[0]}." in answer["draft"]["text"]


@pytest.fixture(scope="module")
def on_the_way(orders):
    return orders.put(parcel={"promised_by": "2026-03-10", "shipped_at": "2026-02-18T08:00:00Z"})


@pytest.mark.parametrize("body, faults", [
    ({"subject": "{{order.numbr}}"}, [("/subject", "{{order.numbr}}: no such fact")]),
    ({"text": "One\n\n{{order.total}}"}, [("/text", "line 3: {{order.total}} may be unknown here: put it inside {{#order.total}}")]),
    ({"text": "{{#order.number}}open"}, [("/text", "order.number")]),
    ({"text": "{{{order.number}}}"}, [("/text", "write {{order.number}}")]),
    ({"text": "{{> nowhere}}"}, [("/text", "there is no file partials/en/nowhere")]),
    ({"text": "{{> frame}}"}, [("/text", "the frame stands around every draft by itself")]),
    ({"text": "{{shipment.state}}"}, [("/text", "not for people")]),
    ({"text": "A\n---\nB"}, [("/text", 'goes into "also"')]),
    ({"also": "Well\n{{order.nowhere}}"}, [("/also", "line 2: {{order.nowhere}}: no such fact")]),
    ({"also": "{{#reply.choices}}x{{/reply.choices}}"}, [("/also", "reply.choices can't be read")]),
    ({"subject": "{{a.b}}", "text": "{{c.d}}"}, [("/subject", "no such fact"), ("/text", "no such fact")]),
    ({"subject": None}, [("/subject", "")]),
    ({"subject": "two\nlines"}, [("/subject", "")]),
    ({"text": ""}, [("/text", "")]),
    ({"text": "x" * 20001}, [("/text", "20000")]),
    ({"txt": "y"}, [("/txt", "")]),
    ({"text": "{{#shipment.events}}{{#shipment.events}}x{{/shipment.events}}{{/shipment.events}}"},
     [("/text", "lists stand in each other")]),
])
def test_what_does_not_fit_is_refused_and_the_old_one_stays(client, overdue, body, faults):
    client.put(TEMPLATE, OWN)
    refused(client.put(TEMPLATE, changed(OWN, **body)), *faults)
    assert client.get(TEMPLATE).json == OWN
    assert late(client, overdue)["draft"]["subject"].startswith("About")


def test_a_text_of_twenty_thousand_characters_fits(client):
    assert client.put(TEMPLATE, changed(OWN, text="x" * 20000)).status == 201


@pytest.mark.parametrize("path", ["/v1/templates/nothing/en", "/v1/templates/overdue_tracked/xx", "/v1/templates/overdue_tracked/%2e%2e%2fen",
                                  "/v1/rules/nothing"])
def test_there_is_no_such_place(client, path):
    for answer in (client.get(path), client.put(path, OWN), client.delete(path)):
        assert answer.status == 404, answer


def test_only_an_admin_may(server, shop):
    for scope in ("suggest", "ingest"):
        client = shop.client(server, scope)
        for answer in (client.get(TEMPLATE), client.put(TEMPLATE, OWN), client.delete(TEMPLATE), client.put(RULE, {}), client.post(PREVIEW, {})):
            assert answer.status == 403


def test_crlf_is_a_line_end(client, overdue):
    client.put(TEMPLATE, changed(OWN, text="First.\r\n\r\nSecond.\r\n"))
    assert "First.\n\nSecond." in late(client, overdue)["draft"]["text"]


def test_batch_and_command_line_use_it_too(client, database, shop, overdue):
    client.put(TEMPLATE, OWN)
    request = {"message": {"text": LATE}, "order_number": overdue[0], "buyer": {"email": NANCY["email"]}, "as_of": AS_OF, "dry_run": True}
    told = client.post("/v1/suggestions/batch", {"requests": [request]}).json["results"][0]["suggestion"]
    assert told["draft"]["subject"] == f"About {overdue[0]}"
    done = harness.replyd("suggest", "--shop", shop.code, database=database, stdin=json.dumps(request))
    assert json.loads(done.stdout)["draft"] == told["draft"]


# --- rules ---

def rule(client, **changes):
    return changed(client.get(RULE).json, **changes)


def test_a_rule_of_ones_own_changes_what_is_recommended(client, overdue):
    shipped = late(client, overdue)
    assert shipped["resolution"]["options"][0]["action"] == "full_refund"
    own = rule(client, options=list(reversed(client.get(RULE).json["options"])), reason="We rather send it again.",
               row=None, stage=None, party=None)
    answer = client.put(RULE, own)
    assert answer.status == 201 and answer.json == own
    told = everywhere(client, overdue)
    assert [option["action"] for option in told["resolution"]["options"]] == ["reship", "full_refund"]
    assert told["resolution"]["rule"] == "overdue_tracked"
    assert told["resolution"]["reason"].startswith("We rather send it again.")
    assert told["issue"]["stage"] == "after_sale" and told["issue"]["responsible_party"] == "carrier"
    assert told["versions"]["playbook"].startswith(shipped["versions"]["playbook"] + "-")
    assert client.delete(RULE).status == 204
    assert everywhere(client, overdue) == shipped


TEN = {">=": [{"var": "customer.orders"}, 10]}


@pytest.mark.parametrize("count, first", [(9, "full_refund"), (10, "reship")])
def test_a_customer_of_ten_orders_gets_the_new_parcel_first(client, orders, count, first):
    """Which takes rows that the shipped rule does not ask for."""
    customer = changed(NANCY, email=f"of{count}@example.org")
    number, _ = orders.put(order={"customer": customer}, prefix="V")
    for i in range(count - 1):
        assert client.put(f"/v1/orders/H{count}-{i}", changed(ORDER, customer=customer)).status == 201
    own = rule(client)
    own["options"][1]["rank"] = {"if": [TEN, -1, 1]}
    assert client.put(RULE, own).status == 201
    answer = ask(client, LATE, number, buyer={"email": customer["email"]})
    assert answer["resolution"]["options"][0]["action"] == first


@pytest.mark.parametrize("changes, faults", [
    ({"when": {"==": [{"var": "order.nowhere"}, 1]}}, [("/when", "order.nowhere")]),
    ({"when": {"frobnicate": [1]}}, [("/when", "frobnicate")]),
    ({"action": "do_nothing_much"}, [("/action", "none of its words")]),
    ({"intents": ["track_order", "dance"]}, [("/intents/1", "dance")]),
    ({"evidence": ["order.number", "order.numbr"]}, [("/evidence/1", "there is no fact")]),
    ({"reason": "{{order.total}}"}, [("/reason", "may be unknown here")]),
    ({"reason": None}, [("/reason", "must say in a sentence why")]),
    ({"whn": True}, [("", '"whn" is not known here')]),
    ({"intents": ["@nothing"]}, [("", "there is no group")]),
    ({"covers": ["nothing"]}, [("/covers", "there is no issue")]),
    ({"stage": "later", "party": "nobody"}, [("/stage", "later"), ("/party", "nobody")]),
    ({"when": {"some": [{"var": "shipment.events"}, {"some": [{"var": "shipment.events"}, True]}]}}, [("", "inside of another")]),
    ({"about": "x" * 70000}, [("", "65536 bytes")]),
])
def test_a_rule_that_does_not_fit_is_refused_and_the_old_one_stays(client, overdue, changes, faults):
    own = rule(client, reason="Ours.")
    assert client.put(RULE, own).status == 201
    refused(client.put(RULE, changed(own, **changes)), *faults)
    assert client.get(RULE).json == own
    assert late(client, overdue)["resolution"]["reason"].startswith("Ours.")


@pytest.mark.parametrize("raw, status", [(b"[]", 422), (b"7", 422), (b"{", 400), (b'{"reason": "a", "reason": "b"}', 400)])
def test_a_rule_is_an_object(client, raw, status):
    assert client.put(RULE, raw=raw).status == status


def test_the_last_issue_takes_what_is_left(client):
    path = "/v1/rules/unclear"
    refused(client.put(path, changed(client.get(path).json, when={"var": "order.paid"})), ("", "takes what no other fits"))


def test_drafts_and_rule_must_fit_each_other(client, overdue):
    # the shipped draft tells the overdue days unguarded
    answer = client.put(RULE, rule(client, requires=["order.number"], reason="Late."))
    assert answer.status == 422 and {error["pointer"] for error in answer.json["errors"]} == {"/requires"}
    assert any("issues/overdue_tracked/en.mustache: line" in error["detail"] for error in answer.json["errors"])
    # a draft of one's own that does not, and then the rule
    assert client.put(TEMPLATE, {"subject": "x", "text": "Late."}).status == 201
    assert client.put(RULE, rule(client, requires=["order.number"], reason="Late.")).status == 201
    assert "Late." in late(client, overdue)["draft"]["text"]
    # which the draft can't be taken from
    assert client.delete(TEMPLATE).status == 409
    assert "Late." in late(client, overdue)["draft"]["text"]
    assert client.delete(RULE).status == 204
    assert client.delete(TEMPLATE).status == 204


def test_a_stored_one_that_no_longer_fits_gives_way_to_the_shipped(client, sql, shop, overdue, server):
    shipped = late(client, overdue)
    sql("INSERT INTO replyd_data.templates (shop_id, issue, language, body) SELECT shop_id, 'overdue_tracked', 'en', %s"
        " FROM replyd_data.shops WHERE code = %s", json.dumps(changed(OWN, text="{{order.gone}}")), shop.code)
    client.put(RULE, rule(client, reason="Ours."))
    told = everywhere(client, overdue)
    assert told["draft"]["text"] == shipped["draft"]["text"]
    assert told["resolution"]["reason"].startswith("Ours."), "what fits holds"
    assert [warning["rule"] for warning in told["draft"]["warnings"]] == ["own_words"]
    assert "own_words_unfit" in server.stderr()
    assert client.delete(TEMPLATE).status == 204
    assert late(client, overdue)["draft"]["warnings"] == []


def test_a_stored_rule_that_no_longer_fits_leaves_the_drafts(client, sql, shop, overdue):
    client.put(TEMPLATE, OWN)
    sql("INSERT INTO replyd_data.rules (shop_id, issue, body) SELECT shop_id, issue, %s::jsonb FROM replyd_data.shops, "
        "unnest(ARRAY['overdue_tracked', 'gone']) AS issue WHERE code = %s", json.dumps({"action": "gone", "reason": "x"}), shop.code)
    told = everywhere(client, overdue)
    assert told["draft"]["subject"].startswith("About") and told["issue"]["code"] == "overdue_tracked"
    assert [warning["rule"] for warning in told["draft"]["warnings"]] == ["own_words"]
    assert client.put(RULE, rule(client, **shipped_rule(client))).status == 200
    assert late(client, overdue)["draft"]["warnings"] == []


def shipped_rule(client):
    return {"action": "refund_or_reship", "reason": "Late.", "intents": ["@where_is_it", "@money_back"],
            "requires": ["order.number", "shipment.promised_by", "shipment.overdue_days"]}


def test_so_much_in_all(client):
    issues = [issue["code"] for issue in client.get("/v1/issues").json["data"]]
    statuses = []
    for issue in issues[:30]:
        statuses.append(client.put(f"/v1/templates/{issue}/en", {"subject": "x", "text": "y" * 20000}).status)
    assert set(statuses) == {201, 422} and statuses.index(422) == 26
    for issue in issues[:30]:
        client.delete(f"/v1/templates/{issue}/en")


# --- the preview ---

def test_a_preview_shows_and_stores_nothing(client, sql, overdue):
    before = sql("SELECT count(*) FROM replyd_data.suggestions")
    answer = client.post(PREVIEW, {"issue": "overdue_tracked", "language": "en", "template": OWN, "order_number": overdue[0]})
    assert answer.status == 200, answer
    assert set(answer.json) == {"subject", "text", "html", "missing", "warnings"}
    assert answer.json["subject"] == f"About {overdue[0]}"
    assert "We asked Northern Post." in answer.json["text"] and "</p>" in answer.json["html"]
    assert sql("SELECT count(*) FROM replyd_data.suggestions") == before
    assert client.get(TEMPLATE).json != OWN


def test_a_preview_without_an_order_has_an_example(client):
    answer = client.post(PREVIEW, {"issue": "overdue_tracked", "language": "en", "template": OWN})
    assert answer.json["subject"] == "About 1001"
    assert "by 20 February 2026" in answer.json["text"] and "Nancy" in answer.json["text"]


def test_a_preview_without_a_template_shows_what_holds(client):
    shown = client.post(PREVIEW, {"issue": "overdue_tracked", "language": "en"}).json
    assert "1001" in shown["subject"]
    client.put(TEMPLATE, OWN)
    assert client.post(PREVIEW, {"issue": "overdue_tracked", "language": "en"}).json["subject"] == "About 1001"


def test_every_shipped_draft_has_a_preview_without_holes(client):
    for issue in client.get("/v1/issues").json["data"]:
        answer = client.post(PREVIEW, {"issue": issue["code"], "language": "en"})
        assert answer.status == 200, (issue, answer)
        assert "{{" not in answer.json["text"]


def test_a_preview_warns_of_what_the_platform_bans(client, orders):
    number, _ = orders.put(order={"platform": "amazon"}, prefix="A")
    text = "Order at https://shop.example/again next time."
    answer = client.post(PREVIEW, {"issue": "overdue_tracked", "language": "en", "template": changed(OWN, text=text), "order_number": number})
    assert answer.status == 200 and answer.json["warnings"], answer
    assert any("shop.example" in warning["excerpt"] for warning in answer.json["warnings"])


@pytest.mark.parametrize("changes, faults", [
    ({"issue": "nothing"}, [("/issue", "no such issue")]),
    ({"issue": None}, [("/issue", "")]),
    ({"language": "xx"}, [("/template", "no drafts in")]),
    ({"language": "xx", "template": None}, [("/language", "no draft in it")]),
    ({"order_number": "NOT-1"}, [("/order_number", "no such order")]),
    ({"template": changed(OWN, text="{{no.fact}}")}, [("/template/text", "no such fact")]),
    ({"template": 7}, [("/template", "")]),
    ({"tmplate": OWN}, [("/tmplate", "")]),
])
def test_a_preview_refuses_the_same(client, changes, faults):
    refused(client.post(PREVIEW, changed({"issue": "overdue_tracked", "language": "en", "template": OWN}, **changes)), *faults)
