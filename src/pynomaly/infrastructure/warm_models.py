"""Models kept in memory up to a number of bytes; the one not used for longest goes first."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pynomaly.application.ports.telemetry import Telemetry, Unwatched
from pynomaly.application.ports.warm_models import Weighed
from pynomaly.domain.identifiers import ModelDigest, TenantId

Model = TypeVar("Model")
Load = Callable[[ModelDigest], Weighed[Model]]
_Key = tuple[TenantId, ModelDigest]

CACHE = "model"
"""What telemetry calls them."""
LEAST_BYTES = 64 * 1024  # of any model, for all that is no array: a thousand small ones count as 64 MB


class ModelMemory(Generic[Model]):
    """The models of all workspaces of one process, apart by workspace: nobody reaches what another loaded.

    Threads may ask at once; a model is loaded by the first while the others wait for it. The newest one is kept even if
    it alone is larger than `most_bytes`, since it was asked for.
    """

    def __init__(self, most_bytes: int, *, telemetry: Telemetry | None = None) -> None:
        self._most_bytes = most_bytes
        self._telemetry = telemetry or Unwatched()
        self._n_bytes = 0
        self._kept: OrderedDict[_Key, Weighed[Model]] = OrderedDict()
        self._loading: dict[_Key, threading.Event] = {}
        self._lock = threading.Lock()

    def of_tenant(self, tenant_id: TenantId, load: Load[Model]) -> "TenantModels[Model]":
        """Return the models of one workspace; `load` fetches one and weighs it."""
        return TenantModels(self, tenant_id, load)

    def get(self, key: _Key, load: Load[Model]) -> Model:
        """Return a model. Raises what `load` raises; the next who asks tries again."""
        kept = self._kept_after_waiting(key)
        self._telemetry.cache_asked(CACHE, "memory", is_hit=kept is not None)
        return self._load(key, load) if kept is None else kept.model

    def has(self, key: _Key) -> bool:
        """Whether a model is at hand."""
        return key in self._kept

    def _kept_after_waiting(self, key: _Key) -> Weighed[Model] | None:
        """Return a model; None makes it the caller's turn to load it."""
        while True:
            with self._lock:
                kept = self._kept.get(key)
                if kept is not None:
                    self._kept.move_to_end(key)
                    return kept
                being_loaded = self._loading.get(key)
                if being_loaded is None:
                    self._loading[key] = threading.Event()
                    return None
            being_loaded.wait()

    def _load(self, key: _Key, load: Load[Model]) -> Model:
        try:
            loaded = load(key[1])
            self._keep(key, loaded)
            return loaded.model
        finally:
            with self._lock:
                self._loading.pop(key).set()

    def _keep(self, key: _Key, loaded: Weighed[Model]) -> None:
        with self._lock:
            self._kept[key] = loaded
            self._n_bytes += _weight(loaded)
            while self._n_bytes > self._most_bytes and len(self._kept) > 1:
                _, oldest = self._kept.popitem(last=False)
                self._n_bytes -= _weight(oldest)


@dataclass(frozen=True, slots=True)
class TenantModels(Generic[Model]):
    """The warm models of one workspace."""

    memory: ModelMemory[Model]
    tenant_id: TenantId
    load: Load[Model]

    def get(self, digest: ModelDigest) -> Model:
        """Return a model, loading it where it is not at hand. Raises what `load` raises."""
        return self.memory.get((self.tenant_id, digest), self.load)

    def has(self, digest: ModelDigest) -> bool:
        """Whether a model is at hand."""
        return self.memory.has((self.tenant_id, digest))


def _weight(loaded: Weighed[Model]) -> int:
    return max(loaded.n_bytes, LEAST_BYTES)
