"""A shared cache in memory, and telemetry that remembers what it heard of caches."""

from dataclasses import dataclass, field

from pynomaly.application.ports.cache import Look
from pynomaly.application.ports.telemetry import Unwatched


@dataclass
class MemoryCache:
    """A cache whose clock stands until it is moved, and which can be away."""

    now: float = 5_000.0
    is_away: bool = False
    kept: dict[str, tuple[bytes, float]] = field(default_factory=dict)
    n_looks: int = 0

    def look(self, key: str, /) -> Look:
        self.n_looks += 1
        if self.is_away:
            return Look()
        content, until = self.kept.get(key, (b"", 0.0))
        return Look(content, until - self.now, self.now) if self.now < until else Look(at=self.now)

    def put(self, key: str, content: bytes, /, *, until: float) -> None:
        if not self.is_away:
            self.kept[key] = (content, until)

    def forget(self, key: str, /) -> None:
        if not self.is_away:
            self.kept.pop(key, None)


class AllEars(Unwatched):
    """Remembers every look into a cache: what it keeps, the level, whether it was there."""

    def __init__(self) -> None:
        self.looks: list[tuple[str, str, bool]] = []

    def cache_asked(self, cache: str, level: str, *, is_hit: bool) -> None:
        self.looks.append((cache, level, is_hit))
