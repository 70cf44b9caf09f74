"""What a JSON schema says, in words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

Schema: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    """A schema that has a description of its own elsewhere."""

    name: str


Words: TypeAlias = tuple[str | Named, ...]
"""Text, in which backticks enclose code, and schemas named in it."""

_PAGE = re.compile("PageAnswer_(.+)_")  # how the framework names a page of something
_NULL = {"type": "null"}
_FORMATS = {"binary": "bytes", "date-time": "time, as `2026-03-29T01:30:00Z`"}
_PLAIN = {"integer": "whole number", "number": "number", "boolean": "`true` or `false`", "null": "`null`"}


def in_words(schema: Schema) -> Words:
    """Return what values a schema takes.

    >>> in_words({"type": "integer", "minimum": 1, "maximum": 9})
    ('whole number, 1 to 9',)
    """
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return ("page of ", Named(_PAGE.sub(r"\1", name))) if _PAGE.fullmatch(name) else (Named(name),)
    if "const" in schema:
        return (_code(schema["const"]),)
    if "enum" in schema:
        return (" or ".join(_code(value) for value in schema["enum"]),)
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return _one_of(schema[choice])
    return _typed(schema)


def _typed(schema: Schema) -> Words:
    kind = schema.get("type")
    if kind == "array":
        return (f"list of {_amount(schema, 'Items')}", *in_words(schema.get("items", {})))
    if kind == "object":
        values = schema.get("additionalProperties")
        inside = in_words(values) if isinstance(values, dict) and values else ()
        return (f"object of {_amount(schema, 'Properties')}", *inside) if inside else ("object",)
    if kind == "string":
        return (_text(schema),)
    return (_PLAIN.get(str(kind), "any JSON") + _range(schema),)


def _one_of(choices: list[Schema]) -> Words:
    told = [in_words(choice) for choice in sorted(choices, key=lambda choice: choice == _NULL)]
    return tuple(chain(told[0], *((" or ", *one) for one in told[1:])))


def _text(schema: Schema) -> str:
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]]
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    return "text" if most is None else f"text, {_number(least)} to {_number(most)} characters"


def _range(schema: Schema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    above = schema.get("exclusiveMinimum")
    is_open = [bound is None or abs(bound) > 2**53 - 2 for bound in (low, high)]
    if above is not None:
        return f", above {_number(above)}" + ("" if high is None else f" up to {_number(high)}")
    if all(is_open):
        return ""
    return f", {_number(low)} to {_number(high)}" if low is not None and high is not None else ""


def _amount(schema: Schema, noun: str) -> str:
    most = schema.get(f"max{noun}")
    return "" if most is None else f"at most {_number(most)}: "


def _number(value: float) -> str:
    whole = int(value) if float(value).is_integer() else value
    return f"{whole:,}".replace(",", " ")


def _code(value: object) -> str:
    return f"`{value}`"


def is_page(name: str) -> bool:
    """Whether a schema is one page of a list of others."""
    return _PAGE.fullmatch(name) is not None


def names_in(schema: Any) -> Iterator[str]:
    """Yield the names of the schemas that a part of the document refers to."""
    if isinstance(schema, Mapping):
        if "$ref" in schema:
            yield str(schema["$ref"]).rpartition("/")[2]
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from names_in(part)
