"""One transaction with its repositories, and where such transactions come from."""

from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, insert

from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.domain.events import Event
from pynomaly.infrastructure.persistence.database import Database
from pynomaly.infrastructure.persistence.database_errors import translated
from pynomaly.infrastructure.persistence.dataset_rows import DatasetRows
from pynomaly.infrastructure.persistence.detection_rows import DetectionRows
from pynomaly.infrastructure.persistence.detector_rows import DetectorRows
from pynomaly.infrastructure.persistence.tables import outbox
from pynomaly.infrastructure.persistence.training_rows import TrainingRunRows
from pynomaly.infrastructure.persistence.transaction import Transaction

DATABASE_NAME = "workspace.db"


class SqlUnitOfWork:
    """A transaction over the workspace's database, opened by `with` and undone unless committed."""

    def __init__(self, database: Database, clock: Clock, new_id: NewId, *, is_reading: bool = False) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id
        self._is_reading = is_reading
        self._connection: Connection | None = None

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
    def detections(self) -> DetectionRows:
        """Detections within this transaction."""
        return DetectionRows(self._transaction)

    def record(self, event: Event) -> None:
        """Store an event, to be told to whoever reacts once the transaction is committed."""
        message = {"id": self._new_id(), "type": type(event).__name__, "payload": asdict(event)}
        self._transaction.write(insert(outbox).values(message | {"created_at": self._clock()}))

    def commit(self) -> None:
        """Make everything durable. Raises Conflict where the disk or another process forbids it."""
        self._transaction.commit()

    def __enter__(self) -> Self:
        """Begin. Raises Conflict or UnreadableFile where the workspace cannot be used."""
        engine = self._database.engine()
        with translated(self._database.path), ExitStack() as undo:
            connection = undo.enter_context(engine.execution_options(read_only=self._is_reading).connect())
            connection.begin()
            undo.pop_all()
        self._connection = connection
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Undo what was not committed."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with translated(self._database.path):
                connection.close()

    @property
    def _transaction(self) -> Transaction:
        if self._connection is None:
            raise RuntimeError("a unit of work is used inside its `with` block")
        return Transaction(self._connection, self._database.path)


@dataclass(frozen=True, slots=True)
class SqlTransactions:
    """Opens transactions on one workspace: `begin` and `begin_reading` are the application's ports of those names."""

    database: Database
    clock: Clock
    new_id: NewId

    @classmethod
    def in_folder(cls, folder: Path, *, clock: Clock, new_id: NewId) -> "SqlTransactions":
        """Return the transactions of the workspace in `folder`, which is created when the first one begins."""
        return cls(Database(folder / DATABASE_NAME), clock, new_id)

    def begin(self) -> SqlUnitOfWork:
        """Return a transaction that may write; others wait their turn."""
        return SqlUnitOfWork(self.database, self.clock, self.new_id)

    def begin_reading(self) -> SqlUnitOfWork:
        """Return a read-only transaction that waits for nobody."""
        return SqlUnitOfWork(self.database, self.clock, self.new_id, is_reading=True)

    def close(self) -> None:
        """Close the database."""
        self.database.close()
