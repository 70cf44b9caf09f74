"""Server-sent events: written as the standard says, kept alive, resumed by number."""

import logging
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeAlias

from fastapi import Header
from starlette.responses import StreamingResponse

from pynomaly.domain.errors import PynomalyError
from pynomaly.presentation.http.bounds import Sequence

EVENTS_AT_ONCE = 200
_EVENT: Mapping[str, Any] = {
    "type": "object",
    "required": ["id", "event", "data"],
    "properties": {
        "id": {"type": "string", "pattern": "^[0-9]+$", "description": "For `Last-Event-ID`."},
        "event": {"type": "string"},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
}
KEEP_ALIVE_SECONDS = 15.0  # proxies cut silent connections after thirty seconds or more

log = logging.getLogger("pynomaly.api")

LastEventId: TypeAlias = Annotated[
    Sequence | None, Header(alias="Last-Event-ID", description="The `id` of the last event that came through.")
]


def events_described(description: str) -> dict[int | str, dict[str, Any]]:
    """Return what a route tells OpenAPI of its stream; `itemSchema` is OpenAPI 3.2's word for what each event is."""
    return {200: {"description": description, "content": {"text/event-stream": {"itemSchema": _EVENT}}}}


def event_text(number: int, name: str, data: str) -> bytes:
    r"""Return one event; data: JSON, which has no line breaks.

    >>> event_text(7, "state", '{"status": "queued"}')
    b'id: 7\nevent: state\ndata: {"status": "queued"}\n\n'
    """
    return f"id: {number}\nevent: {name}\ndata: {data}\n\n".encode()


def fragment_text(event_id: str, fragment: str) -> bytes:
    r"""Return a part of a page as an event without a name, which pages put in place of what they have.

    >>> fragment_text("7", "<p>\n40 %</p>")
    b'id: 7\ndata: <p>\ndata: 40 %</p>\n\n'
    """
    lines = "".join(f"data: {line}\n" for line in fragment.splitlines())
    return f"id: {event_id}\n{lines}\n".encode()


@dataclass(slots=True)
class KeepAlive:
    """Says when a stream has been silent for too long."""

    last: float = field(default_factory=time.monotonic)

    def is_due(self) -> bool:
        """Whether something has to be sent."""
        return time.monotonic() - self.last >= KEEP_ALIVE_SECONDS

    def comment(self) -> bytes:
        """Return a line that every client ignores."""
        self.last = time.monotonic()
        return b": keep-alive\n\n"


def streamed(events: AsyncIterator[bytes]) -> StreamingResponse:
    """Return a stream that nobody on the way buffers; it ends early where reading events fails."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_as_long_as_possible(events), media_type="text/event-stream", headers=headers)


async def _as_long_as_possible(events: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """End where no more events can be had: it is too late for a problem, and clients come back for the rest."""
    try:
        async for event in events:
            yield event
    except PynomalyError as error:
        log.warning("stream_ended reason=%s", error)
