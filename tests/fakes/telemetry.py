"""Telemetry that remembers what it heard."""

from dataclasses import dataclass, field

from pynomaly.application.current_work import current_work


@dataclass
class Heard:
    """Keeps everything, with the names that the work had."""

    requests: list[tuple[str, str, int]] = field(default_factory=list)
    jobs: list[tuple[str, str, float]] = field(default_factory=list)
    looks: list[tuple[str, str, bool]] = field(default_factory=list)
    deliveries: list[tuple[str, str]] = field(default_factory=list)
    names: list[dict[str, str]] = field(default_factory=list)

    def request_ended(self, route: str, method: str, status: int, seconds: float) -> None:
        self.requests.append((route, method, status))
        self.names.append(dict(current_work()))

    def job_ended(self, kind: str, outcome: str, seconds: float) -> None:
        self.jobs.append((kind, outcome, seconds))
        self.names.append(dict(current_work()))

    def cache_asked(self, cache: str, level: str, *, is_hit: bool) -> None:
        self.looks.append((cache, level, is_hit))

    def delivery_ended(self, channel_kind: str, outcome: str, seconds: float) -> None:
        self.deliveries.append((channel_kind, outcome))
