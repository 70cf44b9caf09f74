"""Channels as rows; what their secret fields hold lies in a table of its own (see `secret_rows`)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select, update

from pynomaly.application.ports.paging import Page, Piece
from pynomaly.domain.channel import Channel
from pynomaly.domain.errors import AlreadyExists, NotFound, StaleWrite
from pynomaly.domain.identifiers import ChannelId
from pynomaly.infrastructure.persistence.channel_tables import channels
from pynomaly.infrastructure.persistence.lookup import id_of, one_of, taking_name
from pynomaly.infrastructure.persistence.transaction import Transaction

_NOT_LENT = {"lease_until": 0.0, "turn": 0, "troubles": 0}


@dataclass(frozen=True, slots=True)
class ChannelRows:
    """The channels of one workspace within one transaction."""

    transaction: Transaction

    def add(self, channel: Channel) -> None:
        """Store a new channel. Raises AlreadyExists if the name is taken."""
        self._require_free_name(channel)
        with taking_name(f"channel '{channel.name}'"):
            self.transaction.write(insert(channels).values(self._to_row(channel) | _NOT_LENT))

    def get(self, name_or_id: str) -> Channel:
        """Return a channel by name or id; a transaction that may write holds it. Raises NotFound, InvalidRequest."""
        found = id_of(self.transaction, channels, name_or_id, noun="channel")
        query = self._own().where(channels.c.id == found)
        return one_of(self.transaction.read_held(query, channel_from_row), "channel")

    def all(self) -> Sequence[Channel]:
        """Return every channel, newest first, without holding any."""
        return self.transaction.read(self._own().order_by(channels.c.position.desc()), channel_from_row)

    def page(self, piece: Piece) -> Page[Channel]:
        """Return a piece of the list."""
        return self.transaction.page(channels, piece, channel_from_row)

    def save(self, channel: Channel) -> None:
        """Store a changed channel under the next revision. Raises StaleWrite, AlreadyExists."""
        self._require_free_name(channel)
        unchanged = (channels.c.id == channel.id) & (channels.c.revision == channel.revision)
        changed = self._to_row(channel) | {"revision": channel.revision + 1}
        statement = update(channels).where(self.transaction.own(channels), unchanged).values(changed)
        with taking_name(f"channel '{channel.name}'"):
            n_written = self.transaction.write(statement)
        if not n_written:
            raise StaleWrite(f"channel '{channel.name}' was changed or deleted meanwhile; read it again and retry")

    def remove(self, channel: Channel) -> None:
        """Forget a channel with its deliveries. Raises NotFound if it is gone already."""
        mine = self.transaction.own(channels) & (channels.c.id == channel.id)
        if not self.transaction.write(delete(channels).where(mine)):
            raise NotFound(f"channel '{channel.name}' is gone already")

    def _own(self) -> Select[Any]:
        return select(channels).where(self.transaction.own(channels))

    def _require_free_name(self, channel: Channel) -> None:
        of_others = (channels.c.name == channel.name) & (channels.c.id != channel.id)
        if self.transaction.read(self._own().where(of_others), lambda row: row.id):
            raise AlreadyExists(f"there is a channel '{channel.name}' already; choose another name")

    def _to_row(self, channel: Channel) -> dict[str, Any]:
        plain = {"settings": dict(channel.settings), "secret_names": list(channel.secret_names)}
        return asdict(channel) | plain | {"tenant_id": self.transaction.tenant_id}


def channel_from_row(row: Row[Any]) -> Channel:
    """Return the channel a row stands for."""
    return Channel(
        id=ChannelId(row.id),
        name=row.name,
        kind=row.kind,
        settings=row.settings,
        secret_names=tuple(row.secret_names),
        created_by=row.created_by,
        created_at=row.created_at,
        is_enabled=row.is_enabled,
        revision=row.revision,
    )
