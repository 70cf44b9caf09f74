"""What a database says when it cannot, turned into sentences that say what to do: the one place that translates."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, IntegrityError

from pynomaly.domain.errors import Conflict, InvalidRequest, PynomalyError, StaleWrite, UnreadableFile

_BUSY = {"SQLITE_BUSY", "SQLITE_LOCKED"}
_FULL = {"SQLITE_FULL", "SQLITE_IOERR"}
_FORBIDDEN = {"SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH"}


@contextmanager
def translated(database: Path) -> Iterator[None]:
    """Turn a driver's error into a PynomalyError, and rows that make no sense into UnreadableFile."""
    try:
        yield
    except DBAPIError as error:
        raise _meaning(error.orig or error, database) from error
    except (sqlite3.Error, OSError) as error:
        raise _meaning(error, database) from error


@contextmanager
def intact(database: Path) -> Iterator[None]:
    """Turn rows that cannot be what was once stored into UnreadableFile."""
    try:
        yield
    except (KeyError, TypeError, ValueError, ArithmeticError, InvalidRequest) as error:
        raise _damaged(database) from error


def _meaning(error: BaseException, database: Path) -> PynomalyError:
    name = getattr(error, "sqlite_errorname", "")
    kind = "_".join(name.split("_")[:2])  # SQLITE_IOERR_WRITE is a kind of SQLITE_IOERR
    if isinstance(error, IntegrityError | sqlite3.IntegrityError):
        return StaleWrite()
    if kind in _BUSY:
        return Conflict(f"the workspace {database} is busy: another process keeps writing to it. Try again.")
    if kind in _FULL:
        return Conflict(f"the workspace {database} could not be written, nothing was stored: is the disk full?")
    if kind in _FORBIDDEN or isinstance(error, OSError):
        return Conflict(
            f"the workspace {database} cannot be opened or written: {error}. "
            "Check its permissions, or set PYNOMALY_HOME to a folder you may write."
        )
    return _damaged(database)


def _damaged(database: Path) -> UnreadableFile:
    return UnreadableFile(
        f"{database} is damaged or is not a Pynomaly workspace. Restore it from a backup, "
        "or move it away to start with an empty workspace."
    )
