"""Columns brought to one scale before a network sees them, with far values drawn in so that no score overflows."""

from dataclasses import dataclass

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.infrastructure.algorithms.state_checks import require_within, required_array

LARGEST_VALUE = 1e100
"""Values beyond are taken as this, so that no square overflows."""

SMALLEST_SCALE = 1e-100
"""Below, a column counts as constant; its values are then compared in their own unit."""

LINEAR_UP_TO = 5.0
"""Standard deviations beyond which a value grows with its logarithm only: the order of far rows stays, and 1e100
becomes about a thousand."""

TAIL_SHARE = 0.05
"""Share of the values at each end that is pulled to the quantile there before the spread is measured."""


@dataclass(frozen=True, slots=True, eq=False)
class Standardiser:
    """Frozen centre and scale per column, float64 (d,)."""

    centre: FloatVector
    scale: FloatVector

    @staticmethod
    def learn(rows: FloatMatrix, *, tail_share: float = TAIL_SHARE) -> "Standardiser":
        """Take each column's mean and standard deviation without the far ends; 1 where a column does not vary.

        tail_share: 0 for a detector that estimates the density of the rows, which the far ends are part of.
        """
        rows = np.clip(rows, -LARGEST_VALUE, LARGEST_VALUE)
        low, high = np.quantile(rows, (tail_share, 1 - tail_share), axis=0)
        without_ends = np.clip(rows, low, high)
        centre = without_ends.mean(axis=0)
        spread = without_ends.std(axis=0)
        scale = np.where(spread > SMALLEST_SCALE, spread, rows.std(axis=0))
        is_constant = scale <= np.maximum(SMALLEST_SCALE, 1e-12 * np.abs(centre))
        return Standardiser(centre, np.where(is_constant, 1.0, scale))

    @staticmethod
    def restore(state: ModelState, n_features: int) -> "Standardiser":
        """Read centre and scale. Raises CorruptModel."""
        centre = required_array(state, "centre", dtype=np.float64, shape=(n_features,))
        scale = required_array(state, "scale", dtype=np.float64, shape=(n_features,))
        require_within(centre, "centre", minimum=-LARGEST_VALUE, maximum=LARGEST_VALUE)
        require_within(scale, "scale", minimum=SMALLEST_SCALE, maximum=2 * LARGEST_VALUE)
        return Standardiser(centre, scale)

    def arrays(self) -> dict[str, FloatVector]:
        """Return what a model file holds of it."""
        return {"centre": self.centre, "scale": self.scale}

    def apply(self, rows: FloatMatrix) -> FloatMatrix:
        """Return rows (n, d) in standard deviations from the centre, far values drawn in: float64, at most 2500."""
        away = self._away(rows)
        return np.asarray(np.clip(away, -LINEAR_UP_TO, LINEAR_UP_TO) * (1 + np.log(_times_too_far(away))))

    def log_slope(self, rows: FloatMatrix) -> FloatMatrix:
        """Return the logarithm of the derivative of what `apply` returns, but for each column's constant: (n, d)."""
        return np.asarray(-np.log(_times_too_far(self._away(rows))))

    def _away(self, rows: FloatMatrix) -> FloatMatrix:
        return np.asarray((np.clip(rows, -LARGEST_VALUE, LARGEST_VALUE) - self.centre) / self.scale)


def _times_too_far(away: FloatMatrix) -> FloatMatrix:
    return np.asarray(np.maximum(np.abs(away) / LINEAR_UP_TO, 1.0))


def within_and_beyond(standard: FloatMatrix) -> tuple[FloatMatrix, FloatVector]:
    """Part standardised rows (n, d) into values of a usual size (n, d) and the sum of what goes beyond it (n,).

    For a network that judges how columns fit together: of values that it never saw it would say anything, so it is
    shown the largest usual one instead, and the rest counts by itself.
    """
    within = np.clip(standard, -LINEAR_UP_TO, LINEAR_UP_TO)
    return within, np.abs(standard - within).sum(axis=1)
