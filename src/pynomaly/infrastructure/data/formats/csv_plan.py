"""What the beginning of a text file tells about how to read all of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from pynomaly.domain.errors import EmptyDataset, UnreadableFile
from pynomaly.infrastructure.data.content.byte_source import ByteSource
from pynomaly.infrastructure.data.formats.column_names import numbered_names, unique_names
from pynomaly.infrastructure.data.formats.csv_dialect import (
    Dialect,
    Record,
    declared_delimiter,
    dialect_of,
    has_decimal_comma,
    sampled,
)
from pynomaly.infrastructure.data.formats.plain_cells import is_code, is_missing, is_number
from pynomaly.infrastructure.data.formats.table_layout import TableLayout, layout_of
from pynomaly.infrastructure.data.limits import MAX_COLUMNS, SNIFFED_BYTES

_TAIL_BYTES = 4096


@dataclass(frozen=True, slots=True)
class CsvPlan:
    """How to read one text file.

    first_line: the text line (from 1) on which the rows begin.  text_columns: names of columns that must not
    be guessed to be numbers or times.  is_regular: whether nothing seen asks for the careful road.
    """

    dialect: Dialect
    names: tuple[str, ...]
    first_line: int
    text_columns: frozenset[str]
    has_decimal_comma: bool
    has_quotes: bool
    is_regular: bool
    notes: tuple[str, ...]


def plan_of(source: ByteSource) -> CsvPlan:
    """Learn the plan from the first bytes of UTF-8 text.

    Raises EmptyDataset if there is no table, UnreadableFile if its header does not fit its rows.
    """
    text, is_complete = _sample(source)
    dialect = dialect_of(text, is_complete=is_complete)
    records = sampled(text, dialect, is_complete=is_complete)
    if declared_delimiter(text):
        records = records[1:]
    content = _without_comments([record for record in records if not record.is_blank])
    if not records and text.strip():
        raise UnreadableFile(f"'{source.name}' holds an endless cell near its beginning; is a quote never closed?")
    if not content:
        raise EmptyDataset(f"'{source.name}' holds no table, only blank lines or comments.")
    layout = _layout(content, source.name)
    rows = content[layout.first_row :]
    if not rows:
        raise EmptyDataset(f"'{source.name}' has column names but no rows; was it written completely?")
    names, name_notes = unique_names(layout.header) if layout.header else (numbered_names(layout.n_columns), [])
    first_line = rows[0].line
    below = [record for record in records if record.line >= first_line and not record.is_blank]
    cells = [record.cells for record in below if len(record.cells) == layout.n_columns]
    return CsvPlan(
        dialect=dialect,
        names=tuple(names),
        first_line=first_line,
        text_columns=_text_columns(names, cells),
        has_decimal_comma=has_decimal_comma(cells, dialect.delimiter),
        has_quotes='"' in text,
        is_regular=len(cells) == len(below) and not (dialect.skips_blanks or _has_comments(source, below, layout)),
        notes=(*_notes(layout, source.name), *name_notes),
    )


def _sample(source: ByteSource) -> tuple[str, bool]:
    head = source.head(SNIFFED_BYTES)
    is_complete = source.n_bytes <= len(head)
    if not is_complete:
        end = max(head.rfind(b"\n"), head.rfind(b"\r"))
        if end < 0:
            raise UnreadableFile(f"'{source.name}' begins with a line of over {SNIFFED_BYTES} bytes; is it a table?")
        head = head[: end + 1]
    return head.decode("utf-8-sig", "replace"), is_complete


def _without_comments(records: Sequence[Record]) -> list[Record]:
    unmarked = [record for record in records if not record.is_marked]
    if not unmarked:
        return []
    widths = [len(record.cells) for record in unmarked]
    usual = max(set(widths), key=widths.count)
    return [record for record in records if not record.is_comment(usual)]


def _layout(content: Sequence[Record], name: str) -> TableLayout:
    widest = max(len(record.cells) for record in content)
    if widest > MAX_COLUMNS:
        raise UnreadableFile(f"'{name}' has {widest} columns; at most {MAX_COLUMNS} can be read. Is it transposed?")
    try:
        return layout_of([record.cells for record in content])
    except UnreadableFile as error:
        raise UnreadableFile(f"'{name}' cannot be read: {error}") from None


def _text_columns(names: Sequence[str], rows: Sequence[Sequence[str]]) -> frozenset[str]:
    return frozenset(name for position, name in enumerate(names) if _is_text([row[position] for row in rows]))


def _is_text(cells: Sequence[str]) -> bool:
    """Whether a column holds anything but plain numbers, codes with leading zeros and overlong integers included."""
    return any((not is_number(cell) or is_code(cell)) and not is_missing(cell) for cell in cells)


def _has_comments(source: ByteSource, below: Sequence[Record], layout: TableLayout) -> bool:
    if any(record.is_comment(layout.n_columns) for record in below):
        return True
    return layout.n_columns == 1 and any(mark in source.tail(_TAIL_BYTES) for mark in (b"\n#", b"\r#"))


def _notes(layout: TableLayout, name: str) -> list[str]:
    notes = []
    if layout.n_title_lines:
        notes.append(f"{layout.n_title_lines} line(s) above the table in {name} were skipped.")
    if layout.header is None:
        notes.append(f"{name} has no header; its columns are called column_1, column_2, …")
    if layout.units:
        units = ", ".join(dict.fromkeys(unit.strip() for unit in layout.units))
        notes.append(f"The line under the header looks like units ({units[:60]}) and was skipped.")
    return notes
