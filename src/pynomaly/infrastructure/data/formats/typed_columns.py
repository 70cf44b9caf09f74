"""Tables whose columns have types already, as a reader hands them over."""

import re

import pyarrow as pa

from pynomaly.infrastructure.data.columns.arrow_types import plain_columns
from pynomaly.infrastructure.data.columns.text_cells import is_text
from pynomaly.infrastructure.data.columns.unfolding import refuse_unfolding
from pynomaly.infrastructure.data.formats.column_names import unique_names
from pynomaly.infrastructure.data.formats.plain_cells import without_missing_words
from pynomaly.infrastructure.data.raw_table import RawTable

_ROW_NUMBERS = re.compile(r"__index_level_\d+__")
"""What pandas calls an index without a name when it becomes a column: row numbers, not data."""


def plain_table(table: pa.Table, *, name: str = "the table") -> RawTable:
    """Return the table with unique names and plain columns; text loses the words that mean "missing".

    name: of the source, for messages.  Raises UnreadableFile if columns say few things too many times.
    """
    refuse_unfolding(table, name)
    given = table.column_names  # made anew at every look
    positions = [position for position, name in enumerate(given) if not _ROW_NUMBERS.fullmatch(name)]
    names, notes = unique_names([given[position] for position in positions])
    columns = without_missing(plain_columns(table).select(positions)).columns
    if len(positions) < table.num_columns:
        notes.append("The data frame's unnamed index was left out.")
    return RawTable(pa.Table.from_arrays(columns, names=names), tuple(notes))


def without_missing(table: pa.Table) -> pa.Table:
    """Return the table with nulls in place of the words that mean "missing"."""
    columns = [_without_missing(column) for column in table.columns]
    return pa.Table.from_arrays(columns, schema=table.schema)


def _without_missing(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return without_missing_words(column) if is_text(column.type) else column
