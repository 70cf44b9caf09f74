"""A training run: what was learned from which rows, when, and how it ended."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pynomaly.domain.identifiers import DatasetId, DetectorId


class TrainingStatus(StrEnum):
    """How a training run stands."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """One attempt to train a detector. A failed run leaves no model."""

    id: str
    detector_id: DetectorId
    dataset_id: DatasetId
    seed: int
    started_at: datetime
    status: TrainingStatus = TrainingStatus.RUNNING
    finished_at: datetime | None = None
    version: int | None = None
    error: str = ""

    def succeeded(self, version: int, at: datetime) -> "TrainingRun":
        """Return the run ended with a version."""
        return replace(self, status=TrainingStatus.SUCCEEDED, version=version, finished_at=at)

    def failed(self, error: str, at: datetime) -> "TrainingRun":
        """Return the run ended without a model, with the reason in one sentence."""
        return replace(self, status=TrainingStatus.FAILED, error=error, finished_at=at)
