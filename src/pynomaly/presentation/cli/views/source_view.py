"""Sources as rows for people and as data for programs; secrets are only said to be there."""

from typing import TYPE_CHECKING

from pynomaly.presentation.cli.views.listing import time_as_json, time_in_words
from pynomaly.presentation.cli.words.cell_text import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pynomaly.application.ports.sources import SourceKind
    from pynomaly.domain.algorithm import JsonValue
    from pynomaly.domain.connection import Field, Value
    from pynomaly.domain.data_source import DataSource

HIDDEN = "(hidden)"
LONGEST = 90


def source_as_json(source: "DataSource") -> "dict[str, JsonValue]":
    """Return a source as data, with the keys the REST API gives it."""
    settings: dict[str, JsonValue] = dict(source.settings)
    return {
        "id": source.id,
        "name": source.name,
        "kind": source.kind,
        "settings": settings,
        "secret_names": list(source.secret_names),
        "created_by": source.created_by,
        "created_at": time_as_json(source.created_at),
    }


def source_as_row(source: "DataSource") -> list[str]:
    """Return name, kind, settings and when it was made."""
    settings = ", ".join(f"{name}={_written(value)}" for name, value in source.settings.items())
    return [shown(source.name), source.kind, shown(settings, max_characters=100), time_in_words(source.created_at)]


def source_as_facts(source: "DataSource") -> list[tuple[str, str]]:
    """Return a source as pairs of what and value."""
    facts = [("source", shown(source.name)), ("kind", source.kind)]
    facts += [(name, shown(_written(value), max_characters=200)) for name, value in source.settings.items()]
    facts += [(name, HIDDEN) for name in source.secret_names]
    return [*facts, ("made", time_in_words(source.created_at)), ("id", source.id)]


def kind_as_json(kind: "SourceKind") -> "dict[str, JsonValue]":
    """Return a kind as data, with the keys the REST API gives it."""
    return {
        "name": kind.connection.name,
        "summary": kind.connection.summary,
        "fields": [_field_as_json(field) for field in kind.connection.fields],
        "selection": [_field_as_json(field) for field in kind.selection],
    }


def kind_as_rows(kind: "SourceKind") -> "Iterator[list[str]]":
    """Yield a row for each thing to fill in: kind, option, what it is, and what holds without it."""
    for option, fields in (("--set", kind.connection.fields), ("--select", kind.selection)):
        for field in fields:
            typed = f"--secret {field.name}" if field.is_secret else f"{option} {field.name}=…"
            yield [kind.connection.name, typed, shown(_described(field), max_characters=LONGEST), _default(field)]


def _field_as_json(field: "Field") -> "JsonValue":
    return {
        "name": field.name,
        "summary": field.summary,
        "type": field.type.value,
        "is_secret": field.is_secret,
        "is_required": field.is_required,
        "default": field.default,
        "choices": list(field.choices),
    }


def _described(field: "Field") -> str:
    choices = f" ({', '.join(field.choices)})" if field.choices else ""
    return f"{field.summary}{choices}"


def _default(field: "Field") -> str:
    if field.default is not None:
        return _written(field.default)
    return "needed" if field.is_required else "–"


def _written(value: "Value") -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
