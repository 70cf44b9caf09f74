"""The queue: who gets which job when, and what becomes of jobs whose worker falls silent."""

import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from pynomaly.application.ports.asking import JobClaim
from pynomaly.application.ports.work import Heartbeat, JobQueue
from pynomaly.domain.job import JobProgress, JobStatus
from pynomaly.infrastructure.persistence.job_queue import LEASE_SECONDS, SqlJobQueue
from pynomaly.infrastructure.persistence.job_rows import job_to_row
from pynomaly.infrastructure.persistence.work_tables import jobs
from tests.at_once import at_once
from tests.databases import on_postgresql_alone
from tests.infrastructure.persistence.examples import NOON, job, new_id, schedule

DAY = timedelta(days=1)
EXPIRED = -1.0  # a lease that has run out when it begins


@pytest.fixture
def queue(database, transactions) -> JobQueue:
    return SqlJobQueue(database, transactions.clock)


@pytest.fixture
def forgetful(queue) -> JobQueue:
    """The same queue for workers that fall silent at once."""
    return replace(queue, lease_seconds=EXPIRED)


def _submit(transactions, *jobs):
    with transactions.begin() as work:
        for one in jobs:
            work.jobs.add(one)
        work.commit()
    return jobs


def _save(transactions, changed, **options):
    with transactions.begin() as work:
        work.jobs.save(changed, **options)
        work.commit()


def _get(transactions, job_id):
    with transactions.begin_reading() as work:
        return work.jobs.get(job_id)


def _told(transactions, one):
    with transactions.begin_reading() as work:
        return [(event.name, event.data) for event in work.jobs.events(one, after=0, limit=100)]


def test_a_job_is_taken_once_under_the_first_attempt(queue, transactions) -> None:
    (one,) = _submit(transactions, job())
    taken = queue.take("worker 1")
    assert (taken.tenant_id, taken.claim) == ("local", JobClaim(one.id, 1))
    assert (taken.job.status, taken.job.progress) == (JobStatus.RUNNING, JobProgress("starting"))
    assert _get(transactions, one.id) == taken.job
    assert queue.take("worker 2") is None
    assert _told(transactions, one)[-1] == ("state", {"status": "running", "attempt": 1})


def test_the_start_is_the_first_attempts(queue, forgetful, transactions) -> None:
    _submit(transactions, job())
    first, second = forgetful.take("worker 1").job, queue.take("worker 2").job
    assert first.started_at == second.started_at > NOON


def test_urgent_jobs_go_first_and_of_equals_the_oldest(queue, transactions) -> None:
    waiting = _submit(transactions, *(job(priority=priority) for priority in (5, 9, 0, 5, 9)))
    order = [queue.take("worker").job.id for _ in waiting]
    assert order == [waiting[index].id for index in (1, 4, 0, 3, 2)]


def test_the_workspace_with_the_fewest_running_goes_first(queue, transactions, elsewhere) -> None:
    _submit(transactions, *(job() for _ in range(10)))
    _submit(elsewhere, job(), job())
    order = [queue.take("worker").tenant_id for _ in range(6)]
    assert order == ["local", "elsewhere", "local", "elsewhere", "local", "local"]


def test_an_urgent_job_goes_before_a_fair_one(queue, transactions, elsewhere) -> None:
    _submit(transactions, job(), job(priority=9))
    _submit(elsewhere, job())
    assert [queue.take("worker").tenant_id for _ in range(3)] == ["local", "elsewhere", "local"]


def test_taking_from_a_line_ten_times_as_long_takes_ten_times_as_long_at_most(queue, transactions) -> None:
    _line_up(transactions, 150)
    short = min(_seconds_to_take(queue) for _ in range(3))
    _line_up(transactions, 1350)
    long = min(_seconds_to_take(queue) for _ in range(3))
    assert long < 25 * short  # to count what runs beside each one that waits took a hundred times as long


def _line_up(transactions, n_jobs):
    rows = [job_to_row(job()) | {"id": new_id(), "tenant_id": "local", "run_at": 0.0} for _ in range(n_jobs)]
    with transactions.database.engine().begin() as connection:
        connection.execute(insert(jobs), rows)


def _seconds_to_take(queue):
    begun = time.perf_counter()
    assert queue.take("worker") is not None
    return time.perf_counter() - begun


def test_a_job_that_is_to_wait_is_not_taken_before_its_time(queue, transactions) -> None:
    (one,) = _submit(transactions, job())
    _save(transactions, one, wait_seconds=3600.0)
    assert queue.take("worker") is None
    _save(transactions, one, wait_seconds=0.0)
    assert queue.take("worker").job.id == one.id


@pytest.mark.parametrize("status", [JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED])
def test_a_job_that_has_ended_is_not_taken_nor_kept_alive(queue, transactions, status) -> None:
    _submit(transactions, job())
    taken = queue.take("worker")
    _save(transactions, replace(taken.job, status=status))
    assert queue.take("worker") is None
    assert queue.beat(taken.claim, JobProgress()) is Heartbeat.LOST


def test_a_silent_worker_loses_its_job_to_the_next_one(queue, forgetful, transactions) -> None:
    (one,) = _submit(transactions, job())
    first = forgetful.take("silent")
    second = queue.take("next")
    assert (second.claim, second.job.losses) == (JobClaim(one.id, 2), 1)
    assert queue.beat(first.claim, JobProgress("learning", 0.9)) is Heartbeat.LOST
    assert queue.beat(second.claim, JobProgress()) is Heartbeat.GO_ON
    assert _get(transactions, one.id).progress == JobProgress()
    assert _told(transactions, one)[-2:] == [
        ("state", {"status": "running", "attempt": 2}),
        ("progress", {"stage": "", "share": 0.0, "rows_per_second": None, "eta_seconds": None}),
    ]


def test_every_loss_counts(forgetful, transactions) -> None:
    _submit(transactions, job())
    assert [forgetful.take("silent").job.losses for _ in range(4)] == [0, 1, 2, 3]


def test_a_beat_renews_the_lease_and_tells_only_news(queue, forgetful, transactions) -> None:
    (one,) = _submit(transactions, job())
    claim = forgetful.take("worker").claim
    news = JobProgress("learning", 0.5, 1000.0, 2.5)
    assert queue.beat(claim, news) is Heartbeat.GO_ON
    assert queue.beat(claim, news) is Heartbeat.GO_ON
    assert queue.take("another") is None  # the lease was renewed
    assert _get(transactions, one.id).progress == news
    assert [name for name, _ in _told(transactions, one)] == ["state", "state", "progress"]


def test_a_lease_whose_worker_was_only_late_can_be_renewed(queue, forgetful, transactions) -> None:
    _submit(transactions, job())
    claim = forgetful.take("late").claim
    assert queue.beat(claim, JobProgress()) is Heartbeat.GO_ON
    assert queue.take("another") is None


def test_a_cancelled_job_tells_its_worker_to_stop(queue, transactions) -> None:
    _submit(transactions, job())
    taken = queue.take("worker")
    _save(transactions, taken.job.asked_to_stop(NOON))
    assert queue.beat(taken.claim, JobProgress()) is Heartbeat.STOP
    assert queue.take("another") is None


def test_a_cancelled_orphan_goes_to_somebody_who_ends_it(queue, forgetful, transactions) -> None:
    (one,) = _submit(transactions, job())
    taken = forgetful.take("silent")
    _save(transactions, taken.job.asked_to_stop(NOON))
    found = queue.take("next")
    assert (found.job.status, found.claim) == (JobStatus.CANCELLING, JobClaim(one.id, 2))
    assert queue.beat(found.claim, JobProgress()) is Heartbeat.STOP


def test_a_job_that_was_given_back_is_taken_by_the_next_at_once(queue, transactions) -> None:
    (one,) = _submit(transactions, job())
    first = queue.take("worker")
    _save(transactions, first.job.released())
    assert queue.beat(first.claim, JobProgress()) is Heartbeat.LOST
    assert queue.take("next").claim == JobClaim(one.id, 2)


def test_a_retried_job_goes_on_with_its_attempt_numbers(queue, transactions) -> None:
    (one,) = _submit(transactions, job())
    cancelled = queue.take("worker").job.cancelled(NOON)
    _save(transactions, cancelled)
    _save(transactions, cancelled.retried())
    assert queue.take("worker").claim == JobClaim(one.id, 2)


def test_leases_are_held_by_the_databases_clock_whatever_the_workers_say(database, transactions) -> None:
    _submit(transactions, job(), job())
    ahead = SqlJobQueue(database, lambda: NOON + 99_999 * DAY)
    behind = SqlJobQueue(database, lambda: NOON - 9_999 * DAY)
    assert (ahead.take("ahead"), behind.take("behind")) != (None, None)
    assert ahead.take("ahead") is None
    with database.engine().connect() as connection:
        left = "SELECT max(lease_until) - {} FROM jobs".format(
            "extract(epoch from statement_timestamp())"
            if connection.dialect.name == "postgresql"
            else "((julianday('now') - 2440587.5) * 86400.0)"
        )
        assert LEASE_SECONDS - 5 < float(connection.exec_driver_sql(left).scalar()) <= LEASE_SECONDS


@pytest.mark.slow
def test_eight_workers_take_sixty_jobs_each_once(queue, transactions) -> None:
    waiting = _submit(transactions, *(job() for _ in range(60)))

    def take_all(number: int) -> list[tuple[str, int]]:
        found = iter(lambda: queue.take(f"worker {number}"), None)
        return [(taken.job.id, taken.job.attempt) for taken in found]

    taken = at_once(8, take_all)
    assert Counter(one for each in taken for one in each) == Counter((one.id, 1) for one in waiting)


@on_postgresql_alone
def test_a_worker_does_not_wait_for_a_row_that_another_holds(queue, transactions) -> None:
    first, second = _submit(transactions, job(), job())
    with transactions.begin() as work:
        work.jobs.get(first.id)  # held until the end of this transaction
        assert queue.take("worker").job.id == second.id
        assert queue.take("worker") is None
    assert queue.take("worker").job.id == first.id


def test_due_schedules_are_found_in_every_workspace_the_longest_waiting_first(queue, transactions, elsewhere) -> None:
    passed = datetime.now(UTC) - timedelta(minutes=1)
    due, later = schedule("due", next_run_at=passed), schedule("later", next_run_at=passed + DAY)
    asleep = schedule("asleep", next_run_at=None)
    off = schedule("off", is_enabled=False, next_run_at=passed)
    longest = schedule("longest", next_run_at=passed - DAY)
    for here, stored in ((transactions, (due, later, asleep, off)), (elsewhere, (longest,))):
        with here.begin() as work:
            for one in stored:
                work.schedules.add(one)
            work.commit()
    assert queue.due_schedules(limit=9) == [("elsewhere", longest.id), ("local", due.id)]
    assert queue.due_schedules(limit=1) == [("elsewhere", longest.id)]


def test_the_databases_clock_says_when(queue) -> None:
    before = datetime.now(UTC)
    assert before - timedelta(seconds=1) < queue.now() < datetime.now(UTC) + timedelta(seconds=1)


def test_a_workers_wrong_clock_makes_no_schedule_due(queue, transactions) -> None:
    """Neither early nor late: only the database's clock counts."""
    now = datetime.now(UTC)
    with transactions.begin() as work:
        work.schedules.add(schedule("passed", next_run_at=now - timedelta(minutes=1)))
        work.schedules.add(schedule("coming", next_run_at=now + timedelta(minutes=30)))
        work.commit()
    for hours in (-1, 1):
        wrong = replace(queue, clock=lambda hours=hours: datetime.now(UTC) + timedelta(hours=hours))
        assert len(wrong.due_schedules(limit=9)) == 1
