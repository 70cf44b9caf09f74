"""The page of events: what the audit log and the event stream may tell."""

import typing
from collections.abc import Iterator
from dataclasses import fields
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from pynomaly.domain.events import Event

ENVELOPE = (
    ("sequence", "1, 2, 3, … within the workspace, without gaps"),
    ("id", "the event's own, the same wherever it is told"),
    ("type", "what happened: one of the names below"),
    ("payload", "the fields listed below"),
    ("actor", "who: `user:ID`, `api_key:ID`, `schedule:ID`, `local` for commands at the machine itself, `worker`"),
    ("request_id", "by which request or job"),
    ("at", "when, in UTC"),
    ("previous_hash", "the hash of the entry before"),
    ("hash", "SHA-256 of everything in this entry and `previous_hash`"),
)
PLAIN = {str: "text", int: "whole number", float: "number", bool: "true, false", NoneType: "null"}


def events_page() -> Iterator[str]:
    """Yield the lines of the page."""
    yield from ("# Events", "")
    yield (
        "Every change of a workspace is an event. It is stored in the transaction of the change itself, as an entry of "
        "the audit log, and told to whoever follows: `GET /api/v1/audit`, `GET /api/v1/events`."
    )
    yield from ("", "| field of an entry | |", "|---|---|")
    yield from (f"| `{name}` | {words} |" for name, words in ENVELOPE)
    yield from ("", "## What can happen", "", "| type | what happened | payload |", "|---|---|---|")
    for kind in get_args(Event):
        told = ", ".join(f"`{name}` ({words})" for name, words in _payload(kind))
        yield f"| `{kind.__name__}` | {_summary(kind)} | {told or 'nothing'} |"


def _summary(kind: type[Any]) -> str:
    return str(kind.__doc__).split("\n\n")[0].replace("\n", " ").strip()


def _payload(kind: type[Any]) -> Iterator[tuple[str, str]]:
    hints = get_type_hints(kind)
    return ((field.name, in_words(hints[field.name])) for field in fields(kind))


def in_words(kind: Any) -> str:
    """Return a type as a reader of JSON knows it.

    >>> in_words(int | None)
    'whole number or null'
    """
    if get_origin(kind) in (typing.Union, UnionType):
        return " or ".join(in_words(part) for part in get_args(kind))
    if get_origin(kind) is Literal:
        return " or ".join(f"`{value}`" for value in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return " or ".join(f"`{member.value}`" for member in kind)
    if get_origin(kind) is not None:
        return "object" if issubclass(get_origin(kind), typing.Mapping) else "list"
    return "id" if isinstance(kind, typing.NewType) else PLAIN.get(kind, "object")
