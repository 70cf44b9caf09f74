"""The address of every page of an installation, its blanks filled in with things that are there."""

from collections.abc import Iterator
from typing import Any

from fastapi.routing import APIRoute, iter_route_contexts

from pynomaly.presentation.web.app import PAGES
from tests.service.furnished import PLANTED, Furnished

NOUNS = {"rules": "notification-rules", "drop": "datasets"}
"""What the API calls things that pages call otherwise."""


def page_routes() -> Iterator[tuple[str, str]]:
    """Yield path and method of everything that the pages answer."""
    for pages in PAGES:
        for route in iter_route_contexts(pages.routes):
            for method in sorted(set(route.methods or ()) - {"HEAD", "OPTIONS"}):
                yield str(route.path), method


def filled(path: str, furniture: Furnished) -> str:
    """Return an address with ids of things of a workplace."""
    noun = path.split("/")[1]
    ids: dict[str, Any] = {
        "id": furniture.ids.get(NOUNS.get(noun, noun), furniture.ids["detections"]),
        "row": PLANTED[0],
        "build": "none",
        "name": "style.css",
    }
    return path.replace(":path", "").format_map(ids)


def route_of(path: str) -> APIRoute:
    """Return the route of a path."""
    return next(
        route for pages in PAGES for route in pages.routes if isinstance(route, APIRoute) and route.path == path
    )
