"""How an installation stands, in a few counts over all workspaces; cheap enough to be asked every few seconds."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, case, func, or_, select, union

from pynomaly.application.ports.standing import Outgoing, Queue, Standing
from pynomaly.domain.delivery import DeliveryStatus
from pynomaly.domain.job import JobKind, JobStatus
from pynomaly.infrastructure.persistence.across_workspaces import across_workspaces
from pynomaly.infrastructure.persistence.audit_tables import chain_heads
from pynomaly.infrastructure.persistence.channel_tables import channels, deliveries
from pynomaly.infrastructure.persistence.database import Database
from pynomaly.infrastructure.persistence.database_clock import DatabaseNow
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
        with across_workspaces(self.database, is_reading=True) as looking:
            n_workers, n_events = _count(looking, _n_workers()), _count(looking, _n_events())
            return Standing(n_workers, n_events, _queues(looking), _outgoing(looking))


def _count(looking: Transaction, query: Select[Any]) -> int:
    return sum(looking.read(query, lambda row: int(row.n)))


def _queues(looking: Transaction) -> dict[JobKind, Queue]:
    """Return each queue. Jobs of a kind that this version does not know belong to a newer one beside it."""
    running = dict(looking.read(_running(), lambda row: (str(row.kind), int(row.n))))
    waiting = dict(looking.read(_waiting(), lambda row: (str(row.kind), (int(row.n), max(0.0, float(row.age))))))
    found = [kind for kind in JobKind if kind.value in running.keys() | waiting.keys()]
    return {kind: _queue(waiting.get(kind.value, (0, 0.0)), running.get(kind.value, 0)) for kind in found}


def _queue(waiting: tuple[int, float], n_running: int) -> Queue:
    n_waiting, oldest_seconds = waiting
    return Queue(n_waiting, n_running, oldest_seconds)


def _waiting() -> Select[Any]:
    """Return kind, number and age of what a worker could take: due, or held by one that fell silent."""
    is_due: ColumnElement[bool] = (jobs.c.status == JobStatus.QUEUED.value) & (jobs.c.run_at <= DatabaseNow())
    is_orphan = jobs.c.status.in_(_HELD) & (jobs.c.lease_until < DatabaseNow())
    since = case((is_orphan, jobs.c.lease_until), else_=jobs.c.run_at)
    told = select(jobs.c.kind, func.count().label("n"), (DatabaseNow() - func.min(since)).label("age"))
    return told.where(or_(is_due, is_orphan)).group_by(jobs.c.kind)


def _running() -> Select[Any]:
    is_held = jobs.c.status.in_(_HELD) & (jobs.c.lease_until >= DatabaseNow())
    return select(jobs.c.kind, func.count().label("n")).where(is_held).group_by(jobs.c.kind)


def _outgoing(looking: Transaction) -> dict[str, Outgoing]:
    (now,) = looking.read(select(DatabaseNow().label("now")), lambda row: float(row.now))

    def counted(row: Row[Any]) -> tuple[str, Outgoing]:
        return str(row.kind), Outgoing(int(row.n), max(0.0, now - row.first.timestamp()))

    return dict(looking.read(_on_their_way(), counted))


def _on_their_way() -> Select[Any]:
    """Return kind of channel, number and first moment of the messages that channels have yet to take."""
    told = select(channels.c.kind, func.count().label("n"), func.min(deliveries.c.created_at).label("first"))
    is_open = deliveries.c.status.in_((DeliveryStatus.WAITING.value, DeliveryStatus.SENDING.value))
    is_through = deliveries.c.channel_id == channels.c.id
    return told.where(is_through, is_open, channels.c.is_enabled).group_by(channels.c.kind)


def _n_workers() -> Select[Any]:
    return select(func.count().label("n")).select_from(_seen())


def _seen() -> Subquery:
    """Return the names in the book that are fresh, and of those whose hands are full."""
    signed = select(workers.c.name).where(workers.c.seen_at > DatabaseNow() - SEEN_WITHIN_SECONDS)
    holding = select(jobs.c.worker).where(jobs.c.status.in_(_HELD), jobs.c.lease_until >= DatabaseNow())
    return union(signed, holding).subquery("seen")


def _n_events() -> Select[Any]:
    return select(func.coalesce(func.sum(chain_heads.c.sequence), 0).label("n"))
