"""Channels: ways to tell somebody outside."""

from datetime import datetime
from typing import TypeAlias

from pydantic import Field

from pynomaly.domain.channel import Channel
from pynomaly.domain.connection import ConnectionKind, FieldType
from pynomaly.domain.connection import Field as KindField
from pynomaly.presentation.api.body import Body
from pynomaly.presentation.api.bounds import Fields, FieldText, Integer, KindName, Name
from pynomaly.presentation.api.schemas.datasets import sound
from pynomaly.presentation.api.schemas.pages import Answer

FieldValue: TypeAlias = bool | Integer | FieldText


class FieldAnswer(Answer):
    """One thing a kind of channel wants to know."""

    name: str
    summary: str
    type: FieldType
    is_secret: bool = Field(description="Sealed when stored, and shown to nobody again.")
    is_place: bool = Field(description="When it changes, secrets have to be given anew.")
    is_required: bool
    default: bool | int | str | None
    choices: list[str]
    least: int
    most: int

    @staticmethod
    def of(field: KindField) -> "FieldAnswer":
        """Describe a field."""
        names = FieldAnswer.model_fields.keys() - {"choices"}
        return FieldAnswer(choices=list(field.choices), **{name: getattr(field, name) for name in names})


class ChannelKindAnswer(Answer):
    """A kind of channel, and what it wants to know."""

    name: str
    summary: str
    fields: list[FieldAnswer]

    @staticmethod
    def of(kind: ConnectionKind) -> "ChannelKindAnswer":
        """Describe a kind."""
        return ChannelKindAnswer(
            name=kind.name, summary=kind.summary, fields=[FieldAnswer.of(field) for field in kind.fields]
        )


class ChannelKindsAnswer(Answer):
    """Every kind of channel there is."""

    items: list[ChannelKindAnswer]


class NewChannel(Body):
    """A name, a kind, and what its fields hold, secrets included."""

    name: Name
    kind: KindName
    values: Fields[FieldValue] = Field(default_factory=dict, description="By name of field; see `/channel-kinds`.")


class ChannelChange(Body):
    """What is to change (RFC 7396: what is left out stays, a secret too; null takes a value away)."""

    name: Name | None = None
    values: Fields[FieldValue | None] | None = None
    is_enabled: bool | None = None


class ChannelAnswer(Answer):
    """A channel; of secrets only their names are told."""

    id: str
    name: str
    kind: str
    settings: dict[str, bool | int | str]
    secrets: list[str] = Field(description="The secret fields that hold something.")
    is_enabled: bool
    created_by: str
    created_at: datetime
    revision: int

    @staticmethod
    def of(channel: Channel) -> "ChannelAnswer":
        """Describe a channel."""
        return ChannelAnswer(
            id=channel.id,
            name=channel.name,
            kind=channel.kind,
            settings={
                name: sound(value) if isinstance(value, str) else value for name, value in channel.settings.items()
            },
            secrets=list(channel.secret_names),
            is_enabled=channel.is_enabled,
            created_by=sound(channel.created_by),
            created_at=channel.created_at,
            revision=channel.revision,
        )
