"""A raw column read as one kind: typed Arrow values, null where a cell cannot be read."""

import pyarrow as pa
import pyarrow.compute as pc

from pynomaly.domain.errors import ColumnMismatch
from pynomaly.infrastructure.data.columns.arrow_types import ticks
from pynomaly.infrastructure.data.columns.numbers_in_text import NumberFormat, parse_numbers
from pynomaly.infrastructure.data.columns.text_cells import is_text, tidy, trimmed
from pynomaly.infrastructure.data.columns.times_in_text import TimeFormat, parse_times

ENOUGH_CELLS_TO_REFUSE = 10
"""Fewer unreadable cells than this are strange cells, not a different column; they count as missing."""


def as_numbers(cells: pa.ChunkedArray, number_format: NumberFormat, column: str) -> pa.ChunkedArray:
    """Return integers and floats as they are, everything that can be a number as float64.

    Raises ColumnMismatch if the type is no number, or more than half of the text cells are none.
    """
    kind = cells.type
    if is_text(kind):
        return _mostly_readable(cells, parse_numbers(cells, number_format), column, "numbers")
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return cells
    if pa.types.is_time(kind) or pa.types.is_duration(kind):
        return _seconds(cells)
    if pa.types.is_boolean(kind):
        return pc.cast(pc.cast(cells, pa.int8()), pa.float64())
    if pa.types.is_null(kind):
        return pc.cast(cells, pa.float64())
    raise ColumnMismatch(f"column '{column}' should hold numbers, but it holds {kind}")


def as_times(cells: pa.ChunkedArray, time_format: TimeFormat, column: str) -> pa.ChunkedArray:
    """Return timestamp[s] showing the wall clock: local time where a zone is known, as written in text.

    Raises ColumnMismatch if the type is no time, or more than half of the text cells are none.
    """
    kind = cells.type
    if is_text(kind):
        return _mostly_readable(cells, parse_times(cells, time_format), column, "dates or times")
    if pa.types.is_timestamp(kind):
        return pc.cast(pc.floor_temporal(_wall_clock(cells, column), unit="second"), pa.timestamp("s"), safe=False)
    if pa.types.is_date(kind):
        return pc.cast(pc.cast(cells, pa.date32()), pa.timestamp("s"))
    if pa.types.is_null(kind):
        return pc.cast(cells, pa.timestamp("s"))
    raise ColumnMismatch(f"column '{column}' should hold dates or times, but it holds {kind}")


def as_words(cells: pa.ChunkedArray, column: str) -> pa.ChunkedArray:
    """Return tidy words, dictionary-encoded: trimmed, lower case, blanks as null; numbers as their shortest text.

    Raises ColumnMismatch for nested values.
    """
    if not is_text(cells.type):
        cells = as_text(cells, column)
    return pa.chunked_array([_tidy_dictionary(chunk.dictionary_encode()) for chunk in cells.chunks], type=_WORDS)


def as_text(cells: pa.ChunkedArray, column: str) -> pa.ChunkedArray:
    """Return trimmed text, null where blank. Raises ColumnMismatch for nested values."""
    if pa.types.is_nested(cells.type) or pa.types.is_binary(cells.type) or pa.types.is_large_binary(cells.type):
        raise ColumnMismatch(f"column '{column}' should hold words, but it holds {cells.type}")
    if pa.types.is_floating(cells.type):
        cells = pc.if_else(pc.is_nan(cells), None, cells)
    return trimmed(cells if is_text(cells.type) else pc.cast(cells, pa.string()))


_WORDS = pa.dictionary(pa.int32(), pa.large_string())


def _tidy_dictionary(chunk: pa.DictionaryArray) -> pa.DictionaryArray:
    """Tidy each different spelling once instead of each cell."""
    words = tidy(pa.chunked_array([chunk.dictionary])).combine_chunks().dictionary_encode()
    codes = words.indices.take(chunk.indices.cast(pa.int32()))
    return pa.DictionaryArray.from_arrays(codes, words.dictionary)


def _wall_clock(cells: pa.ChunkedArray, column: str) -> pa.ChunkedArray:
    if cells.type.tz is None:
        return cells
    try:
        return pc.local_timestamp(cells)
    except pa.ArrowInvalid as error:
        raise ColumnMismatch(f"column '{column}': the time zone '{cells.type.tz}' is not known here") from error


def _seconds(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    per_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[cells.type.unit]
    return pc.divide(pc.cast(ticks(cells), pa.float64(), safe=False), float(per_second))


def _mostly_readable(cells: pa.ChunkedArray, read: pa.ChunkedArray, column: str, what: str) -> pa.ChunkedArray:
    if read.null_count == cells.null_count:
        return read
    is_lost = pc.and_(pc.is_valid(trimmed(cells)), pc.is_null(read))
    n_lost = pc.sum(is_lost).as_py() or 0
    if n_lost >= ENOUGH_CELLS_TO_REFUSE and n_lost > (len(read) - read.null_count):
        example = str(cells.filter(is_lost)[0].as_py())[:40]
        raise ColumnMismatch(f"column '{column}' should hold {what}, but most of its cells do not, such as {example!r}")
    return read
