"""An application that gives some wrong answers, one of each kind that the fuzzer has to find."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from tests.service.installed import PREFIX

Messages: TypeAlias = list[dict[str, Any]]


@dataclass
class Sabotaged:
    """Wraps an application and spoils its good answers to some addresses.

    key: lets everybody in where credentials are ignored, whatever becomes of sessions.
    """

    application: Any
    key: str

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        spoil = FAULTS.get(f"{scope.get('method')} {scope.get('path', '').removeprefix(PREFIX)}")
        if spoil is None:
            await self.application(scope, receive, send)
            return
        if spoil is ignore_credentials:
            headers = [pair for pair in scope["headers"] if pair[0] != b"authorization"]
            scope = {**scope, "headers": [*headers, (b"authorization", f"Bearer {self.key}".encode())]}
        sent: Messages = []

        async def keep(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.application(scope, receive, keep)
        if sent[0]["status"] == 200:
            spoil(sent)
        for message in sent:
            await send(message)


def ignore_credentials(_sent: Messages) -> None:
    """Let everybody in."""


def break_down(sent: Messages) -> None:
    """Answer with a server error."""
    sent[0]["status"] = 500


def surprise(sent: Messages) -> None:
    """Answer with a status that nobody documented."""
    sent[0]["status"] = 206


def call_it_text(sent: Messages) -> None:
    """Answer with another media type."""
    _replace(sent, sent[1]["body"], b"text/plain")


def garble(sent: Messages) -> None:
    """Answer with what is not of the documented form."""
    _replace(sent, b'{"items": 1}', b"application/json")


def refuse(sent: Messages, slug: str = "invalid-values") -> None:
    """Refuse a valid request for its form."""
    problem = dict.fromkeys(("title", "detail", "instance", "request_id"), "")
    body = json.dumps({**problem, "type": f"/problems/{slug}", "status": 422}).encode()
    sent[0]["status"] = 422
    _replace(sent, body, b"application/problem+json")


def refuse_oddly(sent: Messages) -> None:
    """Refuse with a problem that this operation does not know."""
    refuse(sent, "too-few-rows")


def _replace(sent: Messages, body: bytes, media_type: bytes) -> None:
    sent[0]["headers"] = [(b"content-type", media_type)]
    sent[1:] = [{"type": "http.response.body", "body": body}]


FAULTS: dict[str, Callable[[Messages], None]] = {
    "GET /me": break_down,
    "GET /jobs": surprise,
    "GET /datasets": call_it_text,
    "GET /detectors": garble,
    "GET /algorithms": ignore_credentials,
    "GET /health/live": refuse,
    "GET /schedules": refuse_oddly,
}
