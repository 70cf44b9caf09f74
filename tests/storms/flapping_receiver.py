"""A receiver of webhooks that answers now and then: it also refuses, fails, cuts, hangs, and asks for patience.

Every signature is verified by somebody else's implementation, and what was accepted is written down in its order.
"""

import json
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

HANG_SECONDS = 30.0  # longer than any sender waits
WAYS = ("accept", "fail", "patience", "cut", "hang")


@dataclass(frozen=True, slots=True)
class Received:
    """One accepted message."""

    id: str
    path: str
    content: Mapping[str, Any]


@dataclass(slots=True)
class FlappingReceiver:
    """shares: how often it does each of WAYS."""

    secret: str
    rng: np.random.Generator
    shares: tuple[float, ...] = (0.9, 0.04, 0.03, 0.028, 0.002)
    received: list[Received] = field(default_factory=list, init=False)
    ways: Counter[str] = field(default_factory=Counter, init=False)
    forged: int = field(default=0, init=False)
    port: int = field(default=0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _lets_go: threading.Event = field(default_factory=threading.Event, init=False)

    def heal(self) -> None:
        """Accept everything from now on, and let go of who is kept hanging."""
        with self._lock:
            self.shares = (1.0, 0.0, 0.0, 0.0, 0.0)
        self._lets_go.set()

    def hang(self) -> None:
        """Keep everybody hanging from now on."""
        self._lets_go.clear()
        with self._lock:
            self.shares = (0.0, 0.0, 0.0, 0.0, 1.0)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen on a free port of this machine until the block is left."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        server.daemon_threads = True
        self.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._lets_go.set()
            server.shutdown()
            server.server_close()
            thread.join()

    def treat(self, request: "_Request", body: bytes) -> None:
        """Do one of the things it does."""
        way = self._way()
        match way:
            case "accept":
                self._accept(request, body)
            case "fail":
                request.reply(500)
            case "patience":
                request.reply(429, {"Retry-After": "1"})
            case "cut":
                request.close_connection = True
            case "hang":
                self._lets_go.wait(HANG_SECONDS)
                request.close_connection = True

    def _way(self) -> str:
        with self._lock:
            way = str(self.rng.choice(WAYS, p=self.shares))
            self.ways[way] += 1
            return way

    def _accept(self, request: "_Request", body: bytes) -> None:
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            Webhook(self.secret).verify(body, headers)
        except WebhookVerificationError:
            with self._lock:
                self.forged += 1
            request.reply(400)
            return
        with self._lock:
            self.received.append(Received(headers["webhook-id"], request.path, json.loads(body)))
        request.reply(204)


class _Request(BaseHTTPRequestHandler):
    """One connection."""

    receiver: FlappingReceiver
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.receiver.treat(self, self.rfile.read(int(self.headers["Content-Length"])))

    def reply(self, status: int, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Keep quiet."""


def _handler_of(receiver: FlappingReceiver) -> type[_Request]:
    return type("Handler", (_Request,), {"receiver": receiver})
