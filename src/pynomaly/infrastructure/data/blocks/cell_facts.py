"""What the cells of a text column are, learned block by block: the verdict is that of a look at all of them at once."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pynomaly.infrastructure.data.columns.text_cells import trimmed
from pynomaly.infrastructure.data.formats.plain_cells import (
    COMMA_CELLS,
    LEADING_ZERO_CELLS,
    NUMBER_CELLS,
    POINTS_AMONG_COMMAS,
    THOUSANDS_CELLS,
    TOO_LARGE,
    WHOLE_CELLS,
    WITH_COMMAS,
    any_cell,
    every_cell,
    without_missing_words,
)

_Question = Callable[[pa.ChunkedArray], bool]


class Checks(NamedTuple):
    """Questions about all cells that are left of a block when it was prepared."""

    prepare: Callable[[pa.ChunkedArray], pa.ChunkedArray]
    questions: Mapping[str, _Question]


class CellKind(Enum):
    """What a column becomes."""

    NOTHING = "nothing"
    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    COMMA_NUMBER = "comma_number"


TYPES = {
    CellKind.NOTHING: pa.null(),
    CellKind.TEXT: pa.string(),
    CellKind.WHOLE: pa.int64(),
    CellKind.NUMBER: pa.float64(),
    CellKind.COMMA_NUMBER: pa.float64(),
}


def _no_cell(_cells: pa.ChunkedArray) -> bool:
    return False


def _casts_to(kind: pa.DataType) -> _Question:
    def casts(cells: pa.ChunkedArray) -> bool:
        try:
            cells.cast(kind)
        except pa.ArrowInvalid:
            return False
        return True

    return casts


_casts_to_whole = _casts_to(pa.int64())
_casts_to_number = _casts_to(pa.float64())


def _casts_with_commas(cells: pa.ChunkedArray) -> bool:
    return not any_cell(cells, r"\.") and _casts_to_number(pc.replace_substring(cells, ",", "."))


PARSING = Checks(
    pc.utf8_trim_whitespace,
    {
        "nothing": _no_cell,
        "whole": _casts_to_whole,
        "number": _casts_to_number,
        "comma_number": _casts_with_commas,
    },
)
"""For columns whose beginning lets Arrow's parser have its way."""

PATTERNS = Checks(
    lambda column: trimmed(without_missing_words(column)),
    {
        "nothing": _no_cell,
        "number": lambda cells: every_cell(cells, NUMBER_CELLS),
        "comma_number": lambda cells: every_cell(cells, COMMA_CELLS),
        "thousands": lambda cells: every_cell(cells, THOUSANDS_CELLS),
        "whole": lambda cells: every_cell(_unsigned(cells), WHOLE_CELLS),
        "within_64_bits": lambda cells: _casts_to_whole(_unsigned(cells)),
        "without_points": lambda cells: not any_cell(cells, r"\."),
        "without_leading_zeros": lambda cells: not any_cell(cells, LEADING_ZERO_CELLS),
    },
)
"""For columns that are text unless every cell is plainly a number."""

_HOPES = {"nothing", "number", "comma_number"}
"""Where none of these holds any more, nothing else matters."""


def still_holding(holding: frozenset[str], checks: Checks, column: pa.ChunkedArray) -> frozenset[str]:
    """Return which of the checks hold of one more block, too."""
    if not holding:
        return holding
    cells = checks.prepare(column).drop_null()
    if not len(cells):
        return holding
    kept = frozenset(name for name in holding if checks.questions[name](cells))
    return kept if kept & _HOPES else frozenset()


def parsed_kind(holding: frozenset[str], *, has_decimal_comma: bool) -> CellKind | None:
    """Return what Arrow's parser makes of a column, None for text."""
    number = CellKind.COMMA_NUMBER if has_decimal_comma else CellKind.NUMBER
    order = (CellKind.NOTHING, CellKind.WHOLE, number)
    return next((kind for kind in order if kind.value in holding), None)


def plain_kind(holding: frozenset[str], *, has_decimal_comma: bool) -> tuple[CellKind, str]:
    """Return what becomes of a column, and a note, as `plain_cells.settled` says of the whole of it."""
    if "nothing" in holding:
        return CellKind.TEXT, ""
    if "number" in holding:
        if has_decimal_comma and "without_points" not in holding:
            return CellKind.TEXT, POINTS_AMONG_COMMAS
        if "whole" not in holding:
            return CellKind.NUMBER, ""
        return (CellKind.WHOLE, "") if "within_64_bits" in holding else (CellKind.TEXT, TOO_LARGE)
    if "comma_number" in holding and "thousands" not in holding and "without_leading_zeros" in holding:
        return CellKind.COMMA_NUMBER, WITH_COMMAS
    return CellKind.TEXT, ""


def as_kind(column: pa.ChunkedArray, kind: CellKind) -> pa.ChunkedArray:
    """Return one block's cells as what all of them became."""
    if kind is CellKind.NOTHING:
        return pa.chunked_array([pa.nulls(len(column))])
    present = without_missing_words(column)
    if kind is CellKind.TEXT:
        return present
    cells = _unsigned(trimmed(present))
    if kind is CellKind.COMMA_NUMBER:
        cells = pc.replace_substring(cells, ",", ".")
    return cells.cast(TYPES[kind])


def _unsigned(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return cells without a leading plus, which Arrow does not read."""
    return pc.replace_substring_regex(cells, r"^\+", "")
