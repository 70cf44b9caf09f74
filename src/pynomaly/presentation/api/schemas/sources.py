"""Sources: places outside that rows are read from."""

from datetime import datetime

from pydantic import Field

from pynomaly.application.ports.sources import SourceKind
from pynomaly.domain import connection
from pynomaly.domain.columns import ColumnKind, ColumnRole
from pynomaly.domain.connection import FieldType
from pynomaly.domain.data_source import DataSource
from pynomaly.presentation.api.body import Body, Chosen
from pynomaly.presentation.api.bounds import ByColumn, Fields, FieldText, FieldValue, KindName, Name, Priority
from pynomaly.presentation.api.schemas.datasets import sound
from pynomaly.presentation.api.schemas.pages import Answer


class FieldAnswer(Answer):
    """One thing to fill in; a secret is given among `secrets` and never shown. `least` and `most`: of a number."""

    name: str
    summary: str
    type: FieldType
    is_secret: bool
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
            is_required=field.is_required,
            default=field.default,
            choices=list(field.choices),
            least=field.least if is_number else None,
            most=field.most if is_number else None,
        )


class SourceKindAnswer(Answer):
    """A kind of source: what it takes to reach one, and what of it can be selected."""

    name: str
    summary: str
    fields: list[FieldAnswer]
    selection: list[FieldAnswer]

    @staticmethod
    def of(kind: SourceKind) -> "SourceKindAnswer":
        """Describe a kind."""
        return SourceKindAnswer(
            name=kind.connection.name,
            summary=kind.connection.summary,
            fields=[FieldAnswer.of(field) for field in kind.connection.fields],
            selection=[FieldAnswer.of(field) for field in kind.selection],
        )


class SourceKindsAnswer(Answer):
    """Every kind of source."""

    items: list[SourceKindAnswer]


class NewSource(Body):
    """A place to read rows from; `/source-kinds` says which settings and secrets each kind takes."""

    name: Name
    kind: KindName
    settings: Fields[FieldValue] = Field(default_factory=dict)
    secrets: Fields[FieldText] = Field(
        default_factory=dict, repr=False, description="Sealed, and shown to nobody again."
    )


class SourceChange(Body):
    """What is to change (RFC 7396: what is left out stays, null takes a setting away).

    A change of settings needs the secrets anew: one goes nowhere but where it was given for.
    """

    name: Name | None = None
    settings: Fields[FieldValue | None] | None = None
    secrets: Fields[FieldText] | None = Field(default=None, repr=False)


class SourceAnswer(Answer):
    """A source. `secret_names` says which secrets are set; what they are cannot be read again."""

    id: str
    name: str
    kind: str
    settings: dict[str, str | int | bool]
    secret_names: list[str]
    created_by: str
    created_at: datetime
    revision: int

    @staticmethod
    def of(source: DataSource) -> "SourceAnswer":
        """Describe a source."""
        return SourceAnswer(
            id=source.id,
            name=source.name,
            kind=source.kind,
            settings=dict(source.settings),
            secret_names=list(source.secret_names),
            created_by=sound(source.created_by),
            created_at=source.created_at,
            revision=source.revision,
        )


class FoundAnswer(Answer):
    """What was found where a source leads to."""

    found: str


class NewPull(Body):
    """What to read of a source into a dataset; `/source-kinds` says what can be selected."""

    selection: Fields[FieldValue] = Field(default_factory=dict)
    name: Name | None = Field(default=None, description="What to call the dataset; by default the source and the time.")
    roles: ByColumn[Chosen[ColumnRole]] | None = None
    kinds: ByColumn[Chosen[ColumnKind]] | None = None
    priority: Priority = 5
