"""What a child says: one JSON object a line, of bounded length, because the parent must outlive whatever comes."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from pynomaly.domain.algorithm import JsonValue

MAX_MESSAGE_BYTES = 1024**2
MAX_PARTS = 50_000
"""Lists and objects in a message: a mebibyte of empty ones would cost the parent fifty."""

KINDS = frozenset({"progress", "result", "error"})


class GarbledMessage(Exception):
    """The child said something that is no message."""


@dataclass(frozen=True, slots=True)
class Message:
    """One thing a child said: `progress`, `result` or `error`, and what of it."""

    kind: str
    content: JsonValue


def encoded(kind: str, content: JsonValue) -> bytes:
    """Return a message as it goes over the wire. Raises ValueError if it is too long or no JSON."""
    text = json.dumps({kind: content}, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    line = text.encode("utf-8", "replace") + b"\n"  # half characters, as in odd file names, have no encoding
    if len(line) > MAX_MESSAGE_BYTES:
        raise ValueError(f"a message of {len(line)} bytes is longer than the {MAX_MESSAGE_BYTES} that are taken")
    return line


@dataclass(slots=True)
class Inbox:
    """Cuts a stream of bytes into messages and never holds more than one unfinished one."""

    _rest: bytearray = field(default_factory=bytearray)

    def take(self, chunk: bytes) -> Iterator[Message]:
        """Yield the messages that `chunk` completes. Raises GarbledMessage."""
        *lines, rest = chunk.split(b"\n")
        for line in lines:
            self._add(line)
            whole = bytes(self._rest)
            self._rest.clear()
            yield _message(whole)
        self._add(rest)

    def _add(self, part: bytes) -> None:
        if len(self._rest) + len(part) > MAX_MESSAGE_BYTES:
            raise GarbledMessage("a message without end")
        self._rest += part


def _message(line: bytes) -> Message:
    if line.count(b"[") + line.count(b"{") > MAX_PARTS:
        raise GarbledMessage("a message of too many parts")
    try:
        found = json.loads(line.decode("utf-8"), parse_constant=_refuse_constant)
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode("utf-8")  # no 1e999, no half characters
    except (ValueError, RecursionError) as error:
        raise GarbledMessage("no JSON") from error
    if isinstance(found, Mapping) and len(found) == 1:
        kind, content = next(iter(found.items()))
        if kind in KINDS:
            return Message(kind, content)
    raise GarbledMessage("no message")


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(word)
