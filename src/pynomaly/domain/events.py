"""What happened, in the past tense, for whoever wants to react."""

from dataclasses import dataclass
from typing import TypeAlias

from pynomaly.domain.identifiers import DatasetId, DetectionId, DetectorId


@dataclass(frozen=True, slots=True)
class DatasetRegistered:
    """Rows were taken into the workspace."""

    dataset_id: DatasetId
    n_rows: int


@dataclass(frozen=True, slots=True)
class DetectorTrained:
    """A detector got a new version."""

    detector_id: DetectorId
    version: int


@dataclass(frozen=True, slots=True)
class TrainingFailed:
    """A training run ended without a model."""

    detector_id: DetectorId
    reason: str


@dataclass(frozen=True, slots=True)
class AnomaliesDetected:
    """A table was scored and decided; n_anomalies may be 0."""

    detection_id: DetectionId
    n_rows: int
    n_anomalies: int


Event: TypeAlias = DatasetRegistered | DetectorTrained | TrainingFailed | AnomaliesDetected
