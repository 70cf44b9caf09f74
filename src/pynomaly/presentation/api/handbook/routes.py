"""`/api/docs`: the handbook, for everybody, with its style and nothing else."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from pynomaly.presentation.api.handbook.operations import handbook_of
from pynomaly.presentation.api.handbook.page import page_of

PAGE = "/api/docs"
STYLE = f"{PAGE}/page.css"
HEADERS: Mapping[str, str] = {
    "Cache-Control": "max-age=300",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
}
"""The page loads its style from here; nothing else is loaded, and nothing runs."""


def add_handbook(app: FastAPI) -> None:
    """Serve the page of an application's document, written when it is first asked for."""

    @cache
    def written() -> bytes:
        return page_of(handbook_of(app.openapi()), document=str(app.openapi_url), style=STYLE).encode()

    def show_page(_request: Request) -> Response:
        return Response(written(), headers=HEADERS, media_type="text/html")

    def show_style(_request: Request) -> Response:
        style = files(__package__).joinpath("page.css").read_bytes()
        return Response(style, headers=HEADERS, media_type="text/css")

    app.add_route(PAGE, show_page)
    app.add_route(STYLE, show_style)
