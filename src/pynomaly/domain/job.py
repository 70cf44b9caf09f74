"""A job: work that was taken and will be done once, whatever dies meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.errors import Conflict
from pynomaly.domain.identifiers import JobId

MAX_CRASHES = 3  # a job whose process died so often is set aside: its input kills
MAX_LOSSES = 25  # workers may vanish under a job more often, through no fault of its own
MAX_TRANSIENT_FAILURES = 8
LONGEST_BACKOFF_SECONDS = 60.0


class JobKind(StrEnum):
    """What there is to do."""

    TRAIN = "train"
    """Learn a new version of a detector from a dataset."""
    DETECT = "detect"
    """Score every row of a dataset, or of a source, with a detector and decide which are anomalies."""
    PULL = "pull"
    """Read rows from a source and keep them as a dataset."""


class JobStatus(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    """Waits for a worker, for the first time or again."""
    RUNNING = "running"
    """A worker is at it."""
    CANCELLING = "cancelling"
    """Somebody asked it to stop; its worker hears of it within seconds."""
    SUCCEEDED = "succeeded"
    """Done; the result says what it came to."""
    FAILED = "failed"
    """Ended for good, with the reason; it can be retried."""
    CANCELLED = "cancelled"
    """Ended on request; it can be retried."""

    @property
    def is_final(self) -> bool:
        """Whether nothing will happen any more."""
        return self in (JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far a running job is: stage, share of it (0..1), rows per second and seconds left, None where unknown."""

    stage: str = ""
    share: float = 0.0
    rows_per_second: float | None = None
    eta_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class JobFailure:
    """Why a job failed: the kind of error (a class of domain.errors, or "Crashed"), and one sentence."""

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work.

    payload: ids and choices, never rows.  attempt: how often it was started; the fencing token.
    crashes, losses, failures: how often its process died, its worker vanished, and something passing went wrong.
    priority: higher goes first, 0..9.  result: what it came to, ids by name.
    """

    id: JobId
    kind: JobKind
    payload: Mapping[str, JsonValue]
    created_by: str
    created_at: datetime
    priority: int = 5
    status: JobStatus = JobStatus.QUEUED
    attempt: int = 0
    crashes: int = 0
    losses: int = 0
    failures: int = 0
    progress: JobProgress = JobProgress()
    result: Mapping[str, JsonValue] | None = None
    failure: JobFailure | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None

    def asked_to_stop(self, at: datetime) -> "Job":
        """Return the job after somebody cancelled it: at once while it waits, as soon as its worker hears of it else.

        A job that has ended stays as it is, so that asking twice does no harm.
        """
        if self.status is JobStatus.QUEUED:
            return self.cancelled(at)
        return replace(self, status=JobStatus.CANCELLING) if self.status is JobStatus.RUNNING else self

    def cancelled(self, at: datetime) -> "Job":
        """Return the job ended on request."""
        return replace(self, status=JobStatus.CANCELLED, failure=None, finished_at=at)

    def succeeded(self, result: Mapping[str, JsonValue], at: datetime) -> "Job":
        """Return the job ended with what it came to; what went wrong on the way is no failure of it."""
        return replace(
            self,
            status=JobStatus.SUCCEEDED,
            result=result,
            failure=None,
            finished_at=at,
            progress=JobProgress("done", 1.0),
        )

    def failed(self, failure: JobFailure, at: datetime) -> "Job":
        """Return the job ended for good, with the reason."""
        return replace(self, status=JobStatus.FAILED, failure=failure, finished_at=at)

    def waiting_again(self, failure: JobFailure, *, is_crash: bool) -> "Job":
        """Return the job back in the queue after something went wrong that may pass."""
        return replace(
            self,
            status=JobStatus.QUEUED,
            failure=failure,
            crashes=self.crashes + is_crash,
            failures=self.failures + (not is_crash),
            progress=JobProgress(),
        )

    def released(self) -> "Job":
        """Return the job back in the queue, nothing held against it; one that is to stop stays as it is."""
        return (
            replace(self, status=JobStatus.QUEUED, progress=JobProgress()) if self.status is JobStatus.RUNNING else self
        )

    @property
    def is_poison(self) -> bool:
        """Whether one more try would be one too many: its process died too often, or its workers did."""
        return self.crashes >= MAX_CRASHES or self.losses > MAX_LOSSES

    def followed_by(
        self, job_id: JobId, kind: JobKind, payload: Mapping[str, JsonValue], created_at: datetime
    ) -> "Job":
        """Return a new job that goes on where this one ends: of the same person, and as urgent."""
        return Job(job_id, kind, payload, self.created_by, created_at, self.priority)

    def retried(self) -> "Job":
        """Return the job queued anew with a clean record; attempt numbers go on. Raises Conflict unless it failed."""
        if self.status not in (JobStatus.FAILED, JobStatus.CANCELLED):
            raise Conflict(f"job {self.id[:8]} is {self.status}; only failed and cancelled jobs can be retried")
        return replace(
            self,
            status=JobStatus.QUEUED,
            crashes=0,
            losses=0,
            failures=0,
            progress=JobProgress(),
            failure=None,
            finished_at=None,
        )


def backoff_seconds(n_failures: int) -> float:
    """Return how long to wait before a job is tried again: 1, 2, 4, ... at most 60 seconds.

    >>> [backoff_seconds(n) for n in (1, 2, 3, 10)]
    [1.0, 2.0, 4.0, 60.0]
    """
    return float(min(2.0 ** (n_failures - 1), LONGEST_BACKOFF_SECONDS))
