import os
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pynomaly.application.ports.stores import ModelFiles, ModelStore
from pynomaly.domain.errors import AlreadyExists, CorruptModel, NotFound, UnreadableFile
from pynomaly.domain.identifiers import ModelDigest
from pynomaly.infrastructure.storage.model_store import ModelFolders, ModelFolderStore
from tests.infrastructure.storage.examples import assert_same_model, model


@pytest.fixture
def store(tmp_path) -> ModelFolderStore:
    return ModelFolderStore(tmp_path / "home" / "models")


def test_a_model_is_found_by_its_digest_and_comes_back_as_it_was(store) -> None:
    port: ModelStore = store
    digest = port.save(model())
    assert_same_model(port.load(digest), model())
    assert [path.name for path in store.folder.iterdir()] == [digest]


def test_loaded_arrays_cannot_be_written_to(store) -> None:
    loaded = store.load(store.save(model()))
    with pytest.raises(ValueError, match="read-only"):
        loaded.arrays["tree.threshold"][0] = 1.0


def test_the_same_model_is_stored_once(store) -> None:
    digest = store.save(model())
    before = (store.folder / digest / "manifest.json").stat()
    assert store.save(model()) == digest
    after = (store.folder / digest / "manifest.json").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_several_writers_of_the_same_model_do_not_mind_each_other(store) -> None:
    with ThreadPoolExecutor(8) as pool:
        for seed in range(10):
            digests = set(pool.map(lambda _, seed=seed: store.save(model(seed)), range(8)))
            assert len(digests) == 1
            assert_same_model(store.load(digests.pop()), model(seed))
    assert len(list(store.folder.iterdir())) == 10


def test_a_damaged_copy_is_replaced_when_the_model_is_saved_again(store) -> None:
    digest = store.save(model())
    (store.folder / digest / "arrays.safetensors").write_bytes(b"damaged")
    with pytest.raises(CorruptModel, match="train the detector again"):
        store.load(digest)
    assert store.save(model()) == digest
    assert_same_model(store.load(digest), model())


@pytest.mark.parametrize("digest", ["0" * 64, "", "..", "../models", "A" * 64, "0" * 63 + "\n"])
def test_an_unknown_digest_is_not_found_and_never_a_path(store, digest: str) -> None:
    store.save(model())
    with pytest.raises(NotFound, match="train the detector again"):
        store.load(ModelDigest(digest))


def test_a_folder_under_another_models_digest_is_refused(store) -> None:
    first, second = store.save(model(1)), store.save(model(2))
    (store.folder / first).rename(store.folder / "aside")
    (store.folder / second).rename(store.folder / first)
    with pytest.raises(CorruptModel, match="was changed after"):
        store.load(first)


def test_a_place_that_cannot_be_written_is_named(tmp_path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnreadableFile, match="cannot be written"):
        ModelFolderStore(tmp_path / "file" / "models").save(model())


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
