"""Telemetry that several watch."""

from collections.abc import Sequence
from dataclasses import dataclass

from pynomaly.application.ports.telemetry import Telemetry


@dataclass(frozen=True, slots=True)
class Several:
    """Tells everybody."""

    watchers: Sequence[Telemetry]

    def request_ended(self, route: str, method: str, status: int, seconds: float) -> None:
        """Tell of a request."""
        for one in self.watchers:
            one.request_ended(route, method, status, seconds)

    def job_ended(self, kind: str, outcome: str, seconds: float) -> None:
        """Tell of an attempt at a job."""
        for one in self.watchers:
            one.job_ended(kind, outcome, seconds)

    def cache_asked(self, cache: str, level: str, *, is_hit: bool) -> None:
        """Tell of a look into a cache."""
        for one in self.watchers:
            one.cache_asked(cache, level, is_hit=is_hit)

    def delivery_ended(self, channel_kind: str, outcome: str, seconds: float) -> None:
        """Tell of an attempt to deliver."""
        for one in self.watchers:
            one.delivery_ended(channel_kind, outcome, seconds)
