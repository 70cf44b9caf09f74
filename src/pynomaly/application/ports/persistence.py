"""The workspace's memory: one transaction, one repository per aggregate."""

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Protocol, Self, TypeAlias

from pynomaly.domain.dataset import Dataset
from pynomaly.domain.detection import Detection
from pynomaly.domain.detector import Detector
from pynomaly.domain.events import Event
from pynomaly.domain.training import TrainingRun


class Datasets(Protocol):
    """Datasets by name or id."""

    def add(self, dataset: Dataset) -> None:
        """Store a new dataset. Raises AlreadyExists if the name is taken."""
        ...

    def get(self, name_or_id: str) -> Dataset:
        """Return a dataset by exact name, else by id or id prefix (8 characters or more).

        Raises NotFound naming the closest, InvalidRequest if a prefix fits several.
        """
        ...

    def all(self) -> Sequence[Dataset]:
        """Return every dataset, newest first."""
        ...

    def remove(self, dataset: Dataset) -> None:
        """Forget a dataset; models trained on it stay."""
        ...


class Detectors(Protocol):
    """Detectors by name or id, with their versions."""

    def add(self, detector: Detector) -> None:
        """Store a new detector. Raises AlreadyExists if the name is taken."""
        ...

    def get(self, name_or_id: str) -> Detector:
        """Return a detector as `Datasets.get` does."""
        ...

    def all(self) -> Sequence[Detector]:
        """Return every detector, newest first."""
        ...

    def save(self, detector: Detector) -> None:
        """Store a changed detector under the next revision. Raises StaleWrite if it changed meanwhile."""
        ...

    def remove(self, detector: Detector) -> None:
        """Forget a detector, its versions and its training runs; detections stay."""
        ...


class TrainingRuns(Protocol):
    """Training runs, newest first."""

    def add(self, run: TrainingRun) -> None:
        """Store a new run."""
        ...

    def save(self, run: TrainingRun) -> None:
        """Store a run's outcome."""
        ...

    def of(self, detector: Detector) -> Sequence[TrainingRun]:
        """Return a detector's runs, newest first."""
        ...


class Detections(Protocol):
    """Detections by id."""

    def add(self, detection: Detection) -> None:
        """Store a new detection."""
        ...

    def get(self, detection_id: str) -> Detection:
        """Return a detection by id or id prefix (8 characters or more); the word `last` means the newest.

        Raises NotFound, InvalidRequest if a prefix fits several.
        """
        ...

    def all(self) -> Sequence[Detection]:
        """Return every detection, newest first."""
        ...


class UnitOfWork(Protocol):
    """One transaction. Leaving the `with` block without `commit` undoes everything."""

    @property
    def datasets(self) -> Datasets:
        """Datasets within this transaction."""
        ...

    @property
    def detectors(self) -> Detectors:
        """Detectors within this transaction."""
        ...

    @property
    def training_runs(self) -> TrainingRuns:
        """Training runs within this transaction."""
        ...

    @property
    def detections(self) -> Detections:
        """Detections within this transaction."""
        ...

    def record(self, event: Event) -> None:
        """Store an event in this transaction, to be told to whoever reacts once it is committed."""
        ...

    def commit(self) -> None:
        """Make everything durable. Raises Conflict errors where somebody else was first."""
        ...

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


Begin: TypeAlias = Callable[[], UnitOfWork]
"""Opens a transaction that may write; others wait their turn. Reading alone goes through `BeginReading`."""

BeginReading: TypeAlias = Callable[[], UnitOfWork]
"""Opens a read-only transaction that waits for nobody."""
