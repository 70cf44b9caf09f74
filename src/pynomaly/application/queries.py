"""What lists and detail views read: nothing is changed, nobody is waited for."""

from collections.abc import Sequence
from dataclasses import dataclass

from pynomaly.application.ports.persistence import BeginReading
from pynomaly.application.ports.stores import TableStore
from pynomaly.application.ports.tables import Table
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.detection import Detection
from pynomaly.domain.detector import Detector
from pynomaly.domain.training import TrainingRun


@dataclass(frozen=True, slots=True)
class Queries:
    """Read models of one workspace."""

    begin_reading: BeginReading
    tables: TableStore

    def datasets(self) -> Sequence[Dataset]:
        """Return every dataset, newest first."""
        with self.begin_reading() as work:
            return work.datasets.all()

    def dataset(self, name_or_id: str) -> Dataset:
        """Return one dataset. Raises NotFound."""
        with self.begin_reading() as work:
            return work.datasets.get(name_or_id)

    def dataset_rows(self, name_or_id: str) -> Table:
        """Return a dataset's rows. Raises NotFound, CorruptModel."""
        dataset = self.dataset(name_or_id)
        return self.tables.open(dataset.fingerprint, dataset.columns, dataset.name)

    def detectors(self) -> Sequence[Detector]:
        """Return every detector, newest first."""
        with self.begin_reading() as work:
            return work.detectors.all()

    def detector(self, name_or_id: str) -> tuple[Detector, Sequence[TrainingRun]]:
        """Return one detector and its training runs, newest first. Raises NotFound."""
        with self.begin_reading() as work:
            detector = work.detectors.get(name_or_id)
            return detector, work.training_runs.of(detector)

    def detections(self) -> Sequence[Detection]:
        """Return every detection, newest first."""
        with self.begin_reading() as work:
            return work.detections.all()

    def detection(self, detection_id: str) -> Detection:
        """Return one detection by id, id prefix or the word `last`. Raises NotFound."""
        with self.begin_reading() as work:
            return work.detections.get(detection_id)
