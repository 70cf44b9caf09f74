"""The worker, with a queue, children and a clock that a test decides."""

import logging
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pynomaly.application.ports.asking import JobClaim
from pynomaly.application.ports.child_process import ChildProcess, Crashed, Refused, Succeeded
from pynomaly.application.ports.work import Heartbeat, JobQueue, TakenJob
from pynomaly.domain.errors import (
    InvalidData,
    InvalidRequest,
    LeaseLost,
    NotFound,
    SealBroken,
    StorageFull,
    Unavailable,
)
from pynomaly.domain.job import Job, JobFailure, JobKind, JobProgress, JobStatus
from pynomaly.infrastructure.jobs.side_threads import SideThreads
from pynomaly.infrastructure.jobs.worker import BEAT_SECONDS, JobDesk, Worker
from tests.fakes.telemetry import Heard
from tests.fakes.workers import FakeChild, FakeDesk, FakeQueue, ImpatientEvent, SteppingClock

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
JOB = Job("j" * 32, JobKind.TRAIN, {}, "user:ada", NOON, status=JobStatus.RUNNING, attempt=2)
TAKEN = TakenJob("local", JOB)
CANCELLED = ("j" * 32, JobFailure("Cancelled", "cancelled"), True, False)


class Bench:
    """A worker and everything it works with."""

    def __init__(self) -> None:
        self.stop = ImpatientEvent()
        self.clock = SteppingClock()
        self.queue = FakeQueue(when_empty=self.stop.set)
        self.desk = FakeDesk()
        self.telemetry = Heard()
        self.children: list[FakeChild | Exception] = []
        self.started: list[TakenJob] = []
        self.beside: list[str] = []

    def run(self, *children, jobs=(TAKEN,), drain_seconds=30.0) -> None:
        """Do jobs until there are none."""
        self.children = list(children)
        self.queue.jobs = list(jobs)
        queue: JobQueue = self.queue
        Worker(
            name="worker",
            queue=queue,
            start_child=self._start,
            desk=lambda taken: JobDesk(self.desk.end_job, self.desk.release_job),
            beside=SideThreads({"chores": self._beside}, drain_seconds=30.0),
            clock=self.clock,
            drain_seconds=drain_seconds,
            telemetry=self.telemetry,
        ).run(self.stop)

    def child(self, **settings) -> FakeChild:
        return FakeChild(self.clock, **settings)

    def _start(self, taken: TakenJob) -> ChildProcess:
        self.started.append(taken)
        child = self.children.pop(0)
        if isinstance(child, Exception):
            raise child
        return child

    def _beside(self, stop: threading.Event) -> None:
        self.beside.append("began")
        stop.wait()
        self.beside.append("ended")


@pytest.fixture
def bench():
    return Bench()


def test_a_job_that_succeeds_says_so_itself(bench) -> None:
    child = bench.child(ends_as=Succeeded({}))
    bench.run(child)
    assert (bench.desk.ended, bench.desk.given_back) == ([], [])
    assert child.is_left


@pytest.mark.parametrize("kind", ["InvalidData", "TooFewRows", "NotFound", "Conflict", "CorruptModel", "NotTrained"])
def test_what_would_end_the_same_way_again_is_final(bench, kind) -> None:
    bench.run(bench.child(ends_as=Refused(kind, "too few rows")))
    assert bench.desk.ended == [(JOB.id, JobFailure(kind, "too few rows"), True, False)]


@pytest.mark.parametrize("error", [NotFound("there is no source 'shop'"), SealBroken(), InvalidRequest("no key")])
def test_a_job_that_cannot_be_handed_what_it_needs_fails_at_once(bench, error) -> None:
    bench.run(error)
    assert bench.desk.ended == [(JOB.id, JobFailure(type(error).__name__, str(error)), True, False)]


@pytest.mark.parametrize("kind", ["Unavailable", "StorageFull", "MemoryError", "KeyError"])
def test_what_may_pass_or_was_never_thought_of_is_tried_again(bench, kind) -> None:
    bench.run(bench.child(ends_as=Refused(kind, "the disk is full")))
    assert bench.desk.ended == [(JOB.id, JobFailure(kind, "the disk is full"), False, False)]


@pytest.mark.parametrize(("reason", "is_final"), [("killed", False), ("out of memory", False), ("deadline", True)])
def test_a_crash_is_tried_again_and_a_deadline_is_not(bench, reason, is_final) -> None:
    bench.run(bench.child(ends_as=Crashed(reason)))
    detail = f"the process that did the work ended without a word: {reason}"
    assert bench.desk.ended == [(JOB.id, JobFailure("Crashed", detail), is_final, True)]


def test_a_quiet_child_is_kept_alive_by_a_beat_every_two_seconds(bench) -> None:
    bench.run(bench.child(script=[()] * 33, ends_as=Succeeded({})))  # 8.25 seconds
    assert bench.queue.beats == [(JobClaim(JOB.id, 2), JobProgress("starting"))] * 4
    assert BEAT_SECONDS == 2.0


def test_progress_is_told_within_half_a_second_and_no_more_often(bench) -> None:
    reports = [[{"stage": "learning", "share": n / 8, "n_rows": 80}] for n in range(9)]
    bench.run(bench.child(script=reports, ends_as=Succeeded({})))
    assert [progress.share for _, progress in bench.queue.beats] == [1 / 8, 3 / 8, 5 / 8, 7 / 8]
    assert bench.queue.beats[-1][1].rows_per_second == pytest.approx(80 * (7 / 8) / 1.75)


def test_a_lost_lease_kills_the_child_and_says_nothing(bench) -> None:
    child = bench.child()
    bench.queue.answers = [Heartbeat.GO_ON, Heartbeat.LOST]
    bench.run(child)
    assert child.is_killed
    assert (bench.desk.ended, bench.desk.given_back) == ([], [])


def test_a_lease_that_is_lost_because_the_job_has_just_succeeded_is_success(bench, caplog) -> None:
    caplog.set_level(logging.INFO, "pynomaly.worker")
    child = bench.child(script=[()] * 8, ends_as=Succeeded({}))
    bench.queue.answers = [Heartbeat.LOST]
    bench.run(child)
    assert not child.is_killed
    assert "job_succeeded" in caplog.text
    assert "job_lost" not in caplog.text


def test_a_child_may_say_that_it_has_just_succeeded_after_the_lease_is_gone(bench, caplog) -> None:
    """Its commit ended the lease; the beat came between that and its last word."""
    caplog.set_level(logging.INFO, "pynomaly.worker")
    child = bench.child(script=[()] * 9, ends_as=Succeeded({}))
    bench.queue.answers = [Heartbeat.LOST]
    bench.run(child)
    assert len(bench.queue.beats) == 1
    assert "job_succeeded" in caplog.text
    assert "job_lost" not in caplog.text


def test_a_cancelled_job_is_killed_and_ends_as_cancelled(bench) -> None:
    child = bench.child()
    bench.queue.answers = [Heartbeat.GO_ON, Heartbeat.STOP]
    bench.run(child)
    assert child.is_killed
    assert bench.desk.ended == [CANCELLED]


def test_a_job_that_was_cancelled_a_moment_before_it_was_done_ends_at_once(bench) -> None:
    """Its child was refused at the fence; waiting for the lease to run out would leave it cancelling for seconds."""
    bench.run(bench.child(ends_as=Refused("LeaseLost", "cancelled before it was done")))
    assert bench.desk.ended == [CANCELLED]


def test_a_job_that_was_overtaken_is_left_to_whoever_has_it(bench, caplog) -> None:
    bench.desk.troubles = [LeaseLost()]
    bench.run(bench.child(ends_as=Refused("LeaseLost", "overtaken")))
    assert bench.desk.ended == []
    assert "stale_write_refused" in caplog.text


def test_a_job_that_is_found_cancelled_is_ended_without_a_child(bench) -> None:
    bench.run(jobs=[TakenJob("local", replace(JOB, status=JobStatus.CANCELLING))])
    assert (bench.desk.ended, bench.started) == ([CANCELLED], [])


def test_poison_is_set_aside_with_its_last_reason_as_evidence(bench) -> None:
    evidence = JobFailure("Crashed", "out of memory")
    bench.run(jobs=[TakenJob("local", replace(JOB, crashes=3, failure=evidence))])
    assert (bench.desk.ended, bench.started) == ([(JOB.id, evidence, True, False)], [])


def test_a_job_under_which_too_many_workers_vanished_is_set_aside(bench) -> None:
    bench.run(jobs=[TakenJob("local", replace(JOB, losses=26))])
    ((_, failure, is_final, _),) = bench.desk.ended
    assert is_final
    assert failure == JobFailure("Lost", "26 workers vanished while they were at this job; it was set aside")


def test_a_worker_that_is_to_stop_lets_its_job_finish_within_the_time_it_has(bench) -> None:
    def stop_early(look: int) -> None:
        if look == 2:
            bench.stop.set()

    bench.run(bench.child(script=[()] * 100, ends_as=Succeeded({}), at_look=stop_early), jobs=[TAKEN, TAKEN])
    assert (bench.desk.given_back, len(bench.started)) == ([], 1)
    assert len(bench.queue.beats) == 12  # the lease is kept alive for 25 seconds


def test_a_worker_that_is_to_stop_gives_back_what_takes_longer(bench) -> None:
    child = bench.child(at_look=lambda look: look == 2 and bench.stop.set())
    bench.run(child, jobs=[TAKEN, TAKEN], drain_seconds=30.0)
    assert child.is_killed
    assert (bench.desk.given_back, bench.desk.ended) == ([JOB.id], [])
    assert 30.0 <= bench.clock.now - 100.5 <= 30.5
    assert len(bench.started) == 1


def test_a_job_that_was_overtaken_while_it_was_given_back_is_left_alone(bench) -> None:
    bench.desk.troubles = [LeaseLost()]
    bench.run(bench.child(at_look=lambda look: bench.stop.set()), drain_seconds=1.0)
    assert bench.desk.given_back == []


@pytest.mark.parametrize("trouble", [Unavailable(), StorageFull()])
def test_a_database_that_is_away_for_some_beats_stops_nothing(bench, trouble) -> None:
    bench.queue.answers = [trouble, trouble, Heartbeat.GO_ON]
    child = bench.child(script=[()] * 33, ends_as=Succeeded({}))
    bench.run(child)
    assert not child.is_killed
    assert len(bench.queue.beats) == 4


@pytest.mark.slow
def test_an_end_is_stored_as_soon_as_the_database_is_back(bench) -> None:
    bench.desk.troubles = [Unavailable(), StorageFull()]
    bench.run(bench.child(ends_as=Refused("TooFewRows", "1 row")))
    assert bench.desk.ended == [(JOB.id, JobFailure("TooFewRows", "1 row"), True, False)]


def test_an_end_that_cannot_be_stored_for_a_minute_is_left_to_the_lease(bench, caplog) -> None:
    class Away(FakeDesk):
        def end_job(self, **_: object) -> None:
            bench.clock.now += 61.0
            raise Unavailable

    bench.desk = Away()
    refused, done = bench.child(ends_as=Refused("TooFewRows", "1 row")), bench.child(ends_as=Succeeded({}))
    bench.run(refused, done, jobs=[TAKEN, TAKEN])
    assert len(bench.started) == 2
    assert "worker_waits" in caplog.text


@pytest.mark.parametrize("trouble", [Unavailable(), StorageFull(), InvalidData(), ZeroDivisionError(), OSError(24)])
def test_whatever_goes_wrong_with_one_job_does_not_end_the_worker(bench, trouble) -> None:
    bench.run(trouble, bench.child(ends_as=Succeeded({})), jobs=[trouble, TAKEN, TAKEN])
    assert len(bench.started) == 2


def test_a_job_whose_process_cannot_be_started_is_given_back_at_once(bench) -> None:
    """Nobody would touch it before its lease ran out."""
    bench.run(Unavailable("no further process can be started"))
    assert bench.desk.given_back == [JOB.id]


def test_a_stumbling_worker_says_where(bench, caplog) -> None:
    bench.run(jobs=[ZeroDivisionError("division by zero")])
    (record,) = (one for one in caplog.records if "worker_stumbled" in one.message)
    assert record.exc_info is not None


def test_what_goes_on_beside_the_jobs_begins_and_ends_with_the_worker(bench) -> None:
    bench.run(bench.child(ends_as=Succeeded({})))
    assert bench.beside == ["began", "ended"]


@pytest.mark.parametrize(
    ("outcome", "word"),
    [
        (Succeeded({}), "succeeded"),
        (Refused("InvalidData", "too few rows"), "failed"),
        (Refused("Cancelled", "cancelled"), "cancelled"),
        (Refused("Unavailable", "the database is away"), "retried"),
        (Crashed("killed"), "retried"),
        (Crashed("deadline"), "failed"),
    ],
)
def test_how_an_attempt_ended_is_told_with_its_length_and_its_names(bench, outcome, word) -> None:
    bench.run(bench.child(script=[()] * 4, ends_as=outcome))
    assert bench.telemetry.jobs == [("train", word, 1.0)]
    assert bench.telemetry.names == [{"job_id": JOB.id, "tenant_id": "local"}]


def test_an_attempt_whose_lease_is_lost_is_told_as_lost(bench) -> None:
    bench.queue.answers = [Heartbeat.LOST]
    bench.run(bench.child())
    assert [word for _, word, _ in bench.telemetry.jobs] == ["lost"]


def test_an_attempt_that_was_not_this_workers_to_end_any_more_is_told_as_lost(bench) -> None:
    bench.desk.troubles = [LeaseLost()]
    bench.run(bench.child(ends_as=Refused("InvalidData", "too few rows")))
    assert [word for _, word, _ in bench.telemetry.jobs] == ["lost"]


def test_an_attempt_that_is_given_back_is_told_as_retried(bench) -> None:
    bench.run(bench.child(at_look=lambda number: bench.stop.set()), drain_seconds=0.5)
    assert [word for _, word, _ in bench.telemetry.jobs] == ["retried"]


def test_an_attempt_that_could_not_begin_is_told_as_lost(bench) -> None:
    bench.run(Unavailable("no room"))
    assert [word for _, word, _ in bench.telemetry.jobs] == ["lost"]
