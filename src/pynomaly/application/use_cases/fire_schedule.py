"""Submit the job of a schedule whose time has come."""

from dataclasses import dataclass

from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.persistence import Begin, UnitOfWork
from pynomaly.application.ports.work import CronClock
from pynomaly.domain.errors import AlreadyExists
from pynomaly.domain.events import JobSubmitted
from pynomaly.domain.identifiers import JobId
from pynomaly.domain.job import Job


@dataclass(frozen=True, slots=True)
class FireSchedule:
    """Job and next time are stored together: a time is neither missed nor run twice, however many workers look."""

    begin: Begin
    cron_clock: CronClock
    clock: Clock
    new_id: NewId

    def __call__(self, *, schedule: str) -> Job | None:
        """Return the submitted job, None if somebody else was first or the schedule rests by now.

        A time that was run before, as where a clock has been set back, is passed over.

        Of the times that passed while nobody was there to see them, one job is submitted. What it needs is looked for
        when it runs: a schedule whose detector is gone leaves failed jobs that say so. Raises NotFound.
        """
        now = self.clock()
        with self.begin() as work:
            found = work.schedules.get(schedule)
            due = found.next_run_at
            if not found.is_enabled or due is None or due > now:
                return None
            upcoming = self.cron_clock.next_time(found.cron, found.time_zone, now)
            job = Job(JobId(self.new_id()), found.kind, found.payload, f"schedule:{found.id}", now)
            is_new = _submit(work, job, f"{found.id}@{due.isoformat()}")
            work.schedules.save(found.fired(job.id if is_new else found.last_job_id, upcoming))
            work.commit()
        return job if is_new else None


def _submit(work: UnitOfWork, job: Job, dedupe_key: str) -> bool:
    try:
        work.jobs.add(job, dedupe_key=dedupe_key)
    except AlreadyExists:
        return False
    work.record(JobSubmitted(job.id, job.kind.value))
    return True
