"""Who may call what: every route names a permission or says that it is public, or the program does not start."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import anyio
from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute

from pynomaly.application.current_work import note_of_work
from pynomaly.domain.access import Permission, Principal
from pynomaly.domain.errors import NotSignedIn
from pynomaly.presentation.api.api_program import ApiProgram, program_behind
from pynomaly.presentation.api.caller import Caller

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="bearer",
    description="An access token from `POST /api/v1/sessions`, or an API key (`pyn_…`).",
)


@dataclass(frozen=True, slots=True)
class Requires:
    """A dependency that lets in who may do something, as the caller of the route."""

    permission: Permission

    async def __call__(self, request: Request, _documented: Annotated[object, Depends(bearer)]) -> Caller:
        """Return the caller. Raises NotSignedIn, Forbidden, TooManyRequests."""
        await self.admit(request)
        caller: Caller = request.state.caller
        caller.principal.require(self.permission)
        return caller

    async def admit(self, request: Request) -> None:
        """See who asks and whether they may, once per request: a strict route does before it reads anything else."""
        if hasattr(request.state, "caller"):
            return
        service = program_behind(request)
        principal = await admitted(service, request)
        principal.require(self.permission)
        where = f"{request.method} {request.url.path}"
        request.state.caller = Caller(principal, service, str(request.state.request_id), where)


async def admitted(service: ApiProgram, request: HTTPConnection) -> Principal:
    """Return who makes a request, counted against what they may ask; who was here a moment ago is not looked up.

    Raises NotSignedIn, TooManyRequests; whoever is nobody is counted by address.
    """
    credentials = _credentials(request)
    known = None if credentials is None else service.identify.remembered(credentials)
    if known is not None:
        note_of_work(tenant_id=known.tenant_id, actor=known.actor)
        service.limits.spend_for_principal(known)
        return known
    return await anyio.to_thread.run_sync(partial(_identified, service, credentials, request))


def _identified(service: ApiProgram, credentials: str | None, request: HTTPConnection) -> Principal:
    try:
        if credentials is None:
            raise NotSignedIn
        principal = service.identify(credentials)
    except NotSignedIn:
        service.limits.spend_for_address(request.client.host if request.client else "unknown")
        raise
    note_of_work(tenant_id=principal.tenant_id, actor=principal.actor)
    service.limits.spend_for_principal(principal)
    return principal


def _credentials(request: HTTPConnection) -> str | None:
    kind, _, credentials = request.headers.get("authorization", "").partition(" ")
    return credentials.strip(" ") or None if kind.lower() == "bearer" else None


def public() -> None:
    """Mark a route that everybody may call."""


PUBLIC = Depends(public)


def requires(permission: Permission) -> Requires:
    """Return the dependency that guards a route."""
    return Requires(permission)


class UnguardedRoute(Exception):
    """A route says neither what permission it needs nor that it is public."""


def require_guards(routes: Iterable[BaseRoute]) -> None:
    """Check every route, so that a forgotten one is found before it is served. Raises UnguardedRoute."""
    for route in routes:
        if not isinstance(route, APIRoute) or not _is_guarded(route.dependant):
            raise UnguardedRoute(
                f"{getattr(route, 'path', route)} has no guard; give it Depends(requires(Permission.…)) or PUBLIC"
            )


def permission_of(route: APIRoute) -> Permission | None:
    """Return the permission a route needs, None for a public one."""
    guard = guard_of(route)
    return None if guard is None else guard.permission


def guard_of(route: APIRoute) -> Requires | None:
    """Return the guard of a route, None for a public one."""
    return next((call for call in _calls(route.dependant) if isinstance(call, Requires)), None)


def _is_guarded(dependant: Dependant) -> bool:
    return any(isinstance(call, Requires) or call is public for call in _calls(dependant))


def _calls(dependant: Dependant) -> Iterator[object]:
    for one in dependant.dependencies:
        yield one.call
        yield from _calls(one)
