"""How an installation stands: counts over all workspaces, by the database's clock."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from pynomaly.application.ports.standing import Queue, Standing
from pynomaly.domain.delivery import DeliveryStatus
from pynomaly.domain.errors import Unavailable
from pynomaly.domain.events import DatasetRegistered
from pynomaly.domain.job import JobKind
from pynomaly.infrastructure.persistence.database import Database
from pynomaly.infrastructure.persistence.database_clock import DatabaseNow
from pynomaly.infrastructure.persistence.standing_rows import SqlStanding
from pynomaly.infrastructure.persistence.work_tables import jobs
from pynomaly.infrastructure.persistence.worker_rows import SqlWorkerBook
from pynomaly.infrastructure.persistence.worker_tables import workers
from tests.infrastructure.persistence.examples import channel, delivery, job, new_id

LONG = 100.0


def add(transactions, **changes):
    """Queue a job and return its id."""
    one = replace(job(), id=new_id(), **changes)
    with transactions.begin() as work:
        work.jobs.add(one)
        work.commit()
    return one.id


def change(database, job_id, **values):
    with database.engine().begin() as connection:
        connection.execute(update(jobs).where(jobs.c.id == job_id).values(**values))


@pytest.fixture
def standing(database):
    return SqlStanding(database)


def test_an_empty_installation_has_nothing_to_do(standing) -> None:
    assert standing() == Standing(n_workers=0, n_events=0, queues={})


def test_waiting_jobs_of_all_workspaces_are_counted_and_the_oldest_tells_the_age(
    transactions, elsewhere, database, standing
) -> None:
    for begin in (transactions, elsewhere):
        oldest = add(begin, kind=JobKind.TRAIN)
    add(transactions, kind=JobKind.DETECT)
    change(database, oldest, run_at=DatabaseNow() - LONG)
    found = standing().queues
    assert {kind: queue.n_waiting for kind, queue in found.items()} == {JobKind.TRAIN: 2, JobKind.DETECT: 1}
    assert LONG <= found[JobKind.TRAIN].oldest_seconds < 2 * LONG
    assert found[JobKind.DETECT].oldest_seconds < LONG


def test_a_job_that_waits_for_its_next_try_is_not_due_and_one_that_is_held_is_running(
    transactions, database, standing
) -> None:
    later, held = add(transactions), add(transactions)
    change(database, later, run_at=DatabaseNow() + LONG)
    change(database, held, status="running", lease_until=DatabaseNow() + LONG, worker="w1")
    assert standing().queues == {job().kind: Queue(0, 1, 0.0)}


def test_a_job_whose_worker_fell_silent_waits_since_its_lease_ran_out(transactions, database, standing) -> None:
    orphan = add(transactions)
    since = DatabaseNow() - LONG
    change(database, orphan, status="running", lease_until=since, run_at=DatabaseNow() - 9 * LONG, worker="w1")
    (queue,) = standing().queues.values()
    assert (queue.n_waiting, queue.n_running) == (1, 0)
    assert LONG <= queue.oldest_seconds < 2 * LONG


def test_ended_jobs_are_not_counted(transactions, database, standing) -> None:
    change(database, add(transactions), status="succeeded")
    assert standing().queues == {}


def test_workers_are_seen_by_their_signature_or_by_the_job_they_hold(transactions, database, standing) -> None:
    book = SqlWorkerBook(database)
    for name in ("w1", "w2", "w1"):
        book.sign(name)
    busy = add(transactions)
    change(database, busy, status="running", lease_until=DatabaseNow() + LONG, worker="w3")
    assert standing().n_workers == 3
    with database.engine().begin() as connection:
        connection.execute(update(workers).where(workers.c.name == "w2").values(seen_at=DatabaseNow() - 61.0))
    assert standing().n_workers == 2


def test_the_book_forgets_who_has_not_been_there_for_a_day(database) -> None:
    book = SqlWorkerBook(database)
    book.sign("w1")
    with database.engine().begin() as connection:
        connection.execute(update(workers).values(seen_at=DatabaseNow() - 86_401.0))
    book.sign("w2")
    with database.engine().connect() as connection:
        assert [row.name for row in connection.execute(workers.select())] == ["w2"]


def test_events_of_all_workspaces_are_counted(transactions, elsewhere, standing) -> None:
    for begin in (transactions, elsewhere, elsewhere):
        with begin.begin() as work:
            work.record(DatasetRegistered("d" * 32, 40))
            work.commit()
    assert standing().n_events == 3


def test_messages_on_their_way_are_counted_by_kind_of_channel_unless_it_rests(
    transactions, elsewhere, standing
) -> None:
    for begin, changes in ((transactions, {}), (elsewhere, {}), (elsewhere, {"name": "resting", "is_enabled": False})):
        told = channel(**changes)
        with begin.begin() as work:
            work.channels.add(told)
            work.deliveries.add(delivery(told.id))
            work.deliveries.add(replace(delivery(told.id), status=DeliveryStatus.DELIVERED))
            work.commit()
    (kind, outgoing), *others = standing().outgoing.items()
    assert (kind, outgoing.n_waiting, others) == ("hook", 2, [])
    assert outgoing.oldest_seconds > LONG  # the messages of the examples are some years old


def test_a_database_that_is_away_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        SqlStanding(Database.on_server("postgresql://127.0.0.1:1/nowhere"))()
