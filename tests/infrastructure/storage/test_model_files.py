import os
import sys
import zipfile
from pathlib import Path

import pytest

from pynomaly.application.ports.stores import ModelFiles
from pynomaly.domain.errors import AlreadyExists, CorruptModel, NotFound, UnreadableFile
from pynomaly.infrastructure.storage.model_files import ModelFolders
from tests.infrastructure.storage.examples import assert_same_model, model


def test_a_model_is_a_folder_of_two_files_and_comes_back(tmp_path: Path) -> None:
    files: ModelFiles = ModelFolders()
    files.write(model(), tmp_path / "exported")
    assert sorted(path.name for path in (tmp_path / "exported").iterdir()) == ["arrays.safetensors", "manifest.json"]
    assert_same_model(files.read(tmp_path / "exported"), model())
    assert [path.name for path in tmp_path.iterdir()] == ["exported"]


def test_what_is_there_already_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("kept")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("folder", "file", "link"):
        with pytest.raises(AlreadyExists, match="is there already"):
            ModelFolders().write(model(), tmp_path / name)
    assert (tmp_path / "file").read_text() == "kept"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"there is no folder .*nowhere; create it first"):
        ModelFolders().write(model(), tmp_path / "nowhere" / "exported")


def test_nothing_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no model at"):
        ModelFolders().read(tmp_path / "nowhere")


def test_an_empty_folder_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CorruptModel, match=r"manifest\.json is missing"):
        ModelFolders().read(tmp_path)
    ModelFolders().write(model(), tmp_path / "exported")
    (tmp_path / "exported" / "arrays.safetensors").unlink()
    with pytest.raises(CorruptModel, match=r"arrays\.safetensors is missing"):
        ModelFolders().read(tmp_path / "exported")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x80\x04K\x01.", "a pickle file, which can run code"),
        (b"\x08\x08\x12\x07pytorch", "an ONNX file"),
        (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
        (b"", "a single file"),
        (b'{"format":"pynomaly-model"}', "a single file"),
    ],
)
def test_a_foreign_model_is_refused_by_name(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "model").write_bytes(content)
    with pytest.raises(CorruptModel, match=words):
        ModelFolders().read(tmp_path / "model")


def test_an_archive_is_refused_by_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "model.zip", "w") as archive:
        archive.writestr("manifest.json", "{}")
    with pytest.raises(CorruptModel, match="a zip archive"):
        ModelFolders().read(tmp_path / "model.zip")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_pipe_or_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "manifest.json")
    with pytest.raises(CorruptModel, match="not a plain file"):
        ModelFolders().read(tmp_path)
    (tmp_path / "manifest.json").unlink()
    (tmp_path / "manifest.json").mkdir()
    with pytest.raises(CorruptModel, match="not a plain file"):
        ModelFolders().read(tmp_path)


def test_a_file_larger_than_any_manifest_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "manifest.json").open("wb") as stream:
        stream.truncate(2**40)  # sparse: a terabyte that needs no disk
    with pytest.raises(CorruptModel, match="1099511627776 bytes where at most"):
        ModelFolders().read(tmp_path)


def test_arrays_longer_than_announced_are_not_read(tmp_path: Path) -> None:
    ModelFolders().write(model(), tmp_path / "exported")
    with (tmp_path / "exported" / "arrays.safetensors").open("r+b") as stream:
        stream.truncate(2**40)
    with pytest.raises(CorruptModel, match="where at most"):
        ModelFolders().read(tmp_path / "exported")
