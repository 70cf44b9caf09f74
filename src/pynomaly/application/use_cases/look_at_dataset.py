"""One look at a dataset: a detector of its own, trained on it and asked about it, all as work that was taken."""

from collections.abc import Mapping
from dataclasses import dataclass

from pynomaly.application.drafting import draft_of, free_name, recipe_for
from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.persistence import Begin, UnitOfWork
from pynomaly.application.ports.sources import SourceCatalog
from pynomaly.application.written_jobs import checked_payload
from pynomaly.domain.algorithm import JsonValue, ParameterValue
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.detector import Detector
from pynomaly.domain.events import DetectorCreated, JobSubmitted
from pynomaly.domain.identifiers import JobId
from pynomaly.domain.job import Job, JobKind
from pynomaly.domain.model_selection import AUTOMATIC


@dataclass(frozen=True, slots=True)
class LookAtDataset:
    """Make a detector and queue its training, after which a detection on the same rows follows by itself."""

    catalog: AlgorithmCatalog
    sources: SourceCatalog
    begin: Begin
    asked: Asked
    clock: Clock
    new_id: NewId

    def __call__(
        self,
        *,
        dataset: str,
        name: str | None = None,
        algorithm: str = AUTOMATIC,
        parameters: Mapping[str, ParameterValue] | None = None,
    ) -> tuple[Detector, Job]:
        """Return the new draft and the job that trains it; when that succeeds its result names the one that detects.

        name: of the detector; by default the dataset's, with a number if it is taken.
        Raises NotFound, AlreadyExists, UnknownAlgorithm, InvalidParameter, ExtraNotInstalled, NotStorable.
        """
        with self.begin() as work:
            rows = work.datasets.get(dataset)  # held: two looks at one dataset find a name one after the other
            draft = draft_of(
                recipe_for(rows, algorithm, parameters or {}),
                self.catalog,
                detector_id=self.new_id(),
                name=free_name(rows.name, (one.name for one in work.detectors.all())) if name is None else name,
                at=self.clock(),
            )
            work.detectors.add(draft)
            work.record(DetectorCreated(draft.id, draft.algorithm))
            job = self._queue_training(work, draft, rows)
            work.conclude((draft, job))
            work.commit()
        return draft, job

    def _queue_training(self, work: UnitOfWork, draft: Detector, rows: Dataset) -> Job:
        wanted: dict[str, JsonValue] = {"detector_id": draft.id, "dataset_id": rows.id, "then_detect": True}
        payload = checked_payload(work, JobKind.TRAIN, wanted, self.sources)
        job = Job(JobId(self.new_id()), JobKind.TRAIN, payload, self.asked.actor, self.clock())
        work.jobs.add(job)
        work.record(JobSubmitted(job.id, job.kind.value))
        return job
