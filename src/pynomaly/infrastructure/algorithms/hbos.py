"""HBOS: how rare each value of a row is in its own column's histogram, frozen at fit."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.direction_histograms import DirectionHistograms, direction_histograms
from pynomaly.infrastructure.algorithms.kernels.tables import score_histograms
from pynomaly.infrastructure.algorithms.kernels.tables_twin import bins_of
from pynomaly.infrastructure.algorithms.scoring_rows import check_width, finite_block, training_rows
from pynomaly.infrastructure.algorithms.state_checks import require, require_names, require_within, required_array

FLOOR_SHARE = 0.3
"""Height every bin has before counting, as a share of the mean height: what an empty bin is worth. On public labelled
tables anything from 0.1 to 0.3 ranks equally well; nearer 0 one empty bin outweighs all other columns."""

MAX_BINS = 2048
"""Most bins the rule may choose for a column; a longer tail is told apart no further."""


@dataclass(frozen=True, slots=True)
class Hbos:
    """Histogram-based outlier score: one histogram of equal bins per column, columns taken as independent.

    What: a row's score is the sum over its columns of log(highest bar / bar of the value), so 0 where every value is
    the most usual one. Bars, edges and the floor are frozen at fit.

    When: very many rows or columns, rare categories, values between two modes, reasons per column wanted. Fails for
    rows strange only in a combination of columns, and where one bin width suits no part of a column.

    Cost: fit n log n per column; score one table look-up per cell. Nothing is random.

    n_bins: bins per column, 2..4096; None follows Freedman and Diaconis (1981): no narrower than 2 * IQR / n^(1/3),
    at most 2048 bins; the square root of n where the inner half of a column is one value (the rule of the paper).

    A value in an empty bin or outside the range seen at fit gets the floor, 3/10 of the mean height; it grows no
    stranger however far out it lies. A column with one value throughout adds 0 for that value.

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), from 0.
    Raises TooFewRows below 2 rows, ColumnMismatch on another width, NonFiniteScores for NaN or infinity in rows.

    Source: Goldstein and Dengel (2012), "Histogram-based outlier score (HBOS): a fast unsupervised anomaly detection
    algorithm", KI, section 2, static bins. Differences: the rule for the number of bins, and the floor.

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> rows = np.array([[1.0], [1.0], [1.0], [9.0]])
    >>> model = Hbos(n_bins=2).fit(FeatureMatrix(rows, ("size",)), seed=0)
    >>> model.score(np.array([[1.0], [9.0], [50.0]])).round(3)
    array([0.   , 0.811, 1.792])
    """

    n_bins: int | None = None

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedHbos":  # noqa: ARG002 - nothing here is random
        """Learn a histogram per column. Raises TooFewRows, InvalidData."""
        rows = training_rows(matrix)
        columns = [self._histogram(np.ascontiguousarray(column)) for column in rows.T]
        low, high, n_bins, surprise = zip(*columns, strict=True)
        return FittedHbos(np.array(low), np.array(high), np.array(n_bins, dtype=np.int64), np.concatenate(surprise))

    @staticmethod
    def restore(state: ModelState) -> "FittedHbos":
        """Rebuild a fitted model. Raises CorruptModel."""
        require_names(state, arrays=("low", "high", "n_bins", "surprise"), scalars=())
        low = required_array(state, "low", dtype=np.float64, shape=(None,))
        high = required_array(state, "high", dtype=np.float64, shape=low.shape)
        n_bins = required_array(state, "n_bins", dtype=np.int64, shape=low.shape)
        surprise = required_array(state, "surprise", dtype=np.float64, shape=(None,))
        require_within(n_bins, "n_bins", minimum=1, maximum=max(MAX_BINS, 4096))
        require(int(n_bins.sum()) + n_bins.size == surprise.size, "has another number of bins than it says")
        require(bool(np.all(low <= high)), "has a histogram that ends before it starts")
        require_within(surprise, "surprise", minimum=0.0, maximum=100.0)
        return FittedHbos(low, high, n_bins, surprise)

    def _histogram(self, column: FloatVector) -> tuple[float, float, int, FloatVector]:
        """Return the range, the number of bins and their surprise."""
        low, high = float(column.min()), float(column.max())
        n_bins = 1 if low == high else self.n_bins or _freedman_diaconis(column)
        return low, high, n_bins, _surprise(bins_of(column, low, high, n_bins), n_bins)


@dataclass(frozen=True, slots=True, eq=False)
class FittedHbos:
    """Frozen histograms of d columns.

    low, high: float64 (d,), the range seen at fit.  n_bins: int64 (d,).
    surprise: float64 (sum of n_bins + 1,), one column after the other: log(highest bar / bar) per bin, then the floor.
    """

    low: FloatVector
    high: FloatVector
    n_bins: NDArray[np.int64]
    surprise: FloatVector
    _histograms: DirectionHistograms = field(init=False, repr=False)  # the floor on either side of each column's bins

    def __post_init__(self) -> None:
        columns = np.arange(self.low.size, dtype=np.int32)[:, None]
        ends = np.cumsum(self.n_bins + 1)
        first = ends - (self.n_bins + 1)
        heights = np.insert(self.surprise, first, self.surprise[ends - 1])
        histograms = direction_histograms(
            columns, np.ones(columns.shape), self.low, self.high, self.n_bins, heights, self.low.size
        )
        object.__setattr__(self, "_histograms", histograms)

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        return score_histograms(self._histograms, rows)

    def contributions(self, rows: FloatMatrix) -> FloatMatrix:
        """Return each column's part, (n, d); a row adds up to its score."""
        check_width(rows, self.low.size)
        histograms = self._histograms
        bins = bins_of(finite_block(rows), self.low, self.high, self.n_bins)
        return np.asarray(histograms.heights.take(bins + (histograms.start + 1)))

    def state(self) -> ModelState:
        """Return ranges, bins and bars."""
        return ModelState({"low": self.low, "high": self.high, "n_bins": self.n_bins, "surprise": self.surprise})


def _surprise(bins: NDArray[np.int64], n_bins: int) -> FloatVector:
    """Return log(highest bar / bar) of every bin and, last, of the floor."""
    counts = np.append(np.bincount(bins, minlength=n_bins), 0)
    heights = counts + FLOOR_SHARE * bins.size / n_bins
    return np.asarray(np.log(heights.max() / heights), dtype=np.float64)


def _freedman_diaconis(column: FloatVector) -> int:
    ordered = np.sort(column) / 2  # faster than picking two quantiles out of a long column
    width = 2 * (_quantile(ordered, 0.75) - _quantile(ordered, 0.25)) / column.size ** (1 / 3)
    if width == 0:
        return int(np.clip(round(np.sqrt(column.size)), 2, MAX_BINS))
    return int(np.clip(float(ordered[-1] - ordered[0]) / width, 2, MAX_BINS))


def _quantile(ordered: FloatVector, share: float) -> float:
    place, rest = divmod(share * (ordered.size - 1), 1)
    low, high = ordered[int(place)], ordered[min(int(place) + 1, ordered.size - 1)]
    return float(low + (high - low) * rest)
