"""Channels, the rules that use them, and the messages on their way: what is kept, and the queue that hands it out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pynomaly.application.ports.paging import Page, Piece
from pynomaly.domain.channel import Channel
from pynomaly.domain.delivery import Delivery, DeliveryStatus
from pynomaly.domain.identifiers import TenantId
from pynomaly.domain.notification_rule import NotificationRule


class Channels(Protocol):
    """The channels of a workspace, by id or name."""

    def add(self, channel: Channel) -> None:
        """Store a new channel. Raises AlreadyExists if the name is taken."""
        ...

    def get(self, name_or_id: str) -> Channel:
        """Return a channel as `Datasets.get` does; a transaction that may write holds it."""
        ...

    def all(self) -> Sequence[Channel]:
        """Return every channel, newest first, without holding any."""
        ...

    def page(self, piece: Piece) -> Page[Channel]:
        """Return a piece of the list."""
        ...

    def save(self, channel: Channel) -> None:
        """Store a changed channel under the next revision. Raises StaleWrite, AlreadyExists."""
        ...

    def remove(self, channel: Channel) -> None:
        """Forget a channel with its deliveries."""
        ...


class NotificationRules(Protocol):
    """The notification rules of a workspace, by id or name."""

    def add(self, rule: NotificationRule) -> None:
        """Store a new rule. Raises AlreadyExists if the name is taken."""
        ...

    def get(self, name_or_id: str) -> NotificationRule:
        """Return a rule as `Datasets.get` does; a transaction that may write holds it."""
        ...

    def all(self) -> Sequence[NotificationRule]:
        """Return every rule, newest first, without holding any."""
        ...

    def page(self, piece: Piece) -> Page[NotificationRule]:
        """Return a piece of the list."""
        ...

    def save(self, rule: NotificationRule) -> None:
        """Store a changed rule under the next revision. Raises StaleWrite, AlreadyExists."""
        ...

    def remove(self, rule: NotificationRule) -> None:
        """Forget a rule; what it has had sent goes on its way."""
        ...


class Deliveries(Protocol):
    """The deliveries of a workspace."""

    def add(self, delivery: Delivery) -> bool:
        """Store a new delivery behind those of its channel and subject; False, and nothing, if it is there already."""
        ...

    def get(self, delivery_id: str) -> Delivery:
        """Return a delivery by id or id prefix; a transaction that may write holds it. Raises NotFound."""
        ...

    def page(
        self, piece: Piece, *, status: DeliveryStatus | None = None, channel_id: str | None = None
    ) -> Page[Delivery]:
        """Return a piece of the list."""
        ...

    def requeue(self, delivery: Delivery) -> None:
        """Store a delivery that waits anew; it is due at once."""
        ...


@dataclass(frozen=True, slots=True)
class TakenDelivery:
    """A delivery that a courier holds, with the channel it goes through.

    turn: how often the channel was lent to a courier; n_sent: how many messages this one has sent in its turn.
    seconds_left: until the delivery is given up.
    """

    tenant_id: TenantId
    channel: Channel
    delivery: Delivery
    turn: int
    seconds_left: float
    n_sent: int = 0


class DeliveryQueue(Protocol):
    """Hands out the deliveries of all workspaces by the database's clock: of each channel one at a time."""

    def take(self, courier: str, *, spare_troubled: bool) -> TakenDelivery | None:
        """Lease the next delivery, also one whose courier has not been heard of for a whole lease; None if none is due.

        spare_troubled: leave channels alone whose last attempt failed.
        """
        ...

    def deliver(self, taken: TakenDelivery, *, goes_on: bool) -> TakenDelivery | None:
        """Store that a message arrived. Raises LeaseLost if it was given to somebody else meanwhile.

        goes_on: lease the channel's next message as well, and return it, unless it is another channel's turn.
        """
        ...

    def put_off(self, taken: TakenDelivery, reason: str, *, wait_seconds: float) -> None:
        """Store that a message did not arrive, and is to be sent again after a while. Raises LeaseLost."""
        ...

    def give_up(self, taken: TakenDelivery, reason: str) -> None:
        """Store that a message will not arrive. Raises LeaseLost."""
        ...

    def forget_ended(self, before: datetime) -> int:
        """Delete deliveries that ended before a moment; return how many that were."""
        ...
