"""One HTTP request to where users said, through the guard: no redirects, a deadline, and a reply that is kept short."""

import http.client
import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from pynomaly.application.ports.clock import Clock
from pynomaly.domain.errors import DestinationRefused, RemoteUnavailable
from pynomaly.infrastructure.outbound.deadline import Deadline
from pynomaly.infrastructure.outbound.guard import OutboundGuard

MOST_REPLY_BYTES = 64 * 1024
SECONDS = 10.0
LONGEST_WAIT_SECONDS = 86_400.0
"""Whoever asks for more patience than this is not taken at their word."""

_USUAL_HEADERS = {"User-Agent": "pynomaly", "Connection": "close", "Accept-Encoding": "identity"}
_PORTS = {"https": 443, "http": 80}
_DATE = re.compile(r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT")
"""The one form that RFC 9110 has senders use."""


class HttpReply(NamedTuple):
    """What came back; the body is cut off at MOST_REPLY_BYTES, and where the connection was.

    retry_after_seconds: how long the other side asks to be left alone, None where it does not say so.
    """

    status: int
    body: bytes
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class HttpClient:
    """Plain http is spoken inside allowed networks only; to the outside world everything is encrypted and verified.

    clock: tells how far ahead the dates of replies lie that bring no date of their own.
    """

    guard: OutboundGuard
    clock: Clock
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    seconds: float = SECONDS

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpReply:
        """Send a body. Raises DestinationRefused where it must not go, RemoteUnavailable where no answer came."""
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
                reply = _exchange(connection, place, body, headers)
                return HttpReply(reply.status, _beginning(reply), _retry_after(reply, self.clock()))
        except (OSError, http.client.HTTPException) as error:
            if deadline.has_passed:
                raise RemoteUnavailable(f"{host} gave no answer within {self.seconds:g} s") from None
            raise RemoteUnavailable(f"{host} gave no answer: {_reason(error)}") from None
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


def _reason(error: Exception) -> str:
    """Return why an exchange broke off. What HTTPException says repeats what came, which may repeat the request."""
    if isinstance(error, OSError):
        return error.strerror or str(error) or "the connection was cut"
    return "what came is no whole HTTP reply"


def _exchange(
    connection: socket.socket, place: SplitResult, body: bytes, headers: Mapping[str, str]
) -> http.client.HTTPResponse:
    speaking = http.client.HTTPConnection(place.netloc)
    speaking.sock = connection
    target = (place.path or "/") + (f"?{place.query}" if place.query else "")
    speaking.request("POST", target, body, {**_USUAL_HEADERS, **headers})
    return speaking.getresponse()


def _beginning(reply: http.client.HTTPResponse) -> bytes:
    """Read the body; where it breaks off, the status and headers are an answer all the same."""
    try:
        return reply.read(MOST_REPLY_BYTES)
    except (OSError, http.client.HTTPException):
        return b""


def _retry_after(reply: http.client.HTTPResponse, now: datetime) -> float | None:
    """Read the header in both its forms, seconds and a date; anything else says nothing."""
    text = reply.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(float(text), LONGEST_WAIT_SECONDS)
    until, since = _date(text), _date(reply.headers.get("Date", ""))  # by the sender's clock, if it shows it
    if until is None:
        return None
    return min(max((until - (since or now)).total_seconds(), 0.0), LONGEST_WAIT_SECONDS)


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text) if _DATE.fullmatch(text) else None
    except ValueError:  # there is no such day
        return None
