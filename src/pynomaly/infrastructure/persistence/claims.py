"""The fence: a claim is checked at the beginning of every transaction, and kept at its end."""

from dataclasses import dataclass
from typing import assert_never

from pynomaly.application.outcomes import outcome_of
from pynomaly.application.ports.asking import Claim, JobClaim, KeyClaim
from pynomaly.application.ports.clock import Clock
from pynomaly.domain.errors import LeaseLost, NotFound
from pynomaly.domain.events import Event, JobEnded
from pynomaly.domain.job import Job, JobStatus
from pynomaly.infrastructure.persistence.job_rows import JobRows
from pynomaly.infrastructure.persistence.request_key_rows import RequestKeyRows
from pynomaly.infrastructure.persistence.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Fence:
    """A claim within one transaction; whoever overtook it is not disturbed."""

    claim: Claim
    transaction: Transaction
    clock: Clock

    def require_held(self) -> None:
        """Check that the work was not given to somebody else, and keep it so until the transaction ends.

        Raises LeaseLost.
        """
        match self.claim:
            case JobClaim():
                self._held_job(self.claim)
            case KeyClaim():
                RequestKeyRows(self.transaction).require_held(self.claim)
            case _:
                assert_never(self.claim)

    def conclude(self, subject: object) -> list[Event]:
        """Store what the work came to, and return what happened by that. Raises LeaseLost if it was cancelled."""
        match self.claim:
            case JobClaim():
                return self._succeed(self._held_job(self.claim), subject)
            case KeyClaim():
                RequestKeyRows(self.transaction).answer(self.claim, self.claim.reply_to(subject))
                return []
            case _:
                assert_never(self.claim)

    def _held_job(self, claim: JobClaim) -> Job:
        try:
            job = JobRows(self.transaction, self.clock).get(claim.job_id)
        except NotFound:
            raise LeaseLost from None
        if job.attempt != claim.attempt or job.status not in (JobStatus.RUNNING, JobStatus.CANCELLING):
            raise LeaseLost(
                f"attempt {claim.attempt} at job {claim.job_id[:8]} was overtaken; nothing of it was stored"
            )
        return job

    def _succeed(self, job: Job, subject: object) -> list[Event]:
        if job.status is JobStatus.CANCELLING:
            raise LeaseLost(f"job {job.id[:8]} was cancelled before it was done; nothing of it was stored")
        ended = job.succeeded(outcome_of(subject), self.clock())
        JobRows(self.transaction, self.clock).save(ended)
        return [JobEnded(job.id, ended.status.value, job.kind.value)]
