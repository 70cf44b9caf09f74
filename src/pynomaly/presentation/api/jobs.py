"""`/jobs`: how far work is, as a page or as a stream; cancel and retry."""

import asyncio
import json
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated

import anyio
from fastapi import Depends, Path, Query, Request
from starlette.responses import Response, StreamingResponse

from pynomaly.domain.access import Permission
from pynomaly.domain.errors import Conflict, InvalidRequest, NotFound
from pynomaly.domain.job import Job, JobKind, JobStatus
from pynomaly.presentation.api.access import requires
from pynomaly.presentation.api.caller import Caller, KeyHeader
from pynomaly.presentation.api.job_replies import accepted
from pynomaly.presentation.api.replies import shown
from pynomaly.presentation.api.routing import KEYED, LISTED, answers, router
from pynomaly.presentation.api.schemas.jobs import JobAnswer
from pynomaly.presentation.api.schemas.pages import PageAnswer
from pynomaly.presentation.http.bounds import ObjectId
from pynomaly.presentation.http.cursors import DEFAULT_LIMIT, CursorParameter, LimitParameter
from pynomaly.presentation.http.event_stream import (
    EVENTS_AT_ONCE,
    KeepAlive,
    LastEventId,
    event_text,
    events_described,
    streamed,
)
from pynomaly.presentation.http.route_names import PREFIX

routes = router("jobs")
Reader = Annotated[Caller, Depends(requires(Permission.READ))]
Scorer = Annotated[Caller, Depends(requires(Permission.SCORE))]
JobPath = Annotated[ObjectId, Path(alias="id", description="A job's id.")]
_HERE = "/jobs/{id}"


@routes.get("/jobs", operation_id="list_jobs", response_model=PageAnswer[JobAnswer], responses=answers(LISTED))
def list_jobs(
    caller: Reader,
    limit: LimitParameter = DEFAULT_LIMIT,
    cursor: CursorParameter = None,
    status: Annotated[JobStatus | None, Query(description="Only those that stand so.")] = None,
    kind: Annotated[JobKind | None, Query(description="Only those of this kind.")] = None,
) -> Response:
    """List jobs, newest first."""
    cursors, scope = caller.service.cursors, ("jobs", caller.principal.tenant_id, status, kind)
    page = caller.workspace.queries.job_page(cursors.piece(limit, cursor, *scope), status=status, kind=kind)
    items = [JobAnswer.of(job, PREFIX) for job in page.items]
    return shown(PageAnswer[JobAnswer](items=items, next_cursor=cursors.next_cursor(page, *scope)))


@routes.get(_HERE, operation_id="get_job", response_model=JobAnswer, responses=answers(NotFound, InvalidRequest))
def get_job(caller: Reader, job_id: JobPath) -> Response:
    """Say how a job stands."""
    return shown(JobAnswer.of(caller.workspace.queries.job(job_id), PREFIX))


@routes.post(
    _HERE + "/cancel",
    operation_id="cancel_job",
    status_code=202,
    response_model=JobAnswer,
    responses=answers(KEYED, NotFound, InvalidRequest),
)
def cancel_job(caller: Scorer, job_id: JobPath, key: KeyHeader = None) -> Response:
    """Ask a job to stop: what waits is cancelled at once, what runs within seconds. Asking again does no harm."""
    others = caller.may(Permission.MANAGE_JOBS)
    return caller.answer(lambda workspace: workspace.cancel_job(job=job_id, may_touch_others=others), accepted, key=key)


@routes.post(
    _HERE + "/retry",
    operation_id="retry_job",
    status_code=202,
    response_model=JobAnswer,
    responses=answers(KEYED, NotFound, Conflict, InvalidRequest),
)
def retry_job(caller: Scorer, job_id: JobPath, key: KeyHeader = None) -> Response:
    """Queue a failed or cancelled job anew, under the same id."""
    others = caller.may(Permission.MANAGE_JOBS)
    return caller.answer(lambda workspace: workspace.retry_job(job=job_id, may_touch_others=others), accepted, key=key)


@routes.get(
    _HERE + "/events",
    operation_id="follow_job",
    response_class=StreamingResponse,
    responses=answers(NotFound, InvalidRequest)
    | events_described("Server-sent events `state`, `progress`, `result` and `end`; each `data` is JSON."),
)
async def follow_job(
    request: Request, caller: Reader, job_id: JobPath, last_event_id: LastEventId = None
) -> StreamingResponse:
    """Follow a job as server-sent events; after a disconnect `Last-Event-ID` resumes without loss or repetition."""
    after = int(last_event_id or 0)
    first = await anyio.to_thread.run_sync(partial(_told, caller, job_id, after))
    return streamed(_events(request, caller, job_id, after, first))


def _told(caller: Caller, job_id: str, after: int) -> "tuple[Job, list[tuple[int, str, str]]]":
    job, events = caller.workspace.queries.job_events(job_id, after=after, limit=EVENTS_AT_ONCE)
    return job, [(event.sequence, event.name, json.dumps(event.data)) for event in events]


async def _events(
    request: Request, caller: Caller, job_id: str, after: int, first: "tuple[Job, list[tuple[int, str, str]]]"
) -> AsyncIterator[bytes]:
    job, told = first
    alive = KeepAlive()
    while True:
        for sequence, name, data in told:
            after = sequence
            yield event_text(sequence, name, data)
        if (job.status.is_final and not told) or await request.is_disconnected():
            return
        if not told:
            await asyncio.sleep(0.5)
            if alive.is_due():
                yield alive.comment()
        job, told = await anyio.to_thread.run_sync(partial(_told, caller, job_id, after))
