"""Tail probabilities of columns as small frozen tables: exact far out, thinned in the middle to a stated error."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, eq=False)
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
