"""Send one message that was taken from the queue, and store what came of it."""

from collections.abc import Callable
from dataclasses import dataclass

from pynomaly.application.channel_values import open_channel
from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.channels import DeliveryQueue, TakenDelivery
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


@dataclass(frozen=True, slots=True)
class SendDelivery:
    """At least once: whoever dies between sending and storing leaves a message that is sent again, under the same id.

    begin_reading_in: opens a transaction in a workspace.  seconds: a clock that only moves forward.
    draw: returns a random number 0..1.
    """

    queue: DeliveryQueue
    begin_reading_in: Callable[[Asked], UnitOfWork]
    notifiers: NotifierCatalog
    telemetry: Telemetry
    seconds: Callable[[], float]
    draw: Callable[[], float]

    def __call__(self, taken: TakenDelivery) -> str:
        """Return what came of it: "delivered", "retried" or "failed".

        Raises LeaseLost where the message was given to somebody else meanwhile; Unavailable where the database does
        not answer.
        """
        started = self.seconds()
        outcome = self._attempt(taken)
        self.telemetry.delivery_ended(taken.channel.kind, outcome, self.seconds() - started)
        return outcome

    def put_off(self, taken: TakenDelivery, reason: str, *, asked_seconds: float | None = None) -> str:
        """Have a message sent again after a while. Raises LeaseLost."""
        wait = wait_seconds(taken.delivery.failures + 1, self.draw(), asked_seconds)
        self.queue.put_off(taken, reason, wait_seconds=wait)
        return "retried"

    def _attempt(self, taken: TakenDelivery) -> str:
        if taken.seconds_left <= 0.0:
            last = taken.delivery.last_error or "nobody lived to tell"
            return self._give_up(taken, f"given up after 24 hours: {last}")
        try:
            self._send(taken)
        except RemoteUnavailable as error:
            return self.put_off(taken, str(error), asked_seconds=error.retry_after_seconds)
        except (SealBroken, ExtraNotInstalled) as error:  # what an operator can mend meanwhile
            return self.put_off(taken, str(error))
        except (RemoteRefused, InvalidRequest, NotFound) as error:
            return self._give_up(taken, str(error))
        self.queue.deliver(taken)
        return "delivered"

    def _send(self, taken: TakenDelivery) -> None:
        with self.begin_reading_in(Asked(taken.tenant_id, "courier")) as work:
            opened = open_channel(self.notifiers, work, work.channels.get(taken.channel.id))
        opened.send(_message(taken.delivery))

    def _give_up(self, taken: TakenDelivery, reason: str) -> str:
        self.queue.give_up(taken, reason)
        return "failed"


def _message(delivery: Delivery) -> Message:
    return Message(delivery.id, delivery.type, delivery.at, delivery.title, delivery.text, delivery.data)
