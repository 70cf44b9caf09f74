"""Connections to the two databases that are spoken here, each with the settings that lose nothing."""

import sqlite3
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError

from pynomaly.domain.errors import ExtraNotInstalled, InvalidRequest
from pynomaly.infrastructure.persistence.column_types import json_text

BUSY_TIMEOUT_MILLISECONDS = 10_000
CONNECT_TIMEOUT_SECONDS = 2  # a server that is away is told within two seconds
STATEMENT_TIMEOUT_MILLISECONDS = 30_000  # nothing here takes a second; a lock held longer belongs to a frozen process
IDLE_TIMEOUT_MILLISECONDS = 8_000  # shorter than a lease: a process frozen in a transaction lets go of its job's row
MIGRATING_TIMEOUT_MILLISECONDS = 60_000
POOL_SIZE, POOL_OVERFLOW = 20, 20  # the API answers in at most 40 threads
POOL_TIMEOUT_SECONDS = 10
MIGRATION_LOCK = 0x50594E4F  # "PYNO": any number nobody else locks


class Engines(Protocol):
    """One database's ways to connect."""

    @property
    def name(self) -> str:
        """What people know the database by."""
        ...

    def working(self) -> Engine:
        """Return the engine for everyday work; the option `read_only` makes transactions that wait for nobody."""
        ...

    def migrating(self) -> Engine:
        """Return an engine for changing the tables."""
        ...

    def take_turns(self, connection: Connection) -> None:
        """Let nobody else migrate until this transaction ends."""
        ...


@dataclass(frozen=True, slots=True)
class SqliteEngines:
    """An SQLite file."""

    path: Path

    @property
    def name(self) -> str:
        """The file's path."""
        return str(self.path)

    def working(self) -> Engine:
        """Return an engine with foreign keys enforced. Raises OSError where the folder cannot be made."""
        return self._engine(foreign_keys=True)

    def migrating(self) -> Engine:
        """Return an engine without foreign keys: SQLite rebuilds tables, and dropping one would empty its children."""
        return self._engine(foreign_keys=False)

    def take_turns(self, connection: Connection) -> None:
        """Do nothing: a transaction that may write holds the whole file."""

    def _engine(self, *, foreign_keys: bool) -> Engine:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        engine = create_engine(
            URL.create("sqlite", database=str(self.path)),
            json_serializer=json_text,
            pool_size=POOL_SIZE,
            max_overflow=POOL_OVERFLOW,
            pool_timeout=POOL_TIMEOUT_SECONDS,
        )

        def configure(connection: DBAPIConnection, _record: Any) -> None:
            _configure(connection, foreign_keys=foreign_keys)

        event.listen(engine, "connect", configure)
        event.listen(engine, "begin", _begin_in_sqlite)
        return engine


def _configure(connection: DBAPIConnection, *, foreign_keys: bool) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MILLISECONDS}")
    _use_write_ahead_log(cursor)
    cursor.execute("PRAGMA synchronous=FULL")  # NORMAL may lose acknowledged commits when power fails
    cursor.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
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
        except UnicodeDecodeError as error:  # the driver's message quotes what lies in a page that is no page any more
            raise sqlite3.DatabaseError("database disk image is malformed") from error
        time.sleep(0.02)


def _begin_in_sqlite(connection: Connection) -> None:
    """Take the write lock at once: a lock taken later fails however long it waits. Readers wait for nobody."""
    is_reading = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql(f"PRAGMA query_only={int(is_reading)}")
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")


@dataclass(frozen=True, slots=True)
class PostgresEngines:
    """A PostgreSQL server."""

    url: URL

    @classmethod
    def at(cls, address: str) -> "PostgresEngines":
        """Read an address. Raises InvalidRequest if it is none, ExtraNotInstalled without the driver."""
        try:
            url = make_url(address)
        except ArgumentError:
            raise InvalidRequest(
                "PYNOMALY_DATABASE_URL is no database address; write postgresql://user:password@host:5432/name"
            ) from None
        if url.get_backend_name() not in ("postgresql", "postgres"):
            raise InvalidRequest(
                f"PYNOMALY_DATABASE_URL names {url.get_backend_name()}; only postgresql:// is understood, "
                "and without the setting an SQLite file is used"
            )
        if find_spec("psycopg") is None:
            raise ExtraNotInstalled("PostgreSQL needs its driver: pip install 'pynomaly-platform[postgres]'")
        return cls(url.set(drivername="postgresql+psycopg"))

    @property
    def name(self) -> str:
        """Host and name of the database."""
        return f"{self.url.host or 'localhost'}/{self.url.database or ''}"

    def working(self) -> Engine:
        """Return an engine whose connections are checked before they are lent."""
        engine = create_engine(
            self.url,
            json_serializer=json_text,
            pool_size=POOL_SIZE,
            max_overflow=POOL_OVERFLOW,
            pool_timeout=POOL_TIMEOUT_SECONDS,
            pool_pre_ping=True,
            connect_args=_connect_arguments(STATEMENT_TIMEOUT_MILLISECONDS, IDLE_TIMEOUT_MILLISECONDS),
        )
        event.listen(engine, "begin", _begin_in_postgresql)
        return engine

    def migrating(self) -> Engine:
        """Return an engine for one transaction."""
        return create_engine(
            self.url,
            json_serializer=json_text,
            poolclass=NullPool,
            connect_args=_connect_arguments(statement_timeout=0, idle_timeout=MIGRATING_TIMEOUT_MILLISECONDS),
        )

    def take_turns(self, connection: Connection) -> None:
        """Hold a lock of the whole database that everybody who migrates takes first."""
        connection.execute(text("select pg_advisory_xact_lock(:number)"), {"number": MIGRATION_LOCK})


def _connect_arguments(statement_timeout: int, idle_timeout: int) -> dict[str, Any]:
    settings = {"statement_timeout": statement_timeout, "idle_in_transaction_session_timeout": idle_timeout}
    return {
        "connect_timeout": CONNECT_TIMEOUT_SECONDS,
        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        "tcp_user_timeout": 10_000,
    }


def _begin_in_postgresql(connection: Connection) -> None:
    """Let readers see one moment throughout, as SQLite's do."""
    if connection.get_execution_options().get("read_only", False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
