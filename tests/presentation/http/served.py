"""A real server in a thread, and clients that write bytes."""

import asyncio
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace

import uvicorn

from pynomaly.presentation.http.bounds import BOUNDS
from pynomaly.presentation.http.deadlines import protocol_within

BRIEF = replace(
    BOUNDS,
    header_seconds=0.3,
    upload_grace_seconds=0.3,
    upload_bytes_per_second=20_000,
    unread_response_seconds=0.3,
    header_bytes=4000,
    json_bytes=100_000,
    connections=6,
    connections_per_address=4,
)
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


async def reply(send, text, more_body=False):
    headers = [] if more_body else [(b"content-length", b"%d" % len(text))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": text, "more_body": more_body})


async def counting_app(scope, receive, send):
    """Count the body, /late after a while.

    /deaf answers without it, /slow thinks first, /endless never ends, /headers tells the headers.
    """
    path = scope["path"]
    if path == "/late":
        await asyncio.sleep(0.8)
    if path == "/deaf":
        await reply(send, b"deaf")
    elif path == "/slow":
        await asyncio.sleep(0.8)
        await reply(send, b"slow")
    elif path == "/endless":
        await reply(send, b"x", more_body=True)
        for _ in range(10_000):
            await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
    else:
        n_bytes, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            n_bytes += len(message["body"])
            more = message["more_body"]
        text = repr(scope["headers"]).encode() if path == "/headers" else b"%d" % n_bytes
        await reply(send, text)


@dataclass(frozen=True)
class Served:
    """Where a server listens, and what it counts."""

    address: tuple[str, int]
    protocol: type
    server: uvicorn.Server

    def connect(self, timeout_seconds=5.0):
        return socket.create_connection(self.address, timeout_seconds)

    def ask(self, request):
        """Send bytes on a connection of their own and return all that comes back."""
        with self.connect() as connection:
            connection.sendall(request)
            return read_all(connection)

    @property
    def n_counted(self):
        return self.protocol.open_by_address.total()


@contextmanager
def served(app, bounds, loop="auto", **choices):
    protocol = protocol_within(bounds, **choices)
    config = uvicorn.Config(app, http=protocol, loop=loop, lifespan="off", log_config=None, proxy_headers=False)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            wait_until(lambda: server.started)
            yield Served(listener.getsockname(), protocol, server)
        finally:
            server.should_exit = server.force_exit = True
            thread.join(10)


def wait_until(condition, timeout_seconds=5.0):
    end = time.monotonic() + timeout_seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)


def read_all(connection):
    """Return what comes until the other side closes; a reset after the answer is an end too."""
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionResetError:
        pass
    return received


def read_answer(connection):
    """Return one answer of a kept connection: its status and its body."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        assert piece, received
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += connection.recv(65536)
    return int(head.split()[1]), body


def statuses(received):
    """Return the statuses of all answers in some bytes."""
    return [int(part.split()[0]) for part in received.split(b"HTTP/1.1 ")[1:]]
