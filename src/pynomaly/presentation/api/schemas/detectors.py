"""Detectors: an algorithm under a name, with its trained versions."""

from datetime import datetime

from pydantic import Field

from pynomaly.domain.detector import Detector, DetectorStatus, DetectorVersion
from pynomaly.domain.training import TrainingRun, TrainingStatus
from pynomaly.presentation.api.body import Body
from pynomaly.presentation.api.schemas.datasets import sound
from pynomaly.presentation.api.schemas.pages import Answer
from pynomaly.presentation.http.bounds import (
    AlgorithmName,
    CellText,
    Integer,
    Name,
    Number,
    Parameters,
    Priority,
    Seed,
    VersionNumber,
)


class NewDetector(Body):
    """An algorithm, and the parameters that shall differ from their defaults."""

    name: Name
    algorithm: AlgorithmName = "isolation_forest"
    parameters: Parameters[bool | Integer | Number | CellText | None] = Field(default_factory=dict)


class DetectorChange(Body):
    """What is to change (RFC 7396: what is left out stays). Retirement is for good."""

    name: Name | None = None
    is_retired: bool | None = None


class VersionAnswer(Answer):
    """One trained version; numbers are never reused."""

    number: int
    model: str = Field(description="SHA-256 of the model's manifest.")
    dataset_id: str | None
    n_rows: int
    trained_at: datetime
    is_live: bool

    @staticmethod
    def of(version: DetectorVersion, live: int | None) -> "VersionAnswer":
        """Describe a version."""
        return VersionAnswer(
            number=version.number,
            model=version.model,
            dataset_id=version.dataset_id,
            n_rows=version.n_rows,
            trained_at=version.trained_at,
            is_live=version.number == live,
        )


class DetectorAnswer(Answer):
    """A detector; `live_version` is the one that scores, null while it is a draft."""

    id: str
    name: str
    algorithm: str
    parameters: dict[str, int | float | str | bool | None]
    status: DetectorStatus
    live_version: int | None
    n_versions: int
    created_at: datetime
    revision: int

    @staticmethod
    def of(detector: Detector) -> "DetectorAnswer":
        """Describe a detector."""
        return DetectorAnswer(
            id=detector.id,
            name=detector.name,
            algorithm=detector.algorithm,
            parameters=dict(detector.parameters),
            status=detector.status,
            live_version=detector.live_version,
            n_versions=len(detector.versions),
            created_at=detector.created_at,
            revision=detector.revision,
        )


class VersionsAnswer(Answer):
    """Every version, newest first."""

    items: list[VersionAnswer]

    @staticmethod
    def of(detector: Detector) -> "VersionsAnswer":
        """Describe a detector's versions."""
        newest_first = reversed(detector.versions)
        return VersionsAnswer(items=[VersionAnswer.of(version, detector.live_version) for version in newest_first])


class TrainingRequest(Body):
    """Which rows to learn from; the same seed gives the same model."""

    dataset_id: Name = Field(description="Id or name of a dataset.")
    seed: Seed = 0
    priority: Priority = 5
    then_detect: bool = Field(default=False, description="Look at the same rows with the new version next.")


class PromotionRequest(Body):
    """Which version shall score from now on."""

    version: VersionNumber


class TrainingRunAnswer(Answer):
    """One attempt to train; a failed one leaves no version."""

    id: str
    dataset_id: str
    seed: int
    status: TrainingStatus
    started_at: datetime
    finished_at: datetime | None
    version: int | None
    error: str

    @staticmethod
    def of(run: TrainingRun) -> "TrainingRunAnswer":
        """Describe a run."""
        return TrainingRunAnswer(
            id=run.id,
            dataset_id=run.dataset_id,
            seed=run.seed,
            status=run.status,
            started_at=run.started_at,
            finished_at=run.finished_at,
            version=run.version,
            error=sound(run.error),
        )


class TrainingRunsAnswer(Answer):
    """Every training run, newest first."""

    items: list[TrainingRunAnswer]
