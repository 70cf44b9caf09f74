"""What came of detectors: their last looks and trainings, which version was live when, what asks them next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pynomaly.domain.identifiers import DatasetId, DetectionId, DetectorId
from pynomaly.domain.schedule import Schedule
from pynomaly.domain.training import TrainingRun


@dataclass(frozen=True, slots=True)
class Look:
    """A detection without its rows.

    fingerprint: of the rows' content, so that a second look at the same rows is known as one.
    severity: the highest of its flagged rows, None where none was flagged or an earlier version did.
    notes: what was noticed, the outcome of a self-test among it.
    """

    detection_id: DetectionId
    detector_id: DetectorId
    detector_version: int
    dataset_id: DatasetId | None
    source: str
    fingerprint: str
    n_rows: int
    n_anomalies: int
    severity: float | None
    notes: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class WentLive:
    """From when on a version scored, as the audit log has it."""

    version: int
    at: datetime


class DetectorHistories(Protocol):
    """Each answer is one query, for as many detectors as asked for."""

    def n_detectors(self) -> int:
        """Return how many detectors there are."""
        ...

    def last_looks(self, detector_ids: Collection[str]) -> Mapping[str, Look]:
        """Return the newest detection of each detector that has one."""
        ...

    def last_runs(self, detector_ids: Collection[str]) -> Mapping[str, TrainingRun]:
        """Return the newest training run of each detector that has one."""
        ...

    def looks(self, detector_id: str, limit: int) -> Sequence[Look]:
        """Return the detections of one detector, newest first."""
        ...

    def looks_since(self, since: datetime, limit: int) -> Sequence[Look]:
        """Return the detections of every detector since a moment, newest first."""
        ...

    def went_live(self, detector_id: str) -> Sequence[WentLive]:
        """Return which version went live when, oldest first."""
        ...

    def schedules(self, detector_id: str) -> Sequence[Schedule]:
        """Return the schedules that train or ask a detector, newest first."""
        ...

    def dataset_names(self, dataset_ids: Collection[str]) -> Mapping[str, str]:
        """Return the names of those datasets that are still there, by id."""
        ...
