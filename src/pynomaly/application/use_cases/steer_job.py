"""Cancel a job, or start one anew that ended without success."""

from dataclasses import dataclass

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.clock import Clock
from pynomaly.application.ports.persistence import Begin
from pynomaly.domain.errors import Forbidden
from pynomaly.domain.events import JobCancellationRequested, JobEnded, JobRetried
from pynomaly.domain.job import Job, JobStatus


@dataclass(frozen=True, slots=True)
class CancelJob:
    """Ask a job to stop; asking again does no harm."""

    begin: Begin
    asked: Asked
    clock: Clock

    def __call__(self, *, job: str, may_touch_others: bool = True) -> Job:
        """Return the job: cancelled if it was waiting, cancelling while its worker has yet to hear of it.

        may_touch_others: whether jobs that somebody else submitted may be cancelled.  Raises NotFound, Forbidden.
        """
        with self.begin() as work:
            found = work.jobs.get(job)
            _require_own(found, self.asked, may_touch_others=may_touch_others)
            stopping = found.asked_to_stop(self.clock())
            if stopping != found:
                work.jobs.save(stopping)
                work.record(JobCancellationRequested(found.id))
                if stopping.status is JobStatus.CANCELLED:
                    work.record(JobEnded(found.id, stopping.status.value, found.kind.value))
            work.conclude(stopping)
            work.commit()
        return stopping


@dataclass(frozen=True, slots=True)
class RetryJob:
    """Queue a failed or cancelled job anew, under the same id."""

    begin: Begin
    asked: Asked

    def __call__(self, *, job: str, may_touch_others: bool = True) -> Job:
        """Return the queued job. Raises NotFound, Forbidden, Conflict unless it ended without success."""
        with self.begin() as work:
            found = work.jobs.get(job)
            _require_own(found, self.asked, may_touch_others=may_touch_others)
            queued = found.retried()
            work.jobs.save(queued)
            work.record(JobRetried(queued.id))
            work.conclude(queued)
            work.commit()
        return queued


def _require_own(job: Job, asked: Asked, *, may_touch_others: bool) -> None:
    if not may_touch_others and job.created_by != asked.actor:
        raise Forbidden("this job was submitted by somebody else; cancelling or retrying it needs 'manage_jobs'")
