"""Channels as rows for people and as data for programs."""

from typing import TYPE_CHECKING

from pynomaly.presentation.cli.views.connection_view import connection_as_json, fields_as_facts, fields_in_a_cell
from pynomaly.presentation.cli.views.listing import time_in_words
from pynomaly.presentation.words.cell_text import shown

if TYPE_CHECKING:
    from pynomaly.domain.algorithm import JsonValue
    from pynomaly.domain.channel import Channel


def channel_as_json(channel: "Channel") -> "dict[str, JsonValue]":
    """Return a channel as data, with the keys the REST API gives it."""
    return {**connection_as_json(channel), "is_enabled": channel.is_enabled}


def channel_as_row(channel: "Channel") -> list[str]:
    """Return name, kind, whether it is enabled, when it was made, and what its fields hold."""
    made = time_in_words(channel.created_at)
    return [shown(channel.name), channel.kind, shown(channel.is_enabled), made, fields_in_a_cell(channel)]


def channel_as_facts(channel: "Channel") -> list[tuple[str, str]]:
    """Return a channel as pairs of what and value."""
    return [
        ("channel", shown(channel.name)),
        ("id", channel.id),
        ("kind", channel.kind),
        ("enabled", shown(channel.is_enabled)),
        ("made", time_in_words(channel.created_at)),
        *fields_as_facts(channel),
    ]
