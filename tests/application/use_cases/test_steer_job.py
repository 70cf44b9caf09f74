from dataclasses import replace

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.application.use_cases.steer_job import CancelJob, RetryJob
from pynomaly.domain.errors import Conflict, Forbidden, NotFound
from pynomaly.domain.job import JobFailure, JobStatus
from tests.application.use_cases.told import events_of, job_of
from tests.infrastructure.persistence.examples import NOON, job

BY_ADA = Asked("local", "user:ada")
FAILED = JobFailure("TooFewRows", "1 row")


@pytest.fixture
def cancel(transactions):
    return CancelJob(transactions.begin, BY_ADA, transactions.clock)


@pytest.fixture
def retry(transactions):
    return RetryJob(transactions.begin, BY_ADA)


def _store(transactions, stored):
    with transactions.begin() as work:
        work.jobs.add(stored)
        work.commit()
    return stored


def test_a_waiting_job_is_cancelled_at_once(cancel, transactions) -> None:
    waiting = _store(transactions, job())
    cancelled = cancel(job=waiting.id)
    assert cancelled.status is JobStatus.CANCELLED
    assert job_of(transactions, waiting.id) == cancelled
    assert events_of(transactions) == [
        ("JobCancellationRequested", {"job_id": waiting.id}),
        ("JobEnded", {"job_id": waiting.id, "status": "cancelled", "kind": "detect"}),
    ]


def test_a_running_job_is_asked_to_stop_and_asking_again_does_no_harm(cancel, transactions) -> None:
    running = _store(transactions, job(status=JobStatus.RUNNING, attempt=1))
    assert cancel(job=running.id[:8]).status is JobStatus.CANCELLING
    assert cancel(job=running.id) == job_of(transactions, running.id)
    assert events_of(transactions) == [("JobCancellationRequested", {"job_id": running.id})]


@pytest.mark.parametrize("ended", [job().succeeded({}, NOON), job().failed(FAILED, NOON), job().cancelled(NOON)])
def test_a_job_that_has_ended_stays_as_it_is(cancel, transactions, ended) -> None:
    _store(transactions, ended)
    assert cancel(job=ended.id) == ended
    assert events_of(transactions) == []


@pytest.mark.parametrize("ended", [job().failed(FAILED, NOON), job().cancelled(NOON)], ids=["failed", "cancelled"])
def test_a_job_that_ended_without_success_is_queued_anew(retry, transactions, ended) -> None:
    _store(transactions, replace(ended, attempt=3, crashes=3))
    queued = retry(job=ended.id)
    assert (queued.status, queued.attempt, queued.crashes, queued.failure) == (JobStatus.QUEUED, 3, 0, None)
    assert job_of(transactions, ended.id) == queued
    assert events_of(transactions) == [("JobRetried", {"job_id": ended.id})]


@pytest.mark.parametrize("status", [JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.CANCELLING, JobStatus.SUCCEEDED])
def test_any_other_job_is_not_queued_anew(retry, transactions, status) -> None:
    stored = _store(transactions, job(status=status))
    with pytest.raises(Conflict, match=f"is {status}; only failed and cancelled"):
        retry(job=stored.id)
    assert events_of(transactions) == []


@pytest.mark.parametrize("action", ["cancel", "retry"])
def test_the_jobs_of_others_take_a_permission(request, transactions, action) -> None:
    steer = request.getfixturevalue(action)
    others = _store(transactions, job(created_by="user:bo", status=JobStatus.FAILED, failure=FAILED))
    with pytest.raises(Forbidden, match="needs 'manage_jobs'"):
        steer(job=others.id, may_touch_others=False)
    assert job_of(transactions, others.id) == others
    own = _store(transactions, job(created_by="user:ada", status=JobStatus.FAILED, failure=FAILED))
    steer(job=own.id, may_touch_others=False)
    steer(job=others.id)


@pytest.mark.parametrize("action", ["cancel", "retry"])
def test_a_job_that_is_not_there_is_not_found(request, action) -> None:
    with pytest.raises(NotFound):
        request.getfixturevalue(action)(job="unknown-id")
