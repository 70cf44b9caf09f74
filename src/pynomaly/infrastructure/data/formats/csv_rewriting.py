"""The careful road for awkward text: every record is looked at, and a regular CSV of the same rows is written.

Comments and blank lines are left out. A line with too many or too few fields keeps its place as an empty row, so
that row numbers still agree with the file; which of its fields belongs to which column is never guessed.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.content.byte_source import ByteSource
from pynomaly.infrastructure.data.formats.csv_dialect import Record, parsed
from pynomaly.infrastructure.data.formats.csv_plan import CsvPlan

MAX_RAGGED_LINES = 10
MAX_RAGGED_SHARE = 0.01
"""More ragged lines than both of these say that the delimiter or the quoting is wrong, not a few lines."""

_MAX_RAGGED_OF_FEW = 0.25
"""In a very short file already a few lines are too many."""

_SHOWN = 10


@dataclass(slots=True)
class _Count:
    """Line numbers of what was met on the way."""

    n_rows: int = 0
    blank: list[int] = field(default_factory=list)
    comments: list[int] = field(default_factory=list)
    ragged: list[int] = field(default_factory=list)


def rewritten(source: ByteSource, plan: CsvPlan, into: Path | None = None) -> tuple[ByteSource, list[str]]:
    """Return the rows as UTF-8, comma-separated, one record per row and without a header, and notes.

    into: a file for them, which are held in memory without one.
    Raises UnreadableFile naming the lines if quoting is broken or too many lines are ragged.
    """
    if into is not None:
        with into.open("wb") as stream:
            notes = _rewrite(source, plan, stream)
        return replace(source, path=into, content=None), notes
    content = io.BytesIO()
    notes = _rewrite(source, plan, content)
    return source.with_content(pa.py_buffer(content.getbuffer())), notes


def _rewrite(source: ByteSource, plan: CsvPlan, stream: BinaryIO) -> list[str]:
    count = _Count()
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    for record in _records(source, plan):
        _write(record, len(plan.names), writer, count)
    text.detach()
    _refuse_many_ragged(source.name, count)
    return _notes(source.name, len(plan.names), count)


def _records(source: ByteSource, plan: CsvPlan) -> Iterator[Record]:
    line = 0
    with source.open() as stream, io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
        try:
            for record in parsed(text, plan.dialect, is_strict=True):
                line = record.line
                if line >= plan.first_line:
                    yield record
        except csv.Error as error:
            raise UnreadableFile(
                f"'{source.name}' cannot be read as CSV: the record after line {line} has broken quoting ({error}); "
                'close every quote, and write a quote inside a cell as "".'
            ) from error


def _write(record: Record, n_columns: int, writer: Any, count: _Count) -> None:
    if record.is_blank and (n_columns > 1 or not record.cells):
        count.blank.append(record.line)
    elif record.is_comment(n_columns):
        count.comments.append(record.line)
    else:
        count.n_rows += 1
        if len(record.cells) != n_columns:
            count.ragged.append(record.line)
        writer.writerow(record.cells if len(record.cells) == n_columns else [""] * n_columns)


def _refuse_many_ragged(name: str, count: _Count) -> None:
    n_ragged = len(count.ragged)
    allowed = max(MAX_RAGGED_SHARE * count.n_rows, min(MAX_RAGGED_LINES, _MAX_RAGGED_OF_FEW * count.n_rows))
    if n_ragged > allowed:
        raise UnreadableFile(
            f"'{name}' has {n_ragged} of {count.n_rows} lines with too many or too few fields "
            f"(lines {_listed(count.ragged)}); quote cells that contain the delimiter, or repair these lines."
        )


def _notes(name: str, n_columns: int, count: _Count) -> list[str]:
    notes = []
    if count.ragged:
        notes.append(
            f"Line(s) {_listed(count.ragged)} of {name} do not have {n_columns} fields; they were kept as empty rows."
        )
    if count.blank:
        notes.append(f"Blank line(s) {_listed(count.blank)} of {name} were skipped.")
    if count.comments:
        notes.append(f"Comment line(s) {_listed(count.comments)} of {name} were skipped.")
    return notes


def _listed(lines: list[int]) -> str:
    more = f" and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
    return ", ".join(str(line) for line in lines[:_SHOWN]) + more
