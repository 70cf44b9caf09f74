"""The queue of messages: a channel is lent to one courier at a time, by the database's clock, for one delivery.

So one channel has at most one message under way, and a receiver that hangs holds up nobody else's. Within a channel
each subject is a lane of its own: its messages go in their order, and a lane whose first message has to wait rests
while the others go on. A lease that runs out frees the channel, whatever became of the courier; what it had under way
is sent again under the same id. A courier that was only frozen can store nothing: every attempt has a number.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, exists, func, select, update
from sqlalchemy.sql.dml import Update

from pynomaly.application.ports.channels import TakenDelivery
from pynomaly.application.ports.clock import Clock
from pynomaly.domain.channel import Channel
from pynomaly.domain.delivery import GIVEN_UP_AFTER_SECONDS, DeliveryStatus
from pynomaly.domain.errors import LeaseLost
from pynomaly.domain.identifiers import TenantId
from pynomaly.infrastructure.persistence.across_workspaces import across_workspaces
from pynomaly.infrastructure.persistence.channel_rows import channel_from_row
from pynomaly.infrastructure.persistence.channel_tables import channels, deliveries, delivery_lanes
from pynomaly.infrastructure.persistence.database import Database
from pynomaly.infrastructure.persistence.database_clock import DatabaseNow
from pynomaly.infrastructure.persistence.delivery_rows import delivery_from_row
from pynomaly.infrastructure.persistence.transaction import Transaction

LEASE_SECONDS = 45.0  # more than an attempt may take: what is sent has a deadline of its own
SENT_IN_A_TURN = 20  # messages of one channel, while others wait for their turn
_WAITING, _SENDING = DeliveryStatus.WAITING.value, DeliveryStatus.SENDING.value


@dataclass(frozen=True, slots=True)
class SqlDeliveryQueue:
    """The messages of an installation."""

    database: Database
    clock: Clock
    lease_seconds: float = LEASE_SECONDS

    def take(self, courier: str, *, spare_troubled: bool) -> TakenDelivery | None:
        """Lease the oldest message that is due in the channel that was lent the longest time ago."""
        ready = _ready_channels(spare_troubled=spare_troubled)
        with self._transaction(is_reading=True) as looking:
            if not looking.read(ready.limit(1), lambda row: row.id):
                return None  # looking costs no lock that others wait for
        with self._transaction() as transaction:
            lent = transaction.read(
                self._lend(ready, courier), lambda row: (TenantId(row.tenant_id), channel_from_row(row), int(row.turn))
            )
            for _, channel, _ in lent:
                transaction.write(_abandoned(channel).values(status=_WAITING))
            taken = [one for channel in lent for one in self._start_oldest(transaction, *channel)]
            if taken:
                transaction.commit()
        return taken[0] if taken else None

    def deliver(self, taken: TakenDelivery, *, goes_on: bool = False) -> TakenDelivery | None:
        """Store that a message arrived, and lease the channel's next one if the courier goes on. Raises LeaseLost."""
        changes = {
            "status": DeliveryStatus.DELIVERED.value,
            "failures": 0,
            "last_error": None,
            "ended_at": self.clock(),
        }
        has_turn = goes_on and taken.n_sent + 1 < SENT_IN_A_TURN
        return self._end_attempt(taken, changes, troubles=0, goes_on=has_turn)

    def put_off(self, taken: TakenDelivery, reason: str, *, wait_seconds: float) -> None:
        """Store that a message did not arrive; its lane rests for a while. Raises LeaseLost."""
        changes = {"status": _WAITING, "failures": taken.delivery.failures + 1, "last_error": reason}
        self._end_attempt(taken, changes, troubles=channels.c.troubles + 1, wait_seconds=wait_seconds)

    def give_up(self, taken: TakenDelivery, reason: str) -> None:
        """Store that a message will not arrive; those behind it go on. Raises LeaseLost."""
        changes = {"status": DeliveryStatus.FAILED.value, "last_error": reason, "ended_at": self.clock()}
        self._end_attempt(taken, changes | {"failures": taken.delivery.failures + 1}, troubles=0)

    def forget_ended(self, before: datetime) -> int:
        """Delete deliveries that ended before a moment; return how many that were."""
        with self._transaction() as transaction:
            n_forgotten = transaction.write(delete(deliveries).where(deliveries.c.ended_at < before))
            transaction.commit()
        return n_forgotten

    def _lend(self, ready: Select[Any], courier: str) -> Any:
        longest_ago = ready.order_by(channels.c.lease_until, channels.c.position).limit(1)
        one = longest_ago.with_for_update(skip_locked=True, key_share=True, of=channels).scalar_subquery()
        lease = {"lease_until": DatabaseNow() + self.lease_seconds, "courier": courier, "turn": channels.c.turn + 1}
        return update(channels).where(channels.c.id == one).values(lease).returning(*channels.c)

    def _start_oldest(
        self, transaction: Transaction, tenant_id: TenantId, channel: Channel, turn: int
    ) -> list[TakenDelivery]:
        """Mark the oldest message of a channel's lanes that do not rest as being sent."""
        of_channel = deliveries.c.channel_id == channel.id
        due = delivery_lanes.c.due_at <= DatabaseNow()
        waiting = select(deliveries.c.id).join(delivery_lanes, _is_in_lane()).where(of_channel, due)
        oldest = waiting.where(deliveries.c.status == _WAITING).order_by(deliveries.c.position).limit(1)
        left = (deliveries.c.give_up_at - DatabaseNow()).label("seconds_left")
        started: Any = (
            update(deliveries)
            .where(deliveries.c.id == oldest.scalar_subquery())
            .values(
                status=_SENDING,
                attempt=deliveries.c.attempt + 1,
                give_up_at=func.coalesce(deliveries.c.give_up_at, DatabaseNow() + GIVEN_UP_AFTER_SECONDS),
            )
            .returning(*deliveries.c, left)
        )

        def taken(row: Row[Any]) -> TakenDelivery:
            return TakenDelivery(tenant_id, channel, delivery_from_row(row), turn, float(row.seconds_left))

        return transaction.read(started, taken)

    def _end_attempt(
        self,
        taken: TakenDelivery,
        changes: dict[str, Any],
        *,
        troubles: Any,
        wait_seconds: float = 0.0,
        goes_on: bool = False,
    ) -> TakenDelivery | None:
        """Store what came of an attempt, and let go of the channel unless it was lent to somebody else since.

        goes_on: keep the channel for another message, which is returned, where one is due.
        """
        one = taken.delivery
        lent = (channels.c.id == one.channel_id) & (channels.c.turn == taken.turn)
        held = (deliveries.c.id == one.id) & (deliveries.c.attempt == one.attempt) & (deliveries.c.status == _SENDING)
        lane = (delivery_lanes.c.channel_id == one.channel_id) & (delivery_lanes.c.subject == one.subject)
        with self._transaction() as transaction:
            ended: Any = update(channels).where(lent).values(lease_until=DatabaseNow(), troubles=troubles)
            held_on = transaction.read(ended.returning(*channels.c), channel_from_row)
            if not transaction.write(update(deliveries).where(held).values(changes)):
                raise LeaseLost(f"attempt {one.attempt} at delivery {one.id[:8]} was overtaken")
            transaction.write(update(delivery_lanes).where(lane).values(due_at=DatabaseNow() + wait_seconds))
            upcoming = self._go_on(transaction, taken, held_on) if goes_on else None
            transaction.commit()
        return upcoming

    def _go_on(
        self, transaction: Transaction, taken: TakenDelivery, held_on: Sequence[Channel]
    ) -> TakenDelivery | None:
        """Lease the next message of a channel that is still this courier's and does not rest."""
        started = [
            replace(one, n_sent=taken.n_sent + 1)
            for channel in held_on
            if channel.is_enabled
            for one in self._start_oldest(transaction, taken.tenant_id, channel, taken.turn)
        ]
        if not started:
            return None
        renewed = update(channels).where(channels.c.id == taken.channel.id)
        transaction.write(renewed.values(lease_until=DatabaseNow() + self.lease_seconds))
        return started[0]

    def _transaction(self, *, is_reading: bool = False) -> AbstractContextManager[Transaction]:
        return across_workspaces(self.database, is_reading=is_reading)


def _abandoned(channel: Channel) -> Update:
    """Return the change of what a courier that fell silent had under way: the channel is lent to another now."""
    return update(deliveries).where(deliveries.c.channel_id == channel.id, deliveries.c.status == _SENDING)


def _ready_channels(*, spare_troubled: bool) -> Select[Any]:
    """Return the ids of channels that nobody holds and that something is due in."""
    is_open = deliveries.c.status.in_((_WAITING, _SENDING))
    has_message = exists().where(_is_in_lane(), is_open)
    is_due = (delivery_lanes.c.channel_id == channels.c.id) & (delivery_lanes.c.due_at <= DatabaseNow())
    has_work = exists().where(is_due, has_message.correlate(delivery_lanes))
    ready = select(channels.c.id).where(channels.c.is_enabled, channels.c.lease_until <= DatabaseNow(), has_work)
    return ready.where(channels.c.troubles == 0) if spare_troubled else ready


def _is_in_lane() -> ColumnElement[bool]:
    same_channel = deliveries.c.channel_id == delivery_lanes.c.channel_id
    return same_channel & (deliveries.c.subject == delivery_lanes.c.subject)
