"""Tail probabilities of columns as small frozen tables: exact far out, thinned in the middle to a stated error."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.infrastructure.algorithms.state_checks import require, require_within, required_array

THINNING = 0.01
"""Largest relative error of a tail count between two kept values, hence the largest error of a -log p.

Ranks closer than 1 / THINNING to either end are all kept; a million rows leave about 2,000 values per column.
"""


@dataclass(frozen=True, eq=False)
class TailTables:
    """Kept values ("knots") of every column, one column after the other, with exact counts at each.

    knots: float64 (total,), rising within a column.  n_below, n_at_most: int64 (total,), training rows strictly
    below the knot and at or below it.  n_knots: int64 (n_features,), how many knots each column has.
    """

    knots: FloatVector
    n_below: NDArray[np.int64]
    n_at_most: NDArray[np.int64]
    n_knots: NDArray[np.int64]
    n_training_rows: int

    @property
    def n_features(self) -> int:
        """Number of columns."""
        return int(self.n_knots.size)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays a model file holds."""
        return {
            "knots": self.knots,
            "n_below": self.n_below,
            "n_at_most": self.n_at_most,
            "n_knots": self.n_knots,
        }

    def surprise(self, block: FloatMatrix) -> tuple[FloatMatrix, FloatMatrix]:
        """Return -log of the left and right tail probability of every cell, both (n_features, n_samples).

        A probability is (count + 1) / (n + 1), the count being the training rows at most, or at least, as large.
        block: float64 (n_samples, n_features), finite.
        """
        values = np.ascontiguousarray(block.T)
        entry = self._lookup.entries(values)
        at_most, at_least = self._lookup.counts(values, entry, self.n_training_rows)
        whole = self.n_training_rows + 1
        return np.log(whole / (at_most + 1)), np.log(whole / (at_least + 1))

    @cached_property
    def _lookup(self) -> "_Lookup":
        return _lookup_of(self)


@dataclass(frozen=True, slots=True, eq=False)
class _Lookup:
    """The tables in the form that is searched: a column with k knots has k + 1 entries, one column after the other.

    Entry e of a column describes the values that have e of its knots at or below them.
    """

    padded: FloatMatrix  # (n_features, power of two) knots, then +inf: all columns are searched in the same steps
    first_entry: NDArray[np.intp]  # (n_features, 1)
    knot: FloatVector  # per entry, as all below: the last knot at or below the value
    at_most: FloatVector  # training rows at or below that knot
    gap: FloatVector  # training rows strictly between it and the next knot
    slope: FloatVector  # gap per half distance to the next knot
    equal: FloatVector  # training rows equal to the knot

    def entries(self, values: FloatMatrix) -> NDArray[np.intp]:
        """Return the entry of each value (n_features, n_samples).

        A binary search without branches: the same steps for every cell, several times faster than searchsorted.
        """
        n_features, width = self.padded.shape
        count: NDArray[np.intp] = np.zeros(values.shape, dtype=np.intp)
        first = np.arange(n_features, dtype=np.intp)[:, None] * width
        step = width // 2
        while step:
            count += (self.padded.take(count + (first + (step - 1))) <= values) * step
            step //= 2
        count += self.first_entry
        return count

    def counts(self, values: FloatMatrix, entry: NDArray[np.intp], n_rows: int) -> tuple[FloatMatrix, FloatMatrix]:
        """Return how many training rows are at most and at least as large as each value."""
        knot = self.knot.take(entry)
        with np.errstate(over="ignore"):  # a huge product is cut to the gap just after
            inside = self.slope.take(entry) * (values / 2 - knot / 2)
        at_most = self.at_most.take(entry) + np.minimum(inside, self.gap.take(entry))
        return at_most, n_rows - at_most + (values == knot) * self.equal.take(entry)


def learn_tail_tables(rows: FloatMatrix) -> TailTables:
    """Keep the tails of every column of rows, float64 (n_samples, n_features), finite."""
    ranks = _kept_ranks(rows.shape[0])
    columns = [_knots_of(np.sort(rows[:, column]), ranks) for column in range(rows.shape[1])]
    knots, below, at_most = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    n_knots = np.array([column[0].size for column in columns], dtype=np.int64)
    return TailTables(knots, below, at_most, n_knots, rows.shape[0])


def restore_tail_tables(state: ModelState, n_rows: int) -> TailTables:
    """Rebuild tables from a state. Raises CorruptModel unless every count and order holds."""
    n_knots = required_array(state, "n_knots", dtype=np.int64, shape=(None,))
    require_within(n_knots, "n_knots", minimum=1, maximum=_kept_ranks(n_rows).size)
    knots = required_array(state, "knots", dtype=np.float64, shape=(None,))
    below = required_array(state, "n_below", dtype=np.int64, shape=knots.shape)
    at_most = required_array(state, "n_at_most", dtype=np.int64, shape=knots.shape)
    require(sum(n_knots.tolist()) == knots.size, "has another number of knots than it says")
    ends = np.cumsum(n_knots)
    starts = ends - n_knots
    inner = np.ones(knots.size, dtype=bool)
    inner[starts] = False  # a column's first knot has no neighbour to its left
    require(bool(np.all(below < at_most)), "has a knot that no training row equals")
    require(bool(np.all(below[starts] == 0) and np.all(at_most[ends - 1] == n_rows)), "does not count every row")
    require(bool(np.all(knots[1:][inner[1:]] > knots[:-1][inner[1:]])), "has knots that do not rise")
    require(bool(np.all(below[1:][inner[1:]] >= at_most[:-1][inner[1:]])), "has counts that do not rise")
    return TailTables(knots, below, at_most, n_knots, n_rows)


def _kept_ranks(n_rows: int) -> NDArray[np.intp]:
    """Return the sorted positions to keep: from either end, each a hundredth further in than the one before."""
    ranks = [0]
    while ranks[-1] < n_rows // 2:
        ranks.append(ranks[-1] + max(1, int(THINNING * ranks[-1])))
    from_left = np.minimum(np.array(ranks, dtype=np.intp), n_rows - 1)
    return np.unique(np.concatenate((from_left, n_rows - 1 - from_left)))


def _knots_of(
    ordered: FloatVector, ranks: NDArray[np.intp]
) -> tuple[FloatVector, NDArray[np.int64], NDArray[np.int64]]:
    knots = np.unique(ordered[ranks])
    below = np.searchsorted(ordered, knots, side="left").astype(np.int64)
    at_most = np.searchsorted(ordered, knots, side="right").astype(np.int64)
    return knots, below, at_most


def _lookup_of(tables: TailTables) -> _Lookup:
    n_features, n_knots = tables.n_features, tables.n_knots
    starts = np.cumsum(n_knots) - n_knots
    column = np.repeat(np.arange(n_features), n_knots)
    width = 1 << int(n_knots.max()).bit_length()  # above the largest count: the search can end on any knot
    padded = np.full((n_features, width), np.inf)
    padded[column, np.arange(column.size) - starts[column]] = tables.knots
    first_entry = starts + np.arange(n_features)
    entry = np.arange(column.size) + column + 1  # of each knot
    knot, at_most, gap, slope, equal = (np.zeros(column.size + n_features) for _ in range(5))
    knot[first_entry] = tables.knots[starts]
    knot[entry] = tables.knots
    at_most[entry] = tables.n_at_most
    equal[entry] = tables.n_at_most - tables.n_below
    left = np.flatnonzero(column[1:] == column[:-1])  # knots with a right neighbour in the same column
    gap[entry[left]] = tables.n_below[left + 1] - tables.n_at_most[left]
    with np.errstate(all="ignore"):  # two values so close that half their distance is 0: no line between them
        line = gap[entry[left]] / (tables.knots[left + 1] / 2 - tables.knots[left] / 2)
    slope[entry[left]] = np.where(np.isfinite(line), line, 0.0)
    return _Lookup(padded, first_entry[:, None], knot, at_most, gap, slope, equal)
