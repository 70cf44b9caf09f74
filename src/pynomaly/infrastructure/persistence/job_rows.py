"""Jobs as rows, and what they tell as rows beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update

from pynomaly.application.ports.clock import Clock
from pynomaly.application.ports.paging import Page, Piece
from pynomaly.application.ports.work import JobEvent
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.errors import AlreadyExists, StaleWrite
from pynomaly.domain.identifiers import JobId
from pynomaly.domain.job import Job, JobFailure, JobKind, JobProgress, JobStatus
from pynomaly.infrastructure.persistence.database_clock import DatabaseNow
from pynomaly.infrastructure.persistence.lookup import id_of_nameless, one_of
from pynomaly.infrastructure.persistence.transaction import Transaction
from pynomaly.infrastructure.persistence.work_tables import job_events, jobs


@dataclass(frozen=True, slots=True)
class JobRows:
    """The jobs of one workspace within one transaction."""

    transaction: Transaction
    clock: Clock

    def add(self, job: Job, *, dedupe_key: str | None = None) -> None:
        """Queue a new job and tell of it. Raises AlreadyExists if there is one of its kind with that dedupe key."""
        if dedupe_key is not None and self._is_taken(job.kind, dedupe_key):
            raise AlreadyExists(f"this {job.kind} job was submitted already")
        row = job_to_row(job) | {"id": job.id, "tenant_id": self.transaction.tenant_id, "dedupe_key": dedupe_key}
        try:
            self.transaction.write(insert(jobs).values(**row, run_at=DatabaseNow()))
        except StaleWrite:  # somebody else was a moment faster
            raise AlreadyExists(f"this {job.kind} job was submitted already") from None
        self._tell_state(job)

    def get(self, job_id: str) -> Job:
        """Return a job by id or id prefix; a transaction that may write holds it. Raises NotFound, InvalidRequest."""
        found = id_of_nameless(self.transaction, jobs, job_id, noun="job")
        return one_of(self.transaction.read_held(self._own().where(jobs.c.id == found), job_from_row), "job")

    def page(self, piece: Piece, *, status: JobStatus | None = None, kind: JobKind | None = None) -> Page[Job]:
        """Return a piece of the list."""
        wanted = {"status": status, "kind": kind}
        conditions = [jobs.c[name] == value.value for name, value in wanted.items() if value is not None]
        return self.transaction.page(jobs, piece, job_from_row, *conditions)

    def save(self, job: Job, *, wait_seconds: float = 0.0) -> None:
        """Store a changed job, and tell of a changed state. A queued job is not started before `wait_seconds`."""
        mine = self.transaction.own(jobs) & (jobs.c.id == job.id)
        statuses = self.transaction.read(select(jobs.c.status).where(mine), lambda row: str(row.status))
        status_before = one_of(statuses, "job")
        changes = job_to_row(job)
        if job.status is JobStatus.QUEUED:
            changes |= {"run_at": DatabaseNow() + wait_seconds, "lease_until": None, "worker": None}
        elif job.status.is_final:
            changes |= {"lease_until": None}
        self.transaction.write(update(jobs).where(mine).values(**changes))
        if status_before != job.status:
            self._tell_state(job)

    def events(self, job: Job, *, after: int, limit: int) -> Sequence[JobEvent]:
        """Return what a job told after an event, oldest first."""
        mine = self.transaction.own(jobs) & (jobs.c.id == job.id)
        told = select(job_events).join(jobs).where(mine, job_events.c.sequence > after)
        return self.transaction.read(told.order_by(job_events.c.sequence).limit(limit), _event)

    def _own(self) -> Select[Any]:
        return select(jobs).where(self.transaction.own(jobs))

    def _is_taken(self, kind: JobKind, dedupe_key: str) -> bool:
        same = self._own().where(jobs.c.kind == kind.value, jobs.c.dedupe_key == dedupe_key)
        return bool(self.transaction.read(same, lambda row: row.id))

    def _tell_state(self, job: Job) -> None:
        self._tell(job, "state", {"status": job.status.value, "attempt": job.attempt})
        if job.status is JobStatus.SUCCEEDED:
            self._tell(job, "result", dict(job.result or {}))
        if job.status.is_final:
            self._tell(job, "end", {"status": job.status.value})

    def _tell(self, job: Job, name: str, data: JsonValue) -> None:
        tell(self.transaction, job.id, name, data, self.clock)


def tell(transaction: Transaction, job_id: str, name: str, data: JsonValue, clock: Clock) -> None:
    """Add an event to what a job has told; whoever adds holds the job's row."""
    last = select(func.coalesce(func.max(job_events.c.sequence), 0)).where(job_events.c.job_id == job_id)
    number = transaction.read(last, lambda row: int(row[0]))[0] + 1
    event = {"job_id": job_id, "sequence": number, "name": name, "data": data, "at": clock()}
    transaction.write(insert(job_events).values(**event))


def job_to_row(job: Job) -> dict[str, Any]:
    """Return what changes in the course of a job, and what it was submitted with."""
    return {
        "kind": job.kind.value,
        "payload": dict(job.payload),
        "created_by": job.created_by,
        "created_at": job.created_at,
        "priority": job.priority,
        "status": job.status.value,
        "attempt": job.attempt,
        "crashes": job.crashes,
        "losses": job.losses,
        "failures": job.failures,
        "stage": job.progress.stage,
        "share": job.progress.share,
        "rows_per_second": job.progress.rows_per_second,
        "eta_seconds": job.progress.eta_seconds,
        "result": None if job.result is None else dict(job.result),
        "failure_kind": None if job.failure is None else job.failure.kind,
        "failure_detail": None if job.failure is None else job.failure.detail,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
    }


def job_from_row(row: Row[Any]) -> Job:
    """Return the job a row stands for."""
    return Job(
        id=JobId(row.id),
        kind=JobKind(row.kind),
        payload=row.payload,
        created_by=row.created_by,
        created_at=row.created_at,
        priority=row.priority,
        status=JobStatus(row.status),
        attempt=row.attempt,
        crashes=row.crashes,
        losses=row.losses,
        failures=row.failures,
        progress=JobProgress(row.stage, row.share, row.rows_per_second, row.eta_seconds),
        result=row.result,
        failure=None if row.failure_kind is None else JobFailure(row.failure_kind, row.failure_detail),
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def _event(row: Row[Any]) -> JobEvent:
    return JobEvent(row.sequence, row.name, row.data, row.at)
