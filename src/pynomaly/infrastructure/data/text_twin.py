"""The Python twin of the compiled reader of numbers: the same call, the same bits; the fallback without a compiler."""

import json
import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pynomaly.domain.arrays import FloatVector

HAS_FRACTIONS, IS_WHOLE, IS_EMPTY = 0, 1, 2
"""What the cells of a column are, as native/text_numbers.h counts them."""

_EXACT_IN_DOUBLE = 2**53
_LONGEST_NUMBER = 120
_LARGEST_EXPONENT = 1_000_000

_BLANKS = rb"[ \n\r\t]*+"
_CELL = rb"(?:null|-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)"


def _list_of(item: bytes) -> bytes:
    next_item = _BLANKS + rb"," + _BLANKS + item
    return rb"\[" + _BLANKS + item + rb"(?:" + next_item + rb")*+" + _BLANKS + rb"\]"


_ROWS = re.compile(_list_of(_list_of(_CELL)))
_KEY = re.compile(rb'("(?:[^"\\]|\\.)*+")' + _BLANKS + rb":" + _BLANKS, re.DOTALL)
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[{}\[\],"]|[^{}\[\],"]++', re.DOTALL)
_OPENING, _COMMA, _CLOSING = (re.compile(_BLANKS + mark + _BLANKS) for mark in (rb"\{", rb",", rb"\}"))


def read_rows(text: bytes, values: FloatVector, columns: NDArray[np.uint8]) -> tuple[int, int, int, int] | None:
    """Read as `_kernels.read_rows` does."""
    place = _place_of_rows(text)
    if place is None:
        return None
    rows = json.loads(text[slice(*place)], parse_float=_fraction, parse_int=_whole)
    n_columns = len(rows[0])
    cells = [cell for row in rows for cell in row]
    is_even = all(len(row) == n_columns for row in rows) and n_columns <= columns.size
    if not is_even or not all(map(_is_plain, cells)):
        return None
    values[: len(cells)] = [math.nan if cell is None else float(cell) for cell in cells]
    columns[:n_columns] = [_kind(cells[column::n_columns]) for column in range(n_columns)]
    return *place, len(rows), n_columns


def _fraction(text: str) -> float:
    """Return a number written with a point or an exponent, NaN where that is not plain."""
    exponent = re.split("[eE]", text)[1:] or ["0"]
    is_short = len(text.lstrip("-")) <= _LONGEST_NUMBER and len(exponent[0].lstrip("+-")) <= 19
    return float(text) if is_short and abs(int(exponent[0])) <= _LARGEST_EXPONENT else math.nan


def _whole(text: str) -> float | int:
    """Return a whole number, NaN where 64 bits cannot hold it; Python itself refuses to read thousands of digits."""
    return int(text) if len(text) <= 20 else math.nan


def _is_plain(cell: float | int | None) -> bool:
    if isinstance(cell, float):
        return math.isfinite(cell)
    return cell is None or abs(cell) <= _EXACT_IN_DOUBLE


def _kind(cells: Sequence[float | int | None]) -> int:
    are_fractions = [isinstance(cell, float) for cell in cells if cell is not None]
    if not are_fractions:
        return IS_EMPTY
    return HAS_FRACTIONS if any(are_fractions) else IS_WHOLE


def _place_of_rows(text: bytes) -> tuple[int, int] | None:
    """Return where the value of the one key "rows" stands, if its syntax is that of rows of numbers."""
    found: list[tuple[int, int]] = []
    member = _OPENING.match(text)
    position = 0
    while member is not None:
        key = _KEY.match(text, member.end())
        if key is None or b"\\" in key[1]:
            return None
        if key[1] == b'"rows"':
            rows = _ROWS.match(text, key.end())
            if rows is None:
                return None
            found.append(rows.span())
            position = rows.end()
        else:
            position = _after_value(text, key.end())
        member = _COMMA.match(text, position)
    closing = _CLOSING.match(text, position)
    return found[0] if len(found) == 1 and closing is not None and closing.end() == len(text) else None


def _after_value(text: bytes, start: int) -> int:
    """Return where a value ends, found by counting brackets; where it breaks off, the end of the text."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        mark = token[0]
        if depth == 0 and mark in (b",", b"}"):
            return token.start()
        depth += (mark in (b"{", b"[")) - (mark in (b"}", b"]"))
        if depth < 0 or mark == b'"':
            break
    return len(text)
