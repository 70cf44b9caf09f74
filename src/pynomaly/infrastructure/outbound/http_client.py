"""One HTTP request to where users said, through the guard: no redirects, a deadline, and a reply that is kept short."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from pynomaly.domain.errors import DestinationRefused, RemoteUnavailable
from pynomaly.infrastructure.outbound.deadline import Deadline
from pynomaly.infrastructure.outbound.guard import OutboundGuard

MOST_REPLY_BYTES = 64 * 1024
SECONDS = 10.0
_PORTS = {"https": 443, "http": 80}


class HttpReply(NamedTuple):
    """What came back; the body is cut off at MOST_REPLY_BYTES."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class HttpClient:
    """Plain http is spoken inside allowed networks only; to the outside world everything is encrypted and verified."""

    guard: OutboundGuard
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    seconds: float = SECONDS

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpReply:
        """Send a body. Raises DestinationRefused where it must not go, RemoteUnavailable where no whole answer came."""
        place = read_url(url)
        host, is_encrypted = place.hostname or "", place.scheme == "https"
        deadline = Deadline.within(self.seconds)
        guard = self.guard if is_encrypted else self.guard.inside_only()
        connection = guard.open(host, place.port or _PORTS[place.scheme], deadline)
        try:
            with deadline.over(lambda: connection):
                if is_encrypted:
                    connection = self.tls.wrap_socket(connection, server_hostname=host, do_handshake_on_connect=False)
                    connection.do_handshake()
                return _exchange(connection, place, body, headers)
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "strerror", None) or str(error) or "the connection was cut"
            raise RemoteUnavailable(f"{host} gave no answer: {reason}") from error
        finally:
            connection.close()


def read_url(url: str) -> SplitResult:
    """Take a URL apart that says plainly where it leads. Raises DestinationRefused for any other."""
    try:
        place = urlsplit(url)
        port = place.port
    except ValueError:
        raise DestinationRefused("this is no URL") from None
    is_plain = url.isascii() and url.isprintable() and not set(url) & set(' \\"<>^`{|}')
    if not is_plain or place.scheme not in _PORTS or not place.hostname or port == 0:
        raise DestinationRefused(
            "a URL must begin with https:// and name a host; write anything unusual percent-encoded"
        )
    if "@" in place.netloc or "%" in place.netloc:
        raise DestinationRefused("a URL must not hold a name, a password or an encoded host")
    return place


def _exchange(connection: socket.socket, place: SplitResult, body: bytes, headers: Mapping[str, str]) -> HttpReply:
    speaking = http.client.HTTPConnection(place.netloc)
    speaking.sock = connection
    target = (place.path or "/") + (f"?{place.query}" if place.query else "")
    speaking.request("POST", target, body, {**headers, "Connection": "close", "Accept-Encoding": "identity"})
    reply = speaking.getresponse()
    return HttpReply(reply.status, reply.read(MOST_REPLY_BYTES))
