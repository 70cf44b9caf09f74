"""Every address of the pages, with the permission that guards it, read from the pages themselves."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from pynomaly.domain.access import Permission
from pynomaly.presentation.web.access import Requires, public
from pynomaly.presentation.web.app import PAGES

UNKNOWN_ID = "0123456789abcdef0123456789abcdef"


@dataclass(frozen=True)
class Address:
    """One method of one address. permission: None for what everybody may see."""

    method: str
    path: str
    permission: Permission | None

    @property
    def names_a_thing(self) -> bool:
        """Whether something has to be there for it to do anything."""
        return "{id}" in self.path

    @property
    def filled(self) -> str:
        """The address of something that is not there."""
        filled = self.path.replace("{id}", UNKNOWN_ID).replace("{row}", "7")
        return filled.replace("{build}", "none").replace("{name:path}", "style.css")


def addresses() -> list[Address]:
    """Return every one."""
    return [
        Address(method, route.path, _permission(route))
        for pages in PAGES
        for route in pages.routes
        if isinstance(route, APIRoute)
        for method in sorted(route.methods)
    ]


def _permission(route: APIRoute) -> Permission | None:
    calls = list(_calls(route.dependant))
    guards = [call.permission for call in calls if isinstance(call, Requires)]
    assert guards or public in calls, route.path
    return guards[0] if guards else None


def _calls(dependant: Dependant) -> Iterator[object]:
    for one in dependant.dependencies:
        yield one.call
        yield from _calls(one)
