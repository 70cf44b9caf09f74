"""Reading Excel workbooks: the first sheet that holds a table, wherever on the sheet the table begins."""

import logging
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pynomaly.domain.errors import EmptyDataset, ExtraNotInstalled, UnreadableFile
from pynomaly.infrastructure.data.content.byte_source import ByteSource
from pynomaly.infrastructure.data.formats.column_names import numbered_names, unique_names
from pynomaly.infrastructure.data.formats.plain_cells import settled
from pynomaly.infrastructure.data.formats.table_layout import TableLayout, layout_of
from pynomaly.infrastructure.data.formats.workbook_archive import refuse_unsafe_workbook
from pynomaly.infrastructure.data.limits import MAX_COLUMNS, SNIFFED_RECORDS
from pynomaly.infrastructure.data.raw_table import RawTable

_UNHEARD = logging.NullHandler()
"""The package would write to standard error of what it thinks of a column's type; that is no news to readers."""

_SHEETS_LOOKED_AT = 1000  # each costs about a tenth of a millisecond to open, and some take long to parse

_HINT = "reading Excel needs a package that is not installed: pip install 'pynomaly-platform[excel]'"


class _Grid:
    """The first rows of a sheet as text, blank ones left out, each with its row number in the sheet (from 0)."""

    def __init__(self, sheet: pa.RecordBatch, name: str) -> None:
        if sheet.num_columns > MAX_COLUMNS:
            raise UnreadableFile(f"'{name}' has {sheet.num_columns} columns; at most {MAX_COLUMNS} can be read.")
        columns = [["" if cell is None else cell for cell in column.to_pylist()] for column in sheet.columns]
        used = [position for position, column in enumerate(columns) if any(cell.strip() for cell in column)]
        self.first_column = used[0] if used else 0
        self.end_column = used[-1] + 1 if used else 0
        rows = enumerate(zip(*columns[self.first_column : self.end_column], strict=True))
        filled = [(number, row) for number, row in rows if any(cell.strip() for cell in row)]
        self.row_numbers = [number for number, _ in filled]
        self.rows: list[Sequence[str]] = [row for _, row in filled]


def read(source: ByteSource) -> RawTable:
    """Read the first sheet that holds a table of two columns or more, else the first that holds anything.

    Raises ExtraNotInstalled, UnreadableFile, EmptyDataset.
    """
    try:
        import fastexcel
    except ModuleNotFoundError as error:
        raise ExtraNotInstalled(_HINT) from error
    logging.getLogger("fastexcel").addHandler(_UNHEARD)
    with source.open() as stream:
        content = bytes(stream.read())
    refuse_unsafe_workbook(content, source.name)
    try:
        workbook = fastexcel.read_excel(content)
        name, grid = _sheet_with_table(workbook, source.name)
        return _table(workbook, name, grid, source.name)
    except MemoryError:
        raise
    except (fastexcel.FastExcelError, pa.ArrowException) as error:
        raise _unreadable(source.name, error) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # Rust's, which nothing exports and which is no Exception
            raise
        raise _unreadable(source.name, error) from error


def _unreadable(name: str, error: BaseException) -> UnreadableFile:
    reason = str(error).partition("\n")[0][:120]
    return UnreadableFile(
        f"'{name}' cannot be read as an Excel workbook ({reason}); is it damaged or protected by a password?"
    )


def _sheet_with_table(workbook: Any, name: str) -> tuple[str, _Grid]:
    fallback: tuple[str, _Grid] | None = None
    for sheet_name in workbook.sheet_names[:_SHEETS_LOOKED_AT]:
        grid = _Grid(_load(workbook, sheet_name, skip_rows=0, n_rows=SNIFFED_RECORDS, dtypes="string"), name)
        if len(grid.rows) > 1 and grid.end_column - grid.first_column > 1:
            return sheet_name, grid
        if grid.rows and fallback is None:
            fallback = sheet_name, grid
    if fallback is None:
        raise EmptyDataset(f"'{name}' has no sheet with anything on it.")
    return fallback


def _table(workbook: Any, sheet_name: str, grid: _Grid, name: str) -> RawTable:
    layout = layout_of(grid.rows)
    names, notes = unique_names(layout.header) if layout.header else (numbered_names(layout.n_columns), [])
    if layout.first_row >= len(grid.rows):
        raise EmptyDataset(f"sheet '{sheet_name}' of '{name}' has column names but no rows.")
    batch = _load(workbook, sheet_name, skip_rows=grid.row_numbers[layout.first_row], schema_sample_rows=None)
    arrays = [_whole_where_possible(array) for array in batch.columns[grid.first_column : grid.end_column]]
    data, cell_notes = settled(pa.Table.from_arrays(arrays, names=names))
    filled = _without_blank_rows(data)
    others = [other for other in workbook.sheet_names if other != sheet_name]
    sheet_notes = _notes(sheet_name, others, layout, grid, data.num_rows - filled.num_rows)
    return RawTable(filled, (*sheet_notes, *notes, *cell_notes))


def _load(workbook: Any, sheet_name: str, **options: Any) -> pa.RecordBatch:
    return workbook.load_sheet(sheet_name, header_row=None, **options).to_arrow()


def _whole_where_possible(column: pa.Array) -> pa.Array:
    """Excel knows only floating-point numbers; a column of whole ones is given back as integers."""
    if not pa.types.is_floating(column.type):
        return column
    try:
        return column.cast(pa.int64())
    except pa.ArrowInvalid:
        return column


def _without_blank_rows(data: pa.Table) -> pa.Table:
    is_blank = pa.array([True] * data.num_rows)
    for column in data.columns:
        is_blank = pc.and_(is_blank, pc.is_null(column))
    return data.filter(pc.invert(is_blank))


def _notes(sheet: str, others: list[str], layout: TableLayout, grid: _Grid, n_blank: int) -> list[str]:
    notes = []
    if others:
        notes.append(f"Read sheet '{sheet}'; not read: {', '.join(repr(other) for other in others[:8])}.")
    if layout.header is None:
        notes.append(f"Sheet '{sheet}' has no header; its columns are called column_1, column_2, …")
    elif grid.row_numbers[layout.n_title_lines]:
        notes.append(f"The header of sheet '{sheet}' was found in row {grid.row_numbers[layout.n_title_lines] + 1}.")
    if layout.units:
        notes.append("The row under the header looks like units and was skipped.")
    if n_blank:
        notes.append(f"{n_blank} blank row(s) of sheet '{sheet}' were skipped.")
    return notes
