"""Who may call what: every route names a permission or says that it is public, or the program does not start."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute

from pynomaly.domain.access import Permission, Principal
from pynomaly.domain.errors import NotSignedIn
from pynomaly.presentation.api.caller import Caller
from pynomaly.presentation.api.service import Service, service_of

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="bearer",
    description="An access token from `POST /api/v1/sessions`, or an API key (`pyn_…`).",
)


@dataclass(frozen=True, slots=True)
class Requires:
    """A dependency that lets in who may do something, as the caller of the route."""

    permission: Permission

    def __call__(
        self, request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
    ) -> Caller:
        """Return the caller. Raises NotSignedIn, Forbidden, TooManyRequests."""
        service = service_of(request)
        principal = identified(service, None if credentials is None else credentials.credentials, request)
        principal.require(self.permission)
        return Caller(principal, service, str(request.state.request_id), f"{request.method} {request.url.path}")


def identified(service: Service, credentials: str | None, request: HTTPConnection) -> Principal:
    """Return who makes a request, counted against what they may ask.

    Raises NotSignedIn, TooManyRequests; whoever is nobody is counted by address.
    """
    try:
        if credentials is None:
            raise NotSignedIn
        principal = service.identify(credentials)
    except NotSignedIn:
        service.limits.spend_for_address(request.client.host if request.client else "unknown")
        raise
    service.limits.spend_for_principal(principal)
    return principal


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
    return next((call.permission for call in _calls(route.dependant) if isinstance(call, Requires)), None)


def _is_guarded(dependant: Dependant) -> bool:
    return any(isinstance(call, Requires) or call is public for call in _calls(dependant))


def _calls(dependant: Dependant) -> Iterator[object]:
    for one in dependant.dependencies:
        yield one.call
        yield from _calls(one)
