"""Any cell as JSON: nothing that a strict parser refuses, nothing silently lost."""

import math
from base64 import b64encode
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from pynomaly.domain.algorithm import JsonValue


def json_value(value: object) -> JsonValue:
    """Return a value JSON can hold: times as ISO 8601, decimals as text, bytes in base64, NaN and infinity as null."""
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
        return b64encode(bytes(value)).decode("ascii")
    if isinstance(value, Decimal):
        return str(value) if value.is_finite() else None
    return _unwrapped(value)


def _unwrapped(value: object) -> JsonValue:
    """Unwrap a number of some array library, else write the value as text."""
    unwrap = getattr(value, "item", None)
    plain = unwrap() if callable(unwrap) else value
    return str(value) if plain is value or type(plain) is type(value) else json_value(plain)
