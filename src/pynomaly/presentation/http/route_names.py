"""What a request is called where requests are counted: by the template of its route, never by what a client wrote."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.types import Scope

API = "/api"
PREFIX = f"{API}/v1"
"""Where the API begins; a version that breaks clients begins elsewhere."""
UNMATCHED = "unmatched"
"""Requests for addresses that there are not."""
OTHER_METHOD = "other"
METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
"""What a client may call a method is up to it; these are counted by name."""


@dataclass(frozen=True, slots=True)
class RouteNames:
    """The names of an application's routes. plain: addresses that are their own templates."""

    plain: frozenset[str] = frozenset()

    @classmethod
    def of(cls, *apps: FastAPI) -> "RouteNames":
        """Return the names of what applications answer."""
        return cls(frozenset(path for app in apps for path, _ in declared_routes(app) if "{" not in path))

    def name_of(self, scope: Scope) -> str:
        """Return the name of a request that was answered, also where it went past the framework."""
        path = scope["path"]
        if path in self.plain:
            return str(path)
        route = scope.get("route")
        if not isinstance(route, APIRoute):
            return UNMATCHED
        return PREFIX + route.path if path.startswith(PREFIX) else str(route.path)


def method_of(scope: Scope) -> str:
    """Return the method of a request, of a few."""
    method = str(scope["method"])
    return method if method in METHODS else OTHER_METHOD


def declared_routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Yield template and method of everything that an application answers."""
    for route in iter_route_contexts(app.routes):
        for method in sorted(route.methods or ()):
            yield str(route.path), method
