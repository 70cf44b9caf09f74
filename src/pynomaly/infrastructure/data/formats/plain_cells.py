"""Text cells as a reader found them: words that mean "missing" become nulls, plain numbers become numbers."""

import re
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from pynomaly.infrastructure.data.columns.text_cells import is_text, trimmed

MISSING_WORDS = frozenset(
    {"", "na", "n/a", "#n/a", "#na", "<na>", "n.a.", "nan", "-nan", "null", "nil", "missing", "?", "-", "--", "."}
)
"""Whole cells that mean "no value", whatever their case and the blanks around them.

Besides these "None" as Python writes it; "none" in small letters is a word people use on purpose ("no guarantor").
"""

NUMBER = re.compile(r"[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|inf|infinity)", re.IGNORECASE)
COMMA_NUMBER = re.compile(r"[+-]?(?:\d+,\d+|,\d+)(?:e[+-]?\d+)?", re.IGNORECASE)
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+")
WHOLE = re.compile(r"[+-]?\d+")
LEADING_ZERO = re.compile(r"[+-]?0\d+")

NUMBER_CELLS = r"^(?i:[+-]?(?:(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|inf|infinity))$"
COMMA_CELLS = r"^(?i:[+-]?(?:\d+|\d*,\d+)(?:e[+-]?\d+)?)$"
WHOLE_CELLS = r"^[+-]?\d+$"
THOUSANDS_CELLS = r"^[+-]?(?:\d+|[1-9]\d{0,2}(?:,\d{3})+)$"
LEADING_ZERO_CELLS = r"^[+-]?0\d"
PROBED_CELLS = 1000

POINTS_AMONG_COMMAS = "has points in its numbers where others have decimal commas; it was kept as text."
WITH_COMMAS = "is written with a decimal comma."
TOO_LARGE = "holds whole numbers beyond 64 bits; they were kept as text."


def spellings(words: Iterable[str]) -> list[str]:
    """Return each word as people write it: small, capital, with a capital initial, and the mixed forms of NaN."""
    forms = {form for word in words for form in (word, word.upper(), word.title(), word.capitalize())}
    return sorted(forms | {"NaN", "-NaN", "None"})


def is_missing(cell: str) -> bool:
    """Whether a whole cell means "no value".

    >>> is_missing(" N/A "), is_missing("none"), is_missing("0")
    (True, False, False)
    """
    word = cell.strip()
    return word == "None" or word.lower() in MISSING_WORDS


def is_number(cell: str) -> bool:
    """Whether a cell is a number, written with a decimal point or a decimal comma."""
    word = cell.strip()
    return bool(NUMBER.fullmatch(word) or COMMA_NUMBER.fullmatch(word))


def is_code(cell: str) -> bool:
    """Whether a cell of digits must not become a number: a leading zero is lost, or 64 bits cannot hold it exactly.

    >>> is_code("00123"), is_code("9223372036854775808"), is_code("0.5"), is_code("120")
    (True, True, False, False)
    """
    word = cell.strip()
    if not WHOLE.fullmatch(word):
        return False
    return bool(LEADING_ZERO.fullmatch(word)) or len(word) > 20 or not -(2**63) <= int(word) < 2**63


def without_missing_words(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a text column with null in place of every word that means "missing"; other cells stay as they are."""
    plain = pc.utf8_trim_whitespace(column.cast(pa.large_string()))
    words = pa.array(sorted(MISSING_WORDS), type=pa.large_string())
    is_word = pc.or_(pc.is_in(pc.utf8_lower(plain), value_set=words), pc.equal(plain, "None"))
    return pc.if_else(pc.fill_null(is_word, fill_value=False), pa.scalar(None, column.type), column)


def settled(table: pa.Table, *, has_decimal_comma: bool = False) -> tuple[pa.Table, list[str]]:
    """Return the table with missing words as nulls and with columns of plain numbers as numbers, and notes.

    Where decimal commas are in use a point may mean thousands (1.234), so numbers with points stay text.
    """
    columns: list[pa.ChunkedArray] = []
    notes: list[str] = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        settled_column, note = _settle(column, has_decimal_comma) if is_text(column.type) else (column, "")
        columns.append(settled_column)
        if note:
            notes.append(f"Column '{name}' {note}")
    return pa.Table.from_arrays(columns, names=table.column_names), notes


def _settle(column: pa.ChunkedArray, has_decimal_comma: bool) -> tuple[pa.ChunkedArray, str]:
    present = without_missing_words(column)
    cells = trimmed(present)
    if every_cell(cells, NUMBER_CELLS):
        if has_decimal_comma and any_cell(cells, r"\."):
            return present, POINTS_AMONG_COMMAS
        return _as_numbers(cells, present)
    if (
        every_cell(cells, COMMA_CELLS)
        and not every_cell(cells, THOUSANDS_CELLS)
        and not any_cell(cells, LEADING_ZERO_CELLS)
    ):
        return _as_numbers(pc.replace_substring(cells, ",", "."), present)[0], WITH_COMMAS
    return present, ""


def _as_numbers(cells: pa.ChunkedArray, otherwise: pa.ChunkedArray) -> tuple[pa.ChunkedArray, str]:
    unsigned = pc.replace_substring_regex(cells, r"^\+", "")
    is_whole = every_cell(unsigned, WHOLE_CELLS)
    try:
        return unsigned.cast(pa.int64() if is_whole else pa.float64()), ""
    except pa.ArrowInvalid:
        return otherwise, TOO_LARGE if is_whole else ""


def every_cell(cells: pa.ChunkedArray, pattern: str) -> bool:
    """Whether there are cells and all match; the first ones are tried alone, as most text fails at once."""
    if cells.null_count == len(cells):
        return False
    return all(
        pc.all(pc.match_substring_regex(part, pattern), min_count=0).as_py() for part in (cells[:PROBED_CELLS], cells)
    )


def any_cell(cells: pa.ChunkedArray, pattern: str) -> bool:
    """Whether any cell matches."""
    return bool(pc.any(pc.match_substring_regex(cells, pattern), min_count=0).as_py())
