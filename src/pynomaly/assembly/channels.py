"""Every kind of channel, on connections that are guarded."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, TypeAlias

from pynomaly.application.ports.clock import Clock
from pynomaly.application.ports.notifier import NotifierCatalog
from pynomaly.assembly.outbound import guard_of
from pynomaly.infrastructure.notifications.catalog import Channels
from pynomaly.infrastructure.notifications.outside import Outside
from pynomaly.infrastructure.outbound.conversation import conversation
from pynomaly.infrastructure.outbound.guard import OutboundGuard
from pynomaly.infrastructure.settings import Settings

if TYPE_CHECKING:
    import socket
    import ssl

    from pynomaly.infrastructure.outbound.http_client import HttpReply

HTTP_PORTS = frozenset({443, 8443})
MAIL_PORTS = frozenset({465, 587, 2525})
"""Where mail is submitted; port 25 is for servers among themselves, and most networks let nobody through there."""
SECONDS = 10.0
"""How long one attempt may take, whoever is at the other end."""

GuardOf: TypeAlias = Callable[[frozenset[int]], OutboundGuard]
"""Returns the guard that lets some ports of the outside world through."""


def notifier_catalog(settings: Settings, clock: Clock) -> NotifierCatalog:
    """Return the kinds of channels as the settings have them."""
    return catalog_through(partial(guard_of, settings), clock)


def catalog_through(
    guard: GuardOf, clock: Clock, tls: "Callable[[], ssl.SSLContext] | None" = None, seconds: float = SECONDS
) -> NotifierCatalog:
    """Return the kinds of channels over guards. tls: whom to trust, the system's authorities if None."""
    lines = _Lines(guard, clock, tls or _trusted, seconds)
    return Channels(Outside(lines.post, lines.converse, _check_url, lines.tls, clock))


@dataclass(frozen=True, slots=True)
class _Lines:
    """Opened anew for each message: names, and where our own database listens, may have changed."""

    guard: GuardOf
    clock: Clock
    tls: "Callable[[], ssl.SSLContext]"
    seconds: float

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> "HttpReply":
        # every command has the channels at hand, and few speak HTTP or TLS: that takes a while to import
        from pynomaly.infrastructure.outbound.http_client import HttpClient

        return HttpClient(self.guard(HTTP_PORTS), self.clock, self.tls(), self.seconds).post(url, body, headers)

    def converse(self, host: str, port: int, *, is_encrypted: bool) -> "AbstractContextManager[socket.socket]":
        guard = self.guard(MAIL_PORTS)
        return conversation(guard if is_encrypted else guard.inside_only(), host, port, self.seconds)


def _check_url(url: str) -> None:
    from pynomaly.infrastructure.outbound.http_client import read_url

    read_url(url)


@cache
def _trusted() -> "ssl.SSLContext":
    """Read the system's authorities once: that takes longer than most messages."""
    import ssl

    return ssl.create_default_context()
