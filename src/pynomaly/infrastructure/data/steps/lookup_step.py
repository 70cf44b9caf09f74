"""Categories and yes/no: each known word has a number, learned once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.errors import CorruptModel
from pynomaly.domain.explanation import Typical
from pynomaly.domain.gower import Aspect
from pynomaly.infrastructure.data.columns.coercion import as_text, as_words
from pynomaly.infrastructure.data.columns.text_kinds import FALSE_WORDS, TRUE_WORDS
from pynomaly.infrastructure.data.steps.preparation_step import indicator_pays
from pynomaly.infrastructure.data.steps.robust_scale import learn_scale
from pynomaly.infrastructure.data.steps.stored_fields import (
    Fields,
    as_feature,
    flag_field,
    numbers_field,
    stored_typical,
    text_field,
    texts_field,
    typical_field,
)

MAX_WORDS = 5_000  # a table of words that no longer fits a screen, a manifest or a cache tells nobody anything
_UNKNOWN, _MISSING = 0, 1  # places in the table of numbers before those of the words


@dataclass(frozen=True, slots=True, eq=False)
class LookupStep:
    """`column` as the number of its word; `numbers` holds those of an unknown word, of no word, then of `words`.

    is_complete: training held no other words than these.
    """

    column: str
    words: tuple[str, ...]
    numbers: FloatVector
    has_indicator: bool
    is_complete: bool
    typical: Typical

    @property
    def features(self) -> tuple[str, ...]:
        """The number, and the indicator if it pays."""
        return (self.column,) + (f"{self.column} missing",) * self.has_indicator

    def read(self, cells: pa.ChunkedArray) -> pa.ChunkedArray:
        """Return places in `numbers`. Raises ColumnMismatch."""
        known = pa.array(self.words, type=pa.large_string())
        chunks = [_places(chunk, known) for chunk in as_words(cells, self.column).chunks]
        return pa.chunked_array(chunks, type=pa.int32())

    def fill(self, read: pa.Array, out: FloatMatrix) -> None:
        """Write the numbers and the indicator."""
        places = read.to_numpy()
        out[:, 0] = self.numbers[places]
        if self.has_indicator:
            out[:, 1] = places == _MISSING

    def aspects(self, cells: pa.ChunkedArray) -> Sequence[Aspect]:
        """Compare words: they are the same or not. Raises ColumnMismatch."""
        words = as_words(cells, self.column).unify_dictionaries()
        numbers = [pc.cast(chunk.indices, pa.float64()).to_numpy(zero_copy_only=False) for chunk in words.chunks]
        return (Aspect(self.column, np.concatenate([np.empty(0), *numbers]), span=0.0),)

    def surprises(self, read: pa.ChunkedArray) -> Sequence[str]:
        """Report words never seen at training."""
        n_unknown = pc.sum(pc.equal(read, _UNKNOWN)).as_py() or 0
        if not n_unknown or not self.is_complete:
            return ()
        return (f"column '{self.column}': {n_unknown:,} cells hold a value never seen at training",)

    def state(self) -> dict[str, JsonValue]:
        """Return everything learned."""
        return {
            "step": "lookup",
            "column": self.column,
            "words": list(self.words),
            "numbers": [float(number) for number in self.numbers],
            "has_indicator": self.has_indicator,
            "is_complete": self.is_complete,
            "typical": stored_typical(self.typical),
        }


def learn_category_step(column: str, cells: pa.ChunkedArray, *, knee: float | None) -> LookupStep | None:
    """Learn how rare each word is: minus the log of the share of rows whose word is at most as frequent.

    The most frequent word gets 0, a word in one row of a thousand, alone at that, 6.9. Words that came once
    and words never seen are one pool, whose share is that of the words that came once, at least half a row:
    among user names, where most come once, a new one is nothing special; among weekdays it is.
    None if no word came twice.
    Source: the mass of the unseen is that of the singletons, Good (1953), "The population frequencies of
    species and the estimation of population parameters", section 2.
    """
    counts = _counts(as_words(cells, column))
    n_null = counts.pop(None, 0)
    kept = sorted((word for word in counts if counts[word] > 1 and word), key=lambda word: (-counts[word], word))
    words = tuple(str(word) for word in kept[:MAX_WORDS])
    if not words:
        return None
    n_pool = sum(counts.values()) - sum(counts[word] for word in words)
    rows = np.array([n_pool, n_null, *(counts[word] for word in words)])
    numbers = _rarity(np.array([min(n_pool, 1), *rows[1:]]), rows)
    return LookupStep(
        column=column,
        words=words,
        numbers=_scaled(numbers, rows, knee),
        has_indicator=False,  # being missing is a word like any other
        is_complete=n_pool == 0,
        typical=_typical(cells, column),
    )


def learn_boolean_step(column: str, cells: pa.ChunkedArray, *, knee: float | None) -> LookupStep:
    """Learn yes as 1 and no as 0; a missing cell lies between, or beyond the rarer one if none was missing."""
    counts = _counts(as_words(cells, column))
    yes, no = (*sorted(TRUE_WORDS), "1", "1.0"), (*sorted(FALSE_WORDS), "0", "0.0")
    n_yes, n_no = (sum(counts.get(word, 0) for word in words) for words in (yes, no))
    n_lost = len(cells) - n_yes - n_no
    lost = 0.5 if n_lost else (2.0 if n_yes <= n_no else -1.0)
    numbers = np.array([lost, lost, *(1.0 for _ in yes), *(0.0 for _ in no)])
    rows = np.array([0, n_lost, *(counts.get(word, 0) for word in (*yes, *no))])
    return LookupStep(
        column=column,
        words=(*yes, *no),
        numbers=_scaled(numbers, rows, knee),
        has_indicator=indicator_pays(n_lost, len(cells)),
        is_complete=True,
        typical=_typical(cells, column),
    )


def restore_lookup_step(fields: Fields) -> LookupStep:
    """Rebuild a step. Raises CorruptModel."""
    words, numbers = texts_field(fields, "words"), numbers_field(fields, "numbers")
    if len(numbers) != len(words) + 2 or len(set(words)) != len(words):
        raise CorruptModel("preparation: every word needs one number, and two more stand for unknown and missing")
    return LookupStep(
        column=text_field(fields, "column"),
        words=words,
        numbers=np.array([as_feature(number, "numbers") for number in numbers]),
        has_indicator=flag_field(fields, "has_indicator"),
        is_complete=flag_field(fields, "is_complete"),
        typical=typical_field(fields),
    )


def _places(chunk: pa.DictionaryArray, known: pa.Array) -> pa.Array:
    """Look each different word up once: its place in the table of numbers."""
    found = pc.fill_null(pc.add(pc.index_in(chunk.dictionary, value_set=known), 2), _UNKNOWN)
    return pc.fill_null(found.cast(pa.int32()).take(chunk.indices), _MISSING)


def _counts(words: pa.ChunkedArray) -> dict[str | None, int]:
    counts: dict[str | None, int] = {}
    for entry in pc.value_counts(words.cast(pa.large_string())).to_pylist():
        counts[entry["values"]] = entry["counts"]
    return counts


def _rarity(frequencies: NDArray[np.int64], rows: NDArray[np.int64]) -> FloatVector:
    """Minus the log of the share of rows, at least half a row, whose word is at most as frequent."""
    order = np.argsort(frequencies, kind="stable")
    up_to = np.cumsum(rows[order])[np.searchsorted(frequencies[order], frequencies, side="right") - 1]
    return np.asarray(np.log(rows.sum() / np.maximum(up_to, 0.5)))


def _scaled(numbers: FloatVector, rows: NDArray[np.int64], knee: float | None) -> FloatVector:
    """Give the numbers the spread that number columns have, counting each as often as it came."""
    if knee is None or not rows.any():
        return numbers
    each = np.repeat(numbers, rows)
    center = float(np.quantile(each, 0.5, method="nearest"))
    ends = (float(numbers.min()) - center, float(numbers.max()) - center)
    return learn_scale(each - center, center=center, knee=knee, ends=ends).apply(numbers - center)


def _typical(cells: pa.ChunkedArray, column: str) -> Typical:
    """Name the most frequent word in its most frequent spelling, with its share of all rows."""
    spelled = _counts(as_text(cells, column))
    spelled.pop(None, None)
    counts: dict[str, int] = {}
    for spelling, n in spelled.items():
        word = str(spelling).lower()
        counts[word] = counts.get(word, 0) + n
    if not counts:
        return Typical()
    top = max(counts, key=lambda word: (counts[word], word))
    spelling = max((str(s) for s in spelled if str(s).lower() == top), key=lambda s: (spelled[s], s))
    return Typical(most_frequent=spelling, share=counts[top] / len(cells))
