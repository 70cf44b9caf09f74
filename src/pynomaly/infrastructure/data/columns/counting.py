"""Counting what differs in a column, in memory that does not grow with its rows."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_BLOCK_ROWS = 262_144
_BLOCK_BYTES = 16 * 1024**2
_SORTED_AT_ONCE = 2_000_000  # numbers: 16 MB


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Different cells and how often each came, in the order they first came; null is one of them."""

    values: pa.Array
    counts: np.ndarray


@dataclass(frozen=True, slots=True)
class TallyBounds:
    """How many different spellings, and how many bytes of them, are too many to be counted on."""

    spellings: int = 200_000
    n_bytes: int = 32 * 1024**2


def tally_of(cells: pa.ChunkedArray, *, bounds: TallyBounds = TallyBounds(), block_rows: int = _BLOCK_ROWS) -> Tally:
    """Count the different cells of a text column until there are too many: the rows up to there speak for the rest."""
    counted = pa.table({"value": pa.array([], cells.type), "count": pa.array([], pa.int64())})
    for block in blocks(cells, block_rows=block_rows):
        found = pc.value_counts(block)
        both = pa.table({"value": found.field(0), "count": found.field(1)})
        counted = both if not counted.num_rows else _merged(counted, both)
        if counted.num_rows > bounds.spellings or counted.nbytes > bounds.n_bytes:
            break
    return Tally(counted["value"].combine_chunks(), counted["count"].to_numpy())


def n_distinct_numbers(cells: pa.ChunkedArray, *, at_once: int = _SORTED_AT_ONCE) -> int:
    """Return how many different numbers there are, missing cells left out. Exact, in as many passes as it takes."""
    n_passes = 1 + len(cells) // at_once
    return sum(_distinct_in_pass(cells, number, n_passes) for number in range(n_passes))


def all_whole(cells: pa.ChunkedArray) -> bool:
    """Whether every number of a column is a whole one, missing cells left out."""
    return all(pc.all(pc.equal(block, pc.floor(block)), min_count=0).as_py() for block in blocks(cells))


def blocks(cells: pa.ChunkedArray, *, block_rows: int = _BLOCK_ROWS) -> Iterator[pa.Array]:
    """Yield a column in pieces that are small, in rows and in bytes."""
    row_bytes = max(1, cells.nbytes // max(1, len(cells)))
    n_rows = max(1, min(block_rows, _BLOCK_BYTES // row_bytes))
    for start in range(0, len(cells), n_rows):
        yield cells.slice(start, n_rows).combine_chunks()


def _merged(first: pa.Table, second: pa.Table) -> pa.Table:
    both = pa.concat_tables([first, second]).group_by("value", use_threads=False).aggregate([("count", "sum")])
    return both.select(["value", "count_sum"]).rename_columns(["value", "count"])


def _distinct_in_pass(cells: pa.ChunkedArray, number: int, n_passes: int) -> int:
    """Count among the numbers whose bits fall to one pass: equal ones fall to the same."""
    chosen = []
    for block in blocks(cells):
        bits = _bits(pc.drop_null(block))
        chosen.append(bits if n_passes == 1 else bits[_mixed(bits) % np.uint64(n_passes) == number])
    numbers = np.concatenate(chosen) if chosen else np.empty(0, np.uint64)
    numbers.sort()
    return int(np.count_nonzero(numbers[1:] != numbers[:-1])) + bool(numbers.size)


def _bits(numbers: pa.Array) -> np.ndarray:
    if pa.types.is_floating(numbers.type):
        floats = numbers.cast(pa.float64()).to_numpy(zero_copy_only=False)
        return np.asarray(floats + 0.0).view(np.uint64)  # which makes -0.0 the 0.0 it equals
    wide = pa.uint64() if numbers.type == pa.uint64() else pa.int64()
    return np.array(numbers.cast(wide).to_numpy(zero_copy_only=False)).view(np.uint64)


def _mixed(bits: np.ndarray) -> np.ndarray:
    """Spread numbers over the passes, whatever step they come in (Fibonacci hashing)."""
    return (bits * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(33)
