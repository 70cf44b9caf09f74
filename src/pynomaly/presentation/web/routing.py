"""How the addresses of pages are declared."""

from fastapi import APIRouter


def pages() -> APIRouter:
    """Return a router for the pages of one subject; none of them is part of the API's document."""
    return APIRouter(include_in_schema=False)
