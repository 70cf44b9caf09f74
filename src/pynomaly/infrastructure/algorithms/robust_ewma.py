"""Robust exponentially weighted z-scores: how far a row is from where its columns lately were; learns online."""

from dataclasses import dataclass

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.mad import robust_middles
from pynomaly.infrastructure.algorithms.scoring_rows import (
    INTERMEDIATES,
    check_width,
    finite_block,
    score_in_blocks,
    sum_over_features,
    training_rows,
)
from pynomaly.infrastructure.algorithms.state_checks import require, require_names, require_within, required_array

START_ROWS = 50
"""Rows whose median and MAD the first level and scale are."""

CLIP = 3.0
"""Standard deviations beyond which a row pulls no harder: three in a thousand rows of a normal column."""

SCALE_OF_CLIPPED = 1.0 / 0.99501
"""One over the mean of min(z^2, 9) of a standard normal z: the variance estimate is right where nothing is strange."""

LARGEST_VALUE = 1e100
SMALLEST_SCALE = 1e-40
LARGEST_SCALE = 1e110
"""Bounds that keep every square and sum a finite number."""


@dataclass(frozen=True, slots=True)
class RobustEwma:
    """Robust exponentially weighted moving average: per column a level and a scale that follow the stream.

    What: each row moves every column's level towards it by lambda times its distance, cut at three standard
    deviations, and the variance likewise. The score is the sum over columns of z^2, z being the distance from the level
    in standard deviations.

    When: streams and logs whose usual values drift, one column or several. Fails for several modes, seasons shorter
    than the half-life, combinations of columns; after a jump it needs about a half-life to follow, which is meant: the
    first rows of a new regime are strange. Rows of a table in no order are only compared with its last rows.

    Cost: fit and learn about 20 microseconds per row, whatever d is up to a hundred; score d per row; memory 2 d.

    half_life: rows after which a row's weight has fallen to one half, 1..1e9, default 200; lambda is
    1 - 2^(-1/half_life).

    Online: the first 50 rows give median and MAD to start from, each later one is learned in its order. So learning row
    by row, in blocks and at once agree to the bit, and fit(all) equals fit(first) and learn(rest) when the first have
    50 rows or more.

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), from 0, about d for a usual row.
    Raises TooFewRows below 2 rows, ColumnMismatch on another width, NonFiniteScores for NaN or infinity in rows.
    Nothing is random.

    Source: Roberts (1959), "Control chart tests based on geometric moving averages", Technometrics 1(3); cutting as in
    Gelper, Fried and Croux (2010), "Robust forecasting with exponential and Holt-Winters smoothing", Journal of
    Forecasting 29(3), equations 4 to 6. Difference: the cut square is used for the scale, too.

    >>> rows = np.random.default_rng(0).normal(size=(300, 1))
    >>> model = RobustEwma(half_life=20).fit(FeatureMatrix(rows, ("load",)), seed=0)
    >>> high = np.full((100, 1), 8.0)
    >>> bool(model.score(high)[0] > 30), bool(model.learn(high).score(high)[0] < 3)
    (True, True)
    """

    half_life: float = 200.0

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedEwma":  # noqa: ARG002 - nothing here is random
        """Start from the first rows and learn the others in their order. Raises TooFewRows, InvalidData."""
        rows = np.clip(training_rows(matrix), -LARGEST_VALUE, LARGEST_VALUE)
        level, half_scale = robust_middles(rows[:START_ROWS])
        scale = np.clip(2 * half_scale, SMALLEST_SCALE, LARGEST_SCALE)
        started = FittedEwma(level, scale, np.array([self.half_life]))
        return started.learn(rows[START_ROWS:])

    @staticmethod
    def restore(state: ModelState) -> "FittedEwma":
        """Rebuild a fitted model. Raises CorruptModel."""
        require_names(state, arrays=("level", "scale", "half_life"), scalars=())
        level = required_array(state, "level", dtype=np.float64, shape=(None,))
        scale = required_array(state, "scale", dtype=np.float64, shape=level.shape)
        half_life = required_array(state, "half_life", dtype=np.float64, shape=(1,))
        require_within(level, "level", minimum=-2 * LARGEST_VALUE, maximum=2 * LARGEST_VALUE)
        require_within(scale, "scale", minimum=SMALLEST_SCALE, maximum=LARGEST_SCALE)
        require(bool(half_life[0] >= 1), "forgets within less than one row")
        return FittedEwma(level, scale, half_life)


@dataclass(frozen=True, slots=True, eq=False)
class FittedEwma:
    """Level and scale of each column, float64 (d,), and how fast they move, float64 (1,)."""

    level: FloatVector
    scale: FloatVector
    half_life: FloatVector

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        cells = INTERMEDIATES * self.level.size
        return score_in_blocks(
            rows, self.level.size, lambda b: sum_over_features(self._parts(b).T), cells_per_row=cells
        )

    def contributions(self, rows: FloatMatrix) -> FloatMatrix:
        """Return each column's z^2, (n, d); a row adds up to its score."""
        check_width(rows, self.level.size)
        return self._parts(finite_block(rows))

    def learn(self, rows: FloatMatrix) -> "FittedEwma":
        """Return the model that has seen rows (n, d) too, in their order. Raises ColumnMismatch, NonFiniteScores."""
        check_width(rows, self.level.size)
        weight = 1.0 - 2.0 ** (-1.0 / float(self.half_life[0]))
        level, scale = self.level.copy(), self.scale.copy()
        for row in np.clip(finite_block(rows), -LARGEST_VALUE, LARGEST_VALUE):
            cut = np.clip((row - level) / scale, -CLIP, CLIP)
            level += weight * scale * cut
            scale *= np.sqrt((1.0 - weight) + weight * SCALE_OF_CLIPPED * cut * cut)
            np.clip(scale, SMALLEST_SCALE, LARGEST_SCALE, out=scale)
        return FittedEwma(level, scale, self.half_life)

    def state(self) -> ModelState:
        """Return levels, scales and the half-life."""
        return ModelState({"level": self.level, "scale": self.scale, "half_life": self.half_life})

    def _parts(self, block: FloatMatrix) -> FloatMatrix:
        z = (np.clip(block, -LARGEST_VALUE, LARGEST_VALUE) - self.level) / self.scale
        return np.asarray(z * z)
