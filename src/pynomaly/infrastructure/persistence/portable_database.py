"""A database to be carried elsewhere: read as it stands at one moment, and filled from what was read."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from pynomaly.infrastructure.persistence.database import Database, stamp_in
from pynomaly.infrastructure.persistence.database_errors import translated
from pynomaly.infrastructure.persistence.database_refill import EmptyDatabase, require_empty
from pynomaly.infrastructure.persistence.database_snapshot import Snapshot, reading


@dataclass(frozen=True, slots=True)
class SqlPortableDatabase:
    """A database of either kind."""

    database: Database

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Open the database as it stands now. Raises Unavailable, UnreadableFile, Conflict."""
        with self._reading() as connection:
            yield Snapshot(reading(connection, self.database.name))

    def require_empty(self) -> None:
        """Raise Conflict if anything was ever stored."""
        with self._reading() as connection:
            require_empty(connection, self.database.name)

    @contextmanager
    def refill(self) -> Iterator[EmptyDatabase]:
        """Open a transaction on the empty database; it is undone unless committed. Raises Conflict."""
        with self.database.changing_tables() as connection:
            with translated(self.database.name):
                stamp_in(connection, self.database.name)
            require_empty(connection, self.database.name)
            yield EmptyDatabase(connection, self.database.name)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        engine = self.database.engine()
        with ExitStack() as held:
            with translated(self.database.name):
                connection = held.enter_context(engine.execution_options(read_only=True).connect())
            yield connection
