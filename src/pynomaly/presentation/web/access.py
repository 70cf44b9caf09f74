"""Who may look at what: every page names a permission or says that it is public, or the program does not start."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from pynomaly.application.current_work import note_of_work
from pynomaly.domain.access import Permission, Principal
from pynomaly.domain.errors import NotSignedIn
from pynomaly.presentation.web import cookies
from pynomaly.presentation.web.visitor import Visitor
from pynomaly.presentation.web.web_program import WebProgram, program_behind


@dataclass(frozen=True, slots=True)
class Requires:
    """A dependency that lets in who may do something, as the visitor of the page."""

    permission: Permission

    def __call__(self, request: Request) -> Visitor:
        """Return the visitor. Raises NotSignedIn, Forbidden, TooManyRequests."""
        visitor = signed_in(request)
        visitor.principal.require(self.permission)
        return visitor


def signed_in(request: Request) -> Visitor:
    """Return who is signed in; each request is counted once. Raises NotSignedIn, TooManyRequests."""
    known: Visitor | None = getattr(request.state, "visitor", None)
    if known is not None:
        return known
    program = program_behind(request)
    principal = _principal(program, request)
    note_of_work(tenant_id=principal.tenant_id, actor=principal.actor)
    program.limits.spend_for_principal(principal)
    visitor = request.state.visitor = Visitor(principal, program, request)
    return visitor


def _principal(program: WebProgram, request: Request) -> Principal:
    token = request.cookies.get(cookies.SESSION)
    try:
        if token is None:
            raise NotSignedIn
        principal = program.identify(token)
        if principal.kind != "user":
            raise NotSignedIn
    except NotSignedIn:
        if token is not None:
            program.limits.spend_for_address(request.client.host if request.client else "unknown")
        raise
    return principal


def public() -> None:
    """Mark a page that everybody may see."""


PUBLIC = Depends(public)


def requires(permission: Permission) -> Requires:
    """Return the dependency that guards a page."""
    return Requires(permission)


class UnguardedPage(Exception):
    """A page says neither what permission it needs nor that it is public, or takes forms without checking them."""


def require_guards(routes: Iterable[BaseRoute], form_checks: Collection[object]) -> None:
    """Check every page, so that a forgotten one is found before it is served. Raises UnguardedPage.

    form_checks: the dependencies one of which everything that changes something has to have.
    """
    for route in routes:
        calls = list(_calls(route.dependant)) if isinstance(route, APIRoute) else []
        if not any(isinstance(call, Requires) or call is public for call in calls):
            raise UnguardedPage(f"{getattr(route, 'path', route)} has no guard")
        if "POST" in (getattr(route, "methods", None) or ()) and not any(call in form_checks for call in calls):
            raise UnguardedPage(f"{getattr(route, 'path', route)} takes forms without checking where they come from")


def _calls(dependant: Dependant) -> Iterator[object]:
    for one in dependant.dependencies:
        yield one.call
        yield from _calls(one)
