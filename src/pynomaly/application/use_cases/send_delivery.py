"""Send one message that was taken from the queue, and say what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pynomaly.application.channel_opening import open_channel
from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.channels import TakenDelivery
from pynomaly.application.ports.notifier import Message, NotifierCatalog
from pynomaly.application.ports.persistence import UnitOfWork
from pynomaly.application.ports.telemetry import Telemetry
from pynomaly.domain.delivery import Delivery, wait_seconds
from pynomaly.domain.errors import (
    ExtraNotInstalled,
    InvalidRequest,
    NotFound,
    RemoteRefused,
    RemoteUnavailable,
    SealBroken,
)


class Outcome(StrEnum):
    """What came of an attempt."""

    DELIVERED = "delivered"
    RETRIED = "retried"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that is over. reason: what went wrong, without secrets.  wait_seconds: until the next one."""

    outcome: Outcome
    reason: str = ""
    wait_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class SendDelivery:
    """At least once: whoever dies between sending and storing leaves a message that is sent again, under the same id.

    begin_reading_in: opens a transaction in a workspace.  seconds: a clock that only moves forward.
    draw: returns a random number 0..1.
    """

    begin_reading_in: Callable[[Asked], UnitOfWork]
    notifiers: NotifierCatalog
    telemetry: Telemetry
    seconds: Callable[[], float]
    draw: Callable[[], float]

    def __call__(self, taken: TakenDelivery) -> Attempt:
        """Return what came of it; storing that is the caller's. Raises Unavailable where the database is away."""
        started = self.seconds()
        attempt = self._attempt(taken)
        self.telemetry.delivery_ended(taken.channel.kind, attempt.outcome.value, self.seconds() - started)
        return attempt

    def put_off(self, taken: TakenDelivery, reason: str, *, asked_seconds: float | None = None) -> Attempt:
        """Return that a message is to be sent again, and after how long."""
        wait = wait_seconds(taken.delivery.failures + 1, self.draw(), asked_seconds)
        return Attempt(Outcome.RETRIED, reason, wait)

    def _attempt(self, taken: TakenDelivery) -> Attempt:
        if taken.seconds_left <= 0.0:
            last = taken.delivery.last_error or "nobody lived to tell"
            return Attempt(Outcome.FAILED, f"given up after 24 hours: {last}")
        try:
            self._send(taken)
        except RemoteUnavailable as error:
            return self.put_off(taken, str(error), asked_seconds=error.retry_after_seconds)
        except (SealBroken, ExtraNotInstalled) as error:  # what an operator can mend meanwhile
            return self.put_off(taken, str(error))
        except (RemoteRefused, InvalidRequest, NotFound) as error:
            return Attempt(Outcome.FAILED, str(error))
        return Attempt(Outcome.DELIVERED)

    def _send(self, taken: TakenDelivery) -> None:
        with self.begin_reading_in(Asked(taken.tenant_id, "courier")) as work:
            opened = open_channel(self.notifiers, work, work.channels.get(taken.channel.id))
        opened.send(_message(taken.delivery))


def _message(delivery: Delivery) -> Message:
    return Message(delivery.id, delivery.type, delivery.at, delivery.title, delivery.text, delivery.data)
