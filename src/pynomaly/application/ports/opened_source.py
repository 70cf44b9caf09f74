"""A source on its way to whoever reads it: with its secrets, which stay in memory and in the pipe to a child."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.columns import ColumnKind, ColumnRole
from pynomaly.domain.connection import Value
from pynomaly.domain.identifiers import SourceId

_LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class OpenedSource:
    """Everything it takes to reach a source. secrets: never stored, logged or shown."""

    id: SourceId
    name: str
    kind: str
    settings: Mapping[str, Value]
    secrets: Mapping[str, str] = field(repr=False)

    @property
    def secret_texts(self) -> tuple[str, ...]:
        """What no message may repeat."""
        return tuple(self.secrets.values())

    @property
    def values(self) -> dict[str, Value]:
        """Every field of the connection."""
        return {**self.settings, **self.secrets}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be read: of which source, what of it, and what its columns are said to be."""

    source: OpenedSource
    selection: Mapping[str, Value]
    roles: Mapping[str, ColumnRole] = field(default_factory=dict)
    kinds: Mapping[str, ColumnKind] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """Where the rows come from, for people to read: "postgresql:shop public.orders"."""
        what = " ".join(str(value) for value in self.selection.values())
        shown = what if len(what) <= _LONGEST_WORDS else f"{what[: _LONGEST_WORDS - 1]}…"
        return f"{self.source.kind}:{self.source.name} {shown}".rstrip()


def opened_to_json(source: OpenedSource) -> dict[str, JsonValue]:
    """Return a source as plain JSON, for the pipe to a child and nothing else."""
    settings: dict[str, JsonValue] = dict(source.settings)
    secrets: dict[str, JsonValue] = dict(source.secrets)
    return {"id": source.id, "name": source.name, "kind": source.kind, "settings": settings, "secrets": secrets}


def opened_from_json(given: Mapping[str, Any]) -> OpenedSource:
    """Return what `opened_to_json` was given."""
    return OpenedSource(SourceId(given["id"]), given["name"], given["kind"], given["settings"], given["secrets"])
