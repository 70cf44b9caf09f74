"""A small application behind the wall, and two ways to ask it something."""

import asyncio
import json

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse
from starlette.testclient import TestClient

from pynomaly.presentation.http.edge import at_the_edge
from pynomaly.presentation.http.error_handlers import install_error_handlers


def application():
    app = FastAPI(openapi_url=None)
    install_error_handlers(app)

    @app.get("/id")
    def request_id(request: Request) -> object:
        return {"id": request.state.request_id, "client": request.client.host, "scheme": request.url.scheme}

    @app.get("/page")
    def page() -> PlainTextResponse:
        return PlainTextResponse(
            "x", headers={"Cache-Control": "max-age=60", "Content-Security-Policy": "script-src 'self'"}
        )

    @app.get("/bug")
    def bug() -> None:
        raise KeyError("a secret")

    @app.post("/stream")
    async def stream(request: Request) -> int:
        return sum([len(piece) async for piece in request.stream()])

    return app


def client(app=None, *, address="203.0.113.9", **choices):
    choices = {"allowed_hosts": ["testserver"], "body_limit": 1000} | choices
    wrapped = at_the_edge(app or application(), **choices)
    return TestClient(wrapped, client=(address, 4711), raise_server_exceptions=False)


async def exchange(
    app, headers=((b"host", b"localhost"),), path="/id", query=b"", messages=(), method="GET", kind="http"
):
    sent = []
    waiting = [*messages] or [{"type": "http.request"}]

    async def receive():
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    scope = {"type": kind, "method": method, "path": path, "raw_path": path.encode(), "query_string": query}
    scope |= {"headers": list(headers), "http_version": "1.1", "scheme": "http", "client": ("203.0.113.9", 1)}
    await app(scope, receive, send)
    return sent


def answer(app, **request):
    sent = asyncio.run(exchange(app, **request))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], json.loads(body)
