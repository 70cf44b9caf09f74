"""The workspace's memory: one transaction, one repository per aggregate."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from types import TracebackType
from typing import Protocol, Self, TypeAlias

from pynomaly.application.ports.audit_log import AuditLog
from pynomaly.application.ports.channels import Channels, Deliveries, NotificationRules
from pynomaly.application.ports.detector_history import DetectorHistories
from pynomaly.application.ports.detectors import Detectors, TrainingRuns
from pynomaly.application.ports.names import Names
from pynomaly.application.ports.paging import Page, Piece
from pynomaly.application.ports.people import ApiKeys, RefreshTokens, Tenants, Users
from pynomaly.application.ports.recent import Recent
from pynomaly.application.ports.secrets import Secrets
from pynomaly.application.ports.uses import DatasetUses
from pynomaly.application.ports.verdicts import Verdicts
from pynomaly.application.ports.work import Jobs, RequestKeys, Schedules
from pynomaly.domain.data_source import DataSource
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.detection import Detection
from pynomaly.domain.events import Event
from pynomaly.domain.identifiers import ScoresDigest


class Datasets(Protocol):
    """Datasets by id or name."""

    def add(self, dataset: Dataset) -> None:
        """Store a new dataset. Raises AlreadyExists if the name is taken."""
        ...

    def get(self, name_or_id: str) -> Dataset:
        """Return a dataset by id, else by exact name or id prefix (8 characters or more).

        Raises NotFound naming the closest, InvalidRequest if a prefix fits several.
        """
        ...

    def all(self) -> Sequence[Dataset]:
        """Return every dataset, newest first."""
        ...

    def page(self, piece: Piece) -> Page[Dataset]:
        """Return a piece of the list."""
        ...

    def save(self, dataset: Dataset) -> None:
        """Store a changed dataset under the next revision. Raises StaleWrite, AlreadyExists."""
        ...

    def remove(self, dataset: Dataset) -> None:
        """Forget a dataset; models trained on it stay."""
        ...

    def hold_rows(self, fingerprint: str) -> None:
        """Keep everybody else from keeping or discarding the same rows until this transaction ends."""
        ...

    def fingerprints(self) -> AbstractSet[str]:
        """Return the fingerprints of all stored rows that datasets refer to."""
        ...


class DataSources(Protocol):
    """Data sources by id or name; what is secret of them lies among the workspace's secrets."""

    def add(self, source: DataSource) -> None:
        """Store a new source. Raises AlreadyExists if the name is taken."""
        ...

    def get(self, name_or_id: str) -> DataSource:
        """Return a source as `Datasets.get` does; a transaction that may write holds it until its end."""
        ...

    def all(self) -> Sequence[DataSource]:
        """Return every source, newest first."""
        ...

    def page(self, piece: Piece) -> Page[DataSource]:
        """Return a piece of the list."""
        ...

    def save(self, source: DataSource) -> None:
        """Store a changed source under the next revision. Raises StaleWrite, AlreadyExists."""
        ...

    def remove(self, source: DataSource) -> None:
        """Forget a source; datasets read from it stay."""
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

    def page(self, piece: Piece, *, detector_id: str | None = None) -> Page[Detection]:
        """Return a piece of the list, of one detector if its id is given."""
        ...

    def scores(self) -> AbstractSet[ScoresDigest]:
        """Return the digests of all results that detections refer to."""
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
    def detector_histories(self) -> DetectorHistories:
        """What came of detectors, within this transaction."""
        ...

    @property
    def detections(self) -> Detections:
        """Detections within this transaction."""
        ...

    @property
    def verdicts(self) -> Verdicts:
        """Verdicts within this transaction."""
        ...

    @property
    def jobs(self) -> Jobs:
        """Jobs within this transaction."""
        ...

    @property
    def schedules(self) -> Schedules:
        """Schedules within this transaction."""
        ...

    @property
    def channels(self) -> Channels:
        """Channels within this transaction."""
        ...

    @property
    def notification_rules(self) -> NotificationRules:
        """Notification rules within this transaction."""
        ...

    @property
    def deliveries(self) -> Deliveries:
        """Deliveries within this transaction."""
        ...

    @property
    def sources(self) -> DataSources:
        """Data sources within this transaction."""
        ...

    @property
    def dataset_uses(self) -> DatasetUses:
        """What came of datasets, as this transaction sees it."""
        ...

    @property
    def request_keys(self) -> RequestKeys:
        """Idempotency keys within this transaction."""
        ...

    @property
    def names(self) -> Names:
        """The names of what is in the workspace."""
        ...

    @property
    def audit_log(self) -> AuditLog:
        """The audit log as this transaction sees it."""
        ...

    @property
    def recent(self) -> Recent:
        """What happened lately, within this transaction."""
        ...

    @property
    def tenants(self) -> Tenants:
        """Workspaces of the whole installation."""
        ...

    @property
    def users(self) -> Users:
        """Users within this transaction."""
        ...

    @property
    def api_keys(self) -> ApiKeys:
        """API keys within this transaction."""
        ...

    @property
    def refresh_tokens(self) -> RefreshTokens:
        """Refresh tokens within this transaction."""
        ...

    @property
    def secrets(self) -> Secrets:
        """Secrets within this transaction."""
        ...

    def record(self, event: Event) -> None:
        """Add an event to the audit log at commit, to be told to whoever reacts afterwards."""
        ...

    def conclude(self, subject: object) -> None:
        """Record, in this transaction, what the work it was begun for came to.

        A job succeeds with it; a request that carried an idempotency key gets its answer stored. Where neither
        asked, nothing happens. Raises LeaseLost if the work was given to somebody else or cancelled.
        """
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
"""Opens a read-only transaction that waits for nobody and sees one moment throughout."""
