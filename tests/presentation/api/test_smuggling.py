"""Requests that two readers could read differently, sent to a real server as bytes."""

import pytest

from pynomaly.presentation.http.edge import at_the_edge
from tests.presentation.http.served import BRIEF, LAST, counting_app, served, statuses


@pytest.fixture(scope="module")
def server():
    with served(at_the_edge(counting_app), BRIEF) as running:
        yield running


_GET, _POST = (method + b" / HTTP/1.1\r\nHost: localhost\r\n" for method in (b"GET", b"POST"))
_CHUNKED = b"Transfer-Encoding: chunked\r\n"
SMUGGLING = {
    "two lengths": _POST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
    "two equal lengths": _POST + b"Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd",
    "a list of lengths": _POST + b"Content-Length: 4, 4\r\n\r\nabcd",
    "length and chunks": _POST + b"Content-Length: 4\r\n" + _CHUNKED + b"\r\n0\r\n\r\n",
    "chunks and length": _POST + _CHUNKED + b"Content-Length: 4\r\n\r\n0\r\n\r\n",
    "unknown coding": _POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunked not last": _POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "space before colon": _POST + b"Content-Length : 4\r\n\r\nabcd",
    "negative length": _POST + b"Content-Length: -1\r\n\r\n",
    "plus length": _POST + b"Content-Length: +4\r\n\r\nabcd",
    "hexadecimal length": _POST + b"Content-Length: 0x4\r\n\r\nabcd",
    "huge length": _POST + b"Content-Length: 99999999999999999999999\r\n\r\nabcd",
    "folded header": _GET + b"X: a\r\n b\r\n\r\n",
    "bare line feeds": b"GET / HTTP/1.1\nHost: localhost\n\n",
    "bare carriage return": _GET + b"X: a\rY: b\r\n\r\n",
    "nul in a header": _GET + b"X: a\0b\r\n\r\n",
    "bad chunk size": _POST + _CHUNKED + b"\r\nzz\r\n",
    "bad chunk end": _POST + _CHUNKED + b"\r\n1\r\naXX0\r\n\r\n",
    "no version": b"GET /\r\nHost: localhost\r\n\r\n",
    "version 2": b"GET / HTTP/2.0\r\nHost: localhost\r\n\r\n",
    "version 9": b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
    "unknown method": b"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "connect": b"CONNECT localhost:443 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "space in the address": b"GET / index HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "not http": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 100,
    "two hosts": _GET + b"Host: localhost\r\nConnection: close\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
    "forged host": b"GET / HTTP/1.1\r\nHost: evil\r\nConnection: close\r\n\r\n",
    "forged host in the address": b"GET http://evil/ HTTP/1.1\r\nHost: evil\r\nConnection: close\r\n\r\n",
    "old version without host": b"GET / HTTP/1.0\r\n\r\n",
}


@pytest.mark.parametrize("name", SMUGGLING)
def test_what_two_readers_could_read_differently_gets_one_400_and_a_closed_door(server, name):
    received = server.ask(SMUGGLING[name] + LAST)
    assert statuses(received) == [400]
    assert b"application/problem+json" in received
