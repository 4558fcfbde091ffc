"""The service as a process: stopping, a database that goes away, full queues, what it logs."""
import concurrent.futures
import contextlib
import http.client
import os
import signal
import threading
import time

import psycopg2
import pytest

import harness

SUGGESTIONS = "/v1/suggestions"
MESSAGE = {"message": {"text": "Where is my order?"}}


def until(condition, seconds=harness.PATIENCE):
    """Waits until the condition holds; gives the seconds that it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "waited in vain"
        time.sleep(0.02)
    return time.monotonic() - began


@contextlib.contextmanager
def held(database, table, mode="EXCLUSIVE"):
    """Holds a lock on a table: whoever wants it waits."""
    connection = psycopg2.connect(database)
    try:
        connection.cursor().execute(f"LOCK TABLE {table} IN {mode} MODE")
        yield
    finally:
        connection.close()


# --- stopping ---


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("workers", [1, 2])
def test_an_idle_server_stops_at_once(start_server, database, number, workers):
    server = start_server(database, workers=workers)
    began = time.monotonic()
    server.stop(number)
    assert time.monotonic() - began < 3


def test_requests_under_way_are_answered_before_the_stop(start_server, database, shop):
    server = start_server(database, workers=2, statement_timeout=20000)
    client = shop.client(server)
    assert client.post(SUGGESTIONS, MESSAGE).status == 201
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        with held(database, "replyd_data.suggestions"):  # inserts wait
            waiting = [pool.submit(client.post, SUGGESTIONS, MESSAGE) for _ in range(12)]
            time.sleep(1)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            assert server.process.poll() is None, "it waits for what is under way"
            with pytest.raises(OSError):
                client.get("/healthz")
        assert [one.result().status for one in waiting] == [201] * 12
    server.stop()


def test_a_stop_does_not_wait_for_ever(start_server, database, shop):
    server = start_server(database, statement_timeout=60000, stop_timeout=1)
    client = shop.client(server)

    def post():
        try:
            return client.post(SUGGESTIONS, MESSAGE).status
        except OSError:
            return "closed"

    with held(database, "replyd_data.suggestions"), concurrent.futures.ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(post) for _ in range(4)]
        time.sleep(1)
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 5
        assert {one.result() for one in waiting} <= {503, "closed"}


def test_idle_connections_do_not_hold_up_a_stop(start_server, database):
    server = start_server(database)
    idle = http.client.HTTPConnection("127.0.0.1", server.port)
    idle.request("GET", "/healthz")
    idle.getresponse().read()
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 3
    idle.close()


def test_a_second_server_does_not_share_the_port(start_server, database):
    server = start_server(database)
    done = harness.replyd("serve", "--listen", f"127.0.0.1:{server.port}", database=database, check=False)
    assert done.returncode == 1
    assert str(server.port) in done.stderr
    server.stop()


# --- the database is away ---


@pytest.fixture(scope="module")
def own_cluster():
    """A PostgreSQL that may be stopped: start(), stop(), and `with frozen()`."""
    folder = str(harness.ROOT / f"build/pg-away-{os.getpid()}")

    class Cluster:
        def start(self):
            self.url = harness.tools_pg("start", folder, "-c", "fsync=off")

        def stop(self):
            harness.tools_pg("stop", folder)

        @contextlib.contextmanager
        def frozen(self):
            main = int(harness.query(self.url, "SELECT pg_read_file('postmaster.pid')")[0][0].split()[0])
            processes = [main, *map(int, open(f"/proc/{main}/task/{main}/children").read().split())]
            signal_all(processes, signal.SIGSTOP)
            try:
                yield
            finally:
                signal_all(processes, signal.SIGCONT)

    cluster = Cluster()
    cluster.start()
    yield cluster
    harness.tools_pg("remove", folder)


def signal_all(processes, number):
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, number)


@pytest.fixture(scope="module")
def away(own_cluster, start_server):
    """(cluster, server, client) of a shop in the cluster that may be stopped."""
    harness.replyd("migrate", database=own_cluster.url)
    shop = harness.Shop(own_cluster.url, "away")
    server = start_server(own_cluster.url, workers=2, statement_timeout=500)
    client = shop.client(server)
    yield own_cluster, server, client
    server.stop()


def refused_quickly(client):
    """Does every kind of request get its 503 at once?"""
    began = time.monotonic()
    for method, path, body in ("POST", SUGGESTIONS, MESSAGE), ("GET", SUGGESTIONS, None), ("PUT", "/v1/orders/1", {}):
        answer = client.request(method, path, json=body)
        assert answer.status == 503, answer
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert int(answer.headers["Retry-After"]) > 0
    return time.monotonic() - began < 0.5


def works(client):
    return client.post(SUGGESTIONS, MESSAGE).status == 201 and client.get(SUGGESTIONS).status == 200


def test_a_stopped_database(away):
    cluster, server, client = away
    assert works(client)
    cluster.stop()
    until(lambda: server.client().get("/readyz").status == 503)
    assert refused_quickly(client)
    assert server.client().get("/healthz").status == 200
    assert server.client().get("/metrics").status == 200
    cluster.start()
    assert until(lambda: server.client().get("/readyz").status == 200) < 15
    until(lambda: works(client), 5)


def test_requests_under_way_when_the_database_goes(away):
    cluster, server, client = away
    stop = threading.Event()
    seen = set()

    def post():
        while not stop.is_set():
            seen.add(client.post(SUGGESTIONS, MESSAGE).status)

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        posts = [pool.submit(post) for _ in range(8)]
        time.sleep(0.3)
        cluster.stop()
        time.sleep(0.5)
        cluster.start()
        until(lambda: server.client().get("/readyz").status == 200)
        stop.set()
        for one in posts:
            one.result()
    assert seen <= {201, 503}, "each request gets an answer"
    assert {201, 503} <= seen
    until(lambda: works(client), 5)


def test_a_frozen_database(away):
    """Its sockets stay open and nothing answers."""
    cluster, server, client = away
    assert works(client)
    with cluster.frozen():
        began = time.monotonic()
        answer = client.post(SUGGESTIONS, MESSAGE)
        assert answer.status == 503
        assert answer.headers["Retry-After"]
        assert time.monotonic() - began < 6
        until(lambda: server.client().get("/readyz").status == 503, 10)
        until(lambda: refused_quickly(client), 10)  # each worker finds out for itself
    assert until(lambda: server.client().get("/readyz").status == 200) < 15
    until(lambda: works(client), 5)


def test_a_killed_connection_is_made_anew(away):
    cluster, server, client = away
    for _ in range(3):
        harness.query(cluster.url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                   " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'")
        until(lambda: server.client().get("/readyz").status == 200, 10)
        until(lambda: works(client), 5)


def test_the_server_starts_before_the_database(own_cluster, away, start_server):
    cluster, _, client = away
    cluster.stop()
    late = harness.Server(cluster.url)
    until(lambda: answers(late))
    assert late.client().get("/readyz").status == 503
    cluster.start()
    late.wait_ready()
    late.stop()
    until(lambda: works(client), 10)


def answers(server):
    try:
        return server.client().get("/healthz").status == 200
    except OSError:
        return False


# --- its schema ---


def test_a_server_refuses_a_schema_that_it_does_not_know(make_database, template):
    url = make_database(template)
    newest = harness.query(url, "SELECT max(number) FROM replyd_data.migrations")[0][0]
    harness.query(url, "INSERT INTO replyd_data.migrations (number, name) VALUES (%s, 'of the future')", newest + 1)
    done = harness.replyd("serve", "--listen", "127.0.0.1:0", database=url, check=False)
    assert done.returncode == 1
    harness.query(url, "DELETE FROM replyd_data.migrations WHERE number >= %s", newest)
    done = harness.replyd("serve", "--listen", "127.0.0.1:0", database=url, check=False)
    assert done.returncode == 1
    assert "migrate" in done.stderr


def test_a_server_refuses_an_empty_database(make_database):
    done = harness.replyd("serve", "--listen", "127.0.0.1:0", database=make_database(), check=False)
    assert done.returncode == 1
    assert "migrate" in done.stderr


# --- bounds ---


def test_full_queues_answer_503_at_once(start_server, database, shop):
    server = start_server(database, workers=1, max_waiting=4, statement_timeout=20000)
    client = shop.client(server)
    assert client.post(SUGGESTIONS, MESSAGE).status == 201
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        with held(database, "replyd_data.shops", "ACCESS EXCLUSIVE"):  # reads wait
            waiting = [pool.submit(client.post, SUGGESTIONS, MESSAGE) for _ in range(20)]
            time.sleep(1)
            refused = [one.result() for one in waiting if one.done()]
        answered = [one.result() for one in waiting]
    assert len(refused) >= 10
    assert {answer.status for answer in refused} == {503}
    assert all(answer.headers["Retry-After"] for answer in refused)
    assert {answer.status for answer in answered if answer not in refused} == {201}
    server.stop()


def test_more_connections_than_workers_can_count(start_server, database, shop):
    server = start_server(database, workers=2)
    client = shop.client(server)
    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        assert set(pool.map(lambda _: client.post(SUGGESTIONS, MESSAGE).status, range(640))) == {201}
    server.stop()


def rows_read(url):
    """Rows and index entries that were read so far. A connection tells of its own when it has ended, so until it stays the same."""
    seen = []
    while len(seen) < 5 or len(set(seen[-5:])) > 1:
        seen += harness.query(url, """
            SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables) + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes)""")
        time.sleep(0.1)
    return seen[-1][0]


def test_plans_made_on_an_empty_database_are_good_on_a_full_one(start_server, make_database, template):
    """Statements are planned when first used and kept: with everything empty, a plan can look good that is not."""
    url = make_database(template)
    shop = harness.Shop(url, "bench")
    server = start_server(url, workers=1)
    client = shop.client(server)
    asked = [{"message": {"text": "Where is it?", "conversation_id": f"c-{i}", "id": f"m-{i}"}, "order_number": str(100001 + i),
              "buyer": {"email": f"buyer{1 + i}@example.org"}} for i in range(10)]
    asked += [{"message": {"text": f"Where is PARCEL{i}?"}} for i in range(1, 6)]
    for body in asked:
        assert client.post(SUGGESTIONS, body).status == 201
    harness.run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", "shop=bench", "-v", "orders=10000", "-d", url,
                "-f", str(harness.ROOT / "tests/bench/data.sql"))
    harness.query(url, """
        INSERT INTO replyd_data.suggestions (shop_id, id, created_at, as_of, received_at, conversation_id, message_id, order_number,
               buyer_email, issue, stage, priority, responsible_party, language, rows_hash, request, facts, answer)
        SELECT shop_id, gen_random_uuid(), now(), now(), now(), 'x-' || i, 'y-' || i, 'z-' || i, i || '@example.org', 'unclear',
               'after_sale', 'normal', 'unknown', 'en', 0, '{}', '{}', '{}'
          FROM replyd_data.shops, generate_series(1, 100000) AS i""")
    before = rows_read(url)
    for body in asked * 3:
        assert client.post(SUGGESTIONS, body).status == 201
    server.stop()
    read = rows_read(url) - before  # one plan that goes through a table would read 10,000 and more a request
    assert 0 < read < 100 * 3 * len(asked), read


# --- logs ---


def test_logs_hold_no_text_no_address_no_key(start_server, database, shop):
    server = start_server(database, log_level="debug")
    key = shop.key("admin")
    client = server.client(key)
    secret = "zebrafinch"
    message = {"text": f"My {secret} order has not arrived", "subject": secret}
    buyer = {"name": secret, "email": f"{secret}@example.org"}
    assert client.post(SUGGESTIONS, {"message": message, "buyer": buyer}, headers={"Idempotency-Key": secret}).status == 201
    assert client.post(SUGGESTIONS, {"message": message, secret: 1}).status == 422
    assert client.post(SUGGESTIONS, raw=b'{"message": ' + secret.encode()).status == 400
    assert client.put(f"/v1/orders/{secret}", {"customer": {"name": secret, "email": f"{secret}@example.org"}}).status < 300
    assert client.put(f"/v1/orders/{secret}", {"status": secret}).status == 422
    assert client.get(f"/v1/orders/{secret}").status == 200
    assert client.get(f"{SUGGESTIONS}?conversation_id={secret}").status == 200
    assert server.client(secret).post(SUGGESTIONS, {"message": message}).status == 401
    # a statement that PostgreSQL refuses: its message may quote what was sent
    harness.query(database, "ALTER TABLE replyd_data.suggestions ADD CONSTRAINT refuse CHECK (order_number <> 'refuse')")
    try:
        assert client.post(SUGGESTIONS, {"message": message, "order_number": "refuse"}).status == 500
        assert client.post(SUGGESTIONS, {"message": message}).status == 201
    finally:
        harness.query(database, "ALTER TABLE replyd_data.suggestions DROP CONSTRAINT refuse")
    log = server.stderr()
    assert "refuse" in log, "what went wrong is told"
    server.stop()
    assert secret not in log
    assert key not in log and key[3:] not in log
