"""One transaction with its repositories, and where such transactions come from."""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from pynomaly.application.ports.asking import BY_LOCAL_USER, Asked
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.secrets import Sealer
from pynomaly.domain.channel import Channel
from pynomaly.domain.data_source import DataSource
from pynomaly.domain.events import Event
from pynomaly.domain.notification_rule import NotificationRule
from pynomaly.domain.schedule import Schedule
from pynomaly.infrastructure.persistence.audit_rows import AuditRows
from pynomaly.infrastructure.persistence.channel_rows import channel_rows
from pynomaly.infrastructure.persistence.claims import Fence
from pynomaly.infrastructure.persistence.database import Database
from pynomaly.infrastructure.persistence.database_errors import translated
from pynomaly.infrastructure.persistence.dataset_rows import DatasetRows
from pynomaly.infrastructure.persistence.delivery_rows import DeliveryRows
from pynomaly.infrastructure.persistence.detection_rows import DetectionRows
from pynomaly.infrastructure.persistence.detector_history_rows import DetectorHistoryRows
from pynomaly.infrastructure.persistence.detector_rows import DetectorRows
from pynomaly.infrastructure.persistence.job_rows import JobRows
from pynomaly.infrastructure.persistence.name_rows import NameRows
from pynomaly.infrastructure.persistence.named_rows import NamedRows
from pynomaly.infrastructure.persistence.people_rows import ApiKeyRows, RefreshTokenRows, TenantRows, UserRows
from pynomaly.infrastructure.persistence.recent_rows import RecentRows
from pynomaly.infrastructure.persistence.request_key_rows import RequestKeyRows
from pynomaly.infrastructure.persistence.rule_rows import rule_rows
from pynomaly.infrastructure.persistence.schedule_rows import schedule_rows
from pynomaly.infrastructure.persistence.secret_rows import SecretRows
from pynomaly.infrastructure.persistence.source_rows import source_rows
from pynomaly.infrastructure.persistence.training_rows import TrainingRunRows
from pynomaly.infrastructure.persistence.transaction import Transaction
from pynomaly.infrastructure.persistence.use_rows import DatasetUseRows
from pynomaly.infrastructure.persistence.verdict_rows import VerdictRows

DATABASE_NAME = "workspace.db"


class SqlUnitOfWork:
    """A transaction of one workspace, opened by `with` and undone unless committed.

    What was recorded is appended to the audit log at commit, last of all: there writers wait for each other.
    """

    def __init__(self, opened_by: "SqlTransactions", *, is_reading: bool) -> None:
        self._database = opened_by.database
        self._clock = opened_by.clock
        self._new_id = opened_by.new_id
        self._asked = opened_by.asked
        self._sealer = opened_by.sealer
        self._is_reading = is_reading
        self._connection: Connection | None = None
        self._recorded: list[tuple[Event, str]] = []

    @property
    def datasets(self) -> DatasetRows:
        """Datasets within this transaction."""
        return DatasetRows(self._transaction)

    @property
    def detectors(self) -> DetectorRows:
        """Detectors within this transaction."""
        return DetectorRows(self._transaction)

    @property
    def training_runs(self) -> TrainingRunRows:
        """Training runs within this transaction."""
        return TrainingRunRows(self._transaction)

    @property
    def detector_histories(self) -> DetectorHistoryRows:
        """What came of detectors, within this transaction."""
        return DetectorHistoryRows(self._transaction)

    @property
    def detections(self) -> DetectionRows:
        """Detections within this transaction."""
        return DetectionRows(self._transaction)

    @property
    def verdicts(self) -> VerdictRows:
        """Verdicts within this transaction."""
        return VerdictRows(self._transaction)

    @property
    def jobs(self) -> JobRows:
        """Jobs within this transaction."""
        return JobRows(self._transaction, self._clock)

    @property
    def schedules(self) -> NamedRows[Schedule]:
        """Schedules within this transaction."""
        return schedule_rows(self._transaction)

    @property
    def channels(self) -> NamedRows[Channel]:
        """Channels within this transaction."""
        return channel_rows(self._transaction)

    @property
    def notification_rules(self) -> NamedRows[NotificationRule]:
        """Notification rules within this transaction."""
        return rule_rows(self._transaction)

    @property
    def deliveries(self) -> DeliveryRows:
        """Deliveries within this transaction."""
        return DeliveryRows(self._transaction)

    @property
    def sources(self) -> NamedRows[DataSource]:
        """Data sources within this transaction."""
        return source_rows(self._transaction)

    @property
    def dataset_uses(self) -> DatasetUseRows:
        """What came of datasets, as this transaction sees it."""
        return DatasetUseRows(self._transaction)

    @property
    def request_keys(self) -> RequestKeyRows:
        """Idempotency keys within this transaction."""
        return RequestKeyRows(self._transaction)

    @property
    def names(self) -> NameRows:
        """The names of what is in the workspace."""
        return NameRows(self._transaction)

    @property
    def audit_log(self) -> AuditRows:
        """The audit log as this transaction sees it."""
        return AuditRows(self._transaction)

    @property
    def recent(self) -> RecentRows:
        """What happened lately, within this transaction."""
        return RecentRows(self._transaction)

    @property
    def tenants(self) -> TenantRows:
        """Workspaces of the whole installation."""
        return TenantRows(self._transaction)

    @property
    def users(self) -> UserRows:
        """Users within this transaction."""
        return UserRows(self._transaction)

    @property
    def api_keys(self) -> ApiKeyRows:
        """API keys within this transaction."""
        return ApiKeyRows(self._transaction)

    @property
    def refresh_tokens(self) -> RefreshTokenRows:
        """Refresh tokens within this transaction."""
        return RefreshTokenRows(self._transaction)

    @property
    def secrets(self) -> SecretRows:
        """Secrets within this transaction. Raises InvalidRequest or Conflict where no key is there to seal them."""
        return SecretRows(self._transaction, self._sealer(), self._new_id)

    def record(self, event: Event) -> None:
        """Add an event to the audit log at commit, to be told to whoever reacts afterwards."""
        self._recorded.append((event, self._new_id()))

    def conclude(self, subject: object) -> None:
        """Record what the work this transaction was begun for came to. Raises LeaseLost."""
        if self._asked.claim is None:
            return
        for event in Fence(self._asked.claim, self._transaction, self._clock).conclude(subject):
            self.record(event)

    def commit(self) -> None:
        """Make everything durable. Raises Conflict, Unavailable or StorageFull where that cannot be."""
        recorded, self._recorded = self._recorded, []
        if recorded:
            AuditRows(self._transaction).append(recorded, self._asked, self._clock)
        self._transaction.commit()

    def __enter__(self) -> Self:
        """Begin. Raises Conflict, Unavailable or UnreadableFile where the workspace cannot be used, LeaseLost."""
        engine = self._database.engine()
        with translated(self._database.name), ExitStack() as undo:
            connection = undo.enter_context(engine.execution_options(read_only=self._is_reading).connect())
            connection.begin()
            if self._asked.claim is not None and not self._is_reading:
                Fence(self._asked.claim, self._on(connection), self._clock).require_held()
            undo.pop_all()
        self._connection = connection
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Undo what was not committed."""
        connection, self._connection = self._connection, None
        self._recorded = []
        if connection is not None:
            with suppress(DBAPIError):  # what a lost connection had begun is undone by the server
                connection.close()

    @property
    def _transaction(self) -> Transaction:
        if self._connection is None:
            raise RuntimeError("a unit of work is used inside its `with` block")
        return self._on(self._connection)

    def _on(self, connection: Connection) -> Transaction:
        return Transaction(connection, self._asked.tenant_id, self._database.name, self._is_reading)


def _no_sealer() -> Sealer:
    raise RuntimeError("whoever opens transactions that touch secrets has to say what seals them")


@dataclass(frozen=True, slots=True)
class SqlTransactions:
    """Opens transactions on behalf of somebody: `begin` and `begin_reading` are the ports of those names.

    sealer: returns what secrets are sealed with, asked for when the first secret is.
    """

    database: Database
    clock: Clock
    new_id: NewId
    asked: Asked = BY_LOCAL_USER
    sealer: Callable[[], Sealer] = _no_sealer

    @classmethod
    def in_folder(cls, folder: Path, *, clock: Clock, new_id: NewId) -> "SqlTransactions":
        """Return the local workspace's transactions in `folder`, which is created when the first one begins."""
        return cls(Database.in_file(folder / DATABASE_NAME), clock, new_id)

    def begin(self) -> SqlUnitOfWork:
        """Return a transaction that may write; others wait their turn."""
        return SqlUnitOfWork(self, is_reading=False)

    def begin_reading(self) -> SqlUnitOfWork:
        """Return a read-only transaction that waits for nobody."""
        return SqlUnitOfWork(self, is_reading=True)

    def close(self) -> None:
        """Close the database."""
        self.database.close()
