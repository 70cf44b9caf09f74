"""Says in a sentence, and with the place, why a body is not the JSON we read."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pynomaly.presentation.http.bounds import BOUNDS
from pynomaly.presentation.http.refusals import Fault

_NOT_NUMBERS = ("NaN", "Infinity", "-Infinity")


@dataclass(frozen=True, slots=True)
class _Wrong:
    """Stands in a parsed document where a value cannot be used."""

    reason: str


class _Doubled(dict[str, Any]):
    """An object with a key given twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        seen: set[str] = set()
        self.key = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]


def syntax_fault(body: bytes, error: json.JSONDecodeError) -> Fault:
    """Return why a body could not be parsed, and at which byte."""
    if not body.strip():
        return _at(0, "is missing: the body is empty")
    if body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return _at(0, "begins with a byte order mark; send plain UTF-8")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as undecodable:
        return _at(undecodable.start, "is not UTF-8")
    position = len(text[: error.pos].encode())
    return _at(position, _syntax_reason(text, error))


def _syntax_reason(text: str, error: json.JSONDecodeError) -> str:
    rest = text[max(0, error.pos - 1) : error.pos + 10]
    if any(rest.startswith(word) or rest[1:].startswith(word) for word in _NOT_NUMBERS):
        return "has NaN or Infinity, which are not JSON; send null"
    if "infinity when parsed" in error.msg:
        return "has a number too large for a double"
    if "surrogate" in error.msg:
        return "has half of a surrogate pair in a string"
    if "control character" in error.msg:
        return "has a bare control character in a string"
    if "depth" in error.msg:
        return f"is nested deeper than {BOUNDS.json_depth} levels"
    return f"is malformed: {error.msg}"


def _at(position: int, reason: str) -> Fault:
    return Fault("body", "", f"{reason} (byte {position})")


def value_fault(body: bytes) -> Fault:
    """Return what is wrong with a body that parses: the first key given twice, wide integer or NUL, and where."""
    document = json.loads(body, object_pairs_hook=_object, parse_int=_integer)
    return next(_faults("", document), Fault("body", "", "is ambiguous"))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    return plain if len(plain) == len(pairs) else _Doubled(pairs)


def _integer(digits: str) -> int | _Wrong:
    number = int(digits)  # of at most 309 digits: more of them overflow a double, and have been refused
    is_within = BOUNDS.json_integer.least <= number <= BOUNDS.json_integer.most
    return number if is_within else _Wrong("has an integer outside -2^63 .. 2^63 - 1")


def _faults(pointer: str, node: Any) -> Iterator[Fault]:
    if reason := _wrong_with(node):
        yield Fault("body", f"{pointer}/{escaped(node.key)}" if isinstance(node, _Doubled) else pointer, reason)
    for step, value in _entries(node):
        yield from _faults(f"{pointer}/{escaped(step)}", value)


def _wrong_with(node: Any) -> str:
    if isinstance(node, _Wrong):
        return node.reason
    if isinstance(node, _Doubled):
        return f"has the key {node.key[:50]!r} twice"
    if isinstance(node, dict) and any("\0" in key for key in node):
        return "has a NUL character in a key"
    return "has a NUL character in a string" if isinstance(node, str) and "\0" in node else ""


def _entries(node: Any) -> Iterable[tuple[str | int, Any]]:
    if isinstance(node, dict):
        return node.items()
    return enumerate(node) if isinstance(node, list) else ()


def escaped(step: str | int) -> str:
    """Return one step of a JSON pointer (RFC 6901), cut where it is very long."""
    return str(step)[:200].replace("~", "~0").replace("/", "~1")
