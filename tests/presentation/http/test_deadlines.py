"""A real server against slow, greedy and deceitful clients, with deadlines of tenths of seconds."""

import json
import socket
import time
from dataclasses import replace

import pytest

from pynomaly.presentation.http.edge import SECURITY_HEADERS, at_the_edge
from tests.presentation.http.served import (
    BRIEF,
    GET,
    LAST,
    POST,
    counting_app,
    read_all,
    read_answer,
    served,
    statuses,
    wait_until,
)


@pytest.fixture(scope="module", params=["asyncio", "uvloop"])
def server(request):
    pytest.importorskip(request.param)
    with served(at_the_edge(counting_app), BRIEF, loop=request.param) as running:
        yield running


@pytest.fixture(autouse=True)
def everything_is_counted_back(server):
    yield
    wait_until(lambda: server.n_counted == 0 and not server.server.server_state.connections)


def trickle(connection, data, seconds=3.0, pause=0.03):
    """Send byte by byte until the other side has had enough; return what it said, and after how long."""
    start = time.monotonic()
    connection.settimeout(pause)
    for position in range(len(data)):
        try:
            connection.sendall(data[position : position + 1])
            if said := connection.recv(65536):
                return said, time.monotonic() - start
            break
        except TimeoutError:
            assert time.monotonic() - start < seconds, "it was let go on"
        except ConnectionError:
            break
    return b"", time.monotonic() - start


def push(connection, piece, times=1000):
    for _ in range(times):
        connection.sendall(piece)
        time.sleep(0.001)


def test_an_ordinary_exchange_goes_through_and_the_connection_is_kept(server):
    with server.connect() as connection:
        for size in (0, 5, 50_000):
            connection.sendall(POST % size + b"x" * size)
            assert read_answer(connection) == (200, b"%d" % size)


def test_headers_that_trickle_get_a_408(server):
    with server.connect() as connection:
        said, seconds = trickle(connection, b"GET / HTTP/1.1\r\nX: " + b"a" * 1000)
    assert statuses(said) == [408]
    assert 0.25 < seconds < 2


def test_a_408_is_a_problem_with_all_security_headers(server):
    with server.connect() as connection:
        head, _, body = trickle(connection, b"GET / HTTP/1.1\r\nX: " + b"a" * 1000)[0].partition(b"\r\n\r\n")
    assert json.loads(body)["type"] == "/problems/request-timeout"
    assert all(name + b": " + value in head for name, value in SECURITY_HEADERS)
    assert b"connection: close" in head


def test_a_connection_that_says_nothing_is_closed_without_a_word(server):
    with server.connect() as connection:
        assert read_all(connection) == b""


def test_the_second_request_has_a_deadline_too(server):
    with server.connect() as connection:
        connection.sendall(GET)
        read_answer(connection)
        said, seconds = trickle(connection, b"GET / HTTP/1.1\r\nX: " + b"a" * 1000)
    assert statuses(said) == [408]
    assert seconds < 2


def test_blank_lines_do_not_keep_a_connection_open(server):
    with server.connect() as connection:
        said, seconds = trickle(connection, b"\r\n" * 1000)
    assert said == b""
    assert seconds < 2


def test_a_body_that_trickles_gets_a_408(server):
    with server.connect() as connection:
        connection.sendall(POST % 1000)
        said, seconds = trickle(connection, b"x" * 1000)
    assert statuses(said) == [408]
    assert 0.25 < seconds < 2


def test_a_body_that_never_comes_gets_a_408(server):
    with server.connect() as connection:
        connection.sendall(POST % 1000)
        assert statuses(read_all(connection)) == [408]


def test_a_chunked_body_of_extensions_only_gets_refused(server):
    with server.connect() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1;")
        said, seconds = trickle(connection, b"x" * 1000)
    assert statuses(said) == [408]
    assert seconds < 2


def test_a_body_slower_than_the_rate_is_cut_off_once_its_grace_is_over(server):
    with server.connect() as connection:
        connection.sendall(POST % 1_000_000)
        start, refused = time.monotonic(), False
        connection.settimeout(0.1)
        while not refused and time.monotonic() - start < 5:
            try:
                connection.sendall(b"x" * 500)  # a quarter of the rate
                refused = b" 408 " in connection.recv(65536)
            except TimeoutError:
                continue
    assert refused
    assert 0.3 < time.monotonic() - start < 3


def test_a_body_faster_than_the_rate_may_take_long(server):
    with server.connect() as connection:
        connection.sendall(POST % 40_000)
        for _ in range(10):
            connection.sendall(b"x" * 4000)
            time.sleep(0.1)
        assert read_answer(connection) == (200, b"40000")


def test_time_stands_still_while_the_answer_is_made(server):
    with server.connect() as connection:
        connection.sendall(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\nHo")
        assert read_answer(connection) == (200, b"slow")
        connection.sendall(b"st: localhost\r\n\r\n")
        assert read_answer(connection) == (200, b"0")


def test_time_stands_still_while_we_do_not_read():
    with served(at_the_edge(counting_app), replace(BRIEF, upload_bytes_per_second=100_000_000)) as server:
        received = server.ask((POST % 200_000).replace(b"/", b"/late", 1) + b"x" * 200_000 + LAST)
    assert statuses(received) == [200, 200]


def test_a_reader_that_never_reads_is_cut_off(server):
    with server.connect() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(b"GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n")
        wait_until(lambda: server.n_counted == 1)
        wait_until(lambda: server.n_counted == 0)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 5000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 500_000,
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: a\r\n" * 2000 + b"\r\n",
        b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /" + b"a" * 500_000,
    ],
    ids=["long value", "endless value", "many", "long address", "endless address"],
)
def test_headers_past_the_cap_get_a_431(server, request_bytes):
    with server.connect() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1_000_000)
        connection.sendall(request_bytes)
        assert statuses(read_all(connection)) == [431]


def test_an_endless_trailer_is_refused(server):
    with server.connect() as connection:
        connection.sendall(b"POST /slow HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ")
        with pytest.raises(ConnectionError):
            push(connection, b"a" * 1000)


def test_trailers_do_not_become_headers(server):
    request = b"POST /headers HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    received = server.ask(request + b"1\r\na\r\n0\r\nAuthorization: Bearer forged\r\nX-Late: 1\r\n\r\n")
    assert statuses(received) == [200]
    assert b"transfer-encoding" in received
    assert b"forged" not in received
    assert b"late" not in received


def test_an_answered_request_is_not_read_to_the_end_of_its_body(server):
    with server.connect() as connection:
        connection.sendall(b"POST /deaf HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n")
        assert read_answer(connection) == (200, b"deaf")
        with pytest.raises(ConnectionError):
            push(connection, b"x" * 10_000)


def test_an_answer_without_its_short_body_keeps_the_connection(server):
    with server.connect() as connection:
        connection.sendall(b"POST /deaf HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000)
        assert read_answer(connection) == (200, b"deaf")
        connection.sendall(GET)
        assert read_answer(connection) == (200, b"0")


@pytest.mark.parametrize(
    "second", [b"BREW / HTTP/1.1\r\n\r\n", b"x" * 100, GET[:-2] + b"X: " + b"a" * 5000 + b"\r\n\r\n"]
)
def test_what_is_wrong_with_a_later_request_does_not_cost_the_earlier_its_answer(server, second):
    received = server.ask(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n" + second)
    assert statuses(received) == [200]
    assert received.endswith(b"slow")


def test_a_body_that_breaks_off_after_the_answer_began_breaks_the_answer_off(server):
    with server.connect() as connection:
        connection.sendall(b"POST /endless HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        connection.recv(10)
        connection.sendall(b"zz\r\n")
        assert b" 400 " not in read_all(connection)


@pytest.mark.parametrize("protocol", [b"websocket", b"h2c", b"TLS/1.0"])
def test_another_protocol_is_answered_in_this_one(server, protocol):
    received = server.ask(
        b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: " + protocol + b"\r\n\r\n" + LAST
    )
    assert statuses(received) == [200]
    assert b"connection: close" in received


def test_connections_past_the_cap_per_address_are_refused(server):
    kept = [server.connect() for _ in range(4)]
    wait_until(lambda: server.n_counted == 4)
    assert statuses(server.ask(b"")) == [429]
    kept.pop().close()
    wait_until(lambda: server.n_counted == 3)
    assert statuses(server.ask(LAST)) == [200]
    for connection in kept:
        connection.close()


def test_connections_past_the_cap_in_total_are_refused():
    with served(counting_app, BRIEF, trusted_proxies=["127.0.0.0/8"]) as server:
        kept = [server.connect() for _ in range(6)]
        wait_until(lambda: server.n_counted == 6)
        refused = server.ask(b"")
        assert statuses(refused) == [503]
        assert b"retry-after: 5" in refused
        for connection in kept:
            connection.close()
