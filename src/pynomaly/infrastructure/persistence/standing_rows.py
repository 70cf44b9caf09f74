"""How an installation stands, in a few counts over all workspaces; cheap enough to be asked every few seconds."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, or_, select, union

from pynomaly.application.ports.standing import Queue, Standing
from pynomaly.domain.identifiers import LOCAL_TENANT
from pynomaly.domain.job import JobKind, JobStatus
from pynomaly.infrastructure.persistence.audit_tables import chain_heads
from pynomaly.infrastructure.persistence.database import Database
from pynomaly.infrastructure.persistence.database_clock import DatabaseNow
from pynomaly.infrastructure.persistence.database_errors import translated
from pynomaly.infrastructure.persistence.transaction import Transaction
from pynomaly.infrastructure.persistence.work_tables import jobs
from pynomaly.infrastructure.persistence.worker_tables import workers

SEEN_WITHIN_SECONDS = 60.0  # six signatures in the book of workers
_HELD = (JobStatus.RUNNING.value, JobStatus.CANCELLING.value)


@dataclass(frozen=True, slots=True)
class SqlStanding:
    """Looks at the whole database in one short transaction that waits for nobody."""

    database: Database

    def __call__(self) -> Standing:
        """Return how things stand. Raises Unavailable."""
        engine = self.database.engine()
        with translated(self.database.name), engine.execution_options(read_only=True).connect() as connection:
            connection.begin()
            looking = Transaction(connection, LOCAL_TENANT, self.database.name, is_reading=True)
            (n_events,) = looking.read(_n_events(), lambda row: int(row[0]))
            (n_workers,) = looking.read(_n_workers(), lambda row: int(row[0]))
            return Standing(n_workers, n_events, _queues(looking))


def _queues(looking: Transaction) -> dict[JobKind, Queue]:
    """Return each queue. Jobs of a kind that this version does not know belong to a newer one beside it."""
    waiting, running = _waiting(), _running()
    counts: dict[str, Queue] = defaultdict(Queue)
    for kind, n_waiting, oldest in looking.read(waiting, lambda row: (str(row[0]), int(row[1]), float(row[2]))):
        counts[kind] = Queue(n_waiting, 0, max(0.0, oldest))
    for kind, n_running in looking.read(running, lambda row: (str(row[0]), int(row[1]))):
        counts[kind] = Queue(counts[kind].n_waiting, n_running, counts[kind].oldest_seconds)
    return {kind: counts[kind.value] for kind in JobKind if kind.value in counts}


def _waiting() -> Select[Any]:
    """Return kind, number and age of what a worker could take: due, or held by one that fell silent."""
    is_due: ColumnElement[bool] = (jobs.c.status == JobStatus.QUEUED.value) & (jobs.c.run_at <= DatabaseNow())
    is_orphan = jobs.c.status.in_(_HELD) & (jobs.c.lease_until < DatabaseNow())
    since = case((is_orphan, jobs.c.lease_until), else_=jobs.c.run_at)
    told = select(jobs.c.kind, func.count(), DatabaseNow() - func.min(since))
    return told.where(or_(is_due, is_orphan)).group_by(jobs.c.kind)


def _running() -> Select[Any]:
    is_held = jobs.c.status.in_(_HELD) & (jobs.c.lease_until >= DatabaseNow())
    return select(jobs.c.kind, func.count()).where(is_held).group_by(jobs.c.kind)


def _n_workers() -> Select[Any]:
    return select(func.count()).select_from(_seen())


def _seen() -> Subquery:
    """Return the names in the book that are fresh, and of those whose hands are full."""
    signed = select(workers.c.name).where(workers.c.seen_at > DatabaseNow() - SEEN_WITHIN_SECONDS)
    holding = select(jobs.c.worker).where(jobs.c.status.in_(_HELD), jobs.c.lease_until >= DatabaseNow())
    return union(signed, holding).subquery("seen")


def _n_events() -> Select[Any]:
    return select(func.coalesce(func.sum(chain_heads.c.sequence), 0))
