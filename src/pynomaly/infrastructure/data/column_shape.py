"""The shape of a column, counted block by block: bins of numbers and times, the most frequent values of the rest."""

import math
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pynomaly.domain.arrays import FloatVector
from pynomaly.domain.columns import Column, ColumnKind
from pynomaly.domain.errors import ColumnMismatch
from pynomaly.domain.histogram import MAX_BINS, MAX_VALUES, Histogram, NumberBins, TimeBins, TopValues
from pynomaly.infrastructure.data.columns.coercion import as_numbers, as_times
from pynomaly.infrastructure.data.columns.counting import Tally, blocks, tally_of
from pynomaly.infrastructure.data.columns.numbers_in_text import NumberFormat, number_format_of, parse_numbers
from pynomaly.infrastructure.data.columns.text_cells import is_text, trimmed
from pynomaly.infrastructure.data.columns.times_in_text import TimeFormat, time_format_of
from pynomaly.infrastructure.data.steps.number_step import EXACT_IN_FLOAT64
from pynomaly.infrastructure.data.steps.row_sample import sample_of

NEARLY_ALL = (0.01, 0.99)
WIDER = 0.5  # of that range, to either side: no tail of a bell is cut off, and a cell far out does not flatten the rest
FEW_CELLS = 5_000  # show how a column writes its numbers; training looks at more, and a picture may be a little off
SECONDS_PER_DAY = 86_400
TOO_WIDE = 1e300  # to be divided without overflowing on the way
_YEAR_1, _YEAR_9999 = -62_135_596_800, 253_402_300_799  # in seconds since 1970: what Python's datetime holds
_NUMBERS = (ColumnKind.NUMBER, ColumnKind.NUMBER_TEXT)
_WORDS = (ColumnKind.CATEGORY, ColumnKind.BOOLEAN, ColumnKind.TEXT, ColumnKind.CONSTANT)


def shape_of(column: Column, cells: pa.ChunkedArray) -> Histogram | None:
    """Return the shape of a column; None where it has none worth showing: keys, lists, cells unlike their kind."""
    try:
        if column.kind in _NUMBERS:
            return number_bins(_numbers(cells, column.name))
        if column.kind is ColumnKind.TIME:
            time_format = time_format_of(sample_of(cells)) if is_text(cells.type) else TimeFormat()
            return time_bins(as_times(cells, time_format, column.name))
    except ColumnMismatch:  # the kind was set by hand, and the cells do not follow
        return None
    is_countable = not (pa.types.is_nested(cells.type) or pa.types.is_binary(cells.type))
    return top_values(cells) if column.kind in _WORDS and is_countable else None


def number_bins(cells: pa.ChunkedArray) -> NumberBins | None:
    """Count numbers in at most 30 bins over the range that holds nearly all of them; None where none is finite.

    Whole numbers lie in the middle of their bins, so that no bin holds more of them than another.
    """
    ends = _finite_ends(cells)
    if ends is None:
        return None
    least, greatest = ends
    edges = _edges(*_robust_range(cells, least, greatest), is_whole=pa.types.is_integer(cells.type))
    counts, n_below, n_above = np.zeros(edges.size - 1, dtype=np.int64), 0, 0
    for block in blocks(cells):
        values = _floats(block)
        n_below += int(np.count_nonzero(values < edges[0]))
        n_above += int(np.count_nonzero(values > edges[-1]))
        counts += _counted(values, edges)
    return NumberBins(tuple(edges.tolist()), tuple(counts.tolist()), n_below, n_above, least, greatest)


def time_bins(cells: pa.ChunkedArray) -> TimeBins | None:
    """Count times (timestamp[s]) in at most 30 equal spans, of whole days where all are days; None without any."""
    seconds = pc.drop_null(cells).cast(pa.int64()).to_numpy()
    if not seconds.size or seconds.min() < _YEAR_1 or seconds.max() > _YEAR_9999:
        return None
    unit = SECONDS_PER_DAY if not (seconds % SECONDS_PER_DAY).any() else 1
    first = int(seconds.min())
    n_units = (int(seconds.max()) - first) // unit + 1
    width = unit * -(-n_units // MAX_BINS)
    n_bins = -(-n_units * unit // width)
    counts = np.bincount((seconds - first) // width, minlength=n_bins)
    start = datetime(1970, 1, 1)  # of no zone: the clock that the cells show
    edges = tuple(start + timedelta(seconds=min(first + width * place, _YEAR_9999)) for place in range(n_bins + 1))
    return TimeBins(edges, tuple(counts.tolist()), is_ascending=bool((seconds[1:] >= seconds[:-1]).all()))


def top_values(cells: pa.ChunkedArray) -> TopValues:
    """Count the different cells, texts without the space around them, and return the most frequent eight."""
    tally = _tidy_tally(tally_of(cells))
    order = np.argsort(-tally.counts, kind="stable")[:MAX_VALUES]
    values = tally.values.take(pa.array(order)).to_pylist()
    top, n_counted = tally.counts[order].tolist(), int(tally.counts.sum())
    return TopValues(tuple(zip(values, top, strict=True)), n_counted - sum(top), n_counted)


def _tidy_tally(tally: Tally) -> Tally:
    """Leave out what is missing; count spellings that differ in the space around them as one."""
    values = pa.chunked_array([tally.values])
    if is_text(values.type):
        plain = trimmed(values)
        if pc.all(pc.equal(plain, values)).as_py() is False:
            counted = pa.table({"value": plain, "count": tally.counts}).group_by("value", use_threads=False)
            sums = counted.aggregate([("count", "sum")])
            return _present(sums["value"], sums["count_sum"])
        values = plain  # where a cell was nothing but space, it is missing now
    return _present(values, pa.chunked_array([tally.counts]))


def _present(values: pa.ChunkedArray, counts: pa.ChunkedArray) -> Tally:
    is_there = pc.is_valid(values)
    if pa.types.is_floating(values.type):
        is_there = pc.and_(is_there, pc.fill_null(pc.invert(pc.is_nan(values)), False))
    return Tally(values.filter(is_there).combine_chunks(), counts.filter(is_there).to_numpy())


def _numbers(cells: pa.ChunkedArray, column: str) -> pa.ChunkedArray:
    """Read a column as numbers; text block by block, so that no more than its numbers is held."""
    if not is_text(cells.type):
        return as_numbers(cells, NumberFormat(), column)
    step = max(1, -(-len(cells) // FEW_CELLS))
    number_format = number_format_of(cells.take(pa.array(range(0, len(cells), step))))
    read = [
        chunk for block in blocks(cells) for chunk in parse_numbers(pa.chunked_array([block]), number_format).chunks
    ]
    return pa.chunked_array(read, pa.float64())


def _finite_ends(cells: pa.ChunkedArray) -> tuple[float, float] | None:
    """Return the least and the greatest finite number."""
    least, greatest = np.inf, -np.inf
    for block in blocks(cells):
        values = _floats(block)
        values = values[np.isfinite(values)]
        if values.size:
            least, greatest = min(least, float(values.min())), max(greatest, float(values.max()))
    return (least, greatest) if least <= greatest else None


def _robust_range(cells: pa.ChunkedArray, least: float, greatest: float) -> tuple[float, float]:
    values = np.concatenate([_floats(chunk) for chunk in sample_of(cells).chunks])
    values = values[np.isfinite(values)]
    if not values.size:
        return least, greatest
    low, high = (float(value) for value in np.quantile(values, NEARLY_ALL, method="nearest"))
    margin = WIDER * (high - low)
    return max(least, low - margin), min(greatest, high + margin)


def _edges(low: float, high: float, *, is_whole: bool) -> FloatVector:
    """Return the edges of at most 30 bins of one width; of a single one where floats cannot tell more apart."""
    extent = high - low
    if extent > TOO_WIDE:
        return np.array([low, high])
    if is_whole and extent < EXACT_IN_FLOAT64:
        width = math.ceil((extent + 1) / MAX_BINS)
        edges = low - 0.5 + width * np.arange(math.ceil((extent + 1) / width) + 1, dtype=np.float64)
    else:
        edges = np.linspace(low, high, MAX_BINS + 1, dtype=np.float64)
    return edges if (np.diff(edges) > 0).all() else np.array([low, high])


def _counted(values: FloatVector, edges: FloatVector) -> np.ndarray:
    if edges.size == 2:
        return np.array([np.count_nonzero((values >= edges[0]) & (values <= edges[1]))])
    return np.histogram(values, bins=edges.size - 1, range=(edges[0], edges[-1]))[0]


def _floats(block: pa.Array) -> FloatVector:
    return np.asarray(block.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False))
