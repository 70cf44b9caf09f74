"""Channels: ways to tell somebody outside."""

from pydantic import ConfigDict

from pynomaly.domain.channel import Channel
from pynomaly.domain.connection import ConnectionKind
from pynomaly.presentation.api.schemas.connections import (
    ConnectionAnswer,
    ConnectionChange,
    KindAnswer,
    NewConnection,
    connection_facts,
    kind_facts,
)
from pynomaly.presentation.api.schemas.pages import Answer


class ChannelKindAnswer(KindAnswer):
    """A kind of channel, and what it takes to reach one."""

    @staticmethod
    def of(kind: ConnectionKind) -> "ChannelKindAnswer":
        """Describe a kind."""
        return ChannelKindAnswer(**kind_facts(kind))


class ChannelKindsAnswer(Answer):
    """Every kind of channel."""

    items: list[ChannelKindAnswer]


class NewChannel(NewConnection):
    """A way to tell somebody outside; `/channel-kinds` says which settings and secrets each kind takes."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "duty", "kind": "slack", "secrets": {"url": "https://hooks.slack.com/services/T0/B0/secret"}}
            ]
        }
    )


class ChannelChange(ConnectionChange):
    """What is to change (RFC 7396: what is left out stays, null takes a value away)."""

    is_enabled: bool | None = None


class ChannelAnswer(ConnectionAnswer):
    """A channel, but for what its secrets hold."""

    is_enabled: bool

    @staticmethod
    def of(channel: Channel) -> "ChannelAnswer":
        """Describe a channel."""
        return ChannelAnswer(**connection_facts(channel), is_enabled=channel.is_enabled)
