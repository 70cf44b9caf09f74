"""Whatever happens to jobs in whatever order, each has one effect at most and none is lost (hypothesis, stateful)."""

import tempfile
from collections import Counter
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule
from sqlalchemy import select, update

from pynomaly.application.ports.asking import BY_LOCAL_USER
from pynomaly.application.ports.paging import Piece
from pynomaly.application.ports.work import Heartbeat, TakenJob
from pynomaly.application.use_cases.end_job import EndJob, ReleaseJob
from pynomaly.application.use_cases.steer_job import CancelJob, RetryJob
from pynomaly.application.use_cases.verify_audit import VerifyAudit
from pynomaly.domain.errors import Conflict, LeaseLost
from pynomaly.domain.job import JobFailure, JobProgress, JobStatus
from pynomaly.infrastructure.persistence.job_queue import SqlJobQueue
from pynomaly.infrastructure.persistence.work_tables import job_events, jobs
from tests.infrastructure.persistence.examples import detection, job, ready_workspace

FAILURE = JobFailure("Crashed", "it died")
RENEWED = {JobStatus.RUNNING: Heartbeat.GO_ON, JobStatus.CANCELLING: Heartbeat.STOP}
AN_HOUR = 3600.0


class AnyCourseOfJobs(RuleBasedStateMachine):
    """Several workers, people who cancel and retry, and a time that passes only where a rule says so.

    A worker may do anything with a job that it once took, however often it was overtaken: `taken` forgets nothing.
    """

    submitted = Bundle("submitted")
    taken = Bundle("taken")

    @initialize()
    def open_workspace(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.transactions = ready_workspace(Path(self.folder.name))
        self.queue = SqlJobQueue(self.transactions.database, self.transactions.clock, lease_seconds=AN_HOUR)
        self.before = {}

    def teardown(self) -> None:
        try:
            self._finish_everything()
            assert VerifyAudit(self.transactions.begin_reading)().is_intact
        finally:
            self.transactions.close()
            self.folder.cleanup()

    @rule(target=submitted, priority=st.integers(0, 9))
    def submit(self, priority: int) -> str:
        one = job(priority=priority)
        with self.transactions.begin() as work:
            work.jobs.add(one)
            work.commit()
        return one.id

    @rule(target=taken)
    def take(self):
        found = self.queue.take("worker")
        if found is None:
            return multiple()
        before = self.before[found.job.id]
        was_waiting = before.status is JobStatus.QUEUED
        assert found.job.attempt == before.attempt + 1
        assert found.job.losses == before.losses + (not was_waiting)
        assert found.job.status is (JobStatus.RUNNING if was_waiting else before.status)
        return found

    @rule(one=taken)
    def beat(self, one: TakenJob) -> None:
        answer = self.queue.beat(one.claim, JobProgress("learning", 0.5))
        assert answer is RENEWED.get(self._holds(one), Heartbeat.LOST)

    @rule(one=taken)
    def finish(self, one: TakenJob) -> None:
        """Have the effect and conclude the job, rightly or not."""
        with self._only_if(self._holds(one) is JobStatus.RUNNING), self._under(one).begin() as work:
            work.detections.add(detection(source=one.job.id))
            work.conclude(detection())
            work.commit()

    @rule(one=taken, is_final=st.booleans(), is_crash=st.booleans())
    def fail(self, one: TakenJob, is_final: bool, is_crash: bool) -> None:
        end_job = EndJob(self._under(one).begin, self.transactions.clock)
        with self._only_if(self._holds(one) is not None):
            end_job(job=one.job.id, failure=FAILURE, is_final=is_final, is_crash=is_crash)

    @rule(one=taken)
    def give_back(self, one: TakenJob) -> None:
        with self._only_if(self._holds(one) is not None):
            ReleaseJob(self._under(one).begin)(job=one.job.id)

    @rule(one=taken)
    def fall_silent(self, one: TakenJob) -> None:
        """Crash or freeze for longer than a lease; whoever was frozen goes on later."""
        mine = (jobs.c.id == one.job.id) & (jobs.c.attempt == one.job.attempt) & jobs.c.lease_until.is_not(None)
        self._execute(update(jobs).where(mine).values(lease_until=0.0))

    @rule(job_id=submitted)
    def cancel(self, job_id: str) -> None:
        CancelJob(self.transactions.begin, BY_LOCAL_USER, self.transactions.clock)(job=job_id)

    @rule(job_id=submitted)
    def retry(self, job_id: str) -> None:
        ended = self.before[job_id].status in (JobStatus.FAILED, JobStatus.CANCELLED)
        with self._only_if(ended, Conflict):
            RetryJob(self.transactions.begin, BY_LOCAL_USER)(job=job_id)
        if ended:
            del self.before[job_id]

    @rule()
    def wait_an_hour(self) -> None:
        self._execute(update(jobs).values(run_at=0.0))

    @invariant()
    def everything_is_in_order(self) -> None:
        with self.transactions.begin_reading() as work:
            now = {one.id: one for one in work.jobs.page(Piece(1000)).items}
            effects = Counter(made.source for made in work.detections.all())
        assert set(self.before) <= set(now), "a job was lost"
        for job_id, one in now.items():
            before = self.before.get(job_id, one)
            assert one.attempt >= before.attempt
            assert effects[job_id] == (one.status is JobStatus.SUCCEEDED), "an effect too many or too few"
            assert one == before or not before.status.is_final, "an end was not the end"
            assert (one.finished_at is not None) == one.status.is_final
        self.before = now

    def _holds(self, one: TakenJob) -> JobStatus | None:
        """Return the status of a job if whoever took it still has it."""
        found = self.before[one.job.id]
        is_held = found.attempt == one.job.attempt and found.status in RENEWED
        return found.status if is_held else None

    def _under(self, one: TakenJob):
        return replace(self.transactions, asked=replace(BY_LOCAL_USER, claim=one.claim))

    def _execute(self, statement):
        with self.transactions.database.engine().begin() as connection:
            connection.execute(statement)

    def _only_if(self, is_right: bool, refusal: type[Exception] = LeaseLost):
        return nullcontext() if is_right else pytest.raises(refusal)

    def _finish_everything(self) -> None:
        """Let honest workers do what is left: every job ends, and has told of it."""
        self._execute(update(jobs).values(run_at=0.0))
        self._execute(update(jobs).where(jobs.c.lease_until.is_not(None)).values(lease_until=0.0))
        while found := self.queue.take("honest"):
            self.everything_is_in_order()
            if found.job.status is JobStatus.CANCELLING or found.job.is_poison:
                self.fail(one=found, is_final=True, is_crash=False)
            else:
                self.finish(one=found)
        self.everything_is_in_order()
        assert all(one.status.is_final for one in self.before.values())
        self._check_what_was_told()

    def _check_what_was_told(self) -> None:
        with self.transactions.database.engine().connect() as connection:
            told = connection.execute(select(job_events).order_by(job_events.c.job_id, job_events.c.sequence)).all()
        for job_id, one in self.before.items():
            events = [event for event in told if event.job_id == job_id]
            assert [event.sequence for event in events] == list(range(1, len(events) + 1))
            assert (events[-1].name, events[-1].data) == ("end", {"status": one.status.value})


AnyCourseOfJobs.TestCase.settings = settings(
    max_examples=40, stateful_step_count=30, suppress_health_check=[HealthCheck.too_slow]
)
TestAnyCourseOfJobs = pytest.mark.slow(AnyCourseOfJobs.TestCase)
