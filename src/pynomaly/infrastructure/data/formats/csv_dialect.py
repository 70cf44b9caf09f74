"""How a text file separates its cells: learned from its first records."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from pynomaly.infrastructure.data.formats.plain_cells import COMMA_NUMBER, NUMBER, THOUSANDS
from pynomaly.infrastructure.data.limits import SNIFFED_RECORDS

_DELIMITERS = ("\t", ";", "|", ",")
"""Where two fit equally well, the one that is rarer inside cells comes first."""

_BLANKS = " "

_DECLARED = re.compile(r'"?sep=([^\w\s"]|\t)"?', re.IGNORECASE)
"""The first line by which a spreadsheet program is told the delimiter."""

_MIN_AGREEMENT = 0.5
"""Below this share of alike records a delimiter is not one."""

_MIN_AGREEMENT_OF_BLANKS = 0.9
"""Blanks stand inside cells too: only lines that are nearly all alike, and mostly numbers, are cut at them."""

NO_DELIMITER = "\x1f"
"""Stands for "one column" where every usual delimiter occurs inside cells."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are told apart.

    skips_blanks: blanks between a delimiter and a cell do not count; where the delimiter is itself a blank, any
    number of them is one delimiter.
    """

    delimiter: str
    skips_blanks: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One record with the number of the text line it begins on, counted from 1."""

    line: int
    cells: list[str]

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing on the line."""
        return not self.cells or (len(self.cells) == 1 and not self.cells[0].strip())

    @property
    def is_marked(self) -> bool:
        """Whether the line begins with the sign of a remark."""
        return bool(self.cells) and self.cells[0].lstrip().startswith("#")

    def is_comment(self, n_columns: int) -> bool:
        """Whether this is a remark (`# …`) and not a row or a header that happens to begin with that sign."""
        return self.is_marked and (len(self.cells) != n_columns or n_columns == 1)


def parsed(lines: Iterable[str], dialect: Dialect, *, is_strict: bool = False) -> Iterable[Record]:
    """Yield records; with `is_strict`, malformed quoting raises csv.Error."""
    if dialect.delimiter == _BLANKS:
        lines = (line.rstrip() + "\n" for line in lines)
    reader = csv.reader(
        lines, delimiter=dialect.delimiter, skipinitialspace=dialect.skips_blanks, strict=is_strict, doublequote=True
    )
    line = 1
    for cells in reader:
        yield Record(line, cells)
        line = reader.line_num + 1


def sampled(text: str, dialect: Dialect, *, is_complete: bool) -> list[Record]:
    """Return the first records of a sample; the last one is left out where the sample may cut it.

    There are none if a cell does not end where any sensible one would.
    """
    try:
        records = list(islice(parsed(io.StringIO(text, newline=""), dialect), SNIFFED_RECORDS + 1))
    except csv.Error:
        return []
    is_whole = is_complete and len(records) <= SNIFFED_RECORDS
    return records if is_whole or len(records) == 1 else records[:-1]


def dialect_of(text: str, *, is_complete: bool) -> Dialect:
    """Return the dialect in which most sampled records have the same number of cells, more than one.

    A delimiter that the first line declares is taken as it is. Where there is none, but one dialect finds a cell
    without end, that one is returned.
    """
    skips_blanks = bool(re.search(r'[,;|\t] +"', text))
    if declared := declared_delimiter(text):
        return Dialect(declared, skips_blanks)
    samples = {
        dialect: sampled(text, dialect, is_complete=is_complete)
        for dialect in (Dialect(delimiter, skips_blanks) for delimiter in _DELIMITERS)
    }
    best = max(samples, key=lambda dialect: _agreement(samples[dialect]))
    if _agreement(samples[best]) > _MIN_AGREEMENT:
        return best
    blanks = Dialect(_BLANKS, skips_blanks=True)
    if _are_numbers_between_blanks(sampled(text, blanks, is_complete=is_complete)):
        return blanks
    endless = next((dialect for dialect, records in samples.items() if not records), None)
    unused = next((delimiter for delimiter in reversed(_DELIMITERS) if delimiter not in text), NO_DELIMITER)
    return endless or Dialect(unused)


def declared_delimiter(text: str) -> str | None:
    """Return the delimiter that a line `sep=;` above everything else declares."""
    declaration = _DECLARED.fullmatch(text.split("\n", 1)[0].rstrip("\r"))
    return declaration.group(1) if declaration else None


def has_decimal_comma(rows: Sequence[Sequence[str]], delimiter: str) -> bool:
    """Whether the cells show decimal commas that cannot be thousands separators, and no decimal points."""
    if delimiter == ",":
        return False
    cells = [cell.strip() for row in rows for cell in row]
    with_comma = [cell for cell in cells if COMMA_NUMBER.fullmatch(cell)]
    with_point = sum("." in cell and NUMBER.fullmatch(cell) is not None for cell in cells)
    return any(not THOUSANDS.fullmatch(cell) for cell in with_comma) and len(with_comma) > with_point


def _agreement(records: Sequence[Record]) -> float:
    """Return the share of records with the usual number of cells, 0 if that is one."""
    first_look = [record for record in records if not record.is_blank and not record.is_marked]
    widths = Counter(len(record.cells) for record in first_look)
    if not widths:
        return 0.0
    usual, count = widths.most_common(1)[0]
    return count / len(first_look) if usual > 1 else 0.0


def _are_numbers_between_blanks(records: Sequence[Record]) -> bool:
    """Whether blanks cut nearly all lines, the first included, into as many cells, most of them numbers.

    Groups of thousands (1 234 567) alone are one column, not several.
    """
    seen = [record.cells for record in records if not record.is_blank and not record.is_marked]
    if len(seen) < 2 or len(seen[0]) < 2:
        return False
    alike = [cells for cells in seen if len(cells) == len(seen[0])]
    if len(alike) < _MIN_AGREEMENT_OF_BLANKS * len(seen):
        return False
    n_numbers = sum(NUMBER.fullmatch(cell) is not None for cells in alike[1:] for cell in cells)
    are_grouped = all(THOUSANDS.fullmatch(",".join(cells)) for cells in alike[1:])
    return n_numbers > 0.5 * len(seen[0]) * len(alike[1:]) and not are_grouped
