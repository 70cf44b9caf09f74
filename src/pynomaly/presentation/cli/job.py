"""`pynomaly job`: work that was taken, to look at and to steer."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

from pynomaly.presentation.cli import options
from pynomaly.presentation.cli.command_group import new_group
from pynomaly.presentation.cli.exit_codes import JOB_CANCELLED, JOB_FAILED
from pynomaly.presentation.cli.progress import ProgressForm, progress_shown
from pynomaly.presentation.cli.session import session_of
from pynomaly.presentation.cli.streams import write_result
from pynomaly.presentation.cli.views.formats import Field, Format, as_json_lines
from pynomaly.presentation.cli.views.job_view import job_as_facts, job_as_json, job_as_row
from pynomaly.presentation.cli.views.listing import write_list, write_object

if TYPE_CHECKING:
    from pynomaly.domain.job import Job

POLL_SECONDS = 0.3
MOST = 500

app = new_group(
    options.examples("Look at and steer the work of workers.", "pynomaly job list", "pynomaly job watch 3f9a1c2e")
)

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="8 or more characters of the job's id.")]


@app.command("list", help=options.examples("List jobs, newest first.", "pynomaly job list", "pynomaly job list --json"))
def list_(
    context: typer.Context,
    limit: Annotated[int, typer.Option("--limit", min=1, max=MOST, help="How many at most.")] = 50,
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
) -> None:
    """List jobs."""
    from pynomaly.application.ports.paging import Piece

    jobs = session_of(context).workspace.queries.job_page(Piece(limit)).items
    write_list(
        options.chosen(form, as_json),
        [job_as_json(job) for job in jobs],
        [Field("id"), Field("kind"), Field("status"), Field("progress"), Field("taken"), Field("reason")],
        [job_as_row(job) for job in jobs],
        when_empty="There are no jobs; the REST API takes them (`pynomaly serve`).",
    )


@app.command(
    help=options.examples(
        "Follow a job until it ends; exits 8 if it failed, 9 if it was cancelled.",
        "pynomaly job watch 3f9a1c2e",
        "pynomaly job watch 3f9a1c2e --progress json",
    )
)
def watch(
    context: typer.Context,
    identifier: IdArgument,
    progress: options.ProgressOption = ProgressForm.AUTO,
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
) -> None:
    """Follow a job."""
    workspace = session_of(context).workspace
    job = workspace.queries.job(identifier)
    with progress_shown(progress) as listener:
        while not job.status.is_final:
            listener(job.progress.stage or job.status.value, job.progress.share)
            time.sleep(POLL_SECONDS)
            job = workspace.queries.job(job.id)
    write_object(options.chosen(form, as_json), job_as_json(job), job_as_facts(job))
    _exit_as(job)


@app.command(
    help=options.examples(
        "Write everything a job has told, one JSON object per line.",
        "pynomaly job logs 3f9a1c2e",
        "pynomaly job logs 3f9a1c2e5b7d4a60",
    )
)
def logs(context: typer.Context, identifier: IdArgument) -> None:
    """Write a job's events."""
    workspace = session_of(context).workspace
    after = 0
    while True:
        _, events = workspace.queries.job_events(identifier, after=after, limit=MOST)
        if not events:
            return
        after = events[-1].sequence
        write_result(as_json_lines([{"id": one.sequence, "event": one.name, "data": one.data} for one in events]))


@app.command(
    help=options.examples(
        "Ask a job to stop; asking again does no harm.",
        "pynomaly job cancel 3f9a1c2e",
        "pynomaly job cancel 3f9a1c2e5b7d4a60",
    )
)
def cancel(context: typer.Context, identifier: IdArgument) -> None:
    """Cancel a job."""
    _tell(session_of(context).workspace.cancel_job(job=identifier))


@app.command(
    help=options.examples(
        "Queue a failed or cancelled job anew.", "pynomaly job retry 3f9a1c2e", "pynomaly job retry 3f9a1c2e5b7d4a60"
    )
)
def retry(context: typer.Context, identifier: IdArgument) -> None:
    """Retry a job."""
    _tell(session_of(context).workspace.retry_job(job=identifier))


def _tell(job: "Job") -> None:
    write_result(f"Job {job.id[:8]} is {job.status}.")


def _exit_as(job: "Job") -> None:
    from pynomaly.domain.job import JobStatus

    code = {JobStatus.FAILED: JOB_FAILED, JobStatus.CANCELLED: JOB_CANCELLED}.get(job.status, 0)
    if code:
        raise typer.Exit(code)
