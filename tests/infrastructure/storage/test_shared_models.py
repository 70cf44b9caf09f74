from dataclasses import replace

import numpy as np
import pytest

from pynomaly.application.ports.cache import MOST_BYTES, NoCache
from pynomaly.domain.errors import NotFound
from pynomaly.infrastructure.storage.model_codec import encode_model, packed
from pynomaly.infrastructure.storage.model_store import ModelFolderStore
from pynomaly.infrastructure.storage.shared_models import SharedModels
from tests.fakes.caches import AllEars, MemoryCache
from tests.infrastructure.storage.examples import assert_same_model, model


class Disk:
    """A folder of models that counts how often it was read."""

    def __init__(self, folder):
        self.store = ModelFolderStore(folder)
        self.n_loads = 0

    def load(self, digest):
        self.n_loads += 1
        return self.store.load(digest)


@pytest.fixture
def disk(tmp_path):
    return Disk(tmp_path / "models")


def models(cache, disk, tenant_id="acme", ears=None):
    return SharedModels(cache, tenant_id, disk.load, ears or AllEars())


def test_what_one_process_loaded_another_need_not_read(disk):
    cache, digest = MemoryCache(), disk.store.save(model())
    assert_same_model(models(cache, disk).load(digest), model())
    assert_same_model(models(cache, disk).load(digest), model())
    assert disk.n_loads == 1
    assert list(cache.kept) == [f"acme:model:{digest}"]


def test_workspaces_do_not_find_each_others_models(disk, tmp_path):
    cache, digest = MemoryCache(), disk.store.save(model())
    models(cache, disk).load(digest)
    with pytest.raises(NotFound):
        models(cache, Disk(tmp_path / "others"), tenant_id="other").load(digest)


def spoilt():
    """What could lie under a model's key, by what is wrong with it."""
    good = packed(encode_model(model()))
    other = packed(encode_model(replace(model(), arrays={"x": np.zeros(3)})))
    return {
        "nothing": b"",
        "truncated": good[:-1],
        "truncated in the manifest": good[:20],
        "truncated in the length": good[:3],
        "something behind it": good + b"\0",
        "another model": other,
        "an endless manifest": b"\xff" * 8 + good[8:],
        "a changed array": good[:-1] + bytes([good[-1] ^ 1]),
    }


@pytest.mark.parametrize("name", list(spoilt()))
def test_what_is_not_that_model_is_read_from_disk_and_replaced(disk, name):
    cache, digest = MemoryCache(), disk.store.save(model())
    cache.put(f"acme:model:{digest}", spoilt()[name], until=cache.now + 60)
    assert_same_model(models(cache, disk).load(digest), model())
    assert_same_model(models(cache, disk).load(digest), model())
    assert disk.n_loads == 1


def test_a_large_model_is_not_shared(disk):
    cache, large = MemoryCache(), replace(model(), arrays={"x": np.zeros(MOST_BYTES // 8 + 1)})
    digest = disk.store.save(large)
    assert_same_model(models(cache, disk).load(digest), large)
    assert cache.kept == {}


@pytest.mark.parametrize("cache", [NoCache(), MemoryCache(is_away=True)])
def test_without_a_cache_the_disk_answers(disk, cache):
    digest = disk.store.save(model())
    for _ in range(2):
        assert_same_model(models(cache, disk).load(digest), model())
    assert disk.n_loads == 2


def test_it_tells_who_answered(disk):
    cache, ears, digest = MemoryCache(), AllEars(), disk.store.save(model())
    for _ in range(2):
        models(cache, disk, ears=ears).load(digest)
    assert ears.looks == [("model", "redis", False), ("model", "store", True), ("model", "redis", True)]
    ears.looks.clear()
    with pytest.raises(NotFound):
        models(NoCache(), disk, ears=ears).load("0" * 64)
    assert ears.looks == [("model", "store", False)]
