from dataclasses import replace

import pytest

from pynomaly.application.ports.asking import Asked, KeyClaim, Reply, RequestKey
from pynomaly.application.use_cases.submit_job import SubmitJob
from pynomaly.domain.errors import AlreadyExists, Conflict, NotFound
from pynomaly.domain.job import JobKind, JobStatus
from tests.application.use_cases.told import events_of, job_of
from tests.fakes.sources import FakeSources
from tests.infrastructure.persistence.examples import dataset, detector, version

DATA, FRAUD = dataset("orders"), detector("Fraud").with_version(version())
TRAINING = {"kind": JobKind.TRAIN, "payload": {"detector_id": "Fraud", "dataset_id": "orders", "seed": 7}}


@pytest.fixture
def submit(transactions):
    with transactions.begin() as work:
        work.datasets.add(DATA)
        work.detectors.add(FRAUD)
        work.commit()
    return SubmitJob(
        transactions.begin, Asked("local", "user:ada"), FakeSources(), transactions.clock, transactions.new_id
    )


def test_a_job_is_queued_on_behalf_of_whoever_asked_and_told(submit, transactions) -> None:
    job = submit(**TRAINING, priority=7)
    assert (job.status, job.created_by, job.priority, job.attempt) == (JobStatus.QUEUED, "user:ada", 7, 0)
    assert job.payload == {"detector_id": FRAUD.id, "dataset_id": DATA.id, "seed": 7, "then_detect": False}
    assert job_of(transactions, job.id) == job
    assert events_of(transactions) == [("JobSubmitted", {"job_id": job.id, "kind": "train"})]


def test_what_was_asked_for_stays_the_same_when_things_are_renamed(submit, transactions) -> None:
    job = submit(**TRAINING)
    with transactions.begin() as work:
        work.detectors.save(work.detectors.get("Fraud").renamed("Old fraud"))
        work.detectors.add(detector("Fraud"))
        work.commit()
    assert job_of(transactions, job.id).payload["detector_id"] == FRAUD.id


def test_a_dedupe_key_submits_once(submit, transactions) -> None:
    submit(**TRAINING, dedupe_key="nightly 2026-03-14")
    with pytest.raises(AlreadyExists):
        submit(**TRAINING, dedupe_key="nightly 2026-03-14")
    assert len(events_of(transactions)) == 1


@pytest.mark.parametrize(
    ("change", "error"),
    [(lambda it: it.retire(), Conflict), (lambda it: replace(it, name="Other"), NotFound)],
    ids=["retired", "renamed"],
)
def test_what_cannot_be_done_is_not_queued(submit, transactions, change, error) -> None:
    with transactions.begin() as work:
        work.detectors.save(change(work.detectors.get("Fraud")))
        work.commit()
    with pytest.raises(error):
        submit(**TRAINING)
    assert events_of(transactions) == []


def test_the_answer_to_a_request_is_stored_with_the_job(submit, transactions) -> None:
    claim = KeyClaim(RequestKey("user:ada", "POST /jobs", "k"), "t", lambda job: Reply(202, (), job.id.encode()))
    with transactions.begin() as work:
        work.request_keys.reserve(claim, digest="d")
        work.commit()
    claimed = replace(transactions, asked=Asked("local", "user:ada", "", claim))
    job = replace(submit, begin=claimed.begin)(**TRAINING)
    with transactions.begin() as work:
        assert work.request_keys.reserve(replace(claim, token="u"), digest="d").body == job.id.encode()
