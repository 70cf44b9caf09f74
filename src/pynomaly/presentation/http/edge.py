"""The outermost wall of the API: what every request passes first, and every answer last."""

import re
import secrets
import time
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from pynomaly.application.current_work import begin_work
from pynomaly.application.ports.telemetry import Telemetry, Unwatched
from pynomaly.domain.errors import InvalidRequest
from pynomaly.presentation.http.body_cap import CappedBodies
from pynomaly.presentation.http.bounds import BOUNDS
from pynomaly.presentation.http.error_handlers import FAILURE, answer_to_unexpected
from pynomaly.presentation.http.front_door import FrontDoor, host_names
from pynomaly.presentation.http.route_names import RouteNames, method_of

Network: TypeAlias = IPv4Network | IPv6Network

SECURITY_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)
"""On every answer that does not say otherwise itself."""

CLIENT_LEFT = 499
"""How a request without an answer is counted: its client was gone (a status of nginx's making)."""

_REQUEST_ID = re.compile(str(BOUNDS.request_id.pattern).encode())
_NAMES = frozenset({b"x-request-id", b"traceparent"})
_TRACE_PARENT = re.compile(rb"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def at_the_edge(
    app: ASGIApp,
    *,
    allowed_hosts: Collection[str] = (),
    trusted_proxies: Collection[str] = (),
    body_limit: int = BOUNDS.upload_bytes,
    telemetry: Telemetry | None = None,
    routes: RouteNames | None = None,
) -> ASGIApp:
    """Return an application behind the wall.

    allowed_hosts: names this server goes by besides those of the machine itself.  trusted_proxies: addresses or
    networks whose X-Forwarded-For and X-Forwarded-Proto are believed; nobody's by default.  body_limit: bytes of
    the largest body of any route.  telemetry, routes: who hears of each request, and by which name. Raises
    InvalidRequest for a host or a proxy that is none.
    """
    inner: ASGIApp = FrontDoor(CappedBodies(app, body_limit), host_names(allowed_hosts))
    if proxies := networks_of(trusted_proxies):
        inner = ProxyHeadersMiddleware(inner, [str(one) for one in proxies])  # type: ignore[arg-type, assignment]
    return Identified(inner, telemetry or Unwatched(), routes or RouteNames())


def networks_of(proxies: Collection[str]) -> tuple[Network, ...]:
    """Return proxies, given as addresses or networks, as networks. Raises InvalidRequest for anything else, as "*"."""
    try:
        return tuple(ip_network(one) for one in proxies)
    except ValueError as error:
        raise InvalidRequest(f"a proxy is trusted by its address or network, such as 10.0.0.0/24: {error}") from None


@dataclass(frozen=True, slots=True)
class Identified:
    """Gives each request an id and each answer its headers, answers for whatever fails within, and tells of it."""

    app: ASGIApp
    telemetry: Telemetry
    routes: RouteNames

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})  # there are none; default is to refuse

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        names = names_of(scope)
        begin_work(names)
        answer = _Answer(send, names["request_id"])
        try:
            await self.app(scope, receive, answer.send)
        except Exception as error:
            is_known = scope["state"].get(FAILURE) is error  # the application's own last resort has logged it
            response = None if is_known else answer_to_unexpected(error, scope)
            if answer.is_complete:
                return
            if answer.has_started or response is None:
                raise  # only breaking the connection can tell the client now
            await response(scope, receive, answer.send)
        finally:
            seconds = time.perf_counter() - began
            self.telemetry.request_ended(self.routes.name_of(scope), method_of(scope), answer.status, seconds)


def names_of(scope: Scope) -> dict[str, str]:
    """Return the names of a request: its id, kept in its state too, and the trace it is part of (W3C Trace Context).

    Both are the client's own where they are sane.
    """
    given = [header for header in scope["headers"] if header[0] in _NAMES]
    names = {"request_id": _request_id([value for name, value in given if name == b"x-request-id"])}
    scope.setdefault("state", {})["request_id"] = names["request_id"]
    if given and (parent := _trace_parent([value for name, value in given if name == b"traceparent"])):
        names["traceparent"] = parent
    return names


def _request_id(given: list[bytes]) -> str:
    is_sane = len(given) == 1 and len(given[0]) <= BOUNDS.request_id.most and _REQUEST_ID.fullmatch(given[0])
    return given[0].decode("ascii") if is_sane else secrets.token_hex(16)


def _trace_parent(given: list[bytes]) -> str | None:
    return given[0].decode("ascii") if len(given) == 1 and _TRACE_PARENT.fullmatch(given[0]) else None


class _Answer:
    """The way out: adds the headers, and remembers how far the answer got."""

    __slots__ = ("_request_id", "_send", "has_started", "is_complete", "status")

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id.encode("ascii")
        self.has_started = self.is_complete = False
        self.status = CLIENT_LEFT

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_started = True
            self.status = int(message["status"])
            message = {**message, "headers": self._dressed(message.get("headers", ()))}
        elif message["type"] == "http.response.body":
            self.is_complete = not message.get("more_body", False)
        await self._send(message)

    def _dressed(self, headers: Collection[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        present = {name.lower() for name, _ in headers}
        missing = [header for header in SECURITY_HEADERS if header[0] not in present]
        return [*headers, *missing, (b"x-request-id", self._request_id)]
