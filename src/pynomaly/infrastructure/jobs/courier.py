"""A courier: borrows a channel from the queue, and sends its messages one at a time until it is told to stop.

Couriers are threads: they wait for receivers most of the time. Each channel is lent to one of them at a time, so a
receiver that hangs holds up one courier until its deadline. Those that hang again and again are left to some of the
couriers, so that however many there are, the others' messages are not held up.
"""

import logging
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from pynomaly.application.ports.channels import DeliveryQueue, TakenDelivery
from pynomaly.application.use_cases.send_delivery import Attempt, Outcome, SendDelivery
from pynomaly.domain.errors import LeaseLost, StorageFull, Unavailable

POLL_SECONDS = 0.5  # how soon an idle courier sees a new message
PATIENCE_SECONDS = 40.0  # how long an end is tried to be stored while the database is away: nearly a lease
Done = TypeVar("Done")
log = logging.getLogger("pynomaly.courier")


@dataclass(frozen=True, slots=True)
class Courier:
    """One message at a time. spares_troubled: it leaves channels alone whose last attempt failed."""

    name: str
    queue: DeliveryQueue
    send: SendDelivery
    spares_troubled: bool
    clock: Callable[[], float] = time.monotonic
    pause: Callable[[float], object] = time.sleep

    def run(self, stop: threading.Event) -> None:
        """Send what is due until `stop` is set; what is under way is finished first, and at most one message more."""
        while not stop.is_set():
            try:
                if not self._turn(stop):
                    stop.wait(POLL_SECONDS)
            except (Unavailable, StorageFull) as error:
                log.warning("courier_waits courier=%s reason=%s", self.name, error)
                stop.wait(1.0)
            except Exception:  # the last resort of a courier: one bad message must not end it
                log.exception("courier_stumbled courier=%s", self.name)
                stop.wait(1.0)

    def _turn(self, stop: threading.Event) -> bool:
        """Send messages of one channel, if any is due."""
        taken = self.queue.take(self.name, spare_troubled=self.spares_troubled)
        has_work = taken is not None
        while taken is not None:
            taken = self._round(taken, goes_on=not stop.is_set())
        return has_work

    def _round(self, taken: TakenDelivery, *, goes_on: bool) -> TakenDelivery | None:
        """Send one message, store what came of it, and return what comes next in the same channel."""
        attempt = self._patiently(lambda: self._sent(taken))
        delivery_id, number = taken.delivery.id, taken.delivery.attempt
        try:
            upcoming = self._patiently(lambda: self._stored(taken, attempt, goes_on=goes_on))
        except LeaseLost:
            log.warning("delivery_overtaken delivery_id=%s attempt=%s", delivery_id, number)
            return None
        log.info("delivery_ended delivery_id=%s attempt=%s outcome=%s", delivery_id, number, attempt.outcome)
        return upcoming

    def _sent(self, taken: TakenDelivery) -> Attempt:
        try:
            return self.send(taken)
        except (Unavailable, StorageFull):
            raise
        except Exception as error:  # noqa: BLE001 - the fan-out's last resort, logged without words of a stranger
            kind = type(error).__name__
            log.error("delivery_stumbled delivery_id=%s error=%s at=%s", taken.delivery.id, kind, _place(error))
            return self.send.put_off(taken, f"something unexpected went wrong ({kind}); the server's log has more")

    def _stored(self, taken: TakenDelivery, attempt: Attempt, *, goes_on: bool) -> TakenDelivery | None:
        match attempt.outcome:
            case Outcome.DELIVERED:
                return self.queue.deliver(taken, goes_on=goes_on)
            case Outcome.RETRIED:
                self.queue.put_off(taken, attempt.reason, wait_seconds=attempt.wait_seconds)
            case Outcome.FAILED:
                self.queue.give_up(taken, attempt.reason)
        return None

    def _patiently(self, act: Callable[[], Done]) -> Done:
        """Do something also while the database is away for a while; if it stays away the lease runs out."""
        give_up_at = self.clock() + PATIENCE_SECONDS
        while True:
            try:
                return act()
            except (Unavailable, StorageFull):
                if self.clock() > give_up_at:
                    raise
            self.pause(0.5)


def _place(error: BaseException) -> str:
    """Return where an error came from, without its words: they may repeat a secret."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
