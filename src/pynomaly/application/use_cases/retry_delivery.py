"""Have a message sent again that could not be delivered."""

from dataclasses import dataclass

from pynomaly.application.ports.persistence import Begin
from pynomaly.domain.connection_events import DeliveryRetried
from pynomaly.domain.delivery import Delivery


@dataclass(frozen=True, slots=True)
class RetryDelivery:
    """Queue a delivery that failed anew, under the same id."""

    begin: Begin

    def __call__(self, *, delivery: str) -> Delivery:
        """Return the delivery that waits. Raises NotFound, Conflict unless it failed."""
        with self.begin() as work:
            found = work.deliveries.get(delivery)
            waiting = found.retried()
            work.deliveries.requeue(waiting)
            work.record(DeliveryRetried(waiting.id))
            work.conclude(waiting)
            work.commit()
        return waiting
