"""Deciding what a text column holds: numbers, times, yes and no, keys, categories or prose."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pynomaly.domain.columns import ColumnKind
from pynomaly.infrastructure.data.columns.counting import tally_of
from pynomaly.infrastructure.data.columns.numbers_in_text import number_format_of, parse_numbers
from pynomaly.infrastructure.data.columns.text_cells import tidy, trimmed
from pynomaly.infrastructure.data.columns.times_in_text import parse_times, time_format_of

TRUE_WORDS = frozenset(("true", "t", "yes", "y"))
FALSE_WORDS = frozenset(("false", "f", "no", "n"))
_BITS = frozenset(("0", "1"))
_KEY = r"^[0-9a-f]{8,64}$|^\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$|^[a-z]{1,8}[-_#]?\d{2,}$"
_NO_NUMBER = "[a-z-]|^0"  # a letter, a dash or a leading zero: nobody writes measurements so
_LONG_NUMBER = r"^\d{16,}$"  # more digits than a measurement has, or a float could hold
_MOSTLY = 0.8  # of the cells that hold anything must read as a number or a time
_MANY_CODES = 50  # rows from which even short codes (P001) that never repeat name rows, not groups
_MANY = 100_000  # spellings beyond which tidying them makes no difference to what the column is
_SAMPLE = 20_000  # different spellings looked at by patterns; counts always cover every row


@dataclass(frozen=True, slots=True, eq=False)
class _Spellings:
    """The different cells of a column and how often each came, blanks left out."""

    values: pa.ChunkedArray
    counts: np.ndarray

    def share(self, holds: pa.ChunkedArray) -> float:
        """How many of the cells hold, as a share of all."""
        return float(self.counts[np.asarray(pc.fill_null(holds, False).to_numpy())].sum() / self.counts.sum())


def kind_of_text(cells: pa.ChunkedArray, has_id_name: bool) -> tuple[ColumnKind, str]:
    """Return the kind of a text column and what to note about it."""
    spellings = _spellings(cells)
    n_present = int(spellings.counts.sum())
    if not n_present:
        return ColumnKind.CONSTANT, "nothing in it"
    words = tidy(spellings.values)
    n_distinct = pc.count_distinct(words).as_py() if len(words) <= _MANY else len(words)
    if n_distinct == 1 and n_present == len(cells):
        return ColumnKind.CONSTANT, f"always {str(spellings.values[0].as_py())[:40]!r}"
    if n_distinct <= 8 and _is_yes_or_no(set(words.unique().to_pylist())):
        return ColumnKind.BOOLEAN, ""
    if _are_keys(words, n_distinct, n_present, has_id_name):
        return ColumnKind.IDENTIFIER, "looks like a key: (nearly) every row has its own"
    few = _sample(spellings)
    return _numbers(few) or _times(few) or _words(few, n_distinct, n_present)


def _spellings(cells: pa.ChunkedArray) -> _Spellings:
    tally = tally_of(cells)
    text = trimmed(pa.chunked_array([tally.values]))
    is_there = np.asarray(pc.is_valid(text).to_numpy())
    return _Spellings(text.filter(pa.array(is_there)), tally.counts[is_there])


def _sample(spellings: _Spellings) -> _Spellings:
    step = -(-len(spellings.values) // _SAMPLE)
    rows = np.arange(0, len(spellings.values), step)
    return _Spellings(spellings.values.take(pa.array(rows)), spellings.counts[rows])


def _is_yes_or_no(words: set[str]) -> bool:
    spoken = TRUE_WORDS | FALSE_WORDS
    return len(words) > 1 and words <= spoken | _BITS and not words.isdisjoint(spoken)


def _are_keys(words: pa.ChunkedArray, n_distinct: int, n_present: int, has_id_name: bool) -> bool:
    if n_distinct < 0.95 * n_present or n_present < 2:
        return False
    some = words.slice(0, _SAMPLE)
    if has_id_name:
        return _share(some, r"^\S+$") > 0.9
    is_key = _share(some, _KEY) > 0.95 and _share(some, _NO_NUMBER) > 0.9 and _share(some, r"\d") > 0.9
    is_long = pc.min(pc.utf8_length(some)).as_py() >= 6
    return n_present >= 10 and ((is_key and (is_long or n_present >= _MANY_CODES)) or _share(some, _LONG_NUMBER) > 0.95)


def _share(words: pa.ChunkedArray, pattern: str) -> float:
    return float(pc.mean(pc.match_substring_regex(words, pattern).cast(pa.float64())).as_py())


def _numbers(spellings: _Spellings) -> tuple[ColumnKind, str] | None:
    number_format = number_format_of(spellings.values)
    share = spellings.share(pc.is_valid(parse_numbers(spellings.values, number_format)))
    if share < _MOSTLY:
        return None
    note = "numbers written as text" + (" with a decimal comma" if number_format.decimal_comma else "")
    return ColumnKind.NUMBER_TEXT, note + ("" if share == 1 else f"; {1 - share:.1%} of the cells are no numbers")


def _times(spellings: _Spellings) -> tuple[ColumnKind, str] | None:
    time_format = time_format_of(spellings.values)
    share = spellings.share(pc.is_valid(parse_times(spellings.values, time_format)))
    if share < _MOSTLY:
        return None
    return ColumnKind.TIME, time_format.note


def _words(spellings: _Spellings, n_distinct: int, n_present: int) -> tuple[ColumnKind, str]:
    """Prose is long or has several words and seldom repeats; everything else names something."""
    several_words = spellings.share(pc.match_substring_regex(spellings.values, r"\S\s+\S"))
    long = spellings.share(pc.greater(pc.utf8_length(spellings.values), 30))
    if n_distinct > 10 and n_distinct > 0.5 * n_present and max(several_words, long) > 0.3:
        return ColumnKind.TEXT, ""
    return ColumnKind.CATEGORY, ""
