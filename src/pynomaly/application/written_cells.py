"""How any cell is written for other programs, on the screen and in files: strict JSON, and text no spreadsheet runs."""

import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from pynomaly.domain.algorithm import JsonValue

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")
"""A spreadsheet takes text that begins so for a formula (OWASP, "CSV Injection"); an apostrophe in front helps."""


def json_value(value: object) -> JsonValue:
    """Return a value JSON can hold.

    Times in ISO 8601, durations in seconds, decimals as text, bytes in hexadecimal, NaN and infinity as null.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate is no valid JSON text
    if isinstance(value, Mapping):
        return {str(key): json_value(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [json_value(part) for part in value]
    return _other(value)


def _other(value: object) -> JsonValue:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, Decimal):
        return str(value) if value.is_finite() else None
    return _unwrapped(value)


def _unwrapped(value: object) -> JsonValue:
    """Unwrap a number of some array library, else write the value as text."""
    unwrap = getattr(value, "item", None)
    plain = unwrap() if callable(unwrap) else value
    return str(value) if plain is value or type(plain) is type(value) else json_value(plain)
