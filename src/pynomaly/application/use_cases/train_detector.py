"""Train a detector on a dataset: a new version that goes live, or a failed run that leaves no model."""

from dataclasses import dataclass

from pynomaly.application.fitting import Fit, fit_model, labels_of
from pynomaly.application.model_artifact import to_artifact
from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.persistence import Begin, BeginReading, UnitOfWork
from pynomaly.application.ports.progress import Progress, nobody_listens
from pynomaly.application.ports.stores import ModelStore, TableStore
from pynomaly.application.ports.tables import Preparer
from pynomaly.application.written_jobs import detecting_by_default
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.detector import Detector, DetectorVersion
from pynomaly.domain.errors import Conflict, LeaseLost, PynomalyError, StorageFull, Unavailable
from pynomaly.domain.events import DetectorTrained, JobSubmitted, TrainingFailed
from pynomaly.domain.identifiers import JobId, ModelDigest
from pynomaly.domain.job import Job, JobKind
from pynomaly.domain.training import TrainingRun

PASSING = (LeaseLost, StorageFull, Unavailable)
"""What says nothing about a training but that it has to be tried elsewhere or later."""


@dataclass(frozen=True, slots=True)
class TrainDetector:
    """Fit, calibrate, store the model durably, then make it the live version in one transaction."""

    begin: Begin
    begin_reading: BeginReading
    tables: TableStore
    models: ModelStore
    catalog: AlgorithmCatalog
    preparer: Preparer
    clock: Clock
    new_id: NewId

    def __call__(
        self,
        *,
        detector: str,
        dataset: str,
        seed: int = 0,
        run_id: str | None = None,
        then_detect: bool = False,
        progress: Progress = nobody_listens,
    ) -> Detector:
        """Return the detector with its new version.

        A label column of the dataset teaches the calibration a probability. Only an algorithm that learns from labels
        is shown it; the scores that calibrate are then of models that did not know the scored row's label.
        run_id: what the training run is to be called; one that was begun before and did not end is begun anew.
        then_detect: with a job's id as run_id, queue a detection on the same rows together with the new version.
        Raises NotFound, InvalidData, NotStorable, Conflict if the detector is retired.
        """
        with self.begin_reading() as work:
            draft, rows = work.detectors.get(detector), work.datasets.get(dataset)
        if draft.is_retired:
            raise Conflict(f"detector '{draft.name}' is retired and takes no new versions")
        run = TrainingRun(run_id or self.new_id(), draft.id, rows.id, seed, self.clock())
        self._begin_run(run)
        try:
            digest = self.models.save(to_artifact(self._fit(draft, rows, seed, progress).model))
            return self._promote(run, rows, digest, then_detect=then_detect)
        except (PynomalyError, KeyboardInterrupt, MemoryError) as error:
            is_job = run_id is not None
            if not (is_job and isinstance(error, PASSING)):  # of a job, whoever has it by then ends the run
                self._fail(run, str(error) or type(error).__name__)
            raise

    def _begin_run(self, run: TrainingRun) -> None:
        with self.begin() as work:
            if work.training_runs.find(run.id) is None:
                work.training_runs.add(run)
            else:
                work.training_runs.save(run)
            work.commit()

    def _fit(self, draft: Detector, rows: Dataset, seed: int, progress: Progress) -> Fit:
        table = self.tables.open(rows.fingerprint, rows.columns, rows.name)
        return fit_model(
            table,
            self.catalog,
            self.preparer,
            algorithm=draft.algorithm,
            parameters=draft.parameters,
            seed=seed,
            labels=labels_of(table, rows.label) if rows.label else None,
            progress=progress,
            fingerprint=rows.fingerprint,
        )

    def _promote(self, run: TrainingRun, rows: Dataset, digest: ModelDigest, *, then_detect: bool) -> Detector:
        with self.begin() as work:
            current = work.detectors.get(run.detector_id)
            number = current.next_version
            trained = current.with_version(DetectorVersion(number, digest, rows.id, rows.n_rows, self.clock()))
            work.detectors.save(trained)
            work.training_runs.save(run.succeeded(number, self.clock()))
            work.record(DetectorTrained(trained.id, number))
            work.conclude((trained, self._queue_detection(work, run, number)) if then_detect else trained)
            work.commit()
        return trained

    def _queue_detection(self, work: UnitOfWork, run: TrainingRun, version: int) -> Job:
        """Queue what follows in the transaction that makes the version live: neither is there without the other."""
        payload = detecting_by_default(run.detector_id, run.dataset_id, version)
        following = work.jobs.get(run.id).followed_by(JobId(self.new_id()), JobKind.DETECT, payload, self.clock())
        work.jobs.add(following)
        work.record(JobSubmitted(following.id, following.kind.value))
        return following

    def _fail(self, run: TrainingRun, reason: str) -> None:
        with self.begin() as work:
            work.training_runs.save(run.failed(reason, self.clock()))
            work.record(TrainingFailed(run.detector_id, reason))
            work.commit()
