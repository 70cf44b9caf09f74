"""A real server in a thread, and clients that write bytes."""

import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from pynomaly.presentation.api.deadlines import protocol_within


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
