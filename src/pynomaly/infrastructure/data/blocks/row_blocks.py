"""Rows as a stream of small tables of one schema."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

BLOCK_ROWS = 65_536
"""Enough that a block's overhead does not show, few enough that dozens of wide columns stay small."""


@dataclass(frozen=True, slots=True)
class RowBlocks:
    """The rows of one file. tables: each of `schema`, to be gone through once.  notes: as a reader's."""

    schema: pa.Schema
    tables: Iterator[pa.Table]
    notes: tuple[str, ...] = ()


def cut(table: pa.Table) -> Iterator[pa.Table]:
    """Yield a table in blocks."""
    for start in range(0, table.num_rows, BLOCK_ROWS):
        yield table.slice(start, BLOCK_ROWS)
