"""HTTP as bytes: what could be read in two ways is refused, what is slow or broken off harms nobody else."""
import socket
import time

import pytest

MESSAGE = b'{"message": {"text": "Where is my order?"}, "dry_run": true}'


class Wire:
    """A raw connection."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.seen = b""

    def send(self, *pieces, pause=0.0):
        for piece in pieces:
            self.socket.sendall(piece)
            time.sleep(pause)
        return self

    def answer(self):
        """(status, headers, body) of the next answer, or None when the other side has closed."""
        while b"\r\n\r\n" not in self.seen:
            if not self._more():
                return None
        head, self.seen = self.seen.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
        length = int(headers.get("content-length", 0))
        while len(self.seen) < length and self._more():
            pass
        body, self.seen = self.seen[:length], self.seen[length:]
        return int(first.split()[1]), headers, body

    def closed(self):
        """Does the other side close, without a further answer?"""
        return not self._more()

    def _more(self):
        try:
            got = self.socket.recv(65536)
        except ConnectionResetError:
            got = b""
        self.seen += got
        return bool(got)

    def close(self):
        self.socket.close()


@pytest.fixture
def wire(server):
    opened = []

    def open_wire():
        opened.append(Wire(server.port))
        return opened[-1]

    yield open_wire
    for one in opened:
        one.close()


@pytest.fixture
def post(key):
    """post(header lines, body) is a POST of a suggestion as bytes, without a length of its own."""
    def make(*headers, body=MESSAGE):
        lines = [b"POST /v1/suggestions HTTP/1.1", b"Host: shop.example", b"Authorization: Bearer " + key("suggest").encode(),
                 b"Content-Type: application/json", *headers]
        return b"\r\n".join(lines) + b"\r\n\r\n" + body
    return make


def chunked(*pieces):
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


LENGTH = b"Content-Length: %d" % len(MESSAGE)


@pytest.mark.parametrize("headers, body", [
    ((LENGTH, b"Transfer-Encoding: chunked"), chunked(MESSAGE)),
    ((b"Transfer-Encoding: chunked", LENGTH), chunked(MESSAGE)),
    ((b"Content-Length: 0", b"Transfer-Encoding: chunked"), chunked(MESSAGE)),
    ((LENGTH, b"Content-Length: 5"), MESSAGE),
    ((LENGTH, LENGTH), MESSAGE),
    ((LENGTH, b"Host: other.example"), MESSAGE),
    ((b"Transfer-Encoding: gzip",), MESSAGE),
    ((b"Transfer-Encoding: gzip, chunked",), chunked(MESSAGE)),
    ((b"Transfer-Encoding: chunked, chunked",), chunked(MESSAGE)),
    ((b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity"), chunked(MESSAGE)),
    ((b"Transfer-Encoding: xchunked",), chunked(MESSAGE)),
    ((b"Content-Length : %d" % len(MESSAGE),), MESSAGE),
    ((b"Content-Length\t: %d" % len(MESSAGE),), MESSAGE),
    ((b"Transfer-Encoding : chunked",), chunked(MESSAGE)),
    ((LENGTH, b"X(y): 1"), MESSAGE),
    ((LENGTH, b"Authorization: Bearer x"), MESSAGE),
    ((LENGTH, b"Idempotency-Key: a", b"Idempotency-Key: b"), MESSAGE),
    ((b"Content-Length: -5",), MESSAGE),
    ((b"Content-Length: 0x10",), MESSAGE),
    ((b"Content-Length: 12abc",), MESSAGE),
    ((b"Content-Length: 99999999999999999999999",), MESSAGE),
], ids=lambda value: None if isinstance(value, bytes) and b"{" in value else str(value))
def test_what_could_be_read_in_two_ways_is_refused_and_closed(wire, post, headers, body):
    one = wire().send(post(*headers, body=body), b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    status, _, _ = one.answer()
    assert status in (400, 413), "what follows on the connection is not served"
    assert one.answer() is None


@pytest.mark.parametrize("request_line", [b"GET /healthz HTTP/1.1\r\nNo-Colon-Here\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
                                          b"GET /healthz HTTP/9.9\r\nHost: x\r\n\r\n", b"GET /healthz HTTP/1.1\r\n\r\n",
                                          b"GET /healthz HTTP/1.1\r\nHost : x\r\n\r\n",
                                          b"\xff\xfe / HTTP/1.1\r\nHost: x\r\n\r\n"])
def test_rubbish_is_refused_and_others_are_served(wire, request_line):
    found = wire().send(request_line).answer()
    assert found is None or found[0] >= 400
    assert wire().send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").answer()[0] == 200


@pytest.mark.parametrize("pieces", [(MESSAGE,), (MESSAGE[:1], MESSAGE[1:30], MESSAGE[30:]), tuple(bytes([b]) for b in MESSAGE)])
def test_chunked_bodies(wire, post, pieces):
    one = wire().send(post(b"Transfer-Encoding: chunked", body=chunked(*pieces)))
    assert one.answer()[0] == 200


def test_a_chunked_body_too_large_is_refused(wire, post):
    one = wire()
    try:
        one.send(post(b"Transfer-Encoding: chunked", body=b""), *[b"10000\r\n" + b"x" * 65536 + b"\r\n"] * 200, b"0\r\n\r\n")
    except (BrokenPipeError, ConnectionResetError):
        pass
    found = one.answer()
    assert found is None or found[0] == 413
    assert wire().send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").answer()[0] == 200


def test_a_length_too_large_is_refused_before_the_body_is_sent(wire, post):
    one = wire().send(post(b"Content-Length: 99999999", body=b""))
    assert one.answer()[0] == 413


def test_pipelined_requests_are_answered_in_order(wire, post):
    get = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Request-Id: %d\r\n\r\n"
    burst = b"".join([get % 1, post(LENGTH, b"X-Request-Id: 2"), get % 3, post(LENGTH, b"X-Request-Id: 4"), get % 5])
    one = wire().send(burst)
    found = [one.answer() for _ in range(5)]
    assert [(status, headers["x-request-id"]) for status, headers, _ in found] == [(200, str(i)) for i in range(1, 6)]


def test_keep_alive_and_close(wire):
    one = wire()
    for _ in range(50):
        assert one.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").answer()[0] == 200
    assert one.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").answer()[0] == 200
    assert one.closed()
    old = wire().send(b"GET /healthz HTTP/1.0\r\n\r\n")
    assert old.answer()[0] == 200
    assert old.closed()


def test_expect_continue(wire, post):
    one = wire().send(post(LENGTH, b"Expect: 100-continue", body=b""))
    assert one.answer()[0] == 100
    assert one.send(MESSAGE).answer()[0] == 200


def test_a_request_in_small_pieces(wire, post):
    whole = post(LENGTH)
    one = wire().send(*[whole[i:i + 7] for i in range(0, len(whole), 7)], pause=0.002)
    assert one.answer()[0] == 200


@pytest.mark.parametrize("head", [b"X-Big: " + b"x" * 100000, b"\r\n".join(b"X-%d: y" % i for i in range(5000)),
                                  b"Authorization: Bearer " + b"k" * 100000])
def test_a_head_too_large_is_refused(wire, head):
    one = wire()
    try:
        one.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n")
    except (BrokenPipeError, ConnectionResetError):
        pass
    found = one.answer()
    assert found is None or found[0] in (400, 413, 431)
    assert wire().send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").answer()[0] == 200


def test_a_long_path_is_refused(wire):
    one = wire().send(b"GET /v1/orders/" + b"9" * 60000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    found = one.answer()
    assert found is None or found[0] in (400, 401, 404, 414, 431)


def test_breaking_off_harms_nobody(wire, post, client):
    whole = post(LENGTH)
    for cut in range(1, len(whole), 23):
        wire().send(whole[:cut]).close()
    for _ in range(30):
        wire().send(whole).close()  # gone before the answer
    assert client.get("/healthz").status == 200
    assert wire().send(whole).answer()[0] == 200


def test_silent_and_half_sent_connections_are_closed(start_server, database, shop):
    server = start_server(database, idle_timeout=1)
    halves = [Wire(server.port).send(piece) for piece in
              (b"", b"GET /hea", b"POST /v1/suggestions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + shop.key("suggest").encode() +
               b"\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{")]
    assert server.client().get("/healthz").status == 200
    began = time.monotonic()
    for one in halves:
        found = one.answer()
        assert found is None or found[0] == 408
        one.close()
    assert time.monotonic() - began < 15
    server.stop()


def test_many_idle_connections(wire, client):
    idle = [wire() for _ in range(1500)]
    assert client.get("/healthz").status == 200
    for one in idle[::100]:
        assert one.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").answer()[0] == 200
