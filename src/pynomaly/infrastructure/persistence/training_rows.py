"""Training runs as rows."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update

from pynomaly.domain.detector import Detector
from pynomaly.domain.errors import NotFound, StaleWrite
from pynomaly.domain.identifiers import DatasetId, DetectorId
from pynomaly.domain.training import TrainingRun, TrainingStatus
from pynomaly.infrastructure.persistence.tables import detectors, training_runs
from pynomaly.infrastructure.persistence.transaction import Transaction


@dataclass(frozen=True, slots=True)
class TrainingRunRows:
    """The training runs within one transaction: those of this workspace's detectors."""

    transaction: Transaction

    def add(self, run: TrainingRun) -> None:
        """Store a new run. Raises StaleWrite if its detector is gone."""
        own = select(detectors.c.id).where(self.transaction.own(detectors), detectors.c.id == run.detector_id)
        if not self.transaction.read(own, lambda row: row.id):
            raise StaleWrite(f"training run {run.id} cannot begin: its detector was deleted meanwhile")
        self.transaction.write(insert(training_runs).values(_to_row(run)))

    def find(self, run_id: str) -> TrainingRun | None:
        """Return a run, None if there is none of that id."""
        wanted = select(training_runs).where(self._is_own(), training_runs.c.id == run_id)
        found = self.transaction.read(wanted, run_of_row)
        return found[0] if found else None

    def save(self, run: TrainingRun) -> None:
        """Store a run's outcome. Raises NotFound if it is gone, as it is when its detector was deleted."""
        statement = update(training_runs).where(self._is_own(), training_runs.c.id == run.id).values(_to_row(run))
        if not self.transaction.write(statement):
            raise NotFound(f"training run {run.id} is gone; its detector was deleted meanwhile")

    def of(self, detector: Detector) -> Sequence[TrainingRun]:
        """Return a detector's runs, newest first."""
        query = select(training_runs).where(self._is_own(), training_runs.c.detector_id == detector.id)
        newest_first = (training_runs.c.started_at.desc(), training_runs.c.position.desc())
        return self.transaction.read(query.order_by(*newest_first), run_of_row)

    def _is_own(self) -> ColumnElement[bool]:
        return training_runs.c.detector_id.in_(select(detectors.c.id).where(self.transaction.own(detectors)))


def _to_row(run: TrainingRun) -> dict[str, Any]:
    return asdict(run) | {"seed": str(run.seed), "status": run.status.value}


def run_of_row(row: Row[Any]) -> TrainingRun:
    """Return the run that a row stands for."""
    return TrainingRun(
        id=row.id,
        detector_id=DetectorId(row.detector_id),
        dataset_id=DatasetId(row.dataset_id),
        seed=int(row.seed),
        started_at=row.started_at,
        status=TrainingStatus(row.status),
        finished_at=row.finished_at,
        version=row.version,
        error=row.error,
    )
