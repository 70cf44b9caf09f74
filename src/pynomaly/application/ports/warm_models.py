"""What was loaded or read a moment ago and is still at hand: one row cannot wait for disk and database.

The ports speak for one workspace; whoever keeps the things keeps those of different workspaces apart.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from pynomaly.domain.detector import Detector
from pynomaly.domain.identifiers import ModelDigest

FRESH_SECONDS = 1.0  # how long a promoted, rolled back or deleted version may go on answering, on all levels together
Model = TypeVar("Model")
Model_co = TypeVar("Model_co", covariant=True)


@dataclass(frozen=True, slots=True, eq=False)
class Weighed(Generic[Model]):
    """A model and about how many bytes of memory it takes."""

    model: Model
    n_bytes: int


class WarmModels(Protocol[Model_co]):
    """Trained models in memory. A digest stands for one content for ever, so what is kept is never out of date."""

    def get(self, digest: ModelDigest) -> Model_co:
        """Return a model, loading it where it is not at hand. Raises NotFound, CorruptModel, ExtraNotInstalled."""
        ...

    def has(self, digest: ModelDigest) -> bool:
        """Whether a model is at hand."""
        ...


class RecentDetectors(Protocol):
    """Detectors as they were at most a second ago."""

    def get(self, name_or_id: str, read: Callable[[], Detector], *, fresh: bool = False) -> Detector:
        """Return a detector, by `read` where it is not at hand or `fresh` is asked for. Raises what `read` raises."""
        ...

    def recent(self, name_or_id: str) -> Detector | None:
        """Return a detector if it is at hand."""
        ...


@dataclass(frozen=True, slots=True)
class Seen:
    """A detector, and for how many seconds more it may answer."""

    detector: Detector
    seconds_left: float = FRESH_SECONDS


class DetectorLevel(Protocol):
    """Where a detector is looked for that is not in memory."""

    def __call__(self, name_or_id: str, read: Callable[[], Detector], /, *, fresh: bool) -> Seen:
        """Return a detector, by `read` if it has to be. Raises what `read` raises."""
        ...
