"""Outlines of scores kept in memory: drawing one takes a hundred times as long as looking at it."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from pynomaly.application.ports.recent_outlines import Outlined, OutlineKey
from pynomaly.domain.identifiers import TenantId

MOST_KEPT = 64  # of 25 KB each

_Key = tuple[TenantId, OutlineKey]


class OutlineMemory:
    """The outlines of all workspaces of one process, apart by workspace; the one not used for longest goes first.

    Threads may ask at once; two that ask for the same new one both draw it.
    """

    def __init__(self, most_kept: int = MOST_KEPT) -> None:
        self._most_kept = most_kept
        self._kept: OrderedDict[_Key, Outlined] = OrderedDict()
        self._lock = threading.Lock()

    def of_tenant(self, tenant_id: TenantId) -> "TenantOutlines":
        """Return the outlines of one workspace."""
        return TenantOutlines(self, tenant_id)

    def get(self, key: _Key, draw: Callable[[], Outlined]) -> Outlined:
        """Return an outline. Raises what `draw` raises, and then keeps nothing."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
        drawn = draw()
        with self._lock:
            self._kept[key] = drawn
            while len(self._kept) > self._most_kept:
                self._kept.popitem(last=False)
        return drawn


@dataclass(frozen=True, slots=True)
class TenantOutlines:
    """The recent outlines of one workspace."""

    memory: OutlineMemory
    tenant_id: TenantId

    def get(self, key: OutlineKey, draw: Callable[[], Outlined]) -> Outlined:
        """Return an outline, drawing it where it is not at hand. Raises what `draw` raises."""
        return self.memory.get((self.tenant_id, key), draw)
