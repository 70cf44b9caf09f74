"""Cells of any type as JSON and back, for the values shown in reasons and as identifiers.

null, true/false, text, whole numbers of 64 bits, finite numbers and lists stand for themselves. The rest is
an object with one key that names the type:

{"integer": "36893488147419103232"}    a whole number beyond 64 bits
{"float": "inf"}                       also "-inf" and "nan"
{"decimal": "1.50"}
{"bytes": "aGVsbG8="}                  base64
{"datetime": "2024-02-29T12:00:00+01:00"}, {"date": …}, {"time": …}    ISO 8601; a zone's name becomes its offset
{"microseconds": 90000000}             a duration
{"map": [[key, value], …]}             a struct or map
{"text": "…"}                          anything else, as Python prints it; comes back as text
"""

import base64
import math
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

_INT64 = range(-(2**63), 2**63)
_MICROSECOND = timedelta(microseconds=1)

_FROM_JSON: dict[str, Callable[[Any], object]] = {
    "integer": int,
    "float": float,
    "decimal": Decimal,
    "bytes": base64.b64decode,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "microseconds": lambda count: count * _MICROSECOND,
    "map": lambda pairs: {from_json(key): from_json(value) for key, value in pairs},
    "text": str,
}


def to_json(cell: object) -> Any:
    """Return a cell in JSON's own types."""
    if isinstance(cell, np.generic):
        cell = cell.item()
    if cell is None or isinstance(cell, bool | str):
        return cell
    if isinstance(cell, int):
        return int(cell) if cell in _INT64 else {"integer": str(cell)}
    if isinstance(cell, float):
        return float(cell) if math.isfinite(cell) else {"float": str(cell)}
    if isinstance(cell, list | tuple):
        return [to_json(entry) for entry in cell]
    if isinstance(cell, dict):
        return {"map": [[to_json(key), to_json(value)] for key, value in cell.items()]}
    return _tagged(cell)


def from_json(form: Any) -> object:
    """Return the cell that `to_json` was given. Raises ValueError, KeyError or TypeError for anything else."""
    if isinstance(form, list):
        return [from_json(entry) for entry in form]
    if not isinstance(form, dict):
        return form
    ((tag, content),) = form.items()
    return _FROM_JSON[tag](content)


def _tagged(cell: object) -> dict[str, Any]:
    match cell:
        case Decimal():
            return {"decimal": str(cell)}
        case bytes():
            return {"bytes": base64.b64encode(cell).decode("ascii")}
        case datetime():  # before date, which it is too
            return {"datetime": cell.isoformat()}
        case date():
            return {"date": cell.isoformat()}
        case time():
            return {"time": cell.isoformat()}
        case timedelta():
            return {"microseconds": cell // _MICROSECOND}
        case _:
            return {"text": str(cell)}
