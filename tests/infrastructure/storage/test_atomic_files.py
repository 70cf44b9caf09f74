import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pynomaly.application.ports.stores import ModelArtifact
from pynomaly.domain.identifiers import ModelDigest
from pynomaly.infrastructure.storage.atomic_files import (
    ABANDONED_AFTER_SECONDS,
    UNFINISHED,
    discard_folder,
    discard_old,
    ensure_private_folder,
    sweep_abandoned,
    take_into_use,
    unfinished_file,
    unfinished_folder,
)
from pynomaly.infrastructure.storage.model_store import ModelFolders, ModelFolderStore


def test_a_published_file_has_its_name_and_nothing_else_is_left(tmp_path: Path) -> None:
    with unfinished_file(tmp_path) as draft:
        draft.path.write_bytes(b"whole")
        assert not (tmp_path / "target").exists()
        draft.publish(tmp_path / "target")
    assert _names(tmp_path) == ["target"]
    assert (tmp_path / "target").read_bytes() == b"whole"


def test_an_older_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"old")
    with unfinished_file(tmp_path) as draft:
        draft.path.write_bytes(b"new")
        draft.publish(tmp_path / "target")
    assert (tmp_path / "target").read_bytes() == b"new"


@pytest.mark.parametrize("unfinished", [unfinished_file, unfinished_folder])
def test_what_is_not_published_is_gone(tmp_path: Path, unfinished) -> None:
    (tmp_path / "target").write_bytes(b"old")

    def fail() -> None:
        with unfinished(tmp_path):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert _names(tmp_path) == ["target"]
    assert (tmp_path / "target").read_bytes() == b"old"


def test_a_folder_is_published_as_one(tmp_path: Path) -> None:
    with unfinished_folder(tmp_path) as draft:
        (draft.path / "a").write_bytes(b"1")
        (draft.path / "b").write_bytes(b"2")
        draft.publish(tmp_path / "target")
    assert _names(tmp_path) == ["target"]
    assert _names(tmp_path / "target") == ["a", "b"]


def test_a_folder_does_not_replace_one_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "kept").write_bytes(b"")
    with unfinished_folder(tmp_path) as draft:
        (draft.path / "a").write_bytes(b"1")
        with pytest.raises(OSError, match="target"):
            draft.publish(tmp_path / "target")
    assert _names(tmp_path / "target") == ["kept"]


def test_a_discarded_folder_is_gone_and_discarding_it_again_does_nothing(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "file").write_bytes(b"")
    discard_folder(tmp_path / "target")
    discard_folder(tmp_path / "target")
    discard_folder(tmp_path / "nowhere" / "target")
    assert _names(tmp_path) == []


def test_only_old_unfinished_work_is_swept(tmp_path: Path) -> None:
    long_ago = time.time() - ABANDONED_AFTER_SECONDS - 60
    for name in (f".old{UNFINISHED}", f".new{UNFINISHED}", "kept"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / f".old folder{UNFINISHED}").mkdir()
    (tmp_path / f".old folder{UNFINISHED}" / "file").write_bytes(b"")
    for name in (f".old{UNFINISHED}", f".old folder{UNFINISHED}", "kept"):
        os.utime(tmp_path / name, (long_ago, long_ago))
    sweep_abandoned(tmp_path)
    assert _names(tmp_path) == [f".new{UNFINISHED}", "kept"]


def _old_ones(tmp_path: Path) -> list[Path]:
    file, folder = tmp_path / "file", tmp_path / "folder"
    file.write_bytes(b"rows")
    folder.mkdir()
    (folder / "inner").write_bytes(b"rows")
    for path in (file, folder):
        os.utime(path, (1000.0, 1000.0))
    return [file, folder]


def test_what_has_not_been_used_for_long_is_discarded(tmp_path: Path) -> None:
    old = _old_ones(tmp_path)
    (tmp_path / "young").write_bytes(b"")
    paths = [*old, tmp_path / "young", tmp_path / "gone"]
    assert discard_old(paths, older_than_seconds=60.0) == 2
    assert _names(tmp_path) == ["young"]


def test_what_is_taken_into_use_is_young_again(tmp_path: Path) -> None:
    old = _old_ones(tmp_path)
    for path in old:
        take_into_use(path)
    assert discard_old(old, older_than_seconds=60.0) == 0
    assert _names(tmp_path) == ["file", "folder"]


def test_what_is_taken_into_use_at_the_last_moment_comes_back(tmp_path: Path, monkeypatch) -> None:
    old, rename = _old_ones(tmp_path), Path.rename

    def used_just_before(path: Path, target: Path) -> Path:
        if path in old:
            take_into_use(path)
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", used_just_before)
    assert discard_old(old, older_than_seconds=60.0) == 0
    assert _names(tmp_path) == ["file", "folder"]
    assert _names(tmp_path / "folder") == ["inner"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_a_private_folder_and_its_new_parent_are_for_this_user_alone(tmp_path: Path) -> None:
    folder = ensure_private_folder(tmp_path / "home" / "models")
    assert ensure_private_folder(folder) == folder
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder.parent)] == [0o700, 0o700]


KILLED = """
import itertools, sys
from pathlib import Path
from pynomaly.infrastructure.storage.model_store import ModelFolders
from pynomaly.infrastructure.storage.model_store import ModelFolderStore
from pynomaly.infrastructure.storage.result_files import ResultWriter
from tests.infrastructure.storage.examples import model, scored

home = Path(sys.argv[1])
store, writer, exported = ModelFolderStore(home / "models"), ResultWriter(), ModelFolders()
rows = scored(3000)
writer.write(rows, home / "result.csv")
print("ready", flush=True)
for number in itertools.count(int(sys.argv[2]) * 1_000_000):
    store.save(model(number))
    writer.write(rows, home / "result.csv")
    exported.write(model(number), home / f"exported-{number}")
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_process_leaves_nothing_half_written_in_sight(tmp_path: Path) -> None:
    n_models = 0
    for kill in range(4):
        command = [sys.executable, "-c", KILLED, str(tmp_path), str(kill)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as running:
            assert running.stdout is not None
            assert running.stdout.readline() == b"ready\n"
            time.sleep(0.1 + 0.037 * kill)
            running.send_signal(signal.SIGKILL)
        for stored in (tmp_path / "models").glob("[0-9a-f]*"):
            assert isinstance(ModelFolderStore(tmp_path / "models").load(ModelDigest(stored.name)), ModelArtifact)
            n_models += 1
        for exported in tmp_path.glob("exported-*"):
            assert isinstance(ModelFolders().read(exported), ModelArtifact)
        assert len((tmp_path / "result.csv").read_text().splitlines()) == 3001
    assert n_models > 0
    strangers = [name for name in _names(tmp_path) if not name.startswith(("exported-", "models", "result.csv"))]
    assert all(name.startswith(".") and name.endswith(UNFINISHED) for name in strangers)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
