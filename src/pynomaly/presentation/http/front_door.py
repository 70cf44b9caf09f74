"""Turns away what no honest client sends: a forged Host, doubled headers, NUL in the address."""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from pynomaly.domain.errors import InvalidRequest
from pynomaly.presentation.http.bounds import BOUNDS
from pynomaly.presentation.http.problems import problem_response
from pynomaly.presentation.http.refusals import Fault, MalformedRequest, RequestRefused, TargetTooLong, UnknownHost

OWN_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})

ONCE_AT_MOST = frozenset(
    {
        b"authorization",
        b"content-encoding",
        b"content-length",
        b"content-type",
        b"host",
        b"idempotency-key",
        b"if-match",
        b"last-event-id",
        b"transfer-encoding",
    }
)
"""Of these a second one is a way to be read differently by two readers."""

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:[0-9]{1,5})?")


def host_names(configured: Collection[str]) -> frozenset[str]:
    """Return the names a server goes by. Raises InvalidRequest for what is not a plain host name, such as "*"."""
    for name in configured:
        found = _HOST.fullmatch(name.lower())
        if found is None or found[3]:
            raise InvalidRequest(f"'{name}' is not a host name; list each by itself, without port, and without '*'")
    return OWN_NAMES | {name.lower() for name in configured}


@dataclass(frozen=True, slots=True)
class FrontDoor:
    """Lets in requests that are well-formed and meant for this server."""

    app: ASGIApp
    hosts: frozenset[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        if refusal is None:
            await self.app(scope, receive, send)
        else:
            response = problem_response(refusal, scope["state"]["request_id"], scope["path"])
            await response(scope, receive, send)

    def _refusal(self, scope: Scope) -> RequestRefused | None:
        return _doubled_header(scope) or self._foreign_host(scope) or _bad_target(scope)

    def _foreign_host(self, scope: Scope) -> RequestRefused | None:
        given = next((value for name, value in scope["headers"] if name == b"host"), b"")
        found = _HOST.fullmatch(given.decode("latin-1").lower())
        return None if found and found[1] in self.hosts else UnknownHost(headers={"Connection": "close"})


def _doubled_header(scope: Scope) -> RequestRefused | None:
    names = [name for name, _ in scope["headers"] if name in ONCE_AT_MOST]
    if len(names) == len(set(names)):
        return None
    doubled = next(name.decode() for name, times in Counter(names).items() if times > 1)
    return MalformedRequest(faults=[Fault("header", f"/{doubled}", "is given more than once")])


def _bad_target(scope: Scope) -> RequestRefused | None:
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > BOUNDS.target_bytes:
        return TargetTooLong()
    if "\0" in scope["path"] or b"%00" in scope["query_string"] or b"\0" in scope["query_string"]:
        return MalformedRequest("the address contains a NUL character")
    return None
