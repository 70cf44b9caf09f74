"""What the pages work with, put together as the server does it."""

from dataclasses import dataclass
from typing import Any

from pynomaly.assembly.asgi import api_program_of
from pynomaly.assembly.web import web_program_of
from pynomaly.presentation.web.web_program import WebProgram
from tests.service.installed import Installation


@dataclass(frozen=True)
class Numbered:
    """Numbers requests, as the edge of the server does."""

    application: Any

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        scope.setdefault("state", {})["request_id"] = "r"
        await self.application(scope, receive, send)


def web_program(installation: Installation) -> WebProgram:
    """Return it for an installation."""
    return web_program_of(installation.shared, api_program_of(installation.shared))
