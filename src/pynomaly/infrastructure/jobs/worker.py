"""The worker: takes a job, has it done in a disposable process, keeps the lease alive meanwhile, and says how it ended.

THE process boundary: only ids cross it, data crosses as files. A job that succeeds says so itself, in the transaction
of its effect; everything else is said here, under the same claim.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pynomaly.application.current_work import at_work
from pynomaly.application.job_progress import ProgressMeter
from pynomaly.application.ports.child_process import ChildProcess, Crashed, Outcome, Refused, Succeeded
from pynomaly.application.ports.telemetry import Telemetry, Unwatched
from pynomaly.application.ports.work import Heartbeat, JobQueue, TakenJob
from pynomaly.application.use_cases.end_job import EndJob, ReleaseJob
from pynomaly.domain.errors import LeaseLost, PynomalyError, RemoteUnavailable, StorageFull, Unavailable
from pynomaly.domain.job import Job, JobFailure, JobStatus
from pynomaly.infrastructure.jobs.side_threads import SideThreads

POLL_SECONDS = 0.25  # how soon an idle worker sees a new job
BEAT_SECONDS = 2.0  # a fifth of a lease: a worker may miss several beats before anybody doubts it
PROGRESS_SECONDS = 0.5
LAST_WORD_SECONDS = 0.5  # between a child's commit and its word to the worker
DRAIN_SECONDS = 30.0
ENDING_SECONDS = 60.0  # how long an end is tried to be stored while the database is away
Word: TypeAlias = Literal["succeeded", "failed", "cancelled", "retried", "lost"]
"""How an attempt ended, as `Telemetry.job_ended` hears it."""
_WORDS: dict[JobStatus, Word] = {JobStatus.FAILED: "failed", JobStatus.CANCELLED: "cancelled"}
_PASSING = {kind.__name__ for kind in (Unavailable, RemoteUnavailable, StorageFull)}

log = logging.getLogger("pynomaly.worker")


@dataclass(frozen=True, slots=True)
class JobDesk:
    """How the end of one taken job is stored: use cases bound to its claim."""

    end_job: EndJob
    release_job: ReleaseJob


@dataclass(slots=True)
class Worker:
    """One job at a time.

    start_child: starts the process that does a taken job.  desk: opens the desk of a taken job.
    beside: what goes on in threads of its own while it works, such as chores and couriers.
    telemetry: hears of each attempt.
    """

    name: str
    queue: JobQueue
    start_child: Callable[[TakenJob], ChildProcess]
    desk: Callable[[TakenJob], JobDesk]
    beside: SideThreads
    clock: Callable[[], float] = time.monotonic
    drain_seconds: float = DRAIN_SECONDS
    telemetry: Telemetry = field(default_factory=Unwatched)

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; a database that is away is waited for."""
        log.info("worker_started worker=%s", self.name)
        with self.beside:
            self._run(stop)

    def _run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                if not self._round(stop):
                    stop.wait(POLL_SECONDS)
            except (Unavailable, StorageFull) as error:
                log.warning("worker_waits worker=%s reason=%s", self.name, error)
                stop.wait(1.0)
            except Exception:  # the last resort of a worker: one bad job must not end it
                log.exception("worker_stumbled worker=%s", self.name)
                stop.wait(1.0)

    def _round(self, stop: threading.Event) -> bool:
        """Do one job, if there is one."""
        taken = self.queue.take(self.name)
        if taken is None:
            return False
        with at_work(job_id=taken.job.id, tenant_id=taken.tenant_id):
            log.info("job_taken job_id=%s kind=%s attempt=%s", taken.job.id, taken.job.kind, taken.job.attempt)
            self._attempt(taken, stop)
        return True

    def _attempt(self, taken: TakenJob, stop: threading.Event) -> None:
        """Make one attempt and tell how it ended; where that could not be stored, others will come."""
        began, word = self.clock(), "lost"
        try:
            word = self._work(taken, stop)
        finally:
            self.telemetry.job_ended(taken.job.kind.value, word, self.clock() - began)

    def _work(self, taken: TakenJob, stop: threading.Event) -> Word:
        if taken.job.status is JobStatus.CANCELLING:
            return self._end(taken, JobFailure("Cancelled", "cancelled"), is_final=True)
        if taken.job.is_poison:
            lost = f"{taken.job.losses} workers vanished while they were at this job; it was set aside"
            return self._end(taken, taken.job.failure or JobFailure("Lost", lost), is_final=True)
        outcome = self._done(taken, stop)
        return outcome if isinstance(outcome, str) else self._settle(taken, outcome)

    def _done(self, taken: TakenJob, stop: threading.Event) -> Outcome | Word:
        """Have a job done in a process of its own.

        Where that cannot be started now, the job need not wait for its lease to run out; where what it needs cannot be
        handed to it, as a source that is gone, it need not be tried.
        """
        try:
            child = self.start_child(taken)
        except (Unavailable, StorageFull):
            self._release(taken)
            raise
        except PynomalyError as error:
            return Refused(type(error).__name__, str(error))
        with child:
            return self._attend(taken, child, stop)

    def _attend(self, taken: TakenJob, child: ChildProcess, stop: threading.Event) -> Outcome | Word:
        """Keep the lease alive until the child ends; a word where its end is nobody's business any more."""
        meter = ProgressMeter(self.clock)
        told, last_beat, draining_until = meter.progress, self.clock(), float("inf")
        while child.outcome is None:
            for report in child.poll(POLL_SECONDS):
                meter.hear(report)
            now = self.clock()
            if stop.is_set():
                draining_until = min(draining_until, now + self.drain_seconds)
            if now >= draining_until:
                child.terminate()
                return self._release(taken)
            has_news = meter.progress != told and now - last_beat >= PROGRESS_SECONDS
            if not has_news and now - last_beat < BEAT_SECONDS:
                continue
            last_beat, told = now, meter.progress
            match self._beat(taken, meter):
                case Heartbeat.LOST if not self._has_last_word(child):
                    child.terminate()
                    log.warning("job_lost job_id=%s attempt=%s", taken.job.id, taken.job.attempt)
                    return "lost"
                case Heartbeat.STOP:
                    child.terminate()
                    return Refused("Cancelled", "cancelled")
        return child.outcome

    def _has_last_word(self, child: ChildProcess) -> bool:
        """Whether a child whose job is not held any more has ended it just now, and is about to say so."""
        if child.outcome is None:
            child.poll(LAST_WORD_SECONDS)
        return child.outcome is not None

    def _beat(self, taken: TakenJob, meter: ProgressMeter) -> Heartbeat:
        try:
            return self.queue.beat(taken.claim, meter.progress)
        except (Unavailable, StorageFull) as error:  # the lease may still hold when the database is back
            log.warning("beat_failed job_id=%s reason=%s", taken.job.id, error)
            return Heartbeat.GO_ON

    def _settle(self, taken: TakenJob, outcome: Outcome) -> Word:
        match outcome:
            case Succeeded():
                log.info("job_succeeded job_id=%s attempt=%s", taken.job.id, taken.job.attempt)
                return "succeeded"
            case Refused(kind=LeaseLost.__name__):  # overtaken, or cancelled a moment before it was done
                return self._end(taken, JobFailure("Cancelled", "cancelled"), is_final=True)
            case Refused(kind, detail):
                return self._end(taken, JobFailure(kind, detail), is_final=_is_final(kind))
            case Crashed(reason):
                detail = f"the process that did the work ended without a word: {reason}"
                return self._end(taken, JobFailure("Crashed", detail), is_final=reason == "deadline", is_crash=True)

    def _end(self, taken: TakenJob, failure: JobFailure, *, is_final: bool, is_crash: bool = False) -> Word:
        end_job = self.desk(taken).end_job
        job_id = taken.job.id
        ended = self._stored(taken, lambda: end_job(job=job_id, failure=failure, is_final=is_final, is_crash=is_crash))
        if ended is None:
            return "lost"
        log.info("job_ended job_id=%s kind=%s final=%s", job_id, failure.kind, is_final)
        return _WORDS.get(ended.status, "retried")

    def _release(self, taken: TakenJob) -> Word:
        release_job = self.desk(taken).release_job
        if self._stored(taken, lambda: release_job(job=taken.job.id)) is None:
            return "lost"
        log.info("job_released job_id=%s", taken.job.id)
        return "retried"

    def _stored(self, taken: TakenJob, store: Callable[[], Job]) -> Job | None:
        """Store an end, also while the database is away; None if the job was not this worker's to end any more.

        If the database stays away the lease runs out, and others come.
        """
        give_up_at = self.clock() + ENDING_SECONDS
        while True:
            try:
                return store()
            except LeaseLost:
                log.warning("stale_write_refused job_id=%s attempt=%s", taken.job.id, taken.job.attempt)
                return None
            except (Unavailable, StorageFull):
                if self.clock() > give_up_at:
                    raise
                time.sleep(0.5)


def _is_final(kind: str) -> bool:
    """Whether trying again would end the same way: it would for everything that is said in a sentence of our own."""
    return kind not in _PASSING and (kind in _OWN_KINDS or kind == "Cancelled")


def _names_below(kind: type[PynomalyError]) -> set[str]:
    return {kind.__name__}.union(*(_names_below(child) for child in kind.__subclasses__()))


_OWN_KINDS = _names_below(PynomalyError)
