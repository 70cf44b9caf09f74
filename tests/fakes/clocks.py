"""Clocks that do as they are told."""

from dataclasses import dataclass


@dataclass
class StandingClock:
    """Seconds that stand until they are moved."""

    now: float = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now
