"""Parts of pages that follow what happens: sent again whenever they look different, until nothing more will."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from hashlib import sha256

import anyio
from starlette.requests import Request
from starlette.responses import StreamingResponse

from pynomaly.presentation.http.event_stream import KeepAlive, event_text, fragment_text, streamed

LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Told:
    """A part of a page as it is now. is_final: nothing more will happen."""

    fragment: str
    is_final: bool


async def followed(request: Request, tell: Callable[[], Told]) -> StreamingResponse:
    """Return a stream of a part of a page, and an event `end` after the last.

    Each is known by what it looks like: whoever comes back having seen the newest is told only what comes then.
    What the first look raises becomes an answer of its own.
    """
    first = await anyio.to_thread.run_sync(tell)
    return streamed(_changes(request, tell, first))


async def _changes(request: Request, tell: Callable[[], Told], told: Told) -> AsyncIterator[bytes]:
    seen, alive = request.headers.get("last-event-id", ""), KeepAlive()
    while True:
        if (name := _name(told.fragment)) != seen:
            seen = name
            yield fragment_text(name, told.fragment)
        if told.is_final:
            yield event_text(0, "end", "{}")
            return
        if await request.is_disconnected():
            return
        await asyncio.sleep(LOOK_SECONDS)
        if alive.is_due():
            yield alive.comment()
        told = await anyio.to_thread.run_sync(tell)


def _name(fragment: str) -> str:
    return sha256(fragment.encode("utf-8", "replace")).hexdigest()[:16]
