"""Fixtures. One PostgreSQL and one migrated template database for the whole run; a fresh database, a server on it, and
two shops for each module of tests."""
import itertools
import os
import signal
import subprocess

import psycopg2
import pytest

import harness

# SIGTERM is as Ctrl-C: what was started is stopped.
signal.signal(signal.SIGTERM, signal.default_int_handler)

numbers = itertools.count(1)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.failed:
        for server in harness.running:
            report.sections.append((f"log of replyd on port {server.port}", server.stderr()[-5000:]))


@pytest.fixture(scope="session")
def cluster():
    """The URL of a PostgreSQL where databases may be made: the one we are given, or our own."""
    given = os.environ.get("REPLYD_TEST_DATABASE_URL")
    if given:
        yield given
        return
    folder = str(harness.ROOT / f"build/pg-pytest-{os.getpid()}")
    try:
        yield harness.tools_pg("start", folder, "-c", "fsync=off", "-c", "synchronous_commit=off")
    finally:
        harness.tools_pg("remove", folder)


@pytest.fixture(scope="session")
def make_database(cluster):
    """Makes a database from a template (or an empty one); gives its URL. All are dropped at the end."""
    made = []

    def admin(text):
        connection = psycopg2.connect(cluster)
        connection.autocommit = True
        connection.cursor().execute(text)
        connection.close()

    def make(template="template0"):
        name = f"replyd_test_{os.getpid()}_{next(numbers)}"
        admin(f"CREATE DATABASE {name} TEMPLATE {template}")
        made.append(name)
        return cluster.replace("/postgres?", f"/{name}?")

    yield make
    for name in made:
        admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def template(make_database):
    """The name of a migrated database with nothing in it."""
    url = make_database()
    harness.replyd("migrate", database=url)
    return url.split("/")[3].split("?")[0]


@pytest.fixture(scope="module")
def database(make_database, template):
    """The URL of the module's own database: migrated, empty."""
    return make_database(template)


@pytest.fixture(scope="module")
def demo(make_database, template):
    """The URL of a database with the demo shop."""
    url = make_database(template)
    subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", harness.DEMO], check=True)
    return url


@pytest.fixture(scope="session")
def start_server():
    """Starts further servers: start_server(url, workers=2 ...). Stopped and judged when the test run is over, or before
    by their stop()."""
    started = []

    def start(database, **settings):
        server = harness.Server(database, **settings)
        started.append(server)
        return server.wait_ready()

    yield start
    for server in started:
        if server in harness.running:
            server.stop()


@pytest.fixture(scope="module")
def server(database):
    """A server on the module's database, with two workers."""
    server = harness.Server(database, workers=2)
    try:
        server.wait_ready()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def make_shop(database):
    """Makes another shop in the module's database."""
    return lambda: harness.Shop(database, f"shop-{next(numbers)}")


@pytest.fixture(scope="module")
def shop(make_shop):
    return make_shop()


@pytest.fixture(scope="module")
def other_shop(make_shop):
    return make_shop()


@pytest.fixture(scope="module")
def key(shop):
    """key("suggest") is a key of the shop with that scope."""
    return shop.key


@pytest.fixture(scope="module")
def client(server, shop):
    """The shop's, with an admin key."""
    return shop.client(server)


@pytest.fixture(scope="module")
def other_client(server, other_shop):
    return other_shop.client(server)


@pytest.fixture(scope="module")
def sql(database):
    """sql(text, *values) runs SQL in the module's database."""
    return lambda text, *values: harness.query(database, text, *values)
