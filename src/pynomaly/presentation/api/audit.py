"""`/audit` and `/events`: what happened in the workspace, as a log that shows tampering, and as a stream."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Annotated

import anyio
from fastapi import Depends, Query, Request
from starlette.responses import Response, StreamingResponse

from pynomaly.application.ports.paging import Piece
from pynomaly.domain.access import Permission
from pynomaly.domain.audit import AuditEntry
from pynomaly.presentation.api.access import requires
from pynomaly.presentation.api.caller import Caller
from pynomaly.presentation.api.replies import shown
from pynomaly.presentation.api.routing import LISTED, answers, router
from pynomaly.presentation.api.schemas.audit import AuditEntryAnswer, VerdictAnswer
from pynomaly.presentation.api.schemas.pages import PageAnswer
from pynomaly.presentation.http.bounds import Actor, EventType
from pynomaly.presentation.http.cursors import DEFAULT_LIMIT, CursorParameter, LimitParameter
from pynomaly.presentation.http.event_stream import (
    EVENTS_AT_ONCE,
    KeepAlive,
    LastEventId,
    event_text,
    events_described,
    streamed,
)

routes = router("audit")
Auditor = Annotated[Caller, Depends(requires(Permission.READ_AUDIT))]
POLL_SECONDS = 0.5


@routes.get("/audit", operation_id="list_audit", response_model=PageAnswer[AuditEntryAnswer], responses=answers(LISTED))
def list_audit(
    caller: Auditor,
    limit: LimitParameter = DEFAULT_LIMIT,
    cursor: CursorParameter = None,
    type: Annotated[EventType | None, Query(description="Only events of this type.")] = None,
    actor: Annotated[Actor | None, Query(description="Only what this one did, as entries name it.")] = None,
) -> Response:
    """List what happened, newest first."""
    cursors, scope = caller.service.cursors, ("audit", caller.principal.tenant_id, type, actor)
    page = caller.workspace.queries.audit_page(cursors.piece(limit, cursor, *scope), type=type, actor=actor)
    items = [AuditEntryAnswer.of(entry) for entry in page.items]
    return shown(PageAnswer[AuditEntryAnswer](items=items, next_cursor=cursors.next_cursor(page, *scope)))


@routes.get("/audit/verdict", operation_id="verify_audit", response_model=VerdictAnswer, responses=answers())
def verify_audit(caller: Auditor) -> Response:
    """Walk the whole log and say whether anything was altered, dropped or moved."""
    return shown(VerdictAnswer.of(caller.workspace.verify_audit()))


@routes.get(
    "/events",
    operation_id="follow_events",
    response_class=StreamingResponse,
    responses=answers()
    | events_described("Server-sent events named after what happened; each `data` is an audit entry."),
)
async def follow_events(request: Request, caller: Auditor, last_event_id: LastEventId = None) -> StreamingResponse:
    """Follow what happens in the workspace; `Last-Event-ID` resumes without loss or repetition.

    Without it the stream begins with what happens next.
    """
    after = last_event_id
    if after is None:
        newest = await anyio.to_thread.run_sync(partial(_entries, caller, Piece(1)))
        after = newest[0].sequence if newest else 0
    return streamed(_events(request, caller, after))


def _entries(caller: Caller, piece: Piece) -> Sequence[AuditEntry]:
    return caller.workspace.queries.audit_page(piece).items


async def _events(request: Request, caller: Caller, after: int) -> AsyncIterator[bytes]:
    alive = KeepAlive()
    yield alive.comment()
    while not await request.is_disconnected():
        piece = Piece(EVENTS_AT_ONCE, after, is_oldest_first=True)
        entries = await anyio.to_thread.run_sync(partial(_entries, caller, piece))
        for entry in entries:
            after = entry.sequence
            yield event_text(after, entry.type, json.dumps(AuditEntryAnswer.of(entry).model_dump(mode="json")))
        if not entries:
            await asyncio.sleep(POLL_SECONDS)
            if alive.is_due():
                yield alive.comment()
