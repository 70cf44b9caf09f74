"""What channels reach the outside through, put together elsewhere: no channel opens a connection itself."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pynomaly.application.ports.clock import Clock

if TYPE_CHECKING:
    import socket
    import ssl


class Reply(Protocol):
    """What came back over HTTP."""

    @property
    def status(self) -> int:
        """The status code."""
        ...

    @property
    def body(self) -> bytes:
        """The body, or its beginning."""
        ...

    @property
    def retry_after_seconds(self) -> float | None:
        """How long the other side asks to be left alone."""
        ...


class Post(Protocol):
    """One HTTP request that follows no redirect."""

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Send a body. Raises DestinationRefused, RemoteUnavailable."""
        ...


class Converse(Protocol):
    """A connection for a while."""

    def __call__(self, host: str, port: int, *, is_encrypted: bool) -> "AbstractContextManager[socket.socket]":
        """Lend a connection; what is not to be encrypted stays inside. Raises DestinationRefused, RemoteUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class Outside:
    """check_url: raises DestinationRefused for a URL that nobody would connect to.  tls: whom to trust."""

    post: Post
    converse: Converse
    check_url: Callable[[str], object]
    tls: "Callable[[], ssl.SSLContext]"
    clock: Clock
