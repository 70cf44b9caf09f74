"""Files go while they are copied; what the backup holds is one moment all the same."""

import json
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pynomaly.application.use_cases.make_backup import ROUNDS, MakeBackup
from pynomaly.application.use_cases.restore_backup import RestoreBackup
from pynomaly.domain.errors import AlreadyExists, Conflict, StorageFull, UnreadableFile
from pynomaly.infrastructure.persistence.portable_database import SqlPortableDatabase
from pynomaly.infrastructure.storage.backup_folders import BackupFolderStore
from tests.application.use_cases.orders import orders, trained
from tests.infrastructure.persistence.examples import NOON, ready_workspace, workspace


@dataclass
class Restless:
    """A database in which something happens after each snapshot."""

    database: SqlPortableDatabase
    happens: Callable[[int], None]
    n_snapshots: int = field(default=0)

    @contextmanager
    def snapshot(self):
        with self.database.snapshot() as snapshot:
            yield snapshot
        self.n_snapshots += 1
        self.happens(self.n_snapshots)


@pytest.fixture
def home(tmp_path, program):
    return tmp_path / "home"


@pytest.fixture
def database(home):
    opened = workspace(home)
    yield SqlPortableDatabase(opened.database)
    opened.close()


@pytest.fixture(autouse=True)
def out(tmp_path):
    (tmp_path / "out").mkdir()


@pytest.fixture
def folders(home):
    return BackupFolderStore(home, ("master.key",), "0.1.0")


def _register(workspace, name, seed):
    workspace.register_dataset(source=orders(seed=seed), name=name, source_name=name)


def _rows_of(folder: Path, table: str) -> list[dict]:
    return [json.loads(line) for line in (folder / "database" / f"{table}.jsonl").read_text().splitlines()]


def test_a_dataset_that_is_removed_while_it_is_copied_is_in_no_part_of_the_backup(
    workspace, database, folders, tmp_path
):
    for name, seed in (("kept", 1), ("removed", 2)):
        _register(workspace, name, seed)

    def remove(n_snapshots):
        if n_snapshots == 1:
            workspace.remove_dataset(dataset="removed")

    restless = Restless(database, remove)
    made = MakeBackup(restless, folders, lambda: NOON)(path=tmp_path / "monday")
    assert restless.n_snapshots == 2
    assert [row["name"] for row in _rows_of(tmp_path / "monday", "datasets")] == ["kept"]
    assert made.rows["datasets"] == 1
    assert len(list((tmp_path / "monday" / "files" / "tables").glob("*/rows.arrow"))) == 1
    assert (made.n_files, made.contents.missing) == (2, ())


def test_what_is_added_while_files_are_copied_comes_along_only_with_its_row(workspace, database, folders, tmp_path):
    _register(workspace, "kept", 1)
    restless = Restless(database, lambda _: _register(workspace, "late", 2))
    made = MakeBackup(restless, folders, lambda: NOON)(path=tmp_path / "monday")
    assert (made.rows["datasets"], made.n_files) == (1, 2)


def test_a_file_that_was_lost_before_is_named_and_all_else_is_backed_up(workspace, database, folders, home, tmp_path):
    trained(workspace)
    (rows,) = (home / "tables").glob("*/rows.arrow")
    rows.unlink()
    made = MakeBackup(database, folders, lambda: NOON)(path=tmp_path / "monday")
    lost = f"tables/{rows.parent.name}"
    assert made.contents.missing == (f"{lost}/rows.arrow", f"{lost}/rows.sha256")
    assert made.n_files == 2  # the model

    empty = ready_workspace(tmp_path / "empty")
    folders = BackupFolderStore(tmp_path / "empty", (), "0.1.0")
    restored = RestoreBackup(SqlPortableDatabase(empty.database), folders)(path=tmp_path / "monday")
    empty.close()
    assert restored == made


def test_datasets_that_go_all_the_time_end_the_attempt_and_leave_nothing(workspace, database, folders, tmp_path):
    def replace(n_snapshots):
        workspace.remove_dataset(dataset=f"d{n_snapshots}")
        _register(workspace, f"d{n_snapshots + 1}", n_snapshots + 1)

    _register(workspace, "d1", 1)
    restless = Restless(database, replace)
    with pytest.raises(Conflict, match="quieter time"):
        MakeBackup(restless, folders, lambda: NOON)(path=tmp_path / "out" / "monday")
    assert restless.n_snapshots == ROUNDS
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("error", [StorageFull(), KeyboardInterrupt()], ids=repr)
def test_a_backup_that_breaks_off_leaves_nothing(workspace, database, folders, tmp_path, error):
    def fail(_):
        raise error

    _register(workspace, "kept", 1)
    with pytest.raises(type(error)):
        MakeBackup(Restless(database, fail), folders, lambda: NOON)(path=tmp_path / "out" / "monday")
    assert list((tmp_path / "out").iterdir()) == []


def test_nothing_is_written_over(database, folders, tmp_path):
    (tmp_path / "monday").mkdir()
    with pytest.raises(AlreadyExists):
        MakeBackup(database, folders, lambda: NOON)(path=tmp_path / "monday")
    with pytest.raises(UnreadableFile, match="create it first"):
        MakeBackup(database, folders, lambda: NOON)(path=tmp_path / "nowhere" / "monday")
