"""A queue of messages that hands out what a test gives it and remembers what was stored."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pynomaly.application.ports.channels import TakenDelivery


@dataclass
class FakeDeliveryQueue:
    """waiting: what is taken next, an error to raise, or None; after the last one `when_empty` is called.

    stored: what came of each, as name, id, reason and seconds to wait.  refusals: what storing raises first.
    upcoming: what a courier that goes on is given.
    """

    waiting: list[Any] = field(default_factory=list)
    when_empty: Callable[[], None] = lambda: None
    stored: list[tuple[str, str, str, float]] = field(default_factory=list)
    refusals: list[Exception] = field(default_factory=list)
    upcoming: list[TakenDelivery] = field(default_factory=list)
    asked: list[bool] = field(default_factory=list)

    def take(self, courier: str, *, spare_troubled: bool) -> TakenDelivery | None:
        self.asked.append(spare_troubled)
        if not self.waiting:
            self.when_empty()
            return None
        one = self.waiting.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    def deliver(self, taken: TakenDelivery, *, goes_on: bool) -> TakenDelivery | None:
        self._store("delivered", taken)
        return self.upcoming.pop(0) if goes_on and self.upcoming else None

    def put_off(self, taken: TakenDelivery, reason: str, *, wait_seconds: float) -> None:
        self._store("put off", taken, reason, wait_seconds)

    def give_up(self, taken: TakenDelivery, reason: str) -> None:
        self._store("given up", taken, reason)

    def forget_ended(self, before: datetime) -> int:
        return 0

    def _store(self, what: str, taken: TakenDelivery, reason: str = "", wait: float = 0.0) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.stored.append((what, taken.delivery.id, reason, wait))


@dataclass
class Watcher:
    """Telemetry that writes down what it hears of deliveries."""

    heard: list[tuple[str, str, float]] = field(default_factory=list)

    def request_ended(self, route: str, method: str, status: int, seconds: float) -> None:
        """Forget it."""

    def job_ended(self, kind: str, outcome: str, seconds: float) -> None:
        """Forget it."""

    def cache_asked(self, cache: str, level: str, *, is_hit: bool) -> None:
        """Forget it."""

    def delivery_ended(self, channel_kind: str, outcome: str, seconds: float) -> None:
        self.heard.append((channel_kind, outcome, seconds))
