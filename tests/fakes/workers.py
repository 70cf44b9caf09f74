"""A queue, children and a clock whose behaviour a test decides."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pynomaly.application.ports.asking import JobClaim
from pynomaly.application.ports.child_process import Crashed, Outcome
from pynomaly.application.ports.work import Heartbeat, TakenJob
from pynomaly.domain.job import Job, JobFailure, JobKind, JobProgress, JobStatus


@dataclass
class SteppingClock:
    """Stands still until it is moved."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


class ImpatientEvent(threading.Event):
    """Waits for nothing."""

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set()


@dataclass
class FakeChild:
    """Lets `poll_seconds` pass at each look; says one thing after the other, and ends with `outcome` after the last.

    script: reports to make at each look.  Without an outcome it never ends by itself.
    """

    clock: SteppingClock
    script: Sequence[Sequence[Mapping[str, Any]]] = ()
    ends_as: Outcome | None = None
    poll_seconds: float = 0.25
    at_look: Callable[[int], None] = lambda number: None
    outcome: Outcome | None = None
    n_looks: int = 0
    is_left: bool = False

    def poll(self, timeout_seconds: float) -> Sequence[Mapping[str, Any]]:
        self.clock.now += self.poll_seconds
        self.n_looks += 1
        self.at_look(self.n_looks)
        if self.n_looks >= len(self.script):
            self.outcome = self.ends_as
        return self.script[self.n_looks - 1] if self.n_looks <= len(self.script) else ()

    def terminate(self) -> None:
        self.outcome = self.outcome or Crashed("stopped")

    @property
    def is_killed(self) -> bool:
        return self.outcome == Crashed("stopped")

    def __enter__(self) -> "FakeChild":
        return self

    def __exit__(self, *_: object) -> None:
        self.is_left = True


@dataclass
class FakeQueue:
    """Hands out what it was given, then calls `when_empty`. Answers beats in order; the last answer stays.

    What is an error is raised.
    """

    when_empty: Callable[[], object]
    jobs: list[TakenJob | Exception] = field(default_factory=list)
    answers: list[Heartbeat | Exception] = field(default_factory=lambda: [Heartbeat.GO_ON])
    beats: list[tuple[JobClaim, JobProgress]] = field(default_factory=list)

    def take(self, worker: str) -> TakenJob | None:
        if not self.jobs:
            self.when_empty()
            return None
        found = self.jobs.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    def beat(self, claim: JobClaim, progress: JobProgress) -> Heartbeat:
        self.beats.append((claim, progress))
        answer = self.answers[0] if len(self.answers) == 1 else self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def now(self) -> datetime:
        return datetime.now(UTC)

    def due_schedules(self, *, limit: int) -> list[tuple[str, str]]:
        return []


@dataclass
class FakeDesk:
    """Writes down how jobs ended; `troubles` are raised first, one at each attempt."""

    troubles: list[Exception] = field(default_factory=list)
    ended: list[tuple[str, JobFailure, bool, bool]] = field(default_factory=list)
    given_back: list[str] = field(default_factory=list)

    def end_job(self, *, job: str, failure: JobFailure, is_final: bool, is_crash: bool) -> Job:
        self._stumble()
        self.ended.append((job, failure, is_final, is_crash))
        is_cancelled = failure.kind == "Cancelled"
        ended = JobStatus.CANCELLED if is_cancelled else JobStatus.FAILED
        return self._job(job, ended if is_final else JobStatus.QUEUED)

    def release_job(self, *, job: str) -> Job:
        self._stumble()
        self.given_back.append(job)
        return self._job(job, JobStatus.QUEUED)

    @staticmethod
    def _job(job_id: str, status: JobStatus) -> Job:
        return Job(job_id, JobKind.TRAIN, {}, "user:ada", datetime.now(UTC), status=status)

    def _stumble(self) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
