import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pynomaly.application.ports.warm_models import WarmModels, Weighed
from pynomaly.domain.errors import NotFound
from pynomaly.infrastructure.warm_models import LEAST_BYTES, ModelMemory
from tests.fakes.caches import AllEars

MEBIBYTE = 2**20


class Disk:
    """Loads models that are their own digests, and remembers how often."""

    def __init__(self, n_bytes: int = MEBIBYTE) -> None:
        self.n_bytes = n_bytes
        self.loaded: list[str] = []

    def __call__(self, digest: str) -> Weighed[str]:
        self.loaded.append(digest)
        return Weighed(f"model {digest}", self.n_bytes)


def test_a_model_is_loaded_once() -> None:
    disk = Disk()
    warm: WarmModels[str] = ModelMemory[str](10 * MEBIBYTE).of_tenant("acme", disk)
    assert [warm.get("a"), warm.get("a"), warm.get("b")] == ["model a", "model a", "model b"]
    assert disk.loaded == ["a", "b"]


def test_workspaces_do_not_share_what_they_loaded() -> None:
    memory, ours, theirs = ModelMemory[str](10 * MEBIBYTE), Disk(), Disk()
    memory.of_tenant("acme", ours).get("a")
    memory.of_tenant("other", theirs).get("a")
    assert (ours.loaded, theirs.loaded) == (["a"], ["a"])


def test_the_model_not_used_for_longest_makes_room() -> None:
    disk = Disk()
    warm = ModelMemory[str](3 * MEBIBYTE).of_tenant("acme", disk)
    for digest in "abcadab":
        warm.get(digest)
    assert disk.loaded == ["a", "b", "c", "d", "b"]  # d took the place of b, b that of c


def test_a_model_larger_than_the_room_is_kept_until_the_next_one_comes() -> None:
    disk = Disk(n_bytes=5 * MEBIBYTE)
    warm = ModelMemory[str](MEBIBYTE).of_tenant("acme", disk)
    for digest in "aaba":
        warm.get(digest)
    assert disk.loaded == ["a", "b", "a"]


def test_even_models_without_arrays_take_room() -> None:
    disk = Disk(n_bytes=0)
    warm = ModelMemory[str](2 * LEAST_BYTES).of_tenant("acme", disk)
    for digest in "abca":
        warm.get(digest)
    assert disk.loaded == ["a", "b", "c", "a"]


def test_threads_that_want_the_same_model_wait_for_one_that_loads_it() -> None:
    disk, all_asked = Disk(), threading.Barrier(9)
    is_open = threading.Event()

    def load(digest: str) -> Weighed[str]:
        is_open.wait(5)
        return disk(digest)

    warm = ModelMemory[str](10 * MEBIBYTE).of_tenant("acme", load)

    def ask() -> str:
        all_asked.wait(5)
        return warm.get("a")

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(ask) for _ in range(8)]
        all_asked.wait(5)
        is_open.set()
        assert {one.result(5) for one in asked} == {"model a"}
    assert disk.loaded == ["a"]


def test_a_model_that_is_being_loaded_holds_up_nobody_who_wants_another() -> None:
    is_open = threading.Event()

    def load(digest: str) -> Weighed[str]:
        assert digest == "fast" or is_open.wait(5)
        return Weighed(digest, 1)

    warm = ModelMemory[str](10 * MEBIBYTE).of_tenant("acme", load)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(warm.get, "slow")
        assert warm.get("fast") == "fast"
        assert not slow.done()
        is_open.set()
        assert slow.result(5) == "slow"


def test_a_model_that_could_not_be_loaded_is_tried_again_by_everybody_who_asks() -> None:
    failures = iter([NotFound("gone"), NotFound("gone"), None])

    def load(digest: str) -> Weighed[str]:
        if failure := next(failures):
            raise failure
        return Weighed(digest, 1)

    warm = ModelMemory[str](10 * MEBIBYTE).of_tenant("acme", load)
    for _ in range(2):
        with pytest.raises(NotFound):
            warm.get("a")
    assert warm.get("a") == "a"


def test_it_tells_what_was_at_hand() -> None:
    ears = AllEars()
    warm = ModelMemory[str](10 * MEBIBYTE, telemetry=ears).of_tenant("acme", Disk())
    for digest in "aab":
        warm.get(digest)
    assert ears.looks == [("model", "memory", False), ("model", "memory", True), ("model", "memory", False)]
