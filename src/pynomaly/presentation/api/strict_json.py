"""Reads JSON as two honest parties would write it; what two parsers could understand differently is refused.

The common path is one parse and a few passes at the speed of memory; only a refusal takes a slower look, to say why.
"""

import re
from typing import TypeAlias

import orjson

from pynomaly.presentation.http.bounds import BOUNDS
from pynomaly.presentation.http.json_faults import syntax_fault, value_fault
from pynomaly.presentation.http.refusals import Fault, MalformedRequest

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | int | float | bool | None

_AS_SQUARE = bytes.maketrans(b"{}", b"[]")
_ALL_BUT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_DIGITS_ONLY = bytes(ord("0") if chr(byte).isdecimal() and byte < 128 else ord(" ") for byte in range(256))
_LONG = b"0" * 19  # int64 ends at 9223372036854775807, which has 19 digits
_LONG_INTEGER = re.compile(rb"(?<![0-9.eE+-])(-?[0-9]{19,})(?![0-9.eE])")


def decode_json(body: bytes) -> Json:
    """Return what a body says. Raises MalformedRequest with the place and the reason.

    Refused are: anything but UTF-8 without a byte order mark, NaN and infinities, numbers that overflow to one,
    integers outside int64, lone surrogates, NUL characters, keys given twice, nesting deeper than the bound, more
    lists and objects than the bound, and anything after the document.
    """
    if body.count(b"[") + body.count(b"{") > BOUNDS.json_containers:  # those in strings do not count
        _require_few_containers(_brackets(_without_strings(body)))
    try:
        document: Json = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _refused(syntax_fault(body, error)) from None
    _require_one_meaning(body, document)
    return document


def _require_few_containers(brackets: bytes) -> None:
    """Refuse what would take seconds to build, before it is parsed."""
    if brackets.count(b"[") > BOUNDS.json_containers:
        raise _refused(Fault("body", "", f"has more than {BOUNDS.json_containers} lists and objects"))


def _require_one_meaning(body: bytes, document: Json) -> None:
    outline = _without_strings(body)
    if _is_deeper_than(BOUNDS.json_depth, _brackets(outline)):
        raise _refused(Fault("body", "", f"is nested deeper than {BOUNDS.json_depth} levels"))
    if _has_nul(body) or _has_wide_integer(outline) or outline.count(b":") != _number_of_keys(document):
        raise _refused(value_fault(body))


def _refused(fault: Fault) -> MalformedRequest:
    return MalformedRequest(f"the JSON {fault.detail}", faults=[fault])


def _without_strings(body: bytes) -> bytes:
    """Return a document without the insides of its strings; of malformed JSON, something."""
    return b'""'.join(_unescaped(body).split(b'"')[::2])


def _brackets(outline: bytes) -> bytes:
    return outline.translate(_AS_SQUARE, _ALL_BUT_BRACKETS)


def _unescaped(body: bytes) -> bytes:
    """Return a document without escaped backslashes and quotes: each quote left begins or ends a string."""
    return body.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in body else body


def _is_deeper_than(depth: int, brackets: bytes) -> bool:
    """Tell whether well-formed brackets nest deeper: each round takes the innermost pairs away."""
    for _ in range(depth):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"")
    return bool(brackets)


def _has_nul(body: bytes) -> bool:
    return b"\\u0000" in body and b"\\u0000" in _unescaped(body)


def _has_wide_integer(outline: bytes) -> bool:
    if _LONG not in outline.translate(_DIGITS_ONLY):
        return False
    return any(
        not BOUNDS.json_integer.least <= int(number) <= BOUNDS.json_integer.most
        for number in _LONG_INTEGER.findall(outline)
    )


def _number_of_keys(document: Json) -> int:
    """Count the entries of all objects; where the text has more colons, a key was given twice and the last one won."""
    n_keys = 0
    waiting: list[Json] = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            n_keys += len(node)
            waiting.extend([value for value in node.values() if type(value) is dict or type(value) is list])
        elif isinstance(node, list):
            waiting.extend([value for value in node if type(value) is dict or type(value) is list])
    return n_keys
