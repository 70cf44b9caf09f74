"""What channels and sources have in common: fields to fill, settings, and secrets apart from them."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

from pynomaly.domain import connection
from pynomaly.domain.connection import ConnectionKind, FieldType
from pynomaly.domain.filled_fields import Connection
from pynomaly.presentation.api.body import Body
from pynomaly.presentation.api.schemas.datasets import sound
from pynomaly.presentation.api.schemas.pages import Answer
from pynomaly.presentation.http.bounds import Fields, FieldText, FieldValue, KindName, Name


class FieldAnswer(Answer):
    """One thing to fill in. `least` and `most`: of a number."""

    name: str
    summary: str
    type: FieldType
    is_secret: bool = Field(description="Given among `secrets`, sealed, and shown to nobody again.")
    is_place: bool = Field(description="When it changes, secrets have to be given anew.")
    is_required: bool
    default: str | int | bool | None
    choices: list[str]
    least: int | None
    most: int | None

    @staticmethod
    def of(field: connection.Field) -> "FieldAnswer":
        """Describe a field."""
        is_number = field.type is FieldType.NUMBER
        return FieldAnswer(
            name=field.name,
            summary=field.summary,
            type=field.type,
            is_secret=field.is_secret,
            is_place=field.is_place,
            is_required=field.is_required,
            default=field.default,
            choices=list(field.choices),
            least=field.least if is_number else None,
            most=field.most if is_number else None,
        )


class KindAnswer(Answer):
    """A kind of connection, and what it takes to reach one."""

    name: str
    summary: str
    fields: list[FieldAnswer]


def kind_facts(kind: ConnectionKind) -> Mapping[str, Any]:
    """Return what every answer about a kind says."""
    return {"name": kind.name, "summary": kind.summary, "fields": described(kind.fields)}


def described(fields: Iterable[connection.Field]) -> list[FieldAnswer]:
    """Describe fields."""
    return [FieldAnswer.of(field) for field in fields]


class _KnownWithoutSecrets(Body):
    """A request that is told from others by all but what its secrets hold."""

    def known_by(self) -> bytes:
        """Return what a repeated request is known by: no digest is stored that a secret could be guessed from."""
        told = self.model_dump(mode="json", exclude={"secrets"}, exclude_unset=True)
        names = sorted(getattr(self, "secrets", None) or ())
        return json.dumps({**told, "secrets": names}, sort_keys=True).encode()


class NewConnection(_KnownWithoutSecrets):
    """A name, a kind, and what its fields hold."""

    name: Name
    kind: KindName
    settings: Fields[FieldValue] = Field(default_factory=dict, description="By name of field.")
    secrets: Fields[FieldText] = Field(
        default_factory=dict, repr=False, description="By name of field; sealed, and shown to nobody again."
    )


class ConnectionChange(_KnownWithoutSecrets):
    """What is to change (RFC 7396: what is left out stays, null takes a value away)."""

    name: Name | None = None
    settings: Fields[FieldValue | None] | None = None
    secrets: Fields[FieldText | None] | None = Field(
        default=None,
        repr=False,
        description="One that is left out stays, unless a field changes that says where the connection leads: then "
        "secrets have to be given anew.",
    )


class ConnectionAnswer(Answer):
    """A connection, but for what its secrets hold."""

    id: str
    name: str
    kind: str
    settings: dict[str, str | int | bool]
    secrets: list[str] = Field(description="The secret fields that hold something; what cannot be read again.")
    created_by: str
    created_at: datetime
    revision: int


def connection_facts(subject: Connection) -> Mapping[str, Any]:
    """Return what every answer about a connection says."""
    settings = subject.settings.items()
    return {
        "id": subject.id,
        "name": subject.name,
        "kind": subject.kind,
        "settings": {name: sound(value) if isinstance(value, str) else value for name, value in settings},
        "secrets": list(subject.secret_names),
        "created_by": sound(subject.created_by),
        "created_at": subject.created_at,
        "revision": subject.revision,
    }
