"""Cells of regular delimited text by the compiled reader, block by block: what Arrow's parser returns, sooner."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pynomaly.domain.arrays import FloatVector, IntVector
from pynomaly.infrastructure.data.compiled import native_steps
from pynomaly.infrastructure.data.content.byte_source import ByteSource
from pynomaly.infrastructure.data.formats.csv_plan import CsvPlan
from pynomaly.infrastructure.data.formats.plain_cells import MISSING_WORDS, spellings
from pynomaly.infrastructure.data.text_twin import HAS_FRACTIONS, IS_EMPTY

BLOCK_BYTES = 8 * 1024**2
"""So much that the numbers of a block lie on huge pages: half the time of small blocks went into touching memory."""

TEXT_BYTES = 128 * 1024**2
"""What the text columns of one block may take until their cells are read: each could be the whole block."""

_HAS_GAPS, _HAS_BLANK_GAPS = 4, 8
"""Bits of native/cells.h beside what a column is."""

_MISSING = "".join(f"{word}\n" for word in spellings(MISSING_WORDS) if word).encode()
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class _OtherCells(Exception):
    """Something that the compiled reader does not vouch for."""


@dataclass(frozen=True, slots=True, eq=False)
class _Numbers:
    """A column of one block. column: as native/cells.h describes it.  values: float64 (n,), NaN where missing."""

    column: int
    values: FloatVector

    @property
    def kind(self) -> int:
        return self.column & ~(_HAS_GAPS | _HAS_BLANK_GAPS)


_Column: TypeAlias = _Numbers | pa.Array


def read_plain_cells(source: ByteSource, plan: CsvPlan) -> pa.Table | None:
    """Return the table that Arrow's parser makes of regular text, with words for "missing" still in text columns.

    None where that cannot be vouched for, and Arrow has to say: quotes, lines of other lengths, numbers that are not
    written as JSON writes them, whole numbers beyond 2^53; and where nothing is compiled.
    """
    if native_steps is None or not plan.is_regular or len(plan.dialect.delimiter.encode()) != 1:
        return None
    read = partial(_read_block, native_steps, plan, np.array([name in plan.text_columns for name in plan.names]))
    try:
        blocks = list(_at_once(read, _blocks(source, plan)))
    except _OtherCells:
        return None
    columns = [_joined(parts) for parts in zip(*blocks, strict=True)]
    return pa.Table.from_arrays(columns, names=list(plan.names)) if blocks else None


def _at_once(read: "partial[list[_Column]]", blocks: Iterator[memoryview]) -> Iterator[list[_Column]]:
    """Yield what is read of each block, in their order; there are never many more blocks in memory than threads."""
    n_threads = int(pa.cpu_count())
    if n_threads == 1:
        yield from map(read, blocks)
        return
    pending: deque[Future[list[_Column]]] = deque()
    with ThreadPoolExecutor(n_threads) as threads:
        for block in blocks:
            pending.append(threads.submit(read, block))
            if len(pending) > n_threads:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


def _blocks(source: ByteSource, plan: CsvPlan) -> Iterator[memoryview]:
    """Yield whole lines, from the first row on."""
    n_bytes = max(4096, min(BLOCK_BYTES, TEXT_BYTES // max(1, len(plan.text_columns))))
    with source.open() as stream:
        start = _start_of_line(plan.first_line, stream.read(n_bytes))
        stream.seek(start)
        while lines := stream.read(n_bytes):
            is_last = start + len(lines) == source.n_bytes
            end = len(lines) if is_last else lines.rfind(b"\n") + 1
            if not end:
                raise _OtherCells  # a line longer than a block
            yield memoryview(lines)[:end]
            start += end
            stream.seek(start)


def _start_of_line(n_line: int, beginning: bytes) -> int:
    """Return where a line begins, counted from 1."""
    start = len(_BYTE_ORDER_MARK) if beginning.startswith(_BYTE_ORDER_MARK) else 0
    for _ in range(n_line - 1):
        end = beginning.find(b"\n", start)
        if end < 0 or b"\r" in beginning[start : end - 1]:
            raise _OtherCells
        start = end + 1
    return start


def _read_block(readers: ModuleType, plan: CsvPlan, is_text: NDArray[np.bool_], block: memoryview) -> list[_Column]:
    n_texts = int(np.count_nonzero(is_text))
    n_numbers = is_text.size - n_texts
    n_lines = readers.count_lines(block) + 1
    numbers = np.empty((n_numbers, n_lines))
    columns = np.empty(n_numbers, np.uint8)
    ends = np.empty((n_texts, n_lines + 1), np.int32)
    kept = np.empty((n_texts, len(block)), np.uint8)
    marks = plan.dialect.delimiter.encode() + (b"," if plan.has_decimal_comma else b".")
    n_rows = readers.read_cells(block, marks, _MISSING, is_text.view(np.uint8), numbers, columns, ends, kept)
    if n_rows < 0:
        raise _OtherCells
    texts = iter(_texts(row_ends[: n_rows + 1], cells) for row_ends, cells in zip(ends, kept, strict=True))
    values = iter(_Numbers(column, cells[:n_rows]) for column, cells in zip(columns.tolist(), numbers, strict=True))
    return [next(texts if text else values) for text in is_text]


def _texts(ends: IntVector, cells: NDArray[np.uint8]) -> pa.Array:
    text = cells[: ends[-1]].tobytes()
    try:
        text.decode()
    except UnicodeDecodeError:
        raise _OtherCells from None
    return pa.Array.from_buffers(pa.string(), ends.size - 1, [None, pa.py_buffer(ends), pa.py_buffer(text)])


def _joined(parts: tuple[_Column, ...]) -> pa.ChunkedArray:
    numbers = [part for part in parts if isinstance(part, _Numbers)]
    if not numbers:
        return pa.chunked_array(parts)
    kinds = {part.kind for part in numbers}
    if kinds == {IS_EMPTY}:
        has_text = any(part.column & _HAS_BLANK_GAPS for part in numbers)  # as Arrow takes a word with blanks around it
        nulls_of = pa.string() if has_text else pa.null()
        return pa.chunked_array([pa.nulls(part.values.size, nulls_of) for part in numbers])
    return pa.chunked_array([_as_arrow(part, is_whole=HAS_FRACTIONS not in kinds) for part in numbers])


def _as_arrow(part: _Numbers, *, is_whole: bool) -> pa.Array:
    present = ~np.isnan(part.values) if part.column & _HAS_GAPS else None
    values = part.values if present is None else np.where(present, part.values, 0.0)
    held = np.ascontiguousarray(values, np.int64) if is_whole else np.ascontiguousarray(values)
    gaps = None if present is None else pa.py_buffer(np.packbits(present, bitorder="little"))
    return pa.Array.from_buffers(pa.int64() if is_whole else pa.float64(), held.size, [gaps, pa.py_buffer(held)])
