import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from pynomaly.domain.errors import Conflict, InvalidRequest, PynomalyError, StaleWrite, Unavailable, UnreadableFile
from pynomaly.infrastructure.persistence.database_errors import intact, translated


def _run(path: Path, statement: str, *, mode: str = "rwc") -> None:
    connection = sqlite3.connect(f"{path.as_uri()}?mode={mode}", uri=True, timeout=0)
    try:
        with connection:
            connection.execute(statement)
    finally:
        connection.close()


def _write_while_locked(path: Path) -> None:
    holder = sqlite3.connect(path, isolation_level=None)
    try:
        holder.execute("BEGIN EXCLUSIVE")
        _run(path, "CREATE TABLE other (x)")
    finally:
        holder.close()


def _no_permission(path: Path) -> None:
    raise PermissionError(13, "Permission denied", str(path))


@pytest.mark.parametrize(
    ("act", "expected", "words"),
    [
        (_write_while_locked, Unavailable, "is busy: another process keeps writing"),
        (lambda path: _run(path, "CREATE TABLE other (x)", mode="ro"), Conflict, "set PYNOMALY_HOME"),
        (lambda path: _run(path.parent / "nowhere" / "x", "SELECT 1"), Conflict, "set PYNOMALY_HOME"),
        (lambda path: _run(path, "INSERT INTO t VALUES (1), (1)"), StaleWrite, "changed this meanwhile"),
        (lambda path: _run(path, "SELECT * FROM nothing"), UnreadableFile, "is damaged"),
        (_no_permission, Conflict, "Permission denied"),
    ],
)
def test_a_drivers_error_says_what_to_do(
    tmp_path: Path, act: Callable[[Path], None], expected: type[PynomalyError], words: str
) -> None:
    path = tmp_path / "workspace.db"
    _run(path, "CREATE TABLE t (x UNIQUE)")
    with pytest.raises(expected, match=words), translated(path):
        act(path)


def test_our_own_errors_pass_through_untouched(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="as it was"), translated(tmp_path):
        raise InvalidRequest("as it was")


def test_a_row_the_domain_refuses_is_damage(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="is damaged"), intact(tmp_path):
        raise InvalidRequest("a name has 1 to 200 printable characters")
