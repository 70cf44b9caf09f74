"""Detectors with their versions, and every attempt to train them."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol

from pynomaly.application.ports.paging import Page, Piece
from pynomaly.domain.detector import Detector
from pynomaly.domain.identifiers import ModelDigest
from pynomaly.domain.training import TrainingRun


class Detectors(Protocol):
    """Detectors by id or name, with their versions."""

    def add(self, detector: Detector) -> None:
        """Store a new detector. Raises AlreadyExists if the name is taken."""
        ...

    def get(self, name_or_id: str) -> Detector:
        """Return a detector as `Datasets.get` does; a transaction that may write holds it until its end."""
        ...

    def all(self) -> Sequence[Detector]:
        """Return every detector, newest first."""
        ...

    def page(self, piece: Piece) -> Page[Detector]:
        """Return a piece of the list."""
        ...

    def name_of(self, detector_id: str) -> str | None:
        """Return the name of a detector without holding it, None if it is gone."""
        ...

    def save(self, detector: Detector) -> None:
        """Store a changed detector under the next revision. Raises StaleWrite if it changed meanwhile."""
        ...

    def remove(self, detector: Detector) -> None:
        """Forget a detector, its versions and its training runs; detections stay."""
        ...

    def models(self) -> AbstractSet[ModelDigest]:
        """Return the digests of all models that versions refer to."""
        ...


class TrainingRuns(Protocol):
    """Training runs, newest first."""

    def add(self, run: TrainingRun) -> None:
        """Store a new run."""
        ...

    def find(self, run_id: str) -> TrainingRun | None:
        """Return a run, None if there is none of that id."""
        ...

    def save(self, run: TrainingRun) -> None:
        """Store a run's outcome."""
        ...

    def of(self, detector: Detector) -> Sequence[TrainingRun]:
        """Return a detector's runs, newest first."""
        ...
