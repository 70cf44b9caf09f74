"""Single cells as plain Python objects, for reasons, identifiers and exports: nothing rounded, nothing reformatted."""

import math
from collections.abc import Sequence
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc


def python_values(column: pa.ChunkedArray, rows: Sequence[int]) -> list[object]:
    """Return the cells at `rows` in that order; null and NaN become None."""
    taken = column.take(pa.array(rows, type=pa.int64()))
    if pa.types.is_timestamp(taken.type) and taken.type.unit == "ns":
        taken = _microseconds(taken)
    return [_plain(value) for value in taken.to_pylist()]


def _microseconds(times: pa.ChunkedArray) -> pa.ChunkedArray:
    """Python's datetime knows no nanoseconds; times that need them are written out instead."""
    coarse = pc.cast(times, pa.timestamp("us", times.type.tz), safe=False)
    is_exact = pc.all(pc.equal(pc.cast(coarse, times.type, safe=False), times)).as_py()
    return coarse if is_exact in (True, None) else pc.cast(times, pa.string())


def _plain(value: object) -> object:
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, Decimal):
        nearest = float(value)
        return nearest if Decimal(repr(nearest)) == value else str(value)
    return value
