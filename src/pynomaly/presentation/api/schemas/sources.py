"""Sources: places outside that rows are read from."""

from pydantic import ConfigDict, Field

from pynomaly.application.ports.sources import SourceKind
from pynomaly.domain.columns import ColumnKind, ColumnRole
from pynomaly.domain.data_source import DataSource
from pynomaly.presentation.api.body import Body, Chosen
from pynomaly.presentation.api.schemas.connections import (
    ConnectionAnswer,
    ConnectionChange,
    FieldAnswer,
    KindAnswer,
    NewConnection,
    connection_facts,
    described,
    kind_facts,
)
from pynomaly.presentation.api.schemas.pages import Answer
from pynomaly.presentation.http.bounds import ByColumn, Fields, FieldValue, Name, Priority


class SourceKindAnswer(KindAnswer):
    """A kind of source: what it takes to reach one, and what of it can be selected."""

    selection: list[FieldAnswer]

    @staticmethod
    def of(kind: SourceKind) -> "SourceKindAnswer":
        """Describe a kind."""
        return SourceKindAnswer(**kind_facts(kind.connection), selection=described(kind.selection))


class SourceKindsAnswer(Answer):
    """Every kind of source."""

    items: list[SourceKindAnswer]


class NewSource(NewConnection):
    """A place to read rows from; `/source-kinds` says which settings and secrets each kind takes."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "shop",
                    "kind": "postgresql",
                    "settings": {"host": "db.example.org", "database": "shop", "user": "reader"},
                    "secrets": {"password": "a password"},
                }
            ]
        }
    )


class SourceChange(ConnectionChange):
    """What is to change (RFC 7396: what is left out stays, null takes a value away)."""


class SourceAnswer(ConnectionAnswer):
    """A source, but for what its secrets hold."""

    @staticmethod
    def of(source: DataSource) -> "SourceAnswer":
        """Describe a source."""
        return SourceAnswer(**connection_facts(source))


class FoundAnswer(Answer):
    """What was found where a source leads to."""

    found: str


class NewPull(Body):
    """What to read of a source into a dataset; `/source-kinds` says what can be selected."""

    selection: Fields[FieldValue] = Field(default_factory=dict, examples=[{"table": "orders"}])
    name: Name | None = Field(default=None, description="What to call the dataset; by default the source and the time.")
    roles: ByColumn[Chosen[ColumnRole]] | None = None
    kinds: ByColumn[Chosen[ColumnKind]] | None = None
    priority: Priority = 5
