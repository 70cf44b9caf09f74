"""Channels and their kinds as rows for people and as data for programs; of secrets only the names."""

from typing import TYPE_CHECKING

from pynomaly.presentation.cli.views.listing import time_as_json, time_in_words
from pynomaly.presentation.cli.words.cell_text import harmless, shown

if TYPE_CHECKING:
    from pynomaly.domain.algorithm import JsonValue
    from pynomaly.domain.channel import Channel
    from pynomaly.domain.connection import ConnectionKind, Field

HIDDEN = "(set, hidden)"


def kind_as_json(kind: "ConnectionKind") -> "dict[str, JsonValue]":
    """Return a kind as data, with the keys the REST API gives it."""
    return {"name": kind.name, "summary": kind.summary, "fields": [_field_as_json(field) for field in kind.fields]}


def kind_as_rows(kind: "ConnectionKind") -> list[list[str]]:
    """Return a row per field: kind, field, what it takes, what it is for."""
    fields = [["", field.name, _takes(field), field.summary] for field in kind.fields]
    return [[kind.name, "", "", kind.summary], *fields]


def channel_as_json(channel: "Channel") -> "dict[str, JsonValue]":
    """Return a channel as data, with the keys the REST API gives it."""
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "settings": dict(channel.settings),
        "secrets": list(channel.secret_names),
        "is_enabled": channel.is_enabled,
        "created_by": channel.created_by,
        "created_at": time_as_json(channel.created_at),
        "revision": channel.revision,
    }


def channel_as_row(channel: "Channel") -> list[str]:
    """Return name, kind, whether it is enabled, when it was made, and what its fields hold."""
    enabled = "yes" if channel.is_enabled else "no"
    fields = ", ".join(f"{name}={value}" for name, value in _fields(channel))
    return [shown(channel.name), channel.kind, enabled, time_in_words(channel.created_at), fields]


def channel_as_facts(channel: "Channel") -> list[tuple[str, str]]:
    """Return a channel as pairs of what and value."""
    return [
        ("channel", shown(channel.name)),
        ("id", channel.id),
        ("kind", channel.kind),
        ("enabled", "yes" if channel.is_enabled else "no"),
        ("made", time_in_words(channel.created_at)),
        *_fields(channel),
    ]


def _fields(channel: "Channel") -> list[tuple[str, str]]:
    plain = [(name, harmless(str(value))) for name, value in channel.settings.items()]
    return plain + [(name, HIDDEN) for name in channel.secret_names]


def _field_as_json(field: "Field") -> "dict[str, JsonValue]":
    return {
        "name": field.name,
        "summary": field.summary,
        "type": field.type.value,
        "is_secret": field.is_secret,
        "is_place": field.is_place,
        "is_required": field.is_required,
        "default": field.default,
        "choices": list(field.choices),
        "least": field.least,
        "most": field.most,
    }


def _takes(field: "Field") -> str:
    what = " or ".join(field.choices) if field.choices else field.type.value
    default = "" if field.default is None else f", else {str(field.default).lower()}"
    optional = "" if field.is_required or field.default is not None else ", optional"
    return f"{'secret ' if field.is_secret else ''}{what}{default}{optional}"
