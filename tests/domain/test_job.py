from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pynomaly.domain.errors import Conflict
from pynomaly.domain.job import (
    MAX_CRASHES,
    MAX_LOSSES,
    MAX_TRANSIENT_FAILURES,
    Job,
    JobFailure,
    JobKind,
    JobProgress,
    JobStatus,
    backoff_seconds,
)

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)
FAILURE = JobFailure("Crashed", "it died")
WAITING = Job("j" * 32, JobKind.TRAIN, {}, "user:ada", NOON)
RUNNING = replace(
    WAITING, status=JobStatus.RUNNING, attempt=1, started_at=NOON, progress=JobProgress("learning", 0.5, 10.0, 3.0)
)
FINAL = {JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED}


def test_three_states_are_final() -> None:
    assert {status for status in JobStatus if status.is_final} == FINAL


def test_a_waiting_job_is_cancelled_at_once() -> None:
    stopped = WAITING.asked_to_stop(LATER)
    assert (stopped.status, stopped.finished_at) == (JobStatus.CANCELLED, LATER)


def test_a_running_job_is_cancelled_when_its_worker_hears_of_it() -> None:
    stopping = RUNNING.asked_to_stop(LATER)
    assert (stopping.status, stopping.finished_at) == (JobStatus.CANCELLING, None)
    assert stopping.asked_to_stop(LATER) == stopping


@pytest.mark.parametrize("status", sorted(FINAL))
def test_a_job_that_has_ended_does_not_mind_being_cancelled(status) -> None:
    ended = replace(RUNNING, status=status, finished_at=NOON)
    assert ended.asked_to_stop(LATER) == ended


def test_a_job_that_succeeded_is_done_and_says_what_it_came_to() -> None:
    done = RUNNING.succeeded({"version": 1}, LATER)
    assert (done.status, done.result, done.finished_at) == (JobStatus.SUCCEEDED, {"version": 1}, LATER)
    assert done.progress == JobProgress("done", 1.0)


def test_what_follows_is_of_the_same_person_and_as_urgent_and_begins_afresh() -> None:
    following = replace(RUNNING, priority=8, crashes=2).followed_by("k", JobKind.DETECT, {"version": 1}, LATER)
    assert following == Job("k", JobKind.DETECT, {"version": 1}, "user:ada", LATER, priority=8)


def test_what_went_wrong_on_the_way_is_no_failure_of_a_job_that_ended_well_or_on_request() -> None:
    again = RUNNING.waiting_again(FAILURE, is_crash=True)
    assert again.failure == FAILURE
    assert again.succeeded({}, LATER).failure is None
    assert again.cancelled(LATER).failure is None
    assert again.failed(JobFailure("TooFewRows", "1 row"), LATER).failure == JobFailure("TooFewRows", "1 row")


def test_a_crash_and_a_passing_failure_are_counted_apart() -> None:
    crashed = RUNNING.waiting_again(FAILURE, is_crash=True)
    refused = RUNNING.waiting_again(FAILURE, is_crash=False)
    assert (crashed.status, crashed.crashes, crashed.failures) == (JobStatus.QUEUED, 1, 0)
    assert (refused.status, refused.crashes, refused.failures) == (JobStatus.QUEUED, 0, 1)
    assert crashed.failure == refused.failure == FAILURE
    assert crashed.progress == JobProgress()
    assert crashed.attempt == RUNNING.attempt


def test_a_job_is_poison_after_three_crashes_or_when_too_many_workers_vanished() -> None:
    assert [replace(RUNNING, crashes=n).is_poison for n in range(1, 5)] == [False, False, True, True]
    assert not replace(RUNNING, losses=MAX_LOSSES).is_poison
    assert replace(RUNNING, losses=MAX_LOSSES + 1).is_poison
    assert not replace(RUNNING, failures=MAX_TRANSIENT_FAILURES).is_poison
    assert MAX_CRASHES == 3


def test_a_job_that_is_given_back_has_nothing_held_against_it() -> None:
    given_back = RUNNING.released()
    assert given_back == replace(RUNNING, status=JobStatus.QUEUED, progress=JobProgress())
    stopping = RUNNING.asked_to_stop(NOON)
    assert stopping.released() == stopping


@pytest.mark.parametrize("status", [JobStatus.FAILED, JobStatus.CANCELLED])
def test_a_retried_job_begins_with_a_clean_record_and_its_old_attempt_number(status) -> None:
    ended = replace(RUNNING, status=status, crashes=2, losses=3, failures=4, failure=FAILURE, finished_at=LATER)
    again = ended.retried()
    assert again == replace(
        RUNNING, status=JobStatus.QUEUED, progress=JobProgress(), crashes=0, losses=0, failures=0, failure=None
    )
    assert again.attempt == 1


@pytest.mark.parametrize("status", sorted(set(JobStatus) - {JobStatus.FAILED, JobStatus.CANCELLED}))
def test_only_failed_and_cancelled_jobs_can_be_retried(status) -> None:
    with pytest.raises(Conflict, match=f"job jjjjjjjj is {status}; only failed and cancelled"):
        replace(RUNNING, status=status).retried()


def test_each_failure_in_a_row_doubles_the_wait_up_to_a_minute() -> None:
    assert [backoff_seconds(n) for n in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert backoff_seconds(1000) == 60.0
