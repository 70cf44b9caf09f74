"""What came of datasets: the detectors that learned from them and the detections that looked at them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pynomaly.domain.identifiers import DatasetId, DetectionId, DetectorId

MOST_USES = 50
"""How many detectors and detections of a dataset are told, unless somebody asks for fewer."""


@dataclass(frozen=True, slots=True)
class Learned:
    """A detector that has a version which learned from a dataset."""

    detector_id: DetectorId
    name: str


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A detection of a dataset's rows. detector: its name, None where it was deleted since."""

    detection_id: DetectionId
    detector_id: DetectorId
    detector: str | None
    n_rows: int
    n_anomalies: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Uses:
    """What came of one dataset, the newest of each."""

    detectors: Sequence[Learned]
    detections: Sequence[LookedAt]


class DatasetUses(Protocol):
    """Looks from datasets to what was made with them."""

    def n_detectors(self, dataset_ids: Sequence[DatasetId]) -> Mapping[DatasetId, int]:
        """Return how many detectors learned from each dataset; those that none did are left out."""
        ...

    def of(self, dataset_id: DatasetId, *, limit: int) -> Uses:
        """Return what came of a dataset, at most `limit` of each kind, newest first."""
        ...
