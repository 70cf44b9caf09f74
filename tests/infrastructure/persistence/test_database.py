import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pynomaly.domain.errors import Conflict, UnreadableFile
from pynomaly.infrastructure.persistence.unit_of_work import DATABASE_NAME
from tests.infrastructure.persistence.examples import anomaly, dataset, detection, detector, workspace


def _use(folder: Path) -> None:
    transactions = workspace(folder)
    try:
        with transactions.begin() as work:
            if not work.datasets.all():
                work.datasets.add(dataset())
                work.commit()
    finally:
        transactions.close()


def test_the_folder_is_created_on_first_use_for_this_user_alone(tmp_path) -> None:
    home = tmp_path / "share" / "home"
    transactions = workspace(home)
    assert not home.exists()
    _use(home)
    transactions.close()
    assert (home / DATABASE_NAME).is_file()
    if os.name == "posix":
        assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_the_settings_lose_nothing(tmp_path) -> None:
    transactions = workspace(tmp_path)
    with transactions.begin() as work:
        pragma = work.datasets.transaction.connection.exec_driver_sql
        found = {name: pragma(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")}
    transactions.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_path_with_odd_characters_is_only_a_path(tmp_path) -> None:
    home = tmp_path / "50% off? #1 ☂"
    _use(home)
    assert (home / DATABASE_NAME).is_file()


def test_migrations_are_not_imported_when_nothing_is_to_be_migrated(tmp_path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.infrastructure.persistence.examples import workspace\n"
        "with workspace(Path(sys.argv[1])).begin() as work: print(len(work.datasets.all()), 'alembic' in sys.modules)"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    first = subprocess.run(command, capture_output=True, text=True, check=True)
    second = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (first.stdout, second.stdout) == ("0 True\n", "0 False\n")


def test_a_workspace_of_a_newer_version_is_left_alone(tmp_path) -> None:
    _use(tmp_path)
    _execute(tmp_path, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Conflict, match=r"newer Pynomaly \(schema 9999\); upgrade"):
        _use(tmp_path)


def test_a_file_that_is_no_database_is_named(tmp_path) -> None:
    (tmp_path / DATABASE_NAME).write_bytes(b"name,amount\nann,3\n" * 1000)
    with pytest.raises(UnreadableFile, match="is damaged or is not a Pynomaly workspace"):
        _use(tmp_path)


def test_somebody_elses_database_is_not_taken_over(tmp_path) -> None:
    _execute(tmp_path, "CREATE TABLE datasets (id TEXT)")
    with pytest.raises(UnreadableFile, match="not a Pynomaly workspace"):
        _use(tmp_path)
    assert _execute(tmp_path, "SELECT name FROM sqlite_master") == [("datasets",)]


def test_a_missing_table_is_damage(tmp_path) -> None:
    _use(tmp_path)
    _execute(tmp_path, "DROP TABLE datasets")
    with pytest.raises(UnreadableFile, match="Restore it from a backup"):
        _use(tmp_path)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE datasets SET columns = '[{'",
        "UPDATE datasets SET columns = '[{\"name\": 1}]'",
        "UPDATE datasets SET columns = '7'",
        "UPDATE datasets SET name = ''",
        "UPDATE datasets SET created_at = 'yesterday'",
        "UPDATE datasets SET source = CAST(x'ff' AS TEXT)",
        'UPDATE datasets SET columns = \'[{"name":"a","kind":"colour","role":"feature","note":""}]\'',
    ],
)
def test_a_row_that_makes_no_sense_is_damage(tmp_path, damage: str) -> None:
    _use(tmp_path)
    _execute(tmp_path, damage)
    with pytest.raises(UnreadableFile, match="is damaged"):
        _use(tmp_path)


def test_overwritten_pages_never_show_a_traceback_of_the_driver(tmp_path) -> None:
    healthy = tmp_path / "healthy"
    transactions = workspace(healthy)
    with transactions.begin() as work:
        for number in range(30):
            work.datasets.add(dataset(f"table {number}"))
            work.detectors.add(detector(f"detector {number}"))
            work.detections.add(detection(strangest=(anomaly(),) * 20))
        work.commit()
    transactions.close()
    n_refused = 0
    size = (healthy / DATABASE_NAME).stat().st_size
    for start in range(0, size, size // 40):
        damaged = tmp_path / f"at {start}"
        shutil.copytree(healthy, damaged)
        with (damaged / DATABASE_NAME).open("r+b") as stream:
            stream.seek(start)
            stream.write(b"\xa5" * 512)
        n_refused += _is_refused(damaged)
    assert n_refused > 10


def _is_refused(folder: Path) -> bool:
    transactions = workspace(folder)
    try:
        with transactions.begin() as work:
            work.datasets.all(), work.detectors.all(), work.detections.all()
    except (UnreadableFile, Conflict):
        return True
    finally:
        transactions.close()
    return False


def test_a_folder_that_cannot_be_made_says_what_to_set(tmp_path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Conflict, match="PYNOMALY_HOME"):
        _use(tmp_path / "file" / "home")


def test_a_folder_in_the_place_of_the_database_says_what_to_set(tmp_path) -> None:
    (tmp_path / DATABASE_NAME).mkdir()
    with pytest.raises(Conflict, match="PYNOMALY_HOME"):
        _use(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are a matter of POSIX")
def test_a_full_disk_is_named_and_nothing_is_lost(tmp_path) -> None:
    _use(tmp_path)
    script = """
import resource, signal, sys
from pathlib import Path
from pynomaly.domain.errors import StorageFull
from tests.infrastructure.persistence.examples import dataset, workspace

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
transactions = workspace(Path(sys.argv[1]))
try:
    for number in range(10_000):
        with transactions.begin() as work:
            work.datasets.add(dataset(f"table {number}", source="x" * 5000))
            work.commit()
        print(number, flush=True)
except StorageFull as error:
    print(error)
"""
    ended = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
    *acknowledged, message = ended.stdout.splitlines()
    assert "is the disk full?" in message
    transactions = workspace(tmp_path)
    with transactions.begin_reading() as work:
        assert len(work.datasets.all()) == 1 + len(acknowledged)
    transactions.close()


def _execute(folder: Path, statement: str) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(folder / DATABASE_NAME)
    try:
        with connection:
            return connection.execute(statement).fetchall()
    finally:
        connection.close()
