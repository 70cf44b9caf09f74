"""Sources and their kinds as rows for people and as data for programs."""

from typing import TYPE_CHECKING

from pynomaly.presentation.cli.views.connection_view import (
    fields_as_facts,
    fields_as_json,
    fields_in_a_cell,
    kind_as_json,
)
from pynomaly.presentation.cli.views.listing import time_in_words
from pynomaly.presentation.words.cell_text import shown

if TYPE_CHECKING:
    from pynomaly.application.ports.sources import SourceKind
    from pynomaly.domain.algorithm import JsonValue
    from pynomaly.domain.data_source import DataSource


def source_as_row(source: "DataSource") -> list[str]:
    """Return name, kind, when it was made, and what its fields hold."""
    return [shown(source.name), source.kind, time_in_words(source.created_at), fields_in_a_cell(source)]


def source_as_facts(source: "DataSource") -> list[tuple[str, str]]:
    """Return a source as pairs of what and value."""
    return [
        ("source", shown(source.name)),
        ("id", source.id),
        ("kind", source.kind),
        ("made", time_in_words(source.created_at)),
        *fields_as_facts(source),
    ]


def source_kind_as_json(kind: "SourceKind") -> "dict[str, JsonValue]":
    """Return a kind as data, with the keys the REST API gives it."""
    return {**kind_as_json(kind.connection), "selection": fields_as_json(kind.selection)}
