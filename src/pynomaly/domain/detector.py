"""A detector: an algorithm under a name, its trained versions, and an honest lifecycle."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pynomaly.domain.algorithm import ParameterValue
from pynomaly.domain.dataset import require_name
from pynomaly.domain.errors import Conflict, NotFound, NotTrained
from pynomaly.domain.identifiers import DatasetId, DetectorId, ModelDigest


class DetectorStatus(StrEnum):
    """Where a detector stands. Being trained is a state of a training run: a ready detector stays ready meanwhile."""

    DRAFT = "draft"
    READY = "ready"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class DetectorVersion:
    """One trained model of a detector; numbers start at 1 and are never reused."""

    number: int
    model: ModelDigest
    dataset_id: DatasetId | None
    n_rows: int
    trained_at: datetime


@dataclass(frozen=True, slots=True)
class Detector:
    """An algorithm with its parameters under a name, and every version trained from it.

    live_version: the version that scores; None while the detector is a draft.
    revision: grows with every stored change, so that two writers notice each other.
    """

    id: DetectorId
    name: str
    algorithm: str
    parameters: Mapping[str, ParameterValue]
    created_at: datetime
    versions: tuple[DetectorVersion, ...] = ()
    live_version: int | None = None
    is_retired: bool = False
    revision: int = 0

    def __post_init__(self) -> None:
        require_name(self.name)

    @property
    def status(self) -> DetectorStatus:
        """Draft until the first version, ready from then on, retired for good."""
        if self.is_retired:
            return DetectorStatus.RETIRED
        return DetectorStatus.DRAFT if self.live_version is None else DetectorStatus.READY

    @property
    def next_version(self) -> int:
        """The number the next trained version gets."""
        return max((version.number for version in self.versions), default=0) + 1

    def with_version(self, version: DetectorVersion) -> "Detector":
        """Return the detector with a newly trained version, which goes live. Raises Conflict if retired."""
        if self.is_retired:
            raise Conflict(f"detector '{self.name}' is retired and takes no new versions")
        if version.number != self.next_version:
            raise Conflict(f"detector '{self.name}' expects version {self.next_version}, not {version.number}")
        return replace(self, versions=(*self.versions, version), live_version=version.number)

    def promoted(self, number: int) -> "Detector":
        """Return the detector with another trained version live. Raises Conflict if retired, NotTrained, NotFound."""
        return replace(self, live_version=self.version(number).number)

    def renamed(self, name: str) -> "Detector":
        """Return the detector under another name. Raises InvalidRequest."""
        return replace(self, name=name)

    def retire(self) -> "Detector":
        """Return the detector as retired: it keeps its history and scores nothing any more."""
        return replace(self, is_retired=True)

    def version(self, number: int | None = None) -> DetectorVersion:
        """Return one version, the live one by default.

        Raises NotTrained for a draft, Conflict if retired, NotFound for an unknown number.
        """
        if self.is_retired:
            raise Conflict(f"detector '{self.name}' is retired and scores nothing any more")
        if self.live_version is None:
            raise NotTrained(
                f"detector '{self.name}' has not been trained; run `pynomaly detector train {self.name} DATASET`"
            )
        return self.version_used(self.live_version if number is None else number)

    def version_used(self, number: int) -> DetectorVersion:
        """Return a version for what it did earlier, whatever the detector may do now. Raises NotFound."""
        for version in self.versions:
            if version.number == number:
                return version
        raise NotFound(f"detector '{self.name}' has no version {number}; it has 1 to {self.next_version - 1}")
