"""Median and MAD: how many robust standard deviations a value lies from the middle of its column."""

from dataclasses import dataclass

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.scoring_rows import INTERMEDIATES, score_in_blocks, training_rows
from pynomaly.infrastructure.algorithms.state_checks import require_names, require_within, required_array

MAD_PER_SD = 0.6744897501960817
"""The median absolute deviation of a normal distribution, in standard deviations."""

MEAN_DEVIATION_PER_SD = 0.7978845608028654
"""Its mean absolute deviation, the square root of 2 / pi."""

LARGEST_SCORE = 1e300


@dataclass(frozen=True, slots=True)
class MedianDeviation:
    """Modified z-score: distance from the median in units of the median absolute deviation (MAD).

    What: each column's median and MAD are frozen at fit; |value - median| * 0.6745 / MAD is the modified z-score. A
    row's score is the largest among its columns: a row is as strange as its strangest value.

    When: single measurements, few columns, a threshold people know (Iglewicz and Hoaglin flag above 3.5). Up to half
    of the training rows may be anomalies. Fails for several modes, skewed columns (their long tail looks strange), and
    combinations of columns; with many columns the largest of many is large by chance.

    Cost: fit n per column; score d per row. Nothing is random, there are no parameters.

    Where more than half of a column is one value, its MAD is 0 and the mean absolute deviation from the median takes
    its place, times 1.2533 (Iglewicz and Hoaglin); in a column of one value throughout the plain distance counts.

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), from 0 to 1e300.
    Raises TooFewRows below 2 rows, ColumnMismatch on another width, NonFiniteScores for NaN or infinity in rows.

    Source: Iglewicz and Hoaglin (1993), "How to detect and handle outliers", ASQC, section 3. Difference: several
    columns, of which the largest score counts.

    >>> rows = np.array([[1.0], [2.0], [3.0], [4.0], [50.0]])
    >>> model = MedianDeviation().fit(FeatureMatrix(rows, ("size",)), seed=0)
    >>> model.score(np.array([[3.0], [50.0]])).round(1)
    array([ 0. , 31.7])
    """

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedDeviation":  # noqa: ARG002 - nothing here is random
        """Learn median and deviation of every column. Raises TooFewRows, InvalidData."""
        centre, half_scale = robust_middles(training_rows(matrix))
        return FittedDeviation(centre, half_scale)

    @staticmethod
    def restore(state: ModelState) -> "FittedDeviation":
        """Rebuild a fitted model. Raises CorruptModel."""
        require_names(state, arrays=("centre", "half_scale"), scalars=())
        centre = required_array(state, "centre", dtype=np.float64, shape=(None,))
        half_scale = required_array(state, "half_scale", dtype=np.float64, shape=centre.shape)
        require_within(half_scale, "half_scale", minimum=np.finfo(np.float64).tiny, maximum=np.finfo(np.float64).max)
        return FittedDeviation(centre, half_scale)


@dataclass(frozen=True, slots=True, eq=False)
class FittedDeviation:
    """Frozen median of each column and half of what its standard deviation would be were it normal, float64 (d,)."""

    centre: FloatVector
    half_scale: FloatVector

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        n_features = self.centre.size
        return score_in_blocks(rows, n_features, self._score_block, cells_per_row=INTERMEDIATES * n_features)

    def state(self) -> ModelState:
        """Return centres and scales."""
        return ModelState({"centre": self.centre, "half_scale": self.half_scale})

    def _score_block(self, block: FloatMatrix) -> FloatVector:
        with np.errstate(over="ignore"):
            deviations = np.abs(block / 2 - self.centre / 2) / self.half_scale
        return np.asarray(np.minimum(deviations.max(axis=1), LARGEST_SCORE))


def robust_middles(rows: FloatMatrix) -> tuple[FloatVector, FloatVector]:
    """Return each column's median and half its robust standard deviation; halves, because a distance may overflow."""
    half_centre = np.median(rows / 2, axis=0)
    away = np.abs(rows / 2 - half_centre)
    half_scale = np.median(away, axis=0) / MAD_PER_SD
    is_one_value = half_scale == 0
    half_scale[is_one_value] = np.mean(away[:, is_one_value], axis=0) / MEAN_DEVIATION_PER_SD
    half_scale[half_scale < np.finfo(np.float64).tiny] = 0.5
    return np.asarray(half_centre * 2), half_scale
