"""The fence: what is done under a claim counts only while the claim is held, and is concluded with its effect."""

import threading
from dataclasses import replace

import pytest

from pynomaly.application.ports.asking import JobClaim
from pynomaly.application.ports.paging import Piece
from pynomaly.application.use_cases.steer_job import CancelJob
from pynomaly.domain.errors import LeaseLost
from pynomaly.domain.events import AnomaliesDetected, DatasetRegistered
from pynomaly.domain.job import JobFailure, JobStatus
from pynomaly.infrastructure.persistence.job_queue import SqlJobQueue
from tests.at_once import at_once
from tests.infrastructure.persistence.examples import (
    NOON,
    api_key,
    dataset,
    detection,
    detector,
    job,
    schedule,
    training_run,
    user,
)

OWNER = detector("owner")


@pytest.fixture
def taken(database, transactions):
    """A job that a worker has just taken."""
    with transactions.begin() as work:
        work.detectors.add(OWNER)
        work.jobs.add(job())
        work.commit()
    return SqlJobQueue(database, transactions.clock, lease_seconds=-1.0).take("worker")


@pytest.fixture
def claimed(transactions, taken):
    """Transactions under that job's claim."""
    return _under(transactions, taken.claim)


@pytest.fixture
def retake(database, transactions):
    """How another worker takes over."""
    return lambda: SqlJobQueue(database, transactions.clock, lease_seconds=-1.0).take("another")


def _under(transactions, claim):
    return replace(transactions, asked=replace(transactions.asked, claim=claim))


def _save(transactions, changed):
    with transactions.begin() as work:
        work.jobs.save(changed)
        work.commit()


def _state(transactions):
    """Everything that an effect could have left behind."""
    with transactions.begin_reading() as work:
        lists = [work.datasets, work.detectors, work.detections, work.jobs, work.schedules, work.users, work.api_keys]
        log = work.audit_log.page(Piece(100, 0, is_oldest_first=True)).items
        return [*(rows.page(Piece(100)).items for rows in lists), work.training_runs.of(OWNER), log]


EFFECTS = {
    "dataset": lambda work: work.datasets.add(dataset()),
    "detector": lambda work: work.detectors.add(detector()),
    "change": lambda work: work.detectors.save(work.detectors.get("owner").renamed("other")),
    "removal": lambda work: work.detectors.remove(OWNER),
    "training run": lambda work: work.training_runs.add(training_run(OWNER.id)),
    "detection": lambda work: work.detections.add(detection()),
    "job": lambda work: work.jobs.add(job()),
    "schedule": lambda work: work.schedules.add(schedule()),
    "user": lambda work: work.users.add(user()),
    "API key": lambda work: work.api_keys.add(api_key()),
    "event": lambda work: work.record(DatasetRegistered("d", 3)),
    "conclusion": lambda work: work.conclude(detection()),
}


def _act(transactions, effect):
    with transactions.begin() as work:
        EFFECTS[effect](work)
        work.commit()


@pytest.mark.parametrize("effect", EFFECTS)
def test_nothing_is_stored_under_a_claim_that_was_overtaken(transactions, claimed, retake, effect) -> None:
    retake()
    before = _state(transactions)
    with pytest.raises(LeaseLost, match=r"attempt 1 at job .* was overtaken; nothing of it was stored"):
        _act(claimed, effect)
    assert _state(transactions) == before


@pytest.mark.parametrize("effect", EFFECTS)
def test_everything_is_stored_under_a_claim_that_is_held(transactions, claimed, effect) -> None:
    before = _state(transactions)
    _act(claimed, effect)
    assert _state(transactions) != before


@pytest.mark.parametrize("status", [JobStatus.QUEUED, JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED])
def test_a_job_that_nobody_works_at_any_more_has_no_claim(transactions, claimed, taken, status) -> None:
    _save(transactions, replace(taken.job, status=status))
    with pytest.raises(LeaseLost):
        _act(claimed, "detection")


@pytest.mark.parametrize("claim", [JobClaim("unknown" * 4, 1), JobClaim("", 0)], ids=["unknown", "empty"])
def test_a_claim_to_no_job_is_lost(transactions, claim) -> None:
    with pytest.raises(LeaseLost):
        _act(_under(transactions, claim), "dataset")


def test_a_claim_holds_in_its_own_workspace_only(elsewhere, taken) -> None:
    with pytest.raises(LeaseLost):
        _act(_under(elsewhere, taken.claim), "dataset")


def test_an_expired_lease_that_nobody_else_took_still_counts(transactions, claimed) -> None:
    _act(claimed, "detection")  # the lease in these tests has run out when it begins
    with transactions.begin_reading() as work:
        assert len(work.detections.all()) == 1


def test_reading_needs_no_claim(claimed, retake) -> None:
    retake()
    with claimed.begin_reading() as work:
        assert work.detectors.get("owner") == OWNER


def test_a_job_succeeds_in_the_transaction_of_its_effect(transactions, claimed, taken) -> None:
    made = detection()
    with claimed.begin() as work:
        work.detections.add(made)
        work.record(AnomaliesDetected(made.id, 1000, 1, made.detector_id, 80.0))
        work.conclude(made)
        assert _status(transactions, taken) is JobStatus.RUNNING  # seen from outside
        work.commit()
    with transactions.begin_reading() as work:
        ended = work.jobs.get(taken.job.id)
        told = [event.name for event in work.jobs.events(ended, after=0, limit=10)]
        entries = work.audit_log.page(Piece(9, 0, is_oldest_first=True)).items
    assert (ended.status, ended.result) == (JobStatus.SUCCEEDED, {"detection_id": made.id, "n_anomalies": 1})
    assert ended.finished_at is not None
    assert told == ["state", "state", "state", "result", "end"]
    found = {"detector_id": made.detector_id, "severity": 80.0}
    assert [(entry.type, dict(entry.payload)) for entry in entries] == [
        ("AnomaliesDetected", {"detection_id": made.id, "n_rows": 1000, "n_anomalies": 1} | found),
        ("JobEnded", {"job_id": taken.job.id, "status": "succeeded", "kind": taken.job.kind.value}),
    ]


def test_a_conclusion_that_is_not_committed_did_not_happen(transactions, claimed, taken) -> None:
    with claimed.begin() as work:
        work.detections.add(detection())
        work.conclude(detection())
    assert _status(transactions, taken) is JobStatus.RUNNING
    with transactions.begin_reading() as work:
        assert work.detections.all() == []


def test_a_job_concludes_once(transactions, claimed) -> None:
    _act(claimed, "conclusion")
    before = _state(transactions)
    with pytest.raises(LeaseLost):
        _act(claimed, "conclusion")
    assert _state(transactions) == before


def test_a_job_that_was_cancelled_cannot_succeed_any_more(transactions, claimed, taken) -> None:
    _save(transactions, taken.job.asked_to_stop(NOON))
    before = _state(transactions)
    with claimed.begin() as work:
        work.detections.add(detection())
        with pytest.raises(LeaseLost, match="was cancelled before it was done"):
            work.conclude(detection())
    assert _state(transactions) == before


def test_a_job_that_was_cancelled_can_still_be_ended_by_its_worker(transactions, claimed, taken) -> None:
    _save(transactions, taken.job.asked_to_stop(NOON))
    with claimed.begin() as work:
        work.jobs.save(work.jobs.get(taken.job.id).failed(JobFailure("X", "y"), NOON))
        work.commit()
    assert _status(transactions, taken) is JobStatus.FAILED


@pytest.mark.slow
def test_a_worker_that_takes_over_waits_until_the_effect_is_complete_or_undone(transactions, claimed, retake) -> None:
    """Nobody gets between the check of a claim and the commit of its effect."""
    overtaken = []
    with claimed.begin() as work:
        thread = threading.Thread(target=lambda: overtaken.append(retake()))
        thread.start()
        thread.join(0.3)
        work.detections.add(detection())
        work.conclude(detection())
        work.commit()
    thread.join()
    assert overtaken == [None]


def _status(transactions, taken):
    with transactions.begin_reading() as work:
        return work.jobs.get(taken.job.id).status


@pytest.mark.slow
def test_a_job_that_is_done_and_cancelled_at_once_is_one_of_both(database, transactions) -> None:
    queue = SqlJobQueue(database, transactions.clock)
    cancel = CancelJob(transactions.begin, transactions.asked, transactions.clock)
    for _ in range(12):
        with transactions.begin() as work:
            work.jobs.add(job())
            work.commit()
        taken = queue.take("worker")
        done, cancelled = at_once(2, lambda n, taken=taken: _cancel_or_finish(n, cancel, transactions, taken))
        with transactions.begin_reading() as work:
            ended = work.jobs.get(taken.job.id)
            effects = [made for made in work.detections.all() if made.source == ended.id]
        assert cancelled.status in (JobStatus.CANCELLING, JobStatus.SUCCEEDED)
        assert ended.status is cancelled.status
        assert (len(effects), type(done)) == (
            (0, LeaseLost) if ended.status is JobStatus.CANCELLING else (1, type(None))
        )


def _cancel_or_finish(number, cancel, transactions, taken):
    if number:
        return cancel(job=taken.job.id)
    with _under(transactions, taken.claim).begin() as work:
        work.detections.add(detection(source=taken.job.id))
        work.conclude(detection())
        work.commit()
    return None
