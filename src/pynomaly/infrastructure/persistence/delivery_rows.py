"""Deliveries as rows, each in the lane of its channel and subject."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, insert, select, update

from pynomaly.application.ports.paging import Page, Piece
from pynomaly.domain.delivery import Delivery, DeliveryStatus
from pynomaly.domain.identifiers import ChannelId, DeliveryId
from pynomaly.infrastructure.persistence.channel_tables import deliveries, delivery_lanes
from pynomaly.infrastructure.persistence.database_clock import DatabaseNow
from pynomaly.infrastructure.persistence.lookup import id_of_nameless, one_of
from pynomaly.infrastructure.persistence.transaction import Transaction


@dataclass(frozen=True, slots=True)
class DeliveryRows:
    """The deliveries of one workspace within one transaction."""

    transaction: Transaction

    def add(self, delivery: Delivery) -> bool:
        """Store a new delivery behind those of its lane; False, and nothing, if it is there already.

        Whoever adds holds the cursor of the workspace's notifications, so nobody else adds meanwhile.
        """
        if self.transaction.read(self._own().where(deliveries.c.id == delivery.id), lambda row: row.id):
            return False
        self._open_lane(delivery)
        plain = {"data": dict(delivery.data), "status": delivery.status.value}
        row = asdict(delivery) | plain | {"tenant_id": self.transaction.tenant_id}
        self.transaction.write(insert(deliveries).values(row))
        return True

    def get(self, delivery_id: str) -> Delivery:
        """Return a delivery by id or id prefix; a transaction that may write holds it. Raises NotFound."""
        found = id_of_nameless(self.transaction, deliveries, delivery_id, noun="delivery")
        query = self._own().where(deliveries.c.id == found)
        return one_of(self.transaction.read_held(query, delivery_from_row), "delivery")

    def page(
        self, piece: Piece, *, status: DeliveryStatus | None = None, channel_id: str | None = None
    ) -> Page[Delivery]:
        """Return a piece of the list."""
        wanted = {"status": None if status is None else status.value, "channel_id": channel_id}
        conditions = [deliveries.c[name] == value for name, value in wanted.items() if value is not None]
        return self.transaction.page(deliveries, piece, delivery_from_row, *conditions)

    def requeue(self, delivery: Delivery) -> None:
        """Store a delivery that waits anew; it is due at once."""
        changes = {"status": delivery.status.value, "failures": delivery.failures, "ended_at": None, "give_up_at": None}
        mine = self.transaction.own(deliveries) & (deliveries.c.id == delivery.id)
        self.transaction.write(update(deliveries).where(mine).values(changes))
        self.transaction.write(update(delivery_lanes).where(_lane_of(delivery)).values(due_at=DatabaseNow()))

    def _own(self) -> Select[Any]:
        return select(deliveries).where(self.transaction.own(deliveries))

    def _open_lane(self, delivery: Delivery) -> None:
        """Make the lane if it is not there; one that rests goes on resting."""
        if not self.transaction.read(select(delivery_lanes).where(_lane_of(delivery)), lambda row: row.subject):
            place = {"channel_id": delivery.channel_id, "subject": delivery.subject}
            row = place | {"tenant_id": self.transaction.tenant_id}
            self.transaction.write(insert(delivery_lanes).values(**row, due_at=DatabaseNow()))


def _lane_of(delivery: Delivery) -> ColumnElement[bool]:
    return (delivery_lanes.c.channel_id == delivery.channel_id) & (delivery_lanes.c.subject == delivery.subject)


def delivery_from_row(row: Row[Any]) -> Delivery:
    """Return the delivery a row stands for."""
    return Delivery(
        id=DeliveryId(row.id),
        channel_id=ChannelId(row.channel_id),
        event_id=row.event_id,
        subject=row.subject,
        type=row.type,
        at=row.at,
        title=row.title,
        text=row.text,
        data=row.data,
        created_at=row.created_at,
        status=DeliveryStatus(row.status),
        attempt=row.attempt,
        failures=row.failures,
        last_error=row.last_error,
        ended_at=row.ended_at,
    )
