"""Take work: from here on it will be done once, whatever dies meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.persistence import Begin
from pynomaly.application.ports.sources import SourceCatalog
from pynomaly.application.written_jobs import checked_payload
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.events import JobSubmitted
from pynomaly.domain.identifiers import JobId
from pynomaly.domain.job import Job, JobKind


@dataclass(frozen=True, slots=True)
class SubmitJob:
    """Queue a job after seeing that its detector, dataset or source are there and fit to be used."""

    begin: Begin
    asked: Asked
    sources: SourceCatalog
    clock: Clock
    new_id: NewId

    def __call__(
        self, *, kind: JobKind, payload: Mapping[str, JsonValue], priority: int = 5, dedupe_key: str | None = None
    ) -> Job:
        """Return the queued job.

        payload: see `written_jobs`; names become ids, so that renaming does not change what was asked for.
        Raises NotFound, NotTrained, InvalidRequest, Conflict if the detector is retired, AlreadyExists (dedupe key).
        """
        with self.begin() as work:
            job = Job(
                id=JobId(self.new_id()),
                kind=kind,
                payload=checked_payload(work, kind, payload, self.sources),
                created_by=self.asked.actor,
                created_at=self.clock(),
                priority=priority,
            )
            work.jobs.add(job, dedupe_key=dedupe_key)
            work.record(JobSubmitted(job.id, kind.value))
            work.conclude(job)
            work.commit()
        return job
