"""How a worker ends a job that did not succeed; a job that does succeed says so in the transaction of its effect."""

from dataclasses import dataclass

from pynomaly.application.ports.clock import Clock
from pynomaly.application.ports.persistence import Begin, UnitOfWork
from pynomaly.domain.events import JobEnded, TrainingFailed
from pynomaly.domain.job import (
    MAX_TRANSIENT_FAILURES,
    Job,
    JobFailure,
    JobKind,
    JobStatus,
    backoff_seconds,
)
from pynomaly.domain.training import TrainingStatus


@dataclass(frozen=True, slots=True)
class EndJob:
    """Each of the ways is one transaction under the worker's claim: LeaseLost if the job was given to somebody else."""

    begin: Begin
    clock: Clock

    def __call__(self, *, job: str, failure: JobFailure, is_final: bool, is_crash: bool) -> Job:
        """Fail a job for good, or send it back to the queue to be tried again later.

        A job that somebody wants cancelled is cancelled instead. One whose process died three times is set aside, with
        the last reason as evidence.
        """
        with self.begin() as work:
            found = work.jobs.get(job)
            again = found.waiting_again(failure, is_crash=is_crash)
            if found.status is JobStatus.CANCELLING:
                ended = found.cancelled(self.clock())
            elif is_final or again.is_poison or again.failures >= MAX_TRANSIENT_FAILURES:
                ended = found.failed(failure, self.clock())
            else:
                ended = again
            work.jobs.save(ended, wait_seconds=backoff_seconds(max(1, again.crashes + again.failures)))
            if ended.status.is_final:
                self._tell_of_end(work, ended)
            work.commit()
        return ended

    def _tell_of_end(self, work: UnitOfWork, job: Job) -> None:
        work.record(JobEnded(job.id, job.status.value, job.kind.value))
        run = work.training_runs.find(job.id) if job.kind is JobKind.TRAIN else None
        if run is None or run.status is not TrainingStatus.RUNNING:
            return
        reason = job.failure.detail if job.failure is not None else "cancelled"
        work.training_runs.save(run.failed(reason, self.clock()))
        work.record(TrainingFailed(run.detector_id, reason))


@dataclass(frozen=True, slots=True)
class ReleaseJob:
    """Give a job back unharmed: its worker is about to stop."""

    begin: Begin

    def __call__(self, *, job: str) -> Job:
        """Return the job, queued again at once."""
        with self.begin() as work:
            found = work.jobs.get(job)
            released = found.released()
            work.jobs.save(released)
            work.commit()
        return released
