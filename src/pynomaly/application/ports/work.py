"""Work that was taken: jobs, the queue that hands them out, schedules, and requests that count once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pynomaly.application.ports.asking import JobClaim, KeyClaim, Reply
from pynomaly.application.ports.paging import Page, Piece
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.identifiers import TenantId
from pynomaly.domain.job import Job, JobKind, JobProgress, JobStatus
from pynomaly.domain.schedule import Schedule


@dataclass(frozen=True, slots=True)
class JobEvent:
    """One thing a job told: `state`, `progress`, `result` or `end`, numbered 1, 2, 3, ... within the job."""

    sequence: int
    name: str
    data: JsonValue
    at: datetime


class Jobs(Protocol):
    """The jobs of a workspace."""

    def add(self, job: Job, *, dedupe_key: str | None = None) -> None:
        """Queue a new job. Raises AlreadyExists if there is one of its kind with that dedupe key."""
        ...

    def get(self, job_id: str) -> Job:
        """Return a job by id or id prefix; a transaction that may write holds it. Raises NotFound."""
        ...

    def page(self, piece: Piece, *, status: JobStatus | None = None, kind: JobKind | None = None) -> Page[Job]:
        """Return a piece of the list."""
        ...

    def save(self, job: Job, *, wait_seconds: float = 0.0) -> None:
        """Store a changed job, and tell of a changed state. A queued job is not started before `wait_seconds`."""
        ...

    def events(self, job: Job, *, after: int, limit: int) -> Sequence[JobEvent]:
        """Return what a job told after an event, oldest first."""
        ...


class Heartbeat(StrEnum):
    """What a worker learns when it says that it is alive."""

    GO_ON = "go_on"
    STOP = "stop"  # somebody cancelled the job
    LOST = "lost"  # the job was given to somebody else


@dataclass(frozen=True, slots=True)
class TakenJob:
    """A job that a worker holds, with the workspace it belongs to."""

    tenant_id: TenantId
    job: Job

    @property
    def claim(self) -> JobClaim:
        """The lease that every effect of the job is checked against."""
        return JobClaim(self.job.id, self.job.attempt)


class JobQueue(Protocol):
    """Hands out the jobs of all workspaces, each to one worker at a time, by the database's clock."""

    def take(self, worker: str) -> TakenJob | None:
        """Lease the next job, also one whose worker has not been heard of for a whole lease; None if none waits."""
        ...

    def beat(self, claim: JobClaim, progress: JobProgress) -> Heartbeat:
        """Renew a lease and tell how far the job is."""
        ...

    def now(self) -> datetime:
        """Return what the database's clock says."""
        ...

    def due_schedules(self, *, limit: int) -> Sequence[tuple[TenantId, str]]:
        """Return workspace and id of schedules whose time has come."""
        ...


class Schedules(Protocol):
    """The schedules of a workspace, by id or name."""

    def add(self, schedule: Schedule) -> None:
        """Store a new schedule. Raises AlreadyExists if the name is taken."""
        ...

    def get(self, name_or_id: str) -> Schedule:
        """Return a schedule as `Datasets.get` does; a transaction that may write holds it."""
        ...

    def page(self, piece: Piece) -> Page[Schedule]:
        """Return a piece of the list."""
        ...

    def save(self, schedule: Schedule) -> None:
        """Store a changed schedule under the next revision. Raises StaleWrite, AlreadyExists."""
        ...

    def remove(self, schedule: Schedule) -> None:
        """Forget a schedule; the jobs it submitted stay."""
        ...


class CronClock(Protocol):
    """Reads cron expressions."""

    def next_time(self, cron: str, time_zone: str, after: datetime) -> datetime:
        """Return the first moment after `after` that the expression means. Raises InvalidRequest."""
        ...


class RequestKeys(Protocol):
    """Idempotency keys."""

    def reserve(self, claim: KeyClaim, *, digest: str) -> Reply | None:
        """Reserve a key for one attempt, or return the answer that is stored under it.

        digest: of the request's content.  Raises StillRunning while another attempt holds it, InvalidRequest if the
        key came with other content before.
        """
        ...

    def release(self, claim: KeyClaim) -> None:
        """Give a reserved key back: the attempt had no effect, and the request may come again."""
        ...
