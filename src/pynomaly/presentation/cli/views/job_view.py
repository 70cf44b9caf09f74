"""Jobs as rows for people and as data for programs."""

from typing import TYPE_CHECKING

from pynomaly.presentation.cli.views.listing import time_as_json, time_in_words
from pynomaly.presentation.words.cell_text import harmless

if TYPE_CHECKING:
    from datetime import datetime

    from pynomaly.domain.algorithm import JsonValue
    from pynomaly.domain.job import Job


def job_as_json(job: "Job") -> "dict[str, JsonValue]":
    """Return a job as data, with the keys the REST API gives it."""
    return {
        "id": job.id,
        "kind": job.kind.value,
        "status": job.status.value,
        "stage": job.progress.stage,
        "progress": job.progress.share,
        "rows_per_second": job.progress.rows_per_second,
        "eta_seconds": job.progress.eta_seconds,
        "attempt": job.attempt,
        "priority": job.priority,
        "error": None if job.failure is None else {"kind": job.failure.kind, "detail": job.failure.detail},
        "result": None if job.result is None else dict(job.result),
        "created_by": job.created_by,
        "created_at": time_as_json(job.created_at),
        "started_at": _optional(job.started_at),
        "finished_at": _optional(job.finished_at),
    }


def job_as_row(job: "Job") -> list[str]:
    """Return id, kind, status, how far it is, when it was taken, and what went wrong."""
    progress = (
        "–" if job.status.is_final or not job.progress.stage else f"{job.progress.stage} {job.progress.share:.0%}"
    )
    failure = "" if job.failure is None else harmless(job.failure.detail)
    return [job.id[:8], job.kind.value, job.status.value, progress, time_in_words(job.created_at), failure]


def job_as_facts(job: "Job") -> list[tuple[str, str]]:
    """Return a job as pairs of what and value."""
    facts = [
        ("job", job.id),
        ("kind", job.kind.value),
        ("status", job.status.value),
        ("attempt", str(job.attempt)),
        ("taken", time_in_words(job.created_at)),
    ]
    if job.finished_at is not None:
        facts.append(("ended", time_in_words(job.finished_at)))
    if job.failure is not None:
        facts.append(("reason", harmless(job.failure.detail)))
    facts += [(name, harmless(str(value))) for name, value in (job.result or {}).items()]
    return facts


def _optional(at: "datetime | None") -> str | None:
    return None if at is None else time_as_json(at)
