"""Keeps a session alive while somebody is there: once an hour its cookie gets a new token."""

from dataclasses import dataclass
from datetime import timedelta

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pynomaly.application.use_cases.sign_in import BrowserSession
from pynomaly.domain.errors import PynomalyError
from pynomaly.presentation.web import cookies
from pynomaly.presentation.web.visitor import Visitor
from pynomaly.presentation.web.web_program import WebProgram

RENEWED_WITH = timedelta(hours=11)
"""A session with less than this left gets a new token."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """Adds a cookie to the answers of those whose session has begun long ago; signing out is left alone."""

    app: ASGIApp
    program: WebProgram

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *await self._cookie(scope, message)]}
            await send(message)

        await self.app(scope, receive, sent)

    async def _cookie(self, scope: Scope, message: Message) -> list[tuple[bytes, bytes]]:
        visitor: Visitor | None = scope.get("state", {}).get("visitor")
        sets_cookies = any(name.lower() == b"set-cookie" for name, _ in message["headers"])
        if visitor is None or sets_cookies or message["status"] != 200 or not self._is_old(visitor):
            return []
        session = await anyio.to_thread.run_sync(self._renewed, visitor)
        if session is None:
            return []
        carrier = Response()
        cookies.keep_session(Request(scope), carrier, session.token, session.expires_at)
        return [header for header in carrier.raw_headers if header[0] == b"set-cookie"]

    def _is_old(self, visitor: Visitor) -> bool:
        expires_at = self.program.people.browser_session_ends(visitor.request.cookies[cookies.SESSION])
        return expires_at - self.program.clock() < RENEWED_WITH

    def _renewed(self, visitor: Visitor) -> BrowserSession | None:
        who = visitor.principal
        try:
            return self.program.people.open_browser_session(tenant_id=who.tenant_id, user_id=who.id, is_renewal=True)
        except PynomalyError:
            return None  # the session at hand is good for hours still
