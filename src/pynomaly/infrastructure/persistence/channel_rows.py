"""Channels as rows; what their secret fields hold lies in a table of its own (see `secret_rows`)."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Row

from pynomaly.domain.channel import Channel
from pynomaly.domain.identifiers import ChannelId
from pynomaly.infrastructure.persistence.channel_tables import channels
from pynomaly.infrastructure.persistence.named_rows import NamedRows
from pynomaly.infrastructure.persistence.transaction import Transaction

_NOT_LENT = {"lease_until": 0.0, "turn": 0, "troubles": 0}


def channel_rows(transaction: Transaction) -> NamedRows[Channel]:
    """Return the channels of a workspace."""
    return NamedRows(transaction, channels, Channel.noun, _to_row, channel_from_row, at_first=_NOT_LENT)


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


def _to_row(channel: Channel) -> dict[str, Any]:
    return asdict(channel) | {"settings": dict(channel.settings), "secret_names": list(channel.secret_names)}
