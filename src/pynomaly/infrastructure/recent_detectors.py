"""Detectors as they were a moment ago: reading one takes 0.8 ms, a hundred times as long as scoring a row."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from pynomaly.application.ports.telemetry import Telemetry, Unwatched
from pynomaly.application.ports.warm_models import DetectorLevel, Seen
from pynomaly.domain.detector import Detector
from pynomaly.domain.identifiers import TenantId

CACHE = "detector"
"""What telemetry calls them."""
MOST_BYTES = 16 * 2**20
DETECTOR_BYTES, VERSION_BYTES, PARAMETER_BYTES = 1024, 384, 160  # of objects with their texts, as tracemalloc has it

_Key = tuple[TenantId, str]


@dataclass(frozen=True, slots=True)
class _Kept:
    detector: Detector
    until: float
    n_bytes: int


def straight(_name_or_id: str, read: Callable[[], Detector], /, *, fresh: bool) -> Seen:  # noqa: ARG001
    """Have no level between memory and the database."""
    return Seen(read())


class DetectorMemory:
    """The detectors that all workspaces of one process read within the last second, apart by workspace.

    Only what was found is remembered: a detector that comes to be is seen at once. Where there is no room, what was
    read first goes first.
    clock: seconds that never go back.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        *,
        telemetry: Telemetry | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._clock = clock
        self._telemetry = telemetry or Unwatched()
        self._most_bytes = most_bytes
        self._n_bytes = 0
        self._kept: dict[_Key, _Kept] = {}
        self._lock = threading.Lock()

    def of_tenant(self, tenant_id: TenantId, below: DetectorLevel = straight) -> "TenantDetectors":
        """Return the detectors of one workspace. below: where those are looked for that are not in memory."""
        return TenantDetectors(self, tenant_id, below)

    def recent(self, key: _Key) -> Detector | None:
        """Return a detector if it was read within the last second."""
        kept = self._kept.get(key)
        return kept.detector if kept is not None and self._clock() < kept.until else None

    def get(self, key: _Key, find: Callable[[], Seen], *, fresh: bool) -> Detector:
        """Return a detector. Raises what `find` raises, and then remembers nothing."""
        now = self._clock()
        kept = self._kept.get(key)
        if kept is not None and not fresh and now < kept.until:
            self._telemetry.cache_asked(CACHE, "memory", is_hit=True)
            return kept.detector
        self._telemetry.cache_asked(CACHE, "memory", is_hit=False)
        self._replace(key, None)
        seen = find()
        self._replace(key, _Kept(seen.detector, now + seen.seconds_left, _weight(seen.detector)))
        return seen.detector

    def _replace(self, key: _Key, new: _Kept | None) -> None:
        with self._lock:
            old = self._kept.pop(key, None)
            self._n_bytes -= 0 if old is None else old.n_bytes
            if new is None:
                return
            self._kept[key] = new
            self._n_bytes += new.n_bytes
            while self._n_bytes > self._most_bytes and len(self._kept) > 1:
                self._n_bytes -= self._kept.pop(next(iter(self._kept))).n_bytes


@dataclass(frozen=True, slots=True)
class TenantDetectors:
    """The recent detectors of one workspace."""

    memory: DetectorMemory
    tenant_id: TenantId
    below: DetectorLevel

    def get(self, name_or_id: str, read: Callable[[], Detector], *, fresh: bool = False) -> Detector:
        """Return a detector as it was at most a second ago, as it is now if `fresh`. Raises what `read` raises."""
        return self.memory.get(
            (self.tenant_id, name_or_id), lambda: self.below(name_or_id, read, fresh=fresh), fresh=fresh
        )

    def recent(self, name_or_id: str) -> Detector | None:
        """Return a detector if it was read within the last second."""
        return self.memory.recent((self.tenant_id, name_or_id))


def _weight(detector: Detector) -> int:
    texts = sum(len(value) for value in detector.parameters.values() if isinstance(value, str))
    return (
        DETECTOR_BYTES
        + VERSION_BYTES * len(detector.versions)
        + PARAMETER_BYTES * len(detector.parameters)
        + 4 * (texts + len(detector.name))
    )
