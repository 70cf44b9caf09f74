"""What a table says twice: rows that hold the same, columns that hold the same or rise and fall together."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.infrastructure.data.columns.counting import blocks, n_distinct_numbers
from pynomaly.infrastructure.data.columns.fingerprint import content_fingerprint
from pynomaly.infrastructure.data.columns.text_cells import is_text

ROWS_COMPARED = 5_000
MAX_COMPARED = 500  # columns held against each other: half a second for as many
IN_STEP = 0.999  # of Spearman's rank correlation

Hashes = NDArray[np.uint64]


def n_repeated_rows(columns: Sequence[pa.ChunkedArray]) -> int:
    """Return how many rows hold in all columns what an earlier row holds; missing cells are alike.

    Rows are compared by 64 bits each: among a million different ones, two look alike with a chance of 3 in 10^8.
    """
    if not columns:
        return 0
    total = np.zeros(len(columns[0]), dtype=np.uint64)
    for column in columns:
        start = 0
        for block in blocks(column):
            part = total[start : start + len(block)]
            part[:] = _mixed(part * np.uint64(0x9E3779B97F4A7C15) + _hashes(block))
            start += len(block)
    return int(total.size - n_distinct_numbers(pa.chunked_array([pa.array(total)])))


def equal_columns(columns: Mapping[str, pa.ChunkedArray]) -> list[tuple[str, ...]]:
    """Return groups of columns that hold the same in every row, in the order given."""
    groups: dict[str, list[str]] = {}
    for name, cells in columns.items():
        groups.setdefault(content_fingerprint(pa.table({"": cells})), []).append(name)
    return [tuple(names) for names in groups.values() if len(names) > 1]


def columns_in_step(columns: Mapping[str, pa.ChunkedArray]) -> list[tuple[str, str]]:
    """Return pairs of number columns whose rows come in nearly the same order, or the reverse; each column once.

    Looked at are 5 000 rows evenly spread. Source: Spearman (1904), rank correlation, with mean ranks for ties.
    """
    numbers = {name: cells for name, cells in columns.items() if _is_number(cells.type)}
    names = list(numbers)[:MAX_COMPARED]
    if len(names) < 2 or len(numbers[names[0]]) < 3:
        return []
    ranks = np.stack([_ranks(_sampled(numbers[name])) for name in names])
    alike = np.triu(np.abs(_correlations(ranks)) >= IN_STEP, k=1)
    pairs: dict[int, int] = {}
    for first, other in np.argwhere(alike).tolist():
        pairs.setdefault(other, first)
    return [(names[first], names[other]) for other, first in sorted(pairs.items())]


def _hashes(block: pa.Array) -> Hashes:
    """Return 64 bits per cell, the same for equal cells."""
    if is_text(block.type):
        words = block.dictionary_encode()
        table = np.array([_word_hash(word) for word in words.dictionary.to_pylist()] + [0], dtype=np.uint64)
        return np.asarray(table[pc.fill_null(words.indices, len(table) - 1).to_numpy()])
    if pa.types.is_floating(block.type):
        values = block.cast(pa.float64()).to_numpy(zero_copy_only=False) + 0.0
        return _mixed(np.where(np.isnan(values), np.nan, values).view(np.uint64))
    if pa.types.is_boolean(block.type):
        block = block.cast(pa.int8())
    elif pa.types.is_temporal(block.type):
        block = block.cast(pa.int32() if block.type.bit_width == 32 else pa.int64())
    wide = block.cast(pa.uint64() if block.type == pa.uint64() else pa.int64())
    values = np.array(pc.fill_null(wide, 0).to_numpy(zero_copy_only=False)).view(np.uint64)
    return _mixed(values) ^ np.where(block.is_null().to_numpy(zero_copy_only=False), np.uint64(1), np.uint64(0))


def _word_hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _mixed(bits: Hashes) -> Hashes:
    """Spread every bit over all: the finaliser of splitmix64 (Steele, Lea and Flood 2014)."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(bits ^ (bits >> np.uint64(31)))


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _sampled(cells: pa.ChunkedArray) -> FloatVector:
    n_rows = len(cells)
    some = (
        cells if n_rows <= ROWS_COMPARED else cells.take(pa.array(np.arange(ROWS_COMPARED) * n_rows // ROWS_COMPARED))
    )
    return np.concatenate(
        [chunk.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False) for chunk in some.chunks]
    )


def _ranks(values: FloatVector) -> FloatVector:
    """Return ranks, equal values their mean one; missing cells are equal and come last."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[places])


def _correlations(rows: FloatMatrix) -> FloatMatrix:
    centred = rows - rows.mean(axis=1, keepdims=True)
    length = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    unit = centred / np.where(length > 0, length, 1.0)
    return np.asarray(unit @ unit.T)
