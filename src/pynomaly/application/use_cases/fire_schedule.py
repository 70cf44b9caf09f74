"""Submit the job of a schedule whose time has come."""

from dataclasses import dataclass

from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.persistence import Begin
from pynomaly.application.ports.work import CronClock
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

        Of the times that passed while nobody was there to see them, one job is submitted. What it needs is looked for
        when it runs: a schedule whose detector is gone leaves failed jobs that say so. Raises NotFound.
        """
        now = self.clock()
        with self.begin() as work:
            found = work.schedules.get(schedule)
            due = found.next_run_at
            if not found.is_enabled or due is None or due > now:
                return None
            job = Job(JobId(self.new_id()), found.kind, found.payload, f"schedule:{found.id}", now)
            work.jobs.add(job, dedupe_key=f"{found.id}@{due.isoformat()}")
            work.schedules.save(found.fired(job.id, self.cron_clock.next_time(found.cron, found.time_zone, now)))
            work.record(JobSubmitted(job.id, job.kind.value))
            work.commit()
        return job
