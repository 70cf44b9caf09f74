"""Autoregressive residual: how far the newest value of a window lies from what the values before it foretell."""

from dataclasses import dataclass

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector, read_only
from pynomaly.domain.errors import InvalidData
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.column_scales import robust_scales
from pynomaly.infrastructure.algorithms.ellipsoid import LARGEST_VALUE
from pynomaly.infrastructure.algorithms.scoring_rows import INTERMEDIATES, score_in_blocks, training_rows
from pynomaly.infrastructure.algorithms.state_checks import require, require_names, require_within, required_array

MAX_TRAINING_ROWS = 20_000
"""Windows learned from; a longer series is sampled."""

MAX_STEPS = 20
"""Reweighting steps at most; coefficients hardly move after ten."""

HUBER = 1.345
"""Residuals beyond so many scales count less; 95 % efficient on normal ones (Huber 1981)."""

FAR_LAG = 4.0
"""Windows with a lag beyond so many scales count less, with its square: one odd point is a lag of many windows."""

RIDGE = 1e-3
"""What is added to the squares of the lags' coefficients, per row: neighbouring values are nearly the same column."""

FARTHEST = 1e3
"""Windows with a value beyond so many scales are not learned from: as lags they would rule all coefficients."""

LARGEST_SCALED = 1e50
"""Values beyond so many scales from the median are taken as this, so that no square overflows."""

LARGEST_COEFFICIENT = 1e60
"""Bound of coefficients of scaled values."""

SMALLEST_SCALE = 1e-9
"""Least scale of the residuals, in scales of the series: an exactly foretold series has none."""


@dataclass(frozen=True, slots=True)
class AutoregressiveResidual:
    """Distance of the newest value from its forecast, in robust scales of the forecast's errors.

    What: foretells the last value of a window as a weighted sum of the values before it, with weights that strange
    windows in training hardly touch; the score is |value - forecast| over the median size of such errors. With several
    channels each is foretold from all, and the largest counts. Rows are windows, oldest value first, as
    `pynomaly.windows_of` makes them.

    When: single odd points and sudden jumps, at once. Look-back: the window; look-ahead: none. Fails for oddities
    that come slowly, or last: once they are in the window they are foretold (see `sub_pca`).

    Cost, with d values per window and c channels: fit up to 20 steps of c n d^2 on at most 20 000 windows; score c d
    per row. Random only where windows are sampled (`seed`).

    n_channels: series side by side in a window, 1..1000, default 1; the last so many values of a row are foretold.

    Shapes: rows (n, d) float32 or float64, finite, d >= n_channels; scores float64 (n,), from 0, below 3 for most
    windows. Raises TooFewRows below 2 rows, InvalidData with fewer values than channels, ColumnMismatch on another
    width, NonFiniteScores for NaN or infinity in rows.

    Source: Denby and Martin (1979), "Robust estimation of the first-order autoregressive parameter", JASA 74: errors
    and lags are weighted, by iteratively reweighted least squares. Weights of errors: Huber (1981), "Robust
    Statistics", chapter 7. Ridge: Hoerl and Kennard (1970), Technometrics 12(1).

    >>> from pynomaly.domain.series import windows_of
    >>> series = np.sin(np.arange(200) * 0.5) + 0.01 * np.random.default_rng(0).normal(size=200)
    >>> model = AutoregressiveResidual().fit(FeatureMatrix(*windows_of(series, 6)), seed=0)
    >>> model.score(np.array([np.sin(np.arange(6) * 0.5), [0.0, 0.48, 0.84, 1.0, 0.91, 0.0]])).round() < 10
    array([ True, False])
    """

    n_channels: int = 1

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedForecast":
        """Learn what foretells the last values. Raises TooFewRows, InvalidData."""
        rows = training_rows(matrix)
        if rows.shape[1] < self.n_channels:
            raise InvalidData(f"windows of {rows.shape[1]} values have no value for each of {self.n_channels} channels")
        if len(rows) > MAX_TRAINING_ROWS:
            rows = rows[np.sort(np.random.default_rng(seed).choice(len(rows), MAX_TRAINING_ROWS, replace=False))]
        middle, spread = robust_scales(np.clip(rows, -LARGEST_VALUE, LARGEST_VALUE))
        scaled = _scaled(rows, middle, spread)
        usable = scaled[np.abs(scaled).max(axis=1) <= FARTHEST]
        lags, newest = usable[:, : -self.n_channels], usable[:, -self.n_channels :]
        fits = [_robust_fit(lags, target) for target in newest.T]
        coefficients, scales = np.array([fit[0] for fit in fits]), np.array([fit[1] for fit in fits])
        return FittedForecast(*(read_only(array) for array in (middle, spread, coefficients, scales)))

    @staticmethod
    def restore(state: ModelState) -> "FittedForecast":
        """Rebuild a fitted model. Raises CorruptModel."""
        require_names(state, arrays=("middle", "spread", "coefficients", "scales"), scalars=())
        middle = required_array(state, "middle", dtype=np.float64, shape=(None,))
        spread = required_array(state, "spread", dtype=np.float64, shape=(middle.size,))
        scales = required_array(state, "scales", dtype=np.float64, shape=(None,))
        require(scales.size <= middle.size, "foretells more values than its windows have")
        shape = (scales.size, middle.size - scales.size + 1)
        coefficients = required_array(state, "coefficients", dtype=np.float64, shape=shape)
        require_within(middle, "middle", minimum=-LARGEST_VALUE, maximum=LARGEST_VALUE)
        require_within(spread, "spread", minimum=1e-140, maximum=2 * LARGEST_VALUE)
        require_within(scales, "scales", minimum=SMALLEST_SCALE, maximum=LARGEST_COEFFICIENT)
        require_within(coefficients, "coefficients", minimum=-LARGEST_COEFFICIENT, maximum=LARGEST_COEFFICIENT)
        return FittedForecast(middle, spread, coefficients, scales)


@dataclass(frozen=True, slots=True, eq=False)
class FittedForecast:
    """A frozen forecast of c channels, float64.

    middle, spread: (d,), of each place in a window.  coefficients: (c, d - c + 1), of the scaled values before, and
    last a constant.  scales: (c,), of the scaled errors.
    """

    middle: FloatVector
    spread: FloatVector
    coefficients: FloatMatrix
    scales: FloatVector

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score windows (n, d): float64 (n,), higher is stranger."""
        cells = INTERMEDIATES * self.middle.size
        return score_in_blocks(rows, self.middle.size, self._score_block, cells_per_row=cells)

    def state(self) -> ModelState:
        """Return what scales the values, the coefficients and the scales of the errors."""
        arrays = {"middle": self.middle, "spread": self.spread}
        return ModelState({**arrays, "coefficients": self.coefficients, "scales": self.scales})

    def _score_block(self, block: FloatMatrix) -> FloatVector:
        scaled = _scaled(block, self.middle, self.spread)
        lags, newest = scaled[:, : -len(self.scales)], scaled[:, -len(self.scales) :]
        strangest = np.zeros(len(block))
        for target, coefficients, scale in zip(newest.T, self.coefficients, self.scales, strict=True):
            errors = np.abs(target - _forecast(lags, coefficients)) / scale
            np.maximum(strangest, errors, out=strangest)
        return strangest


def _scaled(rows: FloatMatrix, middle: FloatVector, spread: FloatVector) -> FloatMatrix:
    away = np.clip(rows, -LARGEST_VALUE, LARGEST_VALUE) - middle
    return np.asarray(np.clip(away / spread, -LARGEST_SCALED, LARGEST_SCALED))


def _forecast(lags: FloatMatrix, coefficients: FloatVector) -> FloatVector:
    """Return lags (n, p) times coefficients (p + 1,), the last a constant; einsum adds in the order of the lags."""
    return np.asarray(np.einsum("ij,j->i", lags, coefficients[:-1]) + coefficients[-1])


def _robust_fit(lags: FloatMatrix, target: FloatVector) -> tuple[FloatVector, float]:
    """Return coefficients (p + 1,) and the scale of the errors that are left."""
    design = np.column_stack([lags, np.ones(len(lags))])
    ridge = RIDGE * len(lags) * np.append(np.ones(lags.shape[1]), SMALLEST_SCALE)  # the constant stays free
    reliance = np.minimum(1.0, (FAR_LAG / np.maximum(np.abs(design).max(axis=1), 1.0)) ** 2)
    weights, coefficients, scale = reliance, np.zeros(design.shape[1]), 1.0
    for _ in range(MAX_STEPS if len(lags) else 0):
        weighted = design * weights[:, np.newaxis]
        before, coefficients = coefficients, np.linalg.solve(weighted.T @ design + np.diag(ridge), weighted.T @ target)
        errors = target - design @ coefficients
        scale = max(float(robust_scales(errors[:, np.newaxis])[1][0]), SMALLEST_SCALE)
        weights = reliance / np.maximum(1.0, np.abs(errors) / (HUBER * scale))
        if np.abs(coefficients - before).max() < 1e-6:
            break
    return coefficients, scale
