"""Arrow columns of any type in the plainest type that keeps their values."""

import re

import pyarrow as pa
import pyarrow.compute as pc

from pynomaly.infrastructure.data.columns.text_cells import is_text
from pynomaly.infrastructure.data.formats.column_names import unique_names
from pynomaly.infrastructure.data.formats.plain_cells import without_missing_words
from pynomaly.infrastructure.data.raw_table import RawTable

_ROW_NUMBERS = re.compile(r"__index_level_\d+__")
"""What pandas calls an index without a name when it becomes a column: row numbers, not data."""


def plain_table(table: pa.Table) -> RawTable:
    """Return the table with unique names and plain columns.

    Dictionaries and run lengths are decoded, decimals become float64, extension types their storage, text
    loses the words that mean "missing". Times keep their zone; lists, structs and bytes stay as they are.
    """
    given = table.column_names  # made anew at every look
    positions = [position for position, name in enumerate(given) if not _ROW_NUMBERS.fullmatch(name)]
    names, notes = unique_names([given[position] for position in positions])
    columns = [_plain(table.column(position)) for position in positions]
    if len(positions) < table.num_columns:
        notes.append("The data frame's unnamed index was left out.")
    return RawTable(pa.Table.from_arrays(columns, names=names), tuple(notes))


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        return _plain(pa.chunked_array([chunk.storage for chunk in column.chunks], type=kind.storage_type))
    if pa.types.is_dictionary(kind):
        return _plain(column.cast(kind.value_type))
    if pa.types.is_run_end_encoded(kind):
        return _plain(pa.chunked_array([pc.run_end_decode(chunk) for chunk in column.chunks], type=kind.value_type))
    if pa.types.is_decimal(kind):
        return column.cast(pa.float64())
    if pa.types.is_float16(kind):
        return column.cast(pa.float32())
    return without_missing_words(_text(column)) if is_text(kind) else column


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """One type of text; columns beyond 2 GiB need the long one, which all others fit too."""
    return column if pa.types.is_string(column.type) else column.cast(pa.large_string())
