"""Jobs: work that was taken and will be done once."""

from datetime import datetime

from pydantic import Field

from pynomaly.domain.job import Job, JobKind, JobStatus
from pynomaly.presentation.api.schemas.datasets import sound
from pynomaly.presentation.api.schemas.pages import Answer


class JobError(Answer):
    """Why a job failed: a problem as any other, but for the status."""

    type: str
    title: str
    detail: str


class JobAnswer(Answer):
    """A job. `progress` is the share (0..1) of the stage at work; speed and time left are null where unknown."""

    id: str
    kind: JobKind
    status: JobStatus
    stage: str
    progress: float
    rows_per_second: float | None
    eta_seconds: float | None
    attempt: int
    priority: int
    error: JobError | None = Field(description="Why it failed; of a queued job, why it has to be tried again.")
    result_url: str | None
    next_job_id: str | None = Field(description="The job that this one queued when it succeeded.")
    events_url: str
    created_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @staticmethod
    def of(job: Job, prefix: str) -> "JobAnswer":
        """Describe a job; prefix: of the API's addresses."""
        return JobAnswer(
            id=job.id,
            kind=job.kind,
            status=job.status,
            stage=job.progress.stage,
            progress=min(max(job.progress.share, 0.0), 1.0),
            rows_per_second=job.progress.rows_per_second,
            eta_seconds=job.progress.eta_seconds,
            attempt=job.attempt,
            priority=job.priority,
            error=_error_of(job),
            result_url=_result_url(job, prefix),
            next_job_id=_next_job_id(job),
            events_url=f"{prefix}/jobs/{job.id}/events",
            created_by=sound(job.created_by),
            created_at=job.created_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
        )


def _error_of(job: Job) -> JobError | None:
    from pynomaly.presentation.http.errors import row_named

    if job.failure is None:
        return None
    row = row_named(job.failure.kind)
    return JobError(type=f"/problems/{row.slug}", title=row.title, detail=sound(job.failure.detail)[:500])


def _next_job_id(job: Job) -> str | None:
    found = (job.result or {}).get("next_job_id")
    return None if found is None else str(found)


def _result_url(job: Job, prefix: str) -> str | None:
    made = job.result or {}
    if "version" in made:
        return f"{prefix}/detectors/{made['detector_id']}/versions/{made['version']}"
    if "detection_id" in made:
        return f"{prefix}/detections/{made['detection_id']}"
    return f"{prefix}/datasets/{made['dataset_id']}" if "dataset_id" in made else None
