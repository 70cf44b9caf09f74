"""Reading CSV and its relatives: a fast road for regular files, a careful one for the others, one parser for both."""

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.columns.text_cells import is_text
from pynomaly.infrastructure.data.content.byte_source import ByteSource
from pynomaly.infrastructure.data.content.text_encoding import as_utf8, encoding_of, whole_file_encoding
from pynomaly.infrastructure.data.formats.csv_cells import read_plain_cells
from pynomaly.infrastructure.data.formats.csv_plan import CsvPlan, plan_of
from pynomaly.infrastructure.data.formats.csv_rewriting import rewritten
from pynomaly.infrastructure.data.formats.plain_cells import MISSING_WORDS, settled, spellings
from pynomaly.infrastructure.data.limits import SNIFFED_BYTES
from pynomaly.infrastructure.data.raw_table import RawTable

FAST_BLOCK_BYTES = 1024**2
CAREFUL_BLOCK_BYTES = 32 * 1024**2
"""A block must hold the longest record; only the careful road meets very long ones."""

_NO_TIME = "\x01"
"""A time format that nothing matches: what a time is, is decided later and in one place."""


class IrregularFile(Exception):
    """The fast road cannot vouch for its result."""


def read(source: ByteSource) -> RawTable:
    """Read delimited text in any encoding and dialect that can be recognised.

    Numbers become Arrow numbers where every present cell of a column is a plain one; everything else stays
    text. A line with too many or too few fields never shifts cells: a few such lines become empty rows and are
    reported by number, more are refused (see csv_rewriting).
    Raises UnreadableFile, EmptyDataset.
    """
    encoding = encoding_of(source.head(SNIFFED_BYTES), name=source.name)
    text = as_utf8(source, encoding)
    try:
        return _read_utf8(text, encoding.note)
    except UnicodeDecodeError:
        late = whole_file_encoding(source)
        return _read_utf8(as_utf8(source, late), late.note)


def _read_utf8(source: ByteSource, encoding_note: str) -> RawTable:
    plan = plan_of(source)
    notes = [encoding_note] if encoding_note else []
    notes.extend(plan.notes)
    try:
        table = _fast(source, plan)
    except (IrregularFile, pa.ArrowInvalid):
        table, more = _careful(source, plan)
        notes.extend(more)
    data, cell_notes = settled(table, has_decimal_comma=plan.has_decimal_comma)
    if plan.has_decimal_comma:
        notes.append(f"Numbers in {source.name} are written with a decimal comma.")
    return RawTable(data, (*notes, *cell_notes))


def _fast(source: ByteSource, plan: CsvPlan) -> pa.Table:
    if not plan.is_regular:
        raise IrregularFile
    plain = read_plain_cells(source, plan)
    if plain is not None:
        return plain
    table = _parse(source, plan, block_bytes=FAST_BLOCK_BYTES)
    if has_line_breaks(table):
        raise IrregularFile
    return table


def _careful(source: ByteSource, plan: CsvPlan) -> tuple[pa.Table, list[str]]:
    regular, notes = rewritten(source, plan)
    plain = replace(plan, dialect=replace(plan.dialect, delimiter=","), first_line=1, has_quotes=True)
    try:
        return _parse(regular, plain, block_bytes=CAREFUL_BLOCK_BYTES), notes
    except pa.ArrowInvalid as error:
        reason = str(error).splitlines()[0][:120]
        raise UnreadableFile(f"'{source.name}' cannot be read as CSV ({reason}); is it a table of rows?") from error


def _parse(source: ByteSource, plan: CsvPlan, *, block_bytes: int) -> pa.Table:
    """Parse; columns that turn out to be dates or times are parsed again as the text they are.

    Raises UnicodeDecodeError where cells are no UTF-8.
    """
    table = _parse_once(source, plan, block_bytes)
    guessed = {field.name for field in table.schema if pa.types.is_temporal(field.type)}
    if guessed:
        table = _parse_once(source, replace(plan, text_columns=plan.text_columns | guessed), block_bytes)
    if any(pa.types.is_binary(field.type) for field in table.schema):
        raise UnicodeDecodeError("utf-8", b"", 0, 1, "a cell beyond the sampled beginning")
    return table


def _parse_once(source: ByteSource, plan: CsvPlan, block_bytes: int) -> pa.Table:
    with source.open() as stream:
        return pyarrow.csv.read_csv(stream, **options_of(plan, block_bytes=block_bytes))


def options_of(plan: CsvPlan, *, block_bytes: int) -> dict[str, Any]:
    """Return what Arrow's parser is told, as keywords."""
    return {
        "read_options": pyarrow.csv.ReadOptions(
            column_names=plan.names, skip_rows=plan.first_line - 1, block_size=block_bytes
        ),
        "parse_options": pyarrow.csv.ParseOptions(
            delimiter=plan.dialect.delimiter, newlines_in_values=plan.has_quotes, ignore_empty_lines=True
        ),
        "convert_options": pyarrow.csv.ConvertOptions(
            column_types={name: pa.string() for name in plan.text_columns},
            null_values=spellings(MISSING_WORDS),
            strings_can_be_null=True,
            true_values=[],
            false_values=[],
            timestamp_parsers=[_NO_TIME],
            decimal_point="," if plan.has_decimal_comma else ".",
        ),
    }


def has_line_breaks(table: pa.Table) -> bool:
    """Whether any cell holds a line break: a quote that is never closed may have swallowed whole lines."""
    texts = (column for column in table.columns if is_text(column.type))
    return any(pc.any(pc.match_substring_regex(column, r"[\r\n]"), min_count=0).as_py() for column in texts)
