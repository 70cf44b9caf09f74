"""The status of an answer, without waiting for the end of one that has none."""

import asyncio
from collections.abc import Mapping
from typing import Any

from tests.service.installed import HOST


def status_of(application: Any, method: str, path: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """Ask, hang up once the request is sent, and return the status and what came of the body."""
    return asyncio.run(_status_of(application, method, path, headers))


async def _status_of(application: Any, method: str, path: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
    sent: list[dict[str, Any]] = []
    waiting = [{"type": "http.request"}]

    async def receive() -> dict[str, Any]:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    named = {"host": HOST, **headers}
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in named.items()],
        "client": ("203.0.113.9", 1),
    }
    await application(scope, receive, send)
    return int(sent[0]["status"]), b"".join(message.get("body", b"") for message in sent[1:])
