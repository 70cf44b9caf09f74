"""The queue as a lease table: every job is held by one worker at a time, by the database's clock.

A lease that runs out frees its job, whatever became of the worker. That alone is not safe: a worker that was only
frozen wakes up and believes that it still holds the job. So every attempt has a number, and whatever a job does is
stored in a transaction that first checks that number (`claims`).
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, or_, select, update

from pynomaly.application.ports.asking import JobClaim
from pynomaly.application.ports.clock import Clock
from pynomaly.application.ports.work import Heartbeat, TakenJob
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.identifiers import TenantId
from pynomaly.domain.job import JobProgress, JobStatus
from pynomaly.infrastructure.persistence.across_workspaces import across_workspaces
from pynomaly.infrastructure.persistence.database import Database
from pynomaly.infrastructure.persistence.database_clock import DatabaseNow
from pynomaly.infrastructure.persistence.job_rows import job_from_row, tell
from pynomaly.infrastructure.persistence.transaction import Transaction
from pynomaly.infrastructure.persistence.work_tables import jobs, schedules

LEASE_SECONDS = 10.0  # five beats; an orphan is taken up within fifteen seconds also on a machine that is out of breath
_HELD = (JobStatus.RUNNING.value, JobStatus.CANCELLING.value)


@dataclass(frozen=True, slots=True)
class SqlJobQueue:
    """The queue of an installation."""

    database: Database
    clock: Clock
    lease_seconds: float = LEASE_SECONDS

    def take(self, worker: str) -> TakenJob | None:
        """Lease the next job: highest priority first, then the workspace with the fewest running, then the oldest.

        One whose lease ran out counts as lost once more and is leased anew under the next attempt number.
        """
        with self._transaction(is_reading=True) as looking:
            if not looking.read(_waiting().limit(1), lambda row: row.id):
                return None  # looking costs no lock that others wait for
        with self._transaction() as transaction:
            found = transaction.read(self._lease(worker), lambda row: (TenantId(row.tenant_id), job_from_row(row)))
            if not found:
                return None
            tenant_id, job = found[0]
            tell(transaction, job.id, "state", {"status": job.status.value, "attempt": job.attempt}, self.clock)
            transaction.commit()
        return TakenJob(tenant_id, job)

    def beat(self, claim: JobClaim, progress: JobProgress) -> Heartbeat:
        """Renew a lease, store how far the job is, and hear whether it is still wanted."""
        held = (jobs.c.id == claim.job_id) & (jobs.c.attempt == claim.attempt) & jobs.c.status.in_(_HELD)
        figures: dict[str, JsonValue] = {
            "stage": progress.stage,
            "share": progress.share,
            "rows_per_second": progress.rows_per_second,
            "eta_seconds": progress.eta_seconds,
        }
        with self._transaction() as transaction:
            before = transaction.read_held(select(jobs).where(held), job_from_row)
            if not before:
                return Heartbeat.LOST
            renewed = update(jobs).where(held).values(lease_until=DatabaseNow() + self.lease_seconds, **figures)
            transaction.write(renewed)
            if before[0].progress != progress:
                tell(transaction, claim.job_id, "progress", figures, self.clock)
            transaction.commit()
        return Heartbeat.STOP if before[0].status is JobStatus.CANCELLING else Heartbeat.GO_ON

    def now(self) -> datetime:
        """Return what the database's clock says."""
        with self._transaction(is_reading=True) as looking:
            return looking.read(select(DatabaseNow()), lambda row: datetime.fromtimestamp(row[0], UTC))[0]

    def due_schedules(self, *, limit: int) -> Sequence[tuple[TenantId, str]]:
        """Return workspace and id of schedules whose time has come."""
        due = select(schedules).where(schedules.c.is_enabled, schedules.c.next_run_at <= self.now())
        with self._transaction(is_reading=True) as looking:
            ordered = due.order_by(schedules.c.next_run_at).limit(limit)
            return looking.read(ordered, lambda row: (TenantId(row.tenant_id), str(row.id)))

    def _lease(self, worker: str) -> Any:
        running = _running_by_workspace()
        beside = func.coalesce(running.c.n_jobs, 0)
        waiting = _waiting().select_from(jobs.outerjoin(running, running.c.tenant_id == jobs.c.tenant_id))
        chosen = waiting.order_by(jobs.c.priority.desc(), beside, jobs.c.run_at, jobs.c.position)
        one = chosen.limit(1).with_for_update(skip_locked=True, of=jobs).scalar_subquery()
        was_lost = jobs.c.status.in_(_HELD)
        return (
            update(jobs)
            .where(jobs.c.id == one)
            .values(
                status=case((jobs.c.status == JobStatus.CANCELLING.value, JobStatus.CANCELLING.value), else_="running"),
                attempt=jobs.c.attempt + 1,
                losses=jobs.c.losses + case((was_lost, 1), else_=0),
                lease_until=DatabaseNow() + self.lease_seconds,
                worker=worker,
                started_at=func.coalesce(jobs.c.started_at, self.clock()),
                stage="starting",
                share=0.0,
                rows_per_second=None,
                eta_seconds=None,
            )
            .returning(*jobs.c)
        )

    def _transaction(self, *, is_reading: bool = False) -> AbstractContextManager[Transaction]:
        return across_workspaces(self.database, is_reading=is_reading)


def _waiting() -> Select[Any]:
    """Return the ids of jobs that somebody may take: queued and due, or held by a worker that fell silent."""
    is_due: ColumnElement[bool] = (jobs.c.status == JobStatus.QUEUED.value) & (jobs.c.run_at <= DatabaseNow())
    is_orphan = jobs.c.status.in_(_HELD) & (jobs.c.lease_until < DatabaseNow())
    return select(jobs.c.id).where(or_(is_due, is_orphan))


def _running_by_workspace() -> Subquery:
    """Return how many jobs of each workspace are running: nobody's thousand jobs hold up another's one."""
    beside = jobs.alias("beside")
    counted = select(beside.c.tenant_id, func.count().label("n_jobs")).where(beside.c.status.in_(_HELD))
    return counted.group_by(beside.c.tenant_id).subquery("running")
