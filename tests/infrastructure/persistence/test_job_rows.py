from collections import Counter
from datetime import timedelta

import pytest

from pynomaly.domain.errors import AlreadyExists, InvalidRequest, NotFound
from pynomaly.domain.job import JobFailure, JobKind, JobProgress, JobStatus
from tests.at_once import at_once
from tests.infrastructure.persistence.examples import NOON, job

FAILURE = JobFailure("Crashed", "it \ud800 \0 died ☂")


def test_a_job_comes_back_as_it_was_however_it_stands(work) -> None:
    stored = job(
        kind=JobKind.TRAIN,
        payload={"detector_id": "d", "seed": 2**62, "policy": {"name": "☂", "values": [0.1 + 0.2, None, True]}},
        priority=9,
        status=JobStatus.FAILED,
        attempt=3,
        crashes=2,
        losses=1,
        failures=4,
        progress=JobProgress("learning", 0.1 + 0.2, 12.5, 3.25),
        result={"version": 1},
        failure=JobFailure("Crashed", "it died"),
        started_at=NOON,
        finished_at=NOON + timedelta(microseconds=1),
    )
    work.jobs.add(stored)
    assert work.jobs.get(stored.id) == stored
    assert work.jobs.get(stored.id[:8]) == stored
    plain = job()
    work.jobs.add(plain)
    assert work.jobs.get(plain.id) == plain


def test_a_reason_that_no_database_could_hold_is_stored_readably(work) -> None:
    stored = job()
    work.jobs.add(stored)
    work.jobs.save(stored.failed(FAILURE, NOON))
    assert work.jobs.get(stored.id).failure == JobFailure("Crashed", "it \\ud800 \\x00 died ☂")


def test_a_prefix_that_fits_several_jobs_lists_them(work) -> None:
    for end in "12":
        work.jobs.add(job(id="abcdefab" + end * 24))
    with pytest.raises(InvalidRequest, match="fits 2 jobs"):
        work.jobs.get("abcdefab")
    with pytest.raises(NotFound, match="pynomaly job list"):
        work.jobs.get("abcdefa")


def test_a_job_tells_each_state_once_and_then_its_result_and_its_end(work) -> None:
    stored = job()
    work.jobs.add(stored)
    work.jobs.save(stored)  # nothing new
    work.jobs.save(stored.asked_to_stop(NOON).retried())  # queued as before
    work.jobs.save(stored.succeeded({"detection_id": "x"}, NOON))
    told = work.jobs.events(stored, after=0, limit=10)
    assert [(event.sequence, event.name, event.data) for event in told] == [
        (1, "state", {"status": "queued", "attempt": 0}),
        (2, "state", {"status": "succeeded", "attempt": 0}),
        (3, "result", {"detection_id": "x"}),
        (4, "end", {"status": "succeeded"}),
    ]


@pytest.mark.parametrize("ended", [job().failed(FAILURE, NOON), job().cancelled(NOON)], ids=["failed", "cancelled"])
def test_a_job_that_ends_without_success_tells_its_end_and_no_result(work, ended) -> None:
    work.jobs.add(job(id=ended.id))
    work.jobs.save(ended)
    names = [event.name for event in work.jobs.events(ended, after=0, limit=10)]
    assert names == ["state", "state", "end"]


def test_what_a_job_told_is_read_piece_by_piece(work) -> None:
    stored = job()
    work.jobs.add(stored)
    for _ in range(3):
        work.jobs.save(stored.failed(FAILURE, NOON))
        work.jobs.save(stored)
    everything = work.jobs.events(stored, after=0, limit=100)
    pieces, after = [], 0
    while piece := work.jobs.events(stored, after=after, limit=4):
        pieces += piece
        after = piece[-1].sequence
    assert pieces == list(everything)
    assert [event.sequence for event in pieces] == list(range(1, 11))


def test_saving_a_job_that_is_not_there_tells_nothing(work) -> None:
    unknown = job()
    with pytest.raises(NotFound):
        work.jobs.save(unknown.cancelled(NOON))
    assert list(work.jobs.events(unknown, after=0, limit=10)) == []


def test_a_dedupe_key_is_used_once_per_kind(work) -> None:
    work.jobs.add(job(kind=JobKind.TRAIN), dedupe_key="k")
    work.jobs.add(job(kind=JobKind.DETECT), dedupe_key="k")
    work.jobs.add(job(kind=JobKind.TRAIN), dedupe_key="other")
    with pytest.raises(AlreadyExists, match="this train job was submitted already"):
        work.jobs.add(job(kind=JobKind.TRAIN), dedupe_key="k")


def test_of_many_at_once_one_gets_the_dedupe_key_and_all_others_are_told_so(transactions) -> None:
    def submit(_number: int) -> None:
        with transactions.begin() as work:
            work.jobs.add(job(), dedupe_key="k")
            work.commit()

    outcomes = Counter(type(outcome) for outcome in at_once(8, submit))
    assert outcomes == {AlreadyExists: 7, type(None): 1}
