"""LODA: how rare a row is along many random directions, each with a histogram of its own; goes on learning online."""

from dataclasses import dataclass, field, replace
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.direction_histograms import DirectionHistograms, direction_histograms
from pynomaly.infrastructure.algorithms.kernels.tables import score_histograms
from pynomaly.infrastructure.algorithms.kernels.tables_twin import bins_of, project
from pynomaly.infrastructure.algorithms.scoring_rows import check_width, finite_block, training_rows
from pynomaly.infrastructure.algorithms.state_checks import (
    require,
    require_names,
    require_within,
    required_array,
    required_int,
)

FLOOR = 0.1
"""Rows that every bin has before counting: an empty bin is rare, not impossible."""

LARGEST_VALUE = 1e100
"""Values beyond are learned as this, so that no sum of a few of them overflows."""


@dataclass(frozen=True, slots=True)
class Loda:
    """Lightweight on-line detector of anomalies.

    What: draws random directions, each a weighted sum of about sqrt(d) columns, and keeps a histogram of equal bins
    along each. A row's score is the mean over the directions of -log of the share of rows in its bin.

    When: many rows, streams, many columns, little memory. Fails for anomalies inside the range of most directions, and
    when columns are on different scales.

    Cost, with t directions: fit and learn t * sqrt(d) per row; score the same; memory t * (n_bins + 2) counts.

    n_random_cuts: t, the number of directions, 1..1000, default 100.
    n_bins: bins along each direction, 2..1024; None takes the cube root of the rows at fit, times 2 (Rice's rule), 10
    at least.

    Online: `learn` adds rows to the counts, exactly: learning row by row, in blocks and at once give the same model.
    Ranges and numbers of bins are those of the rows at fit; values beyond count in two outer bins, taken as wide as
    all others together. So fit(all) equals fit(first) and learn(rest) to the bit when n_bins is given and no row of
    the rest lies outside the range of the first along any direction; else the two differ in where the bins are.
    All rows count alike, however old.

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,).
    Raises TooFewRows below 2 rows, ColumnMismatch on another width, NonFiniteScores for NaN or infinity in rows.

    Random: the columns and weights of the directions, from `seed`.

    Source: Pevny (2016), "Loda: lightweight on-line detector of anomalies", Machine Learning 102, sections 3.1-3.3.
    Differences: the number of bins by a rule instead of a penalised likelihood; a floor under every bin; outer bins.

    >>> rows = np.random.default_rng(0).normal(size=(200, 3))
    >>> model = Loda(n_random_cuts=20).fit(FeatureMatrix(rows, ("a", "b", "c")), seed=0)
    >>> strange = np.array([[0.0, 0.0, 0.0], [4.0, 4.0, 4.0]])
    >>> model.score(strange).argmax(), bool(model.learn(strange).score(strange)[1] < model.score(strange)[1])
    (np.int64(1), True)
    """

    n_random_cuts: int = 100
    n_bins: int | None = None

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedLoda":
        """Draw directions and count rows along them. Raises TooFewRows, InvalidData."""
        rows = np.clip(training_rows(matrix), -LARGEST_VALUE, LARGEST_VALUE)
        columns, weights = _directions(matrix.n_features, self.n_random_cuts, seed)
        n_bins = self.n_bins or max(10, ceil(2 * len(rows) ** (1 / 3)))
        low, high = np.empty(len(columns)), np.empty(len(columns))
        counts = np.zeros((len(columns), n_bins + 2), dtype=np.int64)
        for place in range(len(columns)):
            along = project(rows, columns[place], weights[place])
            low[place], high[place] = along.min(), along.max()
            counts[place] = _counts(along, low[place], high[place], n_bins)
        return FittedLoda(columns, weights, low, high, counts, matrix.n_features)

    @staticmethod
    def restore(state: ModelState) -> "FittedLoda":
        """Rebuild a fitted model. Raises CorruptModel."""
        require_names(state, arrays=("columns", "weights", "low", "high", "counts"), scalars=("n_features",))
        n_features = required_int(state, "n_features", minimum=1, maximum=1 << 26)
        low = required_array(state, "low", dtype=np.float64, shape=(None,))
        high = required_array(state, "high", dtype=np.float64, shape=low.shape)
        columns = required_array(state, "columns", dtype=np.int32, shape=(low.size, None))
        weights = required_array(state, "weights", dtype=np.float64, shape=columns.shape)
        counts = required_array(state, "counts", dtype=np.int64, shape=(low.size, None))
        require_within(columns, "columns", minimum=0, maximum=n_features - 1)
        require_within(counts, "counts", minimum=0, maximum=2**53)
        require(counts.shape[1] > 2, "has a histogram without bins")
        require(bool(np.all(low <= high)), "has a histogram that ends before it starts")
        n_rows = counts.sum(axis=1, dtype=np.float64)
        require(bool(np.all(n_rows == n_rows[0]) and n_rows[0] > 0), "has histograms of different numbers of rows")
        return FittedLoda(columns, weights, low, high, counts, n_features)


@dataclass(frozen=True, slots=True, eq=False)
class FittedLoda:
    """Frozen directions and ranges, and the rows counted so far.

    columns: int32 (t, k).  weights: float64 (t, k).  low, high: float64 (t,), the range at fit.
    counts: int64 (t, n_bins + 2): below the range, in each bin, above it.
    """

    columns: NDArray[np.int32]
    weights: FloatMatrix
    low: FloatVector
    high: FloatVector
    counts: NDArray[np.int64]
    n_features: int
    _histograms: DirectionHistograms = field(init=False, repr=False)

    def __post_init__(self) -> None:
        n_tables, n_bins = self.counts.shape[0], self.counts.shape[1] - 2
        bins = np.full(n_tables, n_bins, dtype=np.int32)
        heights = _surprise(self.counts).ravel() / n_tables
        histograms = direction_histograms(
            self.columns, self.weights, self.low, self.high, bins, heights, self.n_features
        )
        object.__setattr__(self, "_histograms", histograms)

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        return score_histograms(self._histograms, rows)

    def learn(self, rows: FloatMatrix) -> "FittedLoda":
        """Return the model that has counted rows (n, d) too. Raises ColumnMismatch, NonFiniteScores."""
        check_width(rows, self.n_features)
        inside = np.clip(finite_block(rows), -LARGEST_VALUE, LARGEST_VALUE)
        counts, n_bins = self.counts.copy(), self.counts.shape[1] - 2
        for place in range(len(counts)):
            along = project(inside, self.columns[place], self.weights[place])
            counts[place] += _counts(along, self.low[place], self.high[place], n_bins)
        return replace(self, counts=counts)

    def state(self) -> ModelState:
        """Return directions, ranges and counts."""
        arrays = {"columns": self.columns, "weights": self.weights, "low": self.low, "high": self.high}
        return ModelState({**arrays, "counts": self.counts}, {"n_features": self.n_features})


def _directions(n_features: int, n_directions: int, seed: int) -> tuple[NDArray[np.int32], FloatMatrix]:
    """Draw ceil(sqrt(d)) columns for each direction, and a normal weight for each of them."""
    random = np.random.default_rng(seed)
    n_columns = ceil(sqrt(n_features))
    drawn = [np.sort(random.choice(n_features, n_columns, replace=False)) for _ in range(n_directions)]
    return np.array(drawn, dtype=np.int32), random.normal(size=(n_directions, n_columns))


def _counts(along: FloatVector, low: float, high: float, n_bins: int) -> NDArray[np.int64]:
    """Return how many values lie below the range, in each of its bins, and above it."""
    return np.bincount(bins_of(along, low, high, n_bins) + 1, minlength=n_bins + 2).astype(np.int64)


def _surprise(counts: NDArray[np.int64]) -> FloatMatrix:
    """Return -log of the share of rows in each bin; an outer bin's share is spread over as many bins as lie inside."""
    n_bins = counts.shape[1] - 2
    heights = counts.astype(np.float64)
    heights[:, [0, -1]] /= n_bins
    heights += FLOOR
    return np.asarray(np.log((counts.sum(axis=1, keepdims=True) + FLOOR * counts.shape[1]) / heights))
