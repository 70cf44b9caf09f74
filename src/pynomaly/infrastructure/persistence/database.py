"""The workspace's SQLite database: opened with settings that lose nothing, brought up to date when it is older."""

import sqlite3
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, column, create_engine, event, inspect, select, table
from sqlalchemy.engine.interfaces import DBAPIConnection

from pynomaly.domain.errors import Conflict
from pynomaly.infrastructure.persistence.column_types import json_text
from pynomaly.infrastructure.persistence.database_errors import translated
from pynomaly.infrastructure.persistence.tables import REVISIONS

BUSY_TIMEOUT_MILLISECONDS = 10_000
_OPENING = threading.Lock()  # one for all databases: Alembic keeps the migration at work in module globals
_VERSION_TABLE = "alembic_version"  # Alembic's own name for the table that holds the last migration


@dataclass(slots=True)
class Database:
    """A database file, created on first use together with its folder (for this user alone)."""

    path: Path
    _engine: Engine | None = field(default=None, init=False)

    def engine(self) -> Engine:
        """Return the engine, the tables being there and up to date.

        Raises Conflict if the workspace is newer than this program, cannot be written or stays busy;
        UnreadableFile if it is damaged.
        """
        with _OPENING:
            if self._engine is None:
                with translated(self.path):
                    self._engine = _open(self.path)
        return self._engine

    def close(self) -> None:
        """Close every connection; the next use opens the database again."""
        with _OPENING:
            if self._engine is not None:
                self._engine.dispose()
            self._engine = None


def _open(path: Path) -> Engine:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(URL.create("sqlite", database=str(path)), json_serializer=json_text)
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    with ExitStack() as undo:
        undo.callback(engine.dispose)
        _bring_up_to_date(engine, path)
        undo.pop_all()
    return engine


def _configure(connection: DBAPIConnection, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MILLISECONDS}")
    _use_write_ahead_log(cursor)
    cursor.execute("PRAGMA synchronous=FULL")  # NORMAL may lose acknowledged commits when power fails
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _use_write_ahead_log(cursor: Any) -> None:
    """Switch to WAL; several processes opening a fresh file at once get in each other's way, past any timeout."""
    give_up_at = time.monotonic() + BUSY_TIMEOUT_MILLISECONDS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > give_up_at:
                raise
        time.sleep(0.02)


def _begin(connection: Connection) -> None:
    """Take the write lock at once: a lock taken later fails however long it waits. Readers wait for nobody."""
    is_reading = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql(f"PRAGMA query_only={int(is_reading)}")
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")


def _bring_up_to_date(engine: Engine, path: Path) -> None:
    with engine.execution_options(read_only=True).connect() as connection:
        stamp = _stamp(connection)
    if stamp == REVISIONS[-1]:
        return
    if stamp is not None and stamp not in REVISIONS:
        raise Conflict(f"the workspace {path} was written by a newer Pynomaly (schema {stamp}); upgrade this one")
    from pynomaly.infrastructure.persistence.schema_upgrade import upgrade  # Alembic takes a while to import

    with engine.begin() as connection:
        upgrade(connection)


def _stamp(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION_TABLE):
        return None
    return connection.execute(select(column("version_num")).select_from(table(_VERSION_TABLE))).scalar()
