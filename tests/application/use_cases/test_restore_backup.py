"""Whatever is wrong with a backup is found before anything is written."""

import hashlib
import json
import sqlite3

import pytest

from pynomaly.application.use_cases.make_backup import MakeBackup
from pynomaly.application.use_cases.restore_backup import RestoreBackup
from pynomaly.domain.errors import Conflict, NotFound, UnreadableFile
from pynomaly.infrastructure.persistence.portable_database import SqlPortableDatabase
from pynomaly.infrastructure.storage.backup_folders import BackupFolderStore
from tests.application.use_cases.orders import trained
from tests.infrastructure.persistence.examples import NOON, ready_workspace, workspace

KEYS = ("master.key",)


@pytest.fixture
def backup(tmp_path, program):
    """A backup of an installation with a trained detector, and its key."""
    trained(program.open_workspace())
    (tmp_path / "home" / "master.key").write_text("k" * 44)
    opened = workspace(tmp_path / "home")
    folders = BackupFolderStore(tmp_path / "home", KEYS, "0.1.0")
    MakeBackup(SqlPortableDatabase(opened.database), folders, lambda: NOON)(path=tmp_path / "monday", with_keys=True)
    opened.close()
    return tmp_path / "monday"


@pytest.fixture
def new_home(tmp_path):
    return tmp_path / "new"


@pytest.fixture
def restore(new_home):
    opened = ready_workspace(new_home)
    yield RestoreBackup(SqlPortableDatabase(opened.database), BackupFolderStore(new_home, KEYS, "0.1.0"))
    opened.close()


def _there(home):
    """Return what lies in a home, and how many datasets its database knows."""
    with sqlite3.connect(home / "workspace.db") as connection:
        n_datasets = connection.execute("SELECT count(*) FROM datasets").fetchone()[0]
    connection.close()
    return {path.name for path in home.iterdir() if not path.name.startswith("workspace.db")}, n_datasets


NOTHING = (set(), 0)


def _flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _named(folder):
    """Return every file of a backup that has something in it."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)


def test_one_changed_bit_anywhere_is_found_before_anything_is_written(backup, restore, new_home):
    files = _named(backup)
    assert len(files) > 8
    for path in files:
        content = path.read_bytes()
        _flip(path)
        with pytest.raises(UnreadableFile, match=r"damaged|no whole backup"):
            restore(path=backup)
        path.write_bytes(content)
    assert _there(new_home) == NOTHING
    restore(path=backup)
    assert _there(new_home) == ({"tables", "models", "master.key"}, 1)


@pytest.mark.parametrize("change", ["missing", "cut off", "longer", "a folder", "a link to nowhere"])
def test_a_file_that_is_not_as_written_is_found(backup, restore, new_home, change):
    for path in _named(backup):
        content = path.read_bytes()
        path.unlink()
        if change == "cut off":
            path.write_bytes(content[:-1])
        elif change == "longer":
            path.write_bytes(content + b"\n")
        elif change == "a folder":
            path.mkdir()
        elif change == "a link to nowhere":
            path.symlink_to("nowhere")
        with pytest.raises(UnreadableFile):
            restore(path=backup)
        path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
        path.write_bytes(content)
    assert _there(new_home) == NOTHING


def test_a_folder_that_is_no_backup_is_refused(restore, tmp_path, new_home):
    with pytest.raises(NotFound):
        restore(path=tmp_path / "nowhere")
    (tmp_path / "holidays").mkdir()
    with pytest.raises(UnreadableFile, match="no whole backup"):
        restore(path=tmp_path / "holidays")
    assert _there(new_home) == NOTHING


def test_another_backup_than_the_one_written_down_is_refused(backup, restore, new_home):
    with pytest.raises(UnreadableFile, match="is another backup"):
        restore(path=backup, expected_digest="0" * 64)
    assert _there(new_home) == NOTHING


def _rewrite(backup, change):
    """Change the manifest as somebody would who can compute checksums."""
    manifest = json.loads((backup / "manifest.json").read_text())
    change(manifest)
    text = json.dumps(manifest).encode()
    (backup / "manifest.json").write_bytes(text)
    (backup / "manifest.sha256").write_text(f"{hashlib.sha256(text).hexdigest()}  manifest.json\n")


@pytest.mark.parametrize(
    "name",
    [
        "../outside",
        "/etc/outside",
        "files/../../outside",
        "files/workspace.db",
        "files/tables/short/rows.arrow",
        "files/tables/" + "a" * 64 + "/../../../outside",
        "files/tenants/../tables/" + "a" * 64 + "/rows.arrow",
        "files/scores/" + "a" * 64 + ".arrow\n",
        "keys/../outside",
        "keys/other.key",
        "database/alembic_version.jsonl",
        "database/../../outside.jsonl",
        "",
    ],
)
def test_a_manifest_names_nothing_that_a_home_does_not_have(backup, restore, new_home, name):
    _rewrite(backup, lambda manifest: manifest["files"].update({name: {"bytes": 0, "sha256": "0" * 64}}))
    with pytest.raises(UnreadableFile, match="is no file of a backup"):
        restore(path=backup)
    assert _there(new_home) == NOTHING


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.pop("files"),
        lambda manifest: manifest.update(format="zip"),
        lambda manifest: manifest.update(rows={"attic": 0}),
        lambda manifest: manifest.update(logs=[]),
        lambda manifest: manifest.update(made_at="yesterday"),
        lambda manifest: manifest["files"].update({"database/events.jsonl": None}),
        lambda manifest: manifest["logs"]["local"].pop("hash"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(backup, restore, new_home, change):
    _rewrite(backup, change)
    with pytest.raises(UnreadableFile, match="makes no sense"):
        restore(path=backup)
    assert _there(new_home) == NOTHING


@pytest.mark.parametrize("change", [{"format_version": 2}, {"schema": "9999"}])
def test_a_backup_of_a_newer_program_is_refused_and_the_database_stays_empty(backup, restore, new_home, change):
    _rewrite(backup, lambda manifest: manifest.update(change))
    with pytest.raises(Conflict, match="upgrade this"):
        restore(path=backup)
    assert _there(new_home)[1] == 0


def test_an_audit_log_that_is_not_the_one_backed_up_undoes_everything(backup, restore, new_home):
    _rewrite(backup, lambda manifest: manifest["logs"]["local"].update(sequence=99))
    with pytest.raises(UnreadableFile, match="not the one that was backed up"):
        restore(path=backup)
    assert _there(new_home)[1] == 0


def test_another_key_is_not_replaced(backup, restore, new_home):
    (new_home / "master.key").write_text("another key")
    with pytest.raises(Conflict, match="another key lies at"):
        restore(path=backup)
    assert (new_home / "master.key").read_text() == "another key"
    assert _there(new_home) == ({"master.key"}, 0)


def test_a_restore_that_broke_off_is_tried_again(backup, restore, new_home):
    """Its files lie there, whole and damaged ones, and the database is empty."""
    restore.folders.open(backup).put_back()
    (rows,) = (new_home / "tables").glob("*/rows.arrow")
    whole = rows.read_bytes()
    rows.write_bytes(b"half")
    restore(path=backup)
    assert rows.read_bytes() == whole
    assert _there(new_home)[1] == 1


def test_an_audit_log_that_was_tampered_with_before_is_restored_as_it_was_and_told(tmp_path, program, restore):
    trained(program.open_workspace())
    opened = workspace(tmp_path / "home")
    with opened.database.changing_tables() as connection:
        connection.exec_driver_sql("UPDATE events SET actor = 'nobody' WHERE sequence = 2")
        connection.commit()
    folders = BackupFolderStore(tmp_path / "home", KEYS, "0.1.0")
    made = MakeBackup(SqlPortableDatabase(opened.database), folders, lambda: NOON)(path=tmp_path / "tuesday")
    opened.close()
    assert made.contents.logs["local"].problem == "entry 2 was altered"
    assert restore(path=tmp_path / "tuesday") == made
