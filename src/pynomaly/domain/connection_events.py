"""What happened to the places that are connected to, and to what is kept about them."""

from dataclasses import dataclass

from pynomaly.domain.identifiers import ChannelId, DeliveryId, RuleId, SourceId


@dataclass(frozen=True, slots=True)
class SourceCreated:
    """There is a new place to read rows from."""

    source_id: SourceId
    kind: str


@dataclass(frozen=True, slots=True)
class SourceChanged:
    """A source got another name, other settings or other credentials."""

    source_id: SourceId


@dataclass(frozen=True, slots=True)
class SourceRemoved:
    """A source was forgotten with its credentials."""

    source_id: SourceId


@dataclass(frozen=True, slots=True)
class KeysRotated:
    """The workspace's secrets are sealed with new keys."""


@dataclass(frozen=True, slots=True)
class ChannelCreated:
    """There is a new way to tell somebody outside."""

    channel_id: ChannelId
    kind: str


@dataclass(frozen=True, slots=True)
class ChannelChanged:
    """A channel got another name or other settings, rests or was woken."""

    channel_id: ChannelId


@dataclass(frozen=True, slots=True)
class ChannelRemoved:
    """A channel was forgotten with its secrets and deliveries."""

    channel_id: ChannelId


@dataclass(frozen=True, slots=True)
class RuleCreated:
    """Somebody is to be told of something from now on."""

    rule_id: RuleId


@dataclass(frozen=True, slots=True)
class RuleChanged:
    """A notification rule tells of something else or somebody else, rests or was woken."""

    rule_id: RuleId


@dataclass(frozen=True, slots=True)
class RuleRemoved:
    """A notification rule was forgotten."""

    rule_id: RuleId


@dataclass(frozen=True, slots=True)
class DeliveryRetried:
    """Somebody had a message that could not be delivered sent again."""

    delivery_id: DeliveryId
