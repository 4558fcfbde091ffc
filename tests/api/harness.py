"""What the tests drive: the program, its command line, a server of it, and a small HTTP client."""
import http.client
import json
import os
import pathlib
import shlex
import signal
import socket
import subprocess
import tempfile
import time

import psycopg2

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEMO = ROOT / "sql/demo/demo.sql"
BIN = os.environ.get("REPLYD_BIN", str(ROOT / "build/replyd"))
WRAPPER = shlex.split(os.environ.get("REPLYD_WRAPPER", ""))  # valgrind ...
PATIENCE = 120 if WRAPPER else 30  # seconds for what takes less than one

SANITIZER_REPORTS = ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "WARNING: ThreadSanitizer", "runtime error:")

running = []  # servers, for showing their logs when a test fails


def environment(**settings):
    """The caller's, without what he set for a replyd of his own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("REPLYD_")}
    return clean | {name: str(value) for name, value in settings.items() if value is not None}


def replyd(*words, database=None, stdin="", check=True, **settings):
    """Runs a command to its end; gives subprocess' result with texts."""
    done = subprocess.run([BIN, *words], input=stdin, capture_output=True, text=True, timeout=PATIENCE,
                          env=environment(REPLYD_DATABASE_URL=database, **settings))
    assert not check or done.returncode == 0, f"replyd {' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done


def run(*words):
    """Runs a program to its end; gives what it printed."""
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def tools_pg(*words):
    """A private PostgreSQL; see tools/pg."""
    return run(str(ROOT / "tools/pg"), *words)


def query(url, text, *values):
    """Runs SQL in a transaction of its own; gives the rows, or None where there are none to give."""
    connection = psycopg2.connect(url, connect_timeout=PATIENCE)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(text, values or None)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode("utf-8")

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def errors(self):
        """Of a problem: pointer -> detail."""
        return {error["pointer"]: error["detail"] for error in self.json.get("errors", [])}

    def __repr__(self):
        return f"<{self.status} {self.body[:2000].decode('utf-8', 'replace')}>"


class Client:
    """Requests with a key, each on a connection of its own (so it may be used by many threads)."""

    def __init__(self, port, key=None):
        self.port, self.key = port, key

    def request(self, method, path, json=None, raw=None, headers=None):
        """`json` is sent as such, `raw` bytes as they are; a header of value None is left out."""
        sent = {"Authorization": f"Bearer {self.key}" if self.key else None}
        body = raw
        if json is not None:
            body = dumps(json)
        if body is not None:
            sent["Content-Type"] = "application/json"
        sent |= headers or {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, {name: value for name, value in sent.items() if value is not None})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def put(self, path, json=None, **more):
        return self.request("PUT", path, json=json, **more)

    def patch(self, path, json=None, **more):
        return self.request("PATCH", path, json=json, **more)

    def post(self, path, json=None, **more):
        return self.request("POST", path, json=json, **more)

    def delete(self, path, **more):
        return self.request("DELETE", path, **more)

    def suggest(self, text=None, **fields):
        """POST /v1/suggestions of a message; what isn't given is left out. The answer must be a suggestion."""
        body = fields if text is None else {"message": {"text": text} | fields.pop("message", {}), **fields}
        answer = self.post("/v1/suggestions", body)
        assert answer.status == (200 if body.get("dry_run") else 201), answer
        return answer.json


def dumps(value):
    return json.dumps(value, ensure_ascii=False).encode("utf-8")


class Server:
    """A `replyd serve` against a database; `settings` are REPLYD_... variables in lower case without the prefix."""

    def __init__(self, database, **settings):
        self.database, self.port = database, free_port()
        self.log = tempfile.TemporaryFile()
        self.settings = {f"REPLYD_{name.upper()}": value for name, value in settings.items()}
        self.process = subprocess.Popen(
            [*WRAPPER, BIN, "serve"], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            env=environment(REPLYD_DATABASE_URL=database, REPLYD_LISTEN=f"127.0.0.1:{self.port}", **self.settings))
        running.append(self)

    def client(self, key=None):
        return Client(self.port, key)

    def stderr(self):
        self.log.seek(0)
        return self.log.read().decode("utf-8", "replace")

    def ready(self):
        try:
            return self.client().get("/readyz").status == 200
        except OSError:
            return False

    def wait_ready(self):
        until = time.monotonic() + PATIENCE
        while not self.ready():
            assert self.process.poll() is None, f"replyd ended with {self.process.returncode}:\n{self.stderr()}"
            assert time.monotonic() < until, f"replyd is not ready:\n{self.stderr()}"
            time.sleep(0.02)
        return self

    def stop(self, number=signal.SIGTERM):
        """Asks it to stop; it must end by itself, well, and with nothing found by a sanitizer."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = "nothing: it had to be killed"
        if self in running:
            running.remove(self)
        log = self.stderr()
        self.log.close()
        assert status == 0, f"replyd ended with {status}:\n{log}"
        assert not any(report in log for report in SANITIZER_REPORTS), log


class Shop:
    """A shop of its own in a database, with a key for each scope made when first asked for."""

    def __init__(self, database, code):
        self.database, self.code, self.keys = database, code, {}
        replyd("shop", "create", code, "--name", f"Shop {code}", database=database)

    def key(self, scope="admin"):
        if scope not in self.keys:
            self.keys[scope] = self.new_key(scope)
        return self.keys[scope]

    def new_key(self, scope="admin"):
        return replyd("key", "create", "--shop", self.code, "--scope", scope, database=self.database).stdout.strip()

    def client(self, server, scope="admin"):
        return server.client(self.key(scope))
