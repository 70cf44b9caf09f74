"""Cells as values: plain Python objects for reasons and exports, nothing rounded; which are missing, which differ."""

import math
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def python_values(column: pa.ChunkedArray, rows: Sequence[int]) -> list[object]:
    """Return the cells at `rows` in that order; null and NaN become None."""
    taken = column.take(pa.array(rows, type=pa.int64()))
    if pa.types.is_timestamp(taken.type) and taken.type.unit == "ns":
        taken = _microseconds(taken)
    return [_plain(value) for value in taken.to_pylist()]


def n_missing(cells: pa.ChunkedArray) -> int:
    """Return how many cells are null or NaN."""
    not_numbers = pc.sum(pc.is_nan(cells)).as_py() if pa.types.is_floating(cells.type) else 0
    return int(cells.null_count + (not_numbers or 0))


def ends_of(cells: pa.ChunkedArray) -> tuple[pa.Scalar, pa.Scalar]:
    """Return the least and the greatest cell, NaN only where there is nothing else, null where there is nothing at all.

    As Arrow's min_max, which takes twenty times as long for fractions.
    """
    if pa.types.is_float64(cells.type) and not cells.null_count and len(cells):
        parts = [part.to_numpy() for part in cells.chunks if len(part)]
        low = np.fmin.reduce([np.fmin.reduce(part) for part in parts])
        high = np.fmax.reduce([np.fmax.reduce(part) for part in parts])
        return pa.scalar(float(low)), pa.scalar(float(high))
    ends = pc.min_max(cells)
    return ends["min"], ends["max"]


def n_distinct(cells: pa.ChunkedArray) -> int | None:
    """Return how many different values there are, None where Arrow cannot tell (lists, structs)."""
    if cells.null_count == len(cells):
        return 0
    try:
        n = int(pc.count_distinct(cells).as_py())
    except pa.ArrowNotImplementedError:
        return None
    return n - int(n_missing(cells) > cells.null_count)  # NaN counts as a value there, and as missing here


def _microseconds(times: pa.ChunkedArray) -> pa.ChunkedArray:
    """Python's datetime knows no nanoseconds; times that need them are written out instead."""
    coarse = pc.cast(times, pa.timestamp("us", times.type.tz), safe=False)
    is_exact = pc.all(pc.equal(pc.cast(coarse, times.type, safe=False), times)).as_py()
    return coarse if is_exact in (True, None) else pc.cast(times, pa.string())


def _plain(value: object) -> object:
    if isinstance(value, float) and math.isnan(value):
        return None
    return value
