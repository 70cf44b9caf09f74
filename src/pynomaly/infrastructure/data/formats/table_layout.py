"""Where in a grid of text cells the table is: title lines above it, its header, a row of units, its rows."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.formats.plain_cells import is_missing, is_number

Cells = Sequence[str]

_NUMERIC_SHARE = 0.9
_LONGEST_UNIT = 20
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class TableLayout:
    """What the first records of a grid show; indices count the records given.

    header: None where the first record already is a row.  first_row: the first record that is a row of the table.
    """

    n_columns: int
    header: tuple[str, ...] | None
    first_row: int
    n_title_lines: int = 0
    units: tuple[str, ...] | None = None


def layout_of(records: Sequence[Cells]) -> TableLayout:
    """Find the table in records that are not blank; `records` is not empty.

    Raises UnreadableFile if the header does not fit the rows.
    """
    n_columns = _usual_width(records)
    n_title = _count_title_lines(records, n_columns)
    first, rest = records[n_title], records[n_title + 1 :]
    rows = [record for record in rest if len(record) == n_columns]
    if not _is_header(first, rows):
        return TableLayout(n_columns, None, n_title, n_title)
    header = _fitted(first, rows, n_columns)
    units = tuple(rows[0]) if rows and rest[0] is rows[0] and _are_units(rows[0], rows[1:]) else None
    return TableLayout(n_columns, header, n_title + (2 if units else 1), n_title, units)


def _usual_width(records: Sequence[Cells]) -> int:
    return Counter(len(record) for record in records).most_common(1)[0][0]


def _count_title_lines(records: Sequence[Cells], n_columns: int) -> int:
    """Count leading records that say one thing only, above a table of at least three columns."""
    if n_columns < 3:
        return 0
    count = 0
    while count < len(records) - 1 and _is_title(records[count], n_columns):
        count += 1
    return count


def _is_title(record: Cells, n_columns: int) -> bool:
    filled = [position for position, cell in enumerate(record) if cell.strip()]
    return filled in ([], [0]) and (len(record) in (1, n_columns)) and not is_number(record[0])


def _is_header(first: Cells, rows: Sequence[Cells]) -> bool:
    n_numbers = sum(is_number(cell) for cell in first)
    if _counts_up(first):
        return True
    names_numbers = any(
        _is_word(cell) and _is_numeric(row[position] for row in rows)
        for position, cell in enumerate(first)
        if rows and position < len(rows[0])
    )
    if names_numbers:
        return n_numbers < len(first) / 2
    return n_numbers == 0 and not _recurs(first, rows)


def _is_word(cell: str) -> bool:
    return bool(cell.strip()) and not is_missing(cell) and not is_number(cell)


def _is_numeric(cells: Iterable[str]) -> bool:
    present = [cell for cell in cells if not is_missing(cell)]
    return bool(present) and sum(map(is_number, present)) >= _NUMERIC_SHARE * len(present)


def _counts_up(first: Cells) -> bool:
    """Whether three or more names are consecutive whole numbers: positions (0, 1, 2) or years."""
    numbers = [cell.strip() for cell in first if is_number(cell)]
    if len(numbers) < 3 or not all(number.isdecimal() for number in numbers):
        return False
    values = [int(number[:18]) for number in numbers]
    return values == list(range(values[0], values[0] + len(values)))


def _recurs(first: Cells, rows: Sequence[Cells]) -> bool:
    """Whether most cells of the first record look like the cells below: then they are values, not names."""
    if not rows or len(first) != len(rows[0]):
        return False
    filled = [position for position, cell in enumerate(first) if cell.strip()]
    again = sum(_is_usual(first[position], [row[position] for row in rows]) for position in filled)
    return bool(filled) and again * 2 >= len(filled)


def _is_usual(cell: str, below: Sequence[str]) -> bool:
    """Whether a cell comes again below, or is built like the cells below (2024-01-31, A-17)."""
    shape = _DIGITS.sub("0", cell)
    alike = sum(_DIGITS.sub("0", other) == shape for other in below) if shape != cell or "0" in cell else 0
    return cell in below or (alike > 0 and alike * 2 >= len(below))


def _fitted(header: Cells, rows: Sequence[Cells], n_columns: int) -> tuple[str, ...]:
    if len(header) == n_columns:
        return tuple(header)
    if len(header) == n_columns - 1 and all(not row[-1].strip() for row in rows):
        return (*header, "")  # every row ends with the delimiter
    if len(header) == n_columns + 1 and not header[-1].strip():
        return tuple(header[:-1])
    raise UnreadableFile(
        f"the header names {len(header)} columns but most lines have {n_columns} fields; "
        "give every column a name (and quote cells that contain the delimiter)."
    )


def _are_units(second: Cells, rows: Sequence[Cells]) -> bool:
    """Whether a record under the header holds only short words, at least two of them above columns of numbers."""
    if not rows or any(is_number(cell) or len(cell.strip()) > _LONGEST_UNIT for cell in second):
        return False
    numeric = [p for p in range(len(second)) if _is_numeric([row[p] for row in rows])]
    words = sum(_is_word(second[position]) for position in numeric)
    return words >= 2 and words * 2 >= len(numeric)
