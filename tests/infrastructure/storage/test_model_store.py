from concurrent.futures import ThreadPoolExecutor

import pytest

from pynomaly.application.ports.stores import ModelStore
from pynomaly.domain.errors import CorruptModel, NotFound, UnreadableFile
from pynomaly.domain.identifiers import ModelDigest
from pynomaly.infrastructure.storage.model_store import ModelFolderStore
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
    with pytest.raises(CorruptModel):
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
