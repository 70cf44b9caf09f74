"""`/assets`, the manifest and the service worker: what browsers load besides pages, for everybody."""

import json

from fastapi import Request
from starlette.responses import Response

from pynomaly.presentation.web.access import PUBLIC
from pynomaly.presentation.web.nobody import for_nobody
from pynomaly.presentation.web.rendering import HEADERS, as_page
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.web_program import program_behind

routes = pages()
CHECKED_EACH_TIME = "no-cache"
WORKER = "scripts/worker.js"
NOT_KEPT = (WORKER, "licences/")


@routes.get("/assets/{build}/{name:path}", dependencies=[PUBLIC])
def show_asset(request: Request, build: str, name: str) -> Response:
    """Return a built file."""
    return program_behind(request).assets.answer(build, name, request)


@routes.get("/manifest.webmanifest", dependencies=[PUBLIC])
def show_manifest(request: Request) -> Response:
    """Say how the pages are installed as an application."""
    url = program_behind(request).assets.url
    sizes = (("icons/icon-192.png", "192x192", "any"), ("icons/icon-512.png", "512x512", "any"))
    masked = ("icons/icon-maskable-512.png", "512x512", "maskable")
    manifest = {
        "id": "/",
        "name": "Pynomaly",
        "short_name": "Pynomaly",
        "description": _("Finds anomalies in tables, says how sure it is and says why."),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fbfaf8",
        "theme_color": "#fbfaf8",
        "icons": [
            {"src": url(name), "sizes": size, "type": "image/png", "purpose": purpose}
            for name, size, purpose in (*sizes, masked)
        ],
    }
    headers = {**HEADERS, "Cache-Control": CHECKED_EACH_TIME}
    return Response(json.dumps(manifest), headers=headers, media_type="application/manifest+json")


@routes.get("/sw.js", dependencies=[PUBLIC])
def show_worker(request: Request) -> Response:
    """Return the service worker of this build, with what it keeps: what pages load, and nothing of anybody's."""
    assets = program_behind(request).assets
    shell = sorted(assets.url(name) for name in assets.names if not name.startswith(NOT_KEPT))
    head = f"const BUILD = {json.dumps(assets.build)};\nconst SHELL = {json.dumps(shell)};\n"
    headers = {**HEADERS, "Cache-Control": CHECKED_EACH_TIME}
    return Response(head + assets.text(WORKER), headers=headers, media_type="text/javascript")


@routes.get("/offline", dependencies=[PUBLIC])
def show_offline(request: Request) -> Response:
    """Return the page that stands in for all others without a network; it knows nobody."""
    response = as_page("offline.html", for_nobody(request))
    response.headers["Cache-Control"] = CHECKED_EACH_TIME
    return response


@routes.get("/favicon.ico", dependencies=[PUBLIC])
def show_favicon(request: Request) -> Response:
    """Return the icon that browsers ask for unasked."""
    assets = program_behind(request).assets
    return assets.answer(assets.build, "icons/icon.svg", request)
