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
class Sent:
    """What came of an attempt: "delivered", "retried" or "failed". upcoming: what the same courier sends next."""

    outcome: str
    upcoming: TakenDelivery | None = None


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

    def __call__(self, taken: TakenDelivery, *, goes_on: bool = False) -> Sent:
        """Return what came of it.

        goes_on: the courier wants the channel's next message, if there is one and it is not another channel's turn.
        Raises LeaseLost where the message was given to somebody else meanwhile; Unavailable where the database does
        not answer.
        """
        started = self.seconds()
        sent = self._attempt(taken, goes_on=goes_on)
        self.telemetry.delivery_ended(taken.channel.kind, sent.outcome, self.seconds() - started)
        return sent

    def put_off(self, taken: TakenDelivery, reason: str, *, asked_seconds: float | None = None) -> Sent:
        """Have a message sent again after a while. Raises LeaseLost."""
        wait = wait_seconds(taken.delivery.failures + 1, self.draw(), asked_seconds)
        self.queue.put_off(taken, reason, wait_seconds=wait)
        return Sent("retried")

    def _attempt(self, taken: TakenDelivery, *, goes_on: bool) -> Sent:
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
        return Sent("delivered", self.queue.deliver(taken, goes_on=goes_on))

    def _send(self, taken: TakenDelivery) -> None:
        with self.begin_reading_in(Asked(taken.tenant_id, "courier")) as work:
            opened = open_channel(self.notifiers, work, work.channels.get(taken.channel.id))
        opened.send(_message(taken.delivery))

    def _give_up(self, taken: TakenDelivery, reason: str) -> Sent:
        self.queue.give_up(taken, reason)
        return Sent("failed")


def _message(delivery: Delivery) -> Message:
    return Message(delivery.id, delivery.type, delivery.at, delivery.title, delivery.text, delivery.data)
