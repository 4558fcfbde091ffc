"""The command line."""
import concurrent.futures
import json
import re

import pytest

import harness

AS_OF = "2026-03-02T10:00:00Z"


def run(*words, database=None, stdin="", **settings):
    return harness.replyd(*words, database=database, stdin=stdin, check=False, **settings)


COMMANDS = ["serve", "migrate", "shop", "key", "suggest", "eval", "classify", "check"]


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["help"], *([command, "--help"] for command in COMMANDS)], ids=" ".join)
def test_help_is_on_stdout(words):
    done = run(*words)
    assert done.returncode == 0
    assert "usage" in done.stdout.lower()
    assert done.stderr == ""


@pytest.mark.parametrize("words", [
    [], ["unknown"], ["--unknown"],
    *([command, "--unknown-flag"] for command in COMMANDS),
    ["serve", "--workers"], ["serve", "--workers", "many"], ["serve", "--workers=-1"], ["serve", "--idle-timeout", "0"],
    ["serve", "surplus"], ["serve", "--log-level", "loud"],
    ["migrate", "surplus"],
    ["shop"], ["shop", "create"], ["shop", "create", "code"], ["shop", "create", "--name", "Name"], ["shop", "destroy", "x"],
    ["shop", "create", "Not A Code", "--name", "Name"], ["shop", "create", "code", "--name", ""],
    ["shop", "create", "code", "--name", "Name", "surplus"],
    ["key"], ["key", "create"], ["key", "create", "--shop", "code"], ["key", "create", "--scope", "admin"],
    ["key", "create", "--shop", "{shop}", "--scope", "everything"], ["key", "create", "--shop", "{shop}", "--scope", ""],
    ["key", "create", "--shop", "{shop}", "--scope", "suggest,,admin"],
    ["suggest"], ["suggest", "surplus"], ["suggest", "--shop"],
    ["eval"], ["eval", "--unknown", "a"], ["check", "a", "b"], ["classify", "surplus"],
], ids=lambda words: " ".join(words) or "nothing")
def test_wrong_usage_is_told_with_status_2(database, shop, words):
    done = run(*[word.replace("{shop}", shop.code) for word in words], database=database)
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stderr.strip()
    assert done.stdout == ""


@pytest.mark.parametrize("words", [["serve"], ["migrate"], ["shop", "list"], ["key", "list", "--shop", "x"], ["suggest", "--shop", "x"]])
def test_without_a_database_the_variable_is_named(words):
    done = run(*words)
    assert done.returncode in (1, 2)
    assert "REPLYD_DATABASE_URL" in done.stderr


@pytest.mark.parametrize("words", [["migrate"], ["shop", "list"], ["suggest", "--shop", "x"]])
def test_a_database_that_is_not_there_status_1(words):
    done = run(*words, database="postgresql:///none?host=/nowhere", stdin="{}")
    assert done.returncode == 1
    assert "/nowhere" in done.stderr


def test_shops_and_keys(database, server, make_shop):
    shop = make_shop()
    assert run("shop", "create", shop.code, "--name", "Again", database=database).returncode == 1
    assert shop.code in run("shop", "list", database=database).stdout
    done = run("key", "create", "--shop", shop.code, "--scope", "suggest", database=database)
    key = done.stdout.strip()
    assert done.stdout == key + "\n" and re.fullmatch(r"\S{30,}", key)
    assert server.client(key).get("/v1/suggestions").status == 200
    listed = run("key", "list", "--shop", shop.code, database=database).stdout
    assert "suggest" in listed and key not in listed
    key_id = listed.split()[0]
    assert run("key", "revoke", key_id, database=database).returncode == 0
    assert server.client(key).get("/v1/suggestions").status == 401
    assert run("key", "revoke", "nonsense", database=database).returncode == 1
    assert run("key", "create", "--shop", "no-such", "--scope", "admin", database=database).returncode == 1


@pytest.mark.parametrize("scopes", [
    "suggest", "ingest", "admin", "suggest,ingest", "ingest,suggest", "suggest,admin", "ingest,admin", "suggest,ingest,admin",
    "admin,ingest,suggest", "suggest,suggest", "ingest,ingest"])
def test_a_key_may_do_what_its_scopes_say(server, make_shop, scopes):
    shop = make_shop()
    client = shop.client(server, scopes)
    has = {"suggest", "ingest"} if "admin" in scopes else set()
    has |= set(scopes.split(","))
    may = {
        "suggest": [client.get("/v1/suggestions"), client.get("/v1/issues"),
                    client.post("/v1/suggestions", {"message": {"text": "Where is it?"}})],
        "ingest": [client.put("/v1/products/S-1", {"name": "Dress"}), client.get("/v1/products/S-1"),
                   client.post("/v1/ingest", raw=b'{"kind": "product", "sku": "S-2", "name": "Belt"}\n',
                               headers={"Content-Type": "application/x-ndjson"})],
        "admin": [client.get("/v1/policy"), client.put("/v1/policy", {})],
    }
    for scope, answers in may.items():
        for answer in answers:
            assert answer.status in (200, 201) if scope in has else answer.status == 403, (scope, answer)
    listed = harness.replyd("key", "list", "--shop", shop.code, database=shop.database).stdout
    assert all(scope in listed for scope in scopes.split(","))


def test_migrate_twice_and_by_several_at_once(make_database):
    url = make_database()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert [done.returncode for done in pool.map(lambda _: run("migrate", database=url), range(4))] == [0] * 4
    numbers = [number for number, in harness.query(url, "SELECT number FROM replyd_data.migrations ORDER BY number")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert run("migrate", database=url).returncode == 0


def test_every_table_and_column_is_explained(sql):
    bare = sql("""
        SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE c.relnamespace IN ('replyd'::regnamespace, 'replyd_data'::regnamespace) AND c.relkind IN ('r', 'v', 'p')
           AND a.attnum > 0 AND NOT a.attisdropped
           AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid, 'pg_class') IS NULL)""")
    assert bare == []


# --- suggest ---


def without_identity(text):
    return re.sub(r'"(id|created_at)": ?"[^"]*",? ?', "", text, count=2)


@pytest.mark.parametrize("body", [
    {"message": {"text": "Where is my order?"}},
    {"message": {"text": "Hi, my order has still not arrived!", "subject": "parcel"}, "order_number": "C-1"},
    {"message": {"text": "My order C-1 has not come."}, "buyer": {"email": "nancy@example.org", "name": "Nancy Drew"}},
    {"message": {"text": "And where is order NO-SUCH-1?"}, "order_number": "NO-SUCH-1"},
    {"message": {"text": "The moon is very bright, purple tuba."}},
    {"message": {"text": "Wo ist mein Paket?", "language": "de"}, "order_number": "C-1", "reply_language": "en",
     "agent": {"name": "Li Xiao", "language": "zh"}},
], ids=lambda body: body["message"]["text"])
def test_suggest_answers_as_the_api_does(client, shop, database, body):
    client.put("/v1/orders/C-1", {"status": "shipped", "total": {"amount": "39.90", "currency": "USD"},
                                  "customer": {"name": "Nancy Drew", "email": "nancy@example.org", "country": "US"}})
    client.put("/v1/orders/C-1/shipments/RB000000014CN", {"tracked": True, "promised_by": "2026-02-20",
                                                          "shipped_at": "2026-01-30T08:00:00Z"})
    body = body | {"as_of": AS_OF, "dry_run": True}
    served = client.post("/v1/suggestions", body)
    assert served.status == 200
    done = run("suggest", "--shop", shop.code, database=database, stdin=json.dumps(body))
    assert done.returncode == 0, done.stderr
    assert without_identity(done.stdout.strip()) == without_identity(served.text.strip())


def test_suggest_stores_what_it_answers(shop, client, database):
    done = run("suggest", "--shop", shop.code, database=database, stdin=json.dumps({"message": {"text": "Where is it?"}}))
    found = json.loads(done.stdout)
    assert client.get(f"/v1/suggestions/{found['id']}").json == found | {"stale": False}  # only of what is stored


@pytest.mark.parametrize("stdin, status", [("", 400), ("nonsense", 400), ("{}", 422), ('{"message": {"text": ""}}', 422),
                                           ('{"message": {"text": "a"}, "surprise": 1}', 422)])
def test_suggest_refuses_as_the_api_does(shop, database, stdin, status):
    done = run("suggest", "--shop", shop.code, database=database, stdin=stdin)
    assert done.returncode == 1
    assert json.loads(done.stdout)["status"] == status


def test_suggest_for_a_shop_that_is_not_there(database):
    done = run("suggest", "--shop", "no-such", database=database, stdin=json.dumps({"message": {"text": "Hi"}}))
    assert done.returncode == 1
    assert "no-such" in done.stderr


# --- without a database ---


def test_check_finds_the_shipped_playbook_sound():
    done = run("check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_check_tells_the_faults_of_another(tmp_path):
    done = run("check", str(tmp_path / "none"))
    assert done.returncode == 1 and done.stderr.strip()
    rule = tmp_path / "issues/overdue_tracked/rule.json"
    rule.parent.mkdir(parents=True)
    rule.write_text("{")
    done = run("check", str(tmp_path))
    assert done.returncode == 1
    assert done.stdout + done.stderr


def test_classify_a_line_each():
    lines = ["Where is my parcel?", "", "Thanks a lot!", "\u4f60\u597d", "x" * 30000]
    done = run("classify", stdin="\n".join(lines) + "\n")
    assert done.returncode == 0
    answers = done.stdout.splitlines()
    assert len(answers) == len(lines)
    for answer in answers:
        code, confidence, language = answer.split("\t")
        assert re.fullmatch("[a-z_]+", code) and 0 <= float(confidence) <= 1 and language
    assert answers[0].startswith("track_order\t")


def test_eval_reads_labelled_lines(tmp_path):
    file = tmp_path / "few.tsv"
    file.write_text("track_order\tWhere is my parcel?\nthank\tThank you very much!\n")
    assert run("eval", str(file)).returncode == 0
    assert run("eval", str(tmp_path / "none")).returncode == 1
    file.write_text("no_such_label\tHello\n")
    assert run("eval", str(file)).returncode != 0
