"""What runs tells how it goes, to whoever watches: counts and durations, never rows, names of people or secrets."""

from typing import Protocol


class Telemetry(Protocol):
    """Hears what happened. It never fails, and keeps nobody waiting."""

    def request_ended(self, route: str, method: str, status: int, seconds: float) -> None:
        """Hear of an HTTP request. route: its template, such as "/api/v1/jobs/{id}"."""
        ...

    def job_ended(self, kind: str, outcome: str, seconds: float) -> None:
        """Hear of one attempt at a job. outcome: "succeeded", "failed", "cancelled", "retried" or "lost"."""
        ...

    def cache_asked(self, cache: str, level: str, *, is_hit: bool) -> None:
        """Hear of a look into a cache. cache: what it keeps.  level: "memory", "redis" or "store"."""
        ...

    def delivery_ended(self, channel_kind: str, outcome: str, seconds: float) -> None:
        """Hear of one attempt to deliver a message. outcome: "delivered", "retried" or "failed"."""
        ...


class Unwatched:
    """Telemetry that nobody watches."""

    def request_ended(self, route: str, method: str, status: int, seconds: float) -> None:
        """Forget it."""

    def job_ended(self, kind: str, outcome: str, seconds: float) -> None:
        """Forget it."""

    def cache_asked(self, cache: str, level: str, *, is_hit: bool) -> None:
        """Forget it."""

    def delivery_ended(self, channel_kind: str, outcome: str, seconds: float) -> None:
        """Forget it."""
