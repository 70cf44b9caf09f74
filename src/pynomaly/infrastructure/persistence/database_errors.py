"""What a database says when it cannot, turned into sentences that say what to do: the one place that translates."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from pynomaly.domain.errors import (
    Conflict,
    InvalidRequest,
    PynomalyError,
    StaleWrite,
    StorageFull,
    Unavailable,
    UnreadableFile,
)

_BUSY = {"SQLITE_BUSY", "SQLITE_LOCKED"}
_FULL = {"SQLITE_FULL", "SQLITE_IOERR"}
_FORBIDDEN = {"SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH"}
_SQLSTATE_FULL = ("53100", "53200")  # disk_full, out_of_memory
_SQLSTATE_PASSING = ("40001", "40P01", "55P03", "57014")  # serialization, deadlock, lock not available, cancelled
_SQLSTATE_FORBIDDEN = ("25006", "42501")  # readonly transaction, insufficient privilege
_SQLSTATE_BAD_VALUE = "22"  # data exceptions


@contextmanager
def translated(database: str) -> Iterator[None]:
    """Turn a driver's error into a PynomalyError, and rows that make no sense into UnreadableFile."""
    try:
        yield
    except DBAPIError as error:
        raise _meaning(error, error.orig or error, database) from error
    except PoolTimeout as error:
        raise Unavailable(f"the database {database} is too busy; try again in a moment") from error
    except (sqlite3.Error, OSError) as error:
        raise _sqlite_meaning(error, database) from error


@contextmanager
def intact(database: str) -> Iterator[None]:
    """Turn rows that cannot be what was once stored into UnreadableFile."""
    try:
        yield
    except (KeyError, TypeError, ValueError, ArithmeticError, InvalidRequest) as error:
        raise _damaged(database) from error


def _meaning(wrapped: DBAPIError, error: BaseException, database: str) -> PynomalyError:
    if isinstance(wrapped, IntegrityError):
        return StaleWrite()
    if isinstance(error, sqlite3.Error):
        return _sqlite_meaning(error, database)
    state = getattr(error, "sqlstate", None) or ""
    if state in _SQLSTATE_FULL:
        return StorageFull(f"the database {database} has no room left; nothing was stored")
    if state in _SQLSTATE_PASSING:
        return Unavailable(f"the database {database} is too busy; try again in a moment")
    if state in _SQLSTATE_FORBIDDEN:
        return Conflict(f"the database {database} is readonly, or its user may not do this: {error}")
    if state.startswith(_SQLSTATE_BAD_VALUE):
        return InvalidRequest("a value is longer or larger than can be stored; shorten it")
    if wrapped.connection_invalidated or isinstance(wrapped, OperationalError) or state[:2] in ("08", "57"):
        return Unavailable(f"the database {database} does not answer; try again in a moment")
    return _damaged(database)


def _sqlite_meaning(error: BaseException, database: str) -> PynomalyError:
    name = getattr(error, "sqlite_errorname", "")
    kind = "_".join(name.split("_")[:2])  # SQLITE_IOERR_WRITE is a kind of SQLITE_IOERR
    if isinstance(error, sqlite3.IntegrityError):
        return StaleWrite()
    if kind in _BUSY:
        return Unavailable(f"the workspace {database} is busy: another process keeps writing to it. Try again.")
    if kind in _FULL:
        return StorageFull(f"the workspace {database} could not be written, nothing was stored: is the disk full?")
    if kind in _FORBIDDEN or isinstance(error, OSError):
        return Conflict(
            f"the workspace {database} cannot be opened or written: {error}. "
            "Check its permissions, or set PYNOMALY_HOME to a folder you may write."
        )
    return _damaged(database)


def _damaged(database: str) -> UnreadableFile:
    return UnreadableFile(
        f"{database} is damaged or is not a Pynomaly workspace. Restore it from a backup, "
        "or move it away to start with an empty workspace."
    )
