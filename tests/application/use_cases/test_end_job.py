"""How jobs end that did not succeed: under the claim of the worker that had them."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from pynomaly.application.use_cases.end_job import EndJob, ReleaseJob
from pynomaly.domain.errors import LeaseLost
from pynomaly.domain.job import JobFailure, JobKind, JobStatus
from pynomaly.domain.training import TrainingStatus
from pynomaly.infrastructure.persistence.database_clock import DatabaseNow
from pynomaly.infrastructure.persistence.job_queue import SqlJobQueue
from pynomaly.infrastructure.persistence.work_tables import jobs
from tests.application.use_cases.told import events_of, job_of
from tests.infrastructure.persistence.examples import NOON, detector, job, training_run

CRASH = JobFailure("Crashed", "out of memory")
REFUSAL = JobFailure("TooFewRows", "1 row")
OWNER = detector()


@pytest.fixture
def queue(transactions):
    return SqlJobQueue(transactions.database, transactions.clock)


@pytest.fixture
def take(transactions, queue):
    """Store a job as it stands and take it."""

    def one(**changes):
        with transactions.begin() as work:
            work.jobs.add(job(**changes))
            work.commit()
        return queue.take("worker")

    return one


def _claimed(transactions, taken):
    return replace(transactions, asked=replace(transactions.asked, claim=taken.claim)).begin


def _end(transactions, taken, failure, *, is_final=False, is_crash=False):
    end_job = EndJob(_claimed(transactions, taken), transactions.clock)
    return end_job(job=taken.job.id, failure=failure, is_final=is_final, is_crash=is_crash)


def _read(transactions, column):
    with transactions.database.engine().connect() as connection:
        return connection.execute(select(column)).scalar()


def test_a_final_refusal_fails_the_job_and_is_told(transactions, take) -> None:
    taken = take()
    ended = _end(transactions, taken, REFUSAL, is_final=True)
    assert (ended.status, ended.failure) == (JobStatus.FAILED, REFUSAL)
    assert job_of(transactions, taken.job.id) == ended
    assert events_of(transactions) == [
        ("JobEnded", {"job_id": taken.job.id, "status": "failed", "kind": taken.job.kind.value})
    ]


@pytest.mark.parametrize(
    ("record", "is_crash", "seconds"),
    [
        ({}, False, 1.0),
        ({"failures": 1}, False, 2.0),
        ({"failures": 3}, False, 8.0),
        ({"crashes": 1}, True, 2.0),
        ({"crashes": 1, "failures": 2}, False, 8.0),
        ({"failures": 6, "crashes": 2}, False, 60.0),
    ],
    ids=str,
)
def test_what_may_pass_is_tried_again_after_a_wait_that_doubles(transactions, take, record, is_crash, seconds) -> None:
    taken, before = take(**record), _read(transactions, DatabaseNow())
    ended = _end(transactions, taken, CRASH, is_crash=is_crash)
    assert (ended.status, ended.failure) == (JobStatus.QUEUED, CRASH)
    assert before + seconds <= _read(transactions, jobs.c.run_at) <= _read(transactions, DatabaseNow()) + seconds
    assert events_of(transactions) == []


def test_a_job_whose_process_died_three_times_is_set_aside_with_the_last_reason(transactions, take) -> None:
    assert _end(transactions, take(crashes=1), CRASH, is_crash=True).status is JobStatus.QUEUED
    set_aside = _end(transactions, take(crashes=2), CRASH, is_crash=True)
    assert (set_aside.status, set_aside.failure) == (JobStatus.FAILED, CRASH)


def test_eight_passing_failures_are_enough(transactions, take) -> None:
    assert _end(transactions, take(failures=6), CRASH).status is JobStatus.QUEUED
    assert _end(transactions, take(failures=7), CRASH).status is JobStatus.FAILED


@pytest.mark.parametrize(("is_final", "is_crash"), [(True, False), (False, False), (False, True)])
def test_a_job_that_somebody_cancelled_ends_as_cancelled_whatever_happened(
    transactions, take, is_final, is_crash
) -> None:
    taken = take()
    with transactions.begin() as work:
        work.jobs.save(work.jobs.get(taken.job.id).asked_to_stop(NOON))
        work.commit()
    ended = _end(transactions, taken, REFUSAL, is_final=is_final, is_crash=is_crash)
    assert (ended.status, ended.failure) == (JobStatus.CANCELLED, None)
    assert events_of(transactions) == [
        ("JobEnded", {"job_id": taken.job.id, "status": "cancelled", "kind": taken.job.kind.value})
    ]


def _begin_run(transactions, taken, **changes):
    run = training_run(OWNER.id, id=taken.job.id, **changes)
    with transactions.begin() as work:
        work.detectors.add(OWNER)
        work.training_runs.add(run)
        work.commit()


def _run_of(transactions, taken):
    with transactions.begin_reading() as work:
        return work.training_runs.find(taken.job.id)


@pytest.mark.parametrize(("is_cancelled", "reason"), [(False, "1 row"), (True, "cancelled")])
def test_a_training_run_that_its_process_left_behind_ends_with_the_job(
    transactions, take, is_cancelled, reason
) -> None:
    taken = take(kind=JobKind.TRAIN)
    _begin_run(transactions, taken)
    if is_cancelled:
        with transactions.begin() as work:
            work.jobs.save(work.jobs.get(taken.job.id).asked_to_stop(NOON))
            work.commit()
    _end(transactions, taken, REFUSAL, is_final=True)
    run = _run_of(transactions, taken)
    assert (run.status, run.error) == (TrainingStatus.FAILED, reason)
    assert ("TrainingFailed", {"detector_id": OWNER.id, "reason": reason}) in events_of(transactions)


def test_a_training_run_stays_open_while_the_job_is_to_be_tried_again(transactions, take) -> None:
    taken = take(kind=JobKind.TRAIN)
    _begin_run(transactions, taken)
    _end(transactions, taken, CRASH, is_crash=True)
    assert _run_of(transactions, taken).status is TrainingStatus.RUNNING


def test_a_training_run_that_has_ended_already_is_not_told_twice(transactions, take) -> None:
    taken = take(kind=JobKind.TRAIN)
    _begin_run(transactions, taken, status=TrainingStatus.FAILED, error="1 row")
    _end(transactions, taken, REFUSAL, is_final=True)
    assert [name for name, _ in events_of(transactions)] == ["JobEnded"]


def test_a_job_that_is_given_back_waits_for_nobody(transactions, take, queue) -> None:
    taken = take()
    released = ReleaseJob(_claimed(transactions, taken))(job=taken.job.id)
    assert (released.status, released.losses, released.crashes) == (JobStatus.QUEUED, 0, 0)
    assert queue.take("another").claim.attempt == 2


def test_a_cancelled_job_is_not_given_back(transactions, take, queue) -> None:
    taken = take()
    with transactions.begin() as work:
        work.jobs.save(work.jobs.get(taken.job.id).asked_to_stop(NOON))
        work.commit()
    assert ReleaseJob(_claimed(transactions, taken))(job=taken.job.id).status is JobStatus.CANCELLING
    assert queue.take("another") is None


def test_a_worker_that_was_overtaken_ends_nothing(transactions, take) -> None:
    taken = take()
    stale = replace(taken, job=replace(taken.job, attempt=0))
    with pytest.raises(LeaseLost):
        _end(transactions, stale, REFUSAL, is_final=True)
    with pytest.raises(LeaseLost):
        ReleaseJob(_claimed(transactions, stale))(job=taken.job.id)
    assert job_of(transactions, taken.job.id) == taken.job
