"""One request and its reply, whoever is at the other end."""

import socket
import ssl
import time
from datetime import UTC, datetime

import pytest

from pynomaly.domain.errors import DestinationRefused, RemoteUnavailable
from pynomaly.infrastructure.outbound.addresses import read_networks
from pynomaly.infrastructure.outbound.guard import OutboundGuard
from pynomaly.infrastructure.outbound.http_client import MOST_REPLY_BYTES, HttpClient
from tests.infrastructure.outbound.hostile_places import Names, hostile_urls, names
from tests.infrastructure.outbound.receivers import own_certificate, receiver, request_of

HERE = read_networks(["127.0.0.0/8"], origin="here")
BODY = b'{"n": 1}'
TLS = ssl.create_default_context()  # reading the authorities takes longer than any test here
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _client(*, seconds: float = 5.0, tls: ssl.SSLContext | None = None) -> HttpClient:
    guard = OutboundGuard(ports=frozenset({443}), allowed=HERE, resolve=Names(own=[["127.0.0.1"]]))
    return HttpClient(guard, lambda: NOON, tls or TLS, seconds)


def _answers(reply: bytes, heard: list[bytes] | None = None):
    def behave(connection: socket.socket) -> None:
        request = request_of(connection)
        if heard is not None:
            heard.append(request)
        connection.sendall(reply)

    return behave


def test_a_body_is_sent_and_the_reply_comes_back() -> None:
    heard: list[bytes] = []
    with receiver(_answers(b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok", heard)) as port:
        reply = _client().post(f"http://own.example:{port}/hook?a=1", BODY, {"webhook-id": "e1"})
    assert reply == (202, b"ok", None)
    (request,) = heard
    head, _, body = request.partition(b"\r\n\r\n")
    first, *headers = head.decode().split("\r\n")
    assert (first, body) == ("POST /hook?a=1 HTTP/1.1", BODY)
    assert {
        f"Host: own.example:{port}",
        "webhook-id: e1",
        "Content-Length: 8",
        "Connection: close",
        "User-Agent: pynomaly",
    } <= set(headers)


def test_redirects_are_not_followed() -> None:
    with receiver(
        _answers(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
    ) as port:
        assert _client().post(f"http://own.example:{port}/", BODY, {}).status == 302


def test_a_reply_is_cut_off_where_it_becomes_long() -> None:
    endless = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (4 * MOST_REPLY_BYTES)
    with receiver(_answers(endless)) as port:
        assert len(_client().post(f"http://own.example:{port}/", BODY, {}).body) == MOST_REPLY_BYTES


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        (b"Retry-After: 120", 120.0),
        (b"Retry-After: 0", 0.0),
        (b"Retry-After: 999999999", 86_400.0),
        (b"Retry-After: Sun, 01 Mar 2026 12:00:30 GMT", 30.0),
        (b"Retry-After: Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        (b"Retry-After: Fri, 31 Dec 9999 23:59:59 GMT", 86_400.0),
        (b"Date: Sun, 01 Mar 2026 11:59:00 GMT\r\nRetry-After: Sun, 01 Mar 2026 12:00:30 GMT", 90.0),
        (b"Date: yesterday\r\nRetry-After: Sun, 01 Mar 2026 12:00:30 GMT", 30.0),
        (b"Retry-After: Sun, 31 Feb 2026 12:00:30 GMT", None),
        (b"Retry-After: Sun, 01 Foo 2026 12:00:30 GMT", None),
        (b"Retry-After: -5", None),
        (b"Retry-After: 1e9", None),
        (b"Retry-After: \xd9\xa3", None),
        (b"Retry-After: " + b"9" * 5000, None),
        (b"Retry-After: soon", None),
        (b"Retry-After:", None),
        (b"X-Header: 1", None),
    ],
)
def test_a_receiver_may_ask_to_be_left_alone_for_a_while(headers: bytes, seconds: float | None) -> None:
    busy = b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n" + headers + b"\r\n\r\n"
    with receiver(_answers(busy)) as port:
        reply = _client().post(f"http://own.example:{port}/", BODY, {})
    assert (reply.status, reply.retry_after_seconds) == (429, seconds)


def test_an_answer_that_is_no_http_is_not_repeated_lest_it_repeats_the_request() -> None:
    def echo(connection: socket.socket) -> None:
        connection.sendall(request_of(connection))

    with receiver(echo) as port, pytest.raises(RemoteUnavailable) as raised:
        _client().post(f"http://own.example:{port}/hook/t0ken", BODY, {})
    assert str(raised.value) == "own.example gave no answer: what came is no whole HTTP reply"
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_the_certificate_must_be_that_of_the_name(tmp_path) -> None:
    serving, trusting = own_certificate(tmp_path, "own.example")
    with receiver(_answers(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), serving) as port:
        assert _client(tls=trusting).post(f"https://own.example:{port}/", BODY, {}).status == 200
        with pytest.raises(RemoteUnavailable, match=r"own\.example gave no answer: .*self.signed certificate"):
            _client().post(f"https://own.example:{port}/", BODY, {})
        with pytest.raises(RemoteUnavailable, match=r"127\.0\.0\.1 gave no answer: .*(mismatch|not valid)"):
            _client(tls=trusting).post(f"https://127.0.0.1:{port}/", BODY, {})


def _hang(connection: socket.socket) -> None:
    request_of(connection)
    time.sleep(20.0)


def _drip(connection: socket.socket) -> None:
    request_of(connection)
    for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123456789":
        connection.sendall(bytes([byte]))
        time.sleep(0.1)


def _cut(connection: socket.socket) -> None:
    connection.recv(1)


def _garble(connection: socket.socket) -> None:
    request_of(connection)
    connection.sendall(b"\0\1\2\3" * 100 + b"\r\n\r\n")


def _boast(connection: socket.socket) -> None:
    request_of(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n" + b"X-Header: y\r\n" * 10_000 + b"\r\n")


@pytest.mark.parametrize("behave", [_hang, _drip, _cut, _garble, _boast])
@pytest.mark.parametrize("is_encrypted", [False, True])
def test_a_receiver_that_behaves_badly_is_left_in_time(tmp_path, behave, is_encrypted: bool) -> None:
    serving, trusting = own_certificate(tmp_path, "own.example")
    scheme = "https" if is_encrypted else "http"
    with receiver(behave, serving if is_encrypted else None) as port:
        began = time.monotonic()
        with pytest.raises(RemoteUnavailable, match=r"own\.example gave no answer(: .+| within 0\.5 s)"):
            _client(seconds=0.5, tls=trusting).post(f"{scheme}://own.example:{port}/", BODY, {})
    assert time.monotonic() - began < 10.0


@pytest.mark.parametrize("behave", [_hang, _drip])
@pytest.mark.parametrize("is_encrypted", [False, True])
def test_what_was_cut_from_here_is_said_to_have_taken_too_long(tmp_path, behave, is_encrypted: bool) -> None:
    serving, trusting = own_certificate(tmp_path, "own.example")
    scheme = "https" if is_encrypted else "http"
    with receiver(behave, serving if is_encrypted else None) as port, pytest.raises(RemoteUnavailable) as raised:
        _client(seconds=0.5, tls=trusting).post(f"{scheme}://own.example:{port}/hook/t0ken", BODY, {})
    assert str(raised.value) == "own.example gave no answer within 0.5 s"
    assert raised.value.__suppress_context__


def test_what_the_other_side_cut_is_said_to_be_cut() -> None:
    with receiver(request_of) as port, pytest.raises(RemoteUnavailable, match=r"gave no answer: .*closed"):
        _client().post(f"http://own.example:{port}/", BODY, {})


def test_a_handshake_that_hangs_is_left_in_time() -> None:
    with (
        receiver(lambda connection: time.sleep(20.0)) as port,
        pytest.raises(RemoteUnavailable, match=r"gave no answer within 0\.5 s"),
    ):
        _client(seconds=0.5).post(f"https://own.example:{port}/", BODY, {})


def test_there_are_many_hostile_urls() -> None:
    assert len(set(hostile_urls())) >= 300


@pytest.mark.parametrize("url", hostile_urls())
def test_no_hostile_url_is_connected_to(url: str) -> None:
    connected = []

    def connect(place, _seconds):
        connected.append(place)
        raise OSError("nobody is there")

    guard = OutboundGuard(ports=frozenset({443, 8443}), resolve=names(), connect=connect)
    with pytest.raises((DestinationRefused, RemoteUnavailable)):
        HttpClient(guard, lambda: NOON, TLS).post(url, BODY, {})
    assert connected == []
