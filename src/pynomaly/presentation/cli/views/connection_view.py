"""What channels and sources have in common, as rows for people and as data for programs; of secrets only the names."""

from typing import TYPE_CHECKING

from pynomaly.presentation.cli.views.listing import time_as_json
from pynomaly.presentation.words.cell_text import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pynomaly.domain.algorithm import JsonValue
    from pynomaly.domain.connection import ConnectionKind, Field, Value
    from pynomaly.domain.filled_fields import Connection

HIDDEN = "(set, hidden)"
KIND_HEADINGS = ("kind", "option", "what", "by default")
LONGEST_VALUE, LONGEST_VALUES = 200, 100


def connection_as_json(connection: "Connection") -> "dict[str, JsonValue]":
    """Return what every connection has as data, with the keys the REST API gives it."""
    return {
        "id": connection.id,
        "name": connection.name,
        "kind": connection.kind,
        "settings": dict(connection.settings),
        "secrets": list(connection.secret_names),
        "created_by": connection.created_by,
        "created_at": time_as_json(connection.created_at),
        "revision": connection.revision,
    }


def fields_as_facts(connection: "Connection") -> list[tuple[str, str]]:
    """Return what the fields hold as pairs of name and value."""
    plain = [
        (name, shown(_written(value), max_characters=LONGEST_VALUE)) for name, value in connection.settings.items()
    ]
    return plain + [(name, HIDDEN) for name in connection.secret_names]


def fields_in_a_cell(connection: "Connection") -> str:
    """Return what the fields hold in a few words."""
    plain = [f"{name}={_written(value)}" for name, value in connection.settings.items()]
    words = plain + [f"{name} {HIDDEN}" for name in connection.secret_names]
    return shown(", ".join(words), max_characters=LONGEST_VALUES)


def kind_as_json(kind: "ConnectionKind") -> "dict[str, JsonValue]":
    """Return a kind as data, with the keys the REST API gives it."""
    return {"name": kind.name, "summary": kind.summary, "fields": fields_as_json(kind.fields)}


def fields_as_json(fields: "Iterable[Field]") -> "list[JsonValue]":
    """Return fields as data."""
    return [_field_as_json(field) for field in fields]


def kind_as_rows(kind: "ConnectionKind", selection: "Iterable[Field]" = ()) -> "Iterator[list[str]]":
    """Yield under KIND_HEADINGS what a kind is, and a row for each thing to fill in or to select."""
    yield [kind.name, "", kind.summary, ""]
    for option, fields in (("--set", kind.fields), ("--select", selection)):
        for field in fields:
            typed = f"--secret {field.name}" if field.is_secret else f"{option} {field.name}=…"
            yield [kind.name, typed, _described(field), _default(field)]


def _field_as_json(field: "Field") -> "JsonValue":
    is_number = field.type == "number"
    return {
        "name": field.name,
        "summary": field.summary,
        "type": field.type.value,
        "is_secret": field.is_secret,
        "is_place": field.is_place,
        "is_required": field.is_required,
        "default": field.default,
        "choices": list(field.choices),
        "least": field.least if is_number else None,
        "most": field.most if is_number else None,
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
