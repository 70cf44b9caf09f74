"""The database of an installation: a file of its own or a PostgreSQL server, brought up to date when it is older."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine, column, inspect, select, table

from pynomaly.domain.errors import Conflict, Unavailable
from pynomaly.infrastructure.persistence.connections import Engines, PostgresEngines, SqliteEngines
from pynomaly.infrastructure.persistence.database_errors import translated
from pynomaly.infrastructure.persistence.metadata import REVISIONS

_OPENING = threading.Lock()  # one for all databases: Alembic keeps the migration at work in module globals
VERSION_TABLE = "alembic_version"
"""Alembic's own name for the table that holds the last migration."""


@dataclass(slots=True)
class Database:
    """Where everything but files is kept. A file is created on first use, with its folder, for this user alone."""

    engines: Engines
    _engine: Engine | None = field(default=None, init=False)
    _away: tuple[float, str] = field(default=(float("-inf"), ""), init=False)

    @classmethod
    def in_file(cls, path: Path) -> "Database":
        """Return the database in an SQLite file."""
        return cls(SqliteEngines(path))

    @classmethod
    def on_server(cls, url: str) -> "Database":
        """Return the database at a `postgresql://` address. Raises InvalidRequest, ExtraNotInstalled."""
        return cls(PostgresEngines.at(url))

    @property
    def name(self) -> str:
        """What people know the database by; never a password."""
        return self.engines.name

    def engine(self) -> Engine:
        """Return the engine, the tables being there and up to date.

        Raises Conflict if the workspace is newer than this program or cannot be written, Unavailable if it does not
        answer, UnreadableFile if it is damaged.
        """
        asked_at = time.monotonic()
        with _OPENING:
            if self._engine is None:
                self._engine = self._opened(asked_at)
        return self._engine

    def revision(self) -> str | None:
        """Return which migration the tables are at, changing nothing; None where there are no tables yet.

        Raises Unavailable if the database does not answer.
        """
        engine = self.engines.working()
        try:
            with translated(self.name), engine.execution_options(read_only=True).connect() as connection:
                return _stamp(connection)
        finally:
            engine.dispose()

    def _opened(self, asked_at: float) -> Engine:
        """Open the database; whoever waited while somebody else found it away need not find out again."""
        found_away_at, sentence = self._away
        if found_away_at > asked_at:
            raise Unavailable(sentence)
        try:
            with translated(self.name):
                return _open(self.engines)
        except Unavailable as error:
            self._away = time.monotonic(), str(error)
            raise

    def bring_up_to_date(self) -> tuple[str | None, str]:
        """Change the tables to the newest; return the last migration before, None for a new database, and now.

        Several may do so at once: one works, the others wait and find nothing left to do.  Raises as `engine` does.
        """
        with self.changing_tables() as connection, translated(self.name):
            before = stamp_in(connection, self.name)
            _upgrade(connection)
            connection.commit()
        return before, REVISIONS[-1]

    @contextmanager
    def changing_tables(self) -> Iterator[Connection]:
        """Lend a transaction in which tables may be changed, while nobody else does so; it is undone unless committed.

        Until it ends this process opens no other database.  Raises Conflict, Unavailable, UnreadableFile.
        """
        with _OPENING, ExitStack() as held:
            with translated(self.name):
                connection = held.enter_context(_changing_tables(self.engines))
            yield connection

    def close(self) -> None:
        """Close every connection; the next use opens the database again."""
        with _OPENING:
            if self._engine is not None:
                self._engine.dispose()
            self._engine = None


def _open(engines: Engines) -> Engine:
    engine = engines.working()
    with ExitStack() as undo:
        undo.callback(engine.dispose)
        if not _is_up_to_date(engine, engines.name):
            with _changing_tables(engines) as connection:
                _upgrade(connection)
                connection.commit()
        undo.pop_all()
    return engine


def _is_up_to_date(engine: Engine, name: str) -> bool:
    with engine.execution_options(read_only=True).connect() as connection:
        return stamp_in(connection, name) == REVISIONS[-1]


@contextmanager
def _changing_tables(engines: Engines) -> Iterator[Connection]:
    with ExitStack() as held:
        engine = engines.migrating()
        held.callback(engine.dispose)
        connection = held.enter_context(engine.connect())
        connection.begin()
        engines.take_turns(connection)
        yield connection


def _upgrade(connection: Connection) -> None:
    from pynomaly.infrastructure.persistence.schema_upgrade import upgrade  # Alembic takes a while to import

    upgrade(connection)


def stamp_in(connection: Connection, name: str) -> str | None:
    """Return the last migration of a database, None if it has no tables yet. Raises Conflict if it is a newer one."""
    stamp = _stamp(connection)
    if stamp is not None and stamp not in REVISIONS:
        raise Conflict(f"the workspace {name} was written by a newer Pynomaly (schema {stamp}); upgrade this one")
    return stamp


def _stamp(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(select(column("version_num")).select_from(table(VERSION_TABLE))).scalar()
