"""`/jobs`: work that was taken, how far it is, and what it came to."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Path, Query
from starlette.responses import Response

from pynomaly.domain.access import Permission
from pynomaly.domain.job import Job, JobStatus
from pynomaly.presentation.http.bounds import ObjectId
from pynomaly.presentation.http.cursors import DEFAULT_LIMIT, CursorParameter
from pynomaly.presentation.web import job_words
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.code_forms import ApiCall, CodeForm, code_form
from pynomaly.presentation.web.forms import CHECKED, Form
from pynomaly.presentation.web.job_log import JobLog
from pynomaly.presentation.web.live import Told, followed
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.sign_in import own_address
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.visitor import Visitor

routes = pages()
Reader = Annotated[Visitor, Depends(requires(Permission.READ))]
Scorer = Annotated[Visitor, Depends(requires(Permission.SCORE))]
JobPath = Annotated[ObjectId, Path(alias="id")]
LONG_WAIT = timedelta(seconds=30)
"""A job that nobody took for so long waits for a worker that is not there."""


@routes.get("/jobs")
def show_jobs(
    visitor: Reader, status: Annotated[JobStatus | None, Query()] = None, cursor: CursorParameter = None
) -> Response:
    """List the jobs, newest first, of one state if asked."""
    cursors, queries = visitor.program.cursors, visitor.workspace.queries
    scope = ("jobs", visitor.principal.tenant_id, status, None)
    page = queries.job_page(cursors.piece(DEFAULT_LIMIT, cursor, *scope), status=status)
    return visitor.page(
        "jobs.html",
        jobs=page.items,
        names=queries.names_of_subjects(page.items),
        only=status,
        statuses=tuple(JobStatus),
        is_first=cursor is None,
        next_cursor=cursors.next_cursor(page, *scope),
        words=job_words,
        forms=[_listing(visitor, status)],
    )


@routes.get("/jobs/{id}")
def show_job(visitor: Reader, job_id: JobPath) -> Response:
    """Show how a job stands, what it told, and what it came to."""
    log = JobLog()
    job = log.read(visitor.workspace.queries, job_id)
    return visitor.page("job.html", **job_context(visitor, job), log=log, forms=_forms(visitor, job))


@routes.get("/jobs/{id}/live")
async def follow_job(visitor: Reader, job_id: JobPath) -> Response:
    """Send the page's part on the job again whenever it changes."""
    return await followed(visitor.request, partial(_told, visitor, job_id, JobLog()))


@routes.post("/jobs/{id}/cancel")
def cancel_job(visitor: Scorer, job_id: JobPath, form: Form) -> Response:
    """Ask a job to stop."""
    others = visitor.may(Permission.MANAGE_JOBS)
    job = visitor.workspace.cancel_job(job=job_id, may_touch_others=others)
    where = own_address(form.text("back", most=300) or f"/jobs/{job.id}")
    ended = job.status is JobStatus.CANCELLED
    return visitor.go_to(where, notice=_("Cancelled.") if ended else _("It stops within seconds."))


@routes.post("/jobs/{id}/retry", dependencies=[CHECKED])
def retry_job(visitor: Scorer, job_id: JobPath) -> Response:
    """Queue a job anew that ended without success."""
    others = visitor.may(Permission.MANAGE_JOBS)
    job = visitor.workspace.retry_job(job=job_id, may_touch_others=others)
    return visitor.go_to(f"/jobs/{job.id}", notice=_("It waits for a worker again."))


def job_context(visitor: Visitor, job: Job) -> Mapping[str, Any]:
    """Return what the part of a page on a job is made from."""
    is_own = job.created_by == visitor.principal.actor
    return {
        "job": job,
        "names": visitor.workspace.queries.names_of_subjects([job]),
        "words": job_words,
        "waits_long": job.status is JobStatus.QUEUED and visitor.program.clock() - job.created_at > LONG_WAIT,
        "may_steer": visitor.may(Permission.SCORE) and (is_own or visitor.may(Permission.MANAGE_JOBS)),
    }


def _told(visitor: Visitor, job_id: str, log: JobLog) -> Told:
    job = log.read(visitor.workspace.queries, job_id)
    fragment = visitor.part_text("job_live.html", "live", **job_context(visitor, job), log=log)
    return Told(fragment, job.status.is_final)


def _listing(visitor: Visitor, status: JobStatus | None) -> CodeForm:
    given = "" if status is None else f"?status={status}"
    options = [] if status is None else ["--status", status.value]
    asked = "Piece(50)" if status is None else f'Piece(50), status="{status}"'
    call = ApiCall("GET", f"/jobs{given}")
    return code_form(
        visitor.request, _("List jobs"), call, ["job", "list", *options], f"workspace.queries.job_page({asked})"
    )


def _forms(visitor: Visitor, job: Job) -> list[CodeForm]:
    make = partial(code_form, visitor.request)
    return [
        make(
            _("Follow this job"),
            ApiCall("GET", f"/jobs/{job.id}/events"),
            ["job", "watch", job.id],
            f'workspace.queries.job("{job.id}")',
        ),
        make(
            _("Cancel this job"),
            ApiCall("POST", f"/jobs/{job.id}/cancel"),
            ["job", "cancel", job.id],
            f'workspace.cancel_job(job="{job.id}")',
        ),
        make(
            _("Try this job again"),
            ApiCall("POST", f"/jobs/{job.id}/retry"),
            ["job", "retry", job.id],
            f'workspace.retry_job(job="{job.id}")',
        ),
    ]
