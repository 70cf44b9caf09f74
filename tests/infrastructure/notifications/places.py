"""An outside for channels that knows one host, own.example, which is this machine."""

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from pynomaly.application.ports.notifier import Message
from pynomaly.infrastructure.notifications.outside import Outside

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOST = "own.example"
MESSAGE = Message(
    "5f0c2d",
    "anomalies.found",
    NOON,
    "Frauds: 3 of 367 rows stand out",
    "Highest severity: 91 of 100.\nDetection: d7",
    {"detection_id": "d7", "n_anomalies": 3, "n_rows": 367, "severity": 91.25},
)


class Answer(NamedTuple):
    """What a receiver says over HTTP."""

    status: int = 200
    body: bytes = b""
    retry_after_seconds: float | None = None


class Post(NamedTuple):
    """What a receiver heard over HTTP."""

    url: str
    body: bytes
    headers: Mapping[str, str]


@dataclass
class Receiver:
    """Answers every post the same, and remembers it."""

    answer: Answer = field(default_factory=Answer)
    posts: list[Post] = field(default_factory=list)

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        self.posts.append(Post(url, body, headers))
        return self.answer


@dataclass
class Line:
    """Lends connections to this machine; remembers whether they were to be encrypted."""

    asked: list[tuple[str, bool]] = field(default_factory=list)

    @contextmanager
    def __call__(self, host: str, port: int, *, is_encrypted: bool) -> Iterator[socket.socket]:
        self.asked.append((host, is_encrypted))
        with socket.create_connection(("127.0.0.1", port), timeout=5.0) as connection:
            yield connection


def outside(
    post: Receiver | None = None,
    converse: Line | None = None,
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    clock: Callable[[], datetime] = lambda: NOON,
) -> Outside:
    """Return an outside; every URL is one that may be connected to."""
    return Outside(post or Receiver(), converse or Line(), lambda url: None, tls, clock)
