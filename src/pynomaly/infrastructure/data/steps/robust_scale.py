"""One frozen, monotone map per column that brings any float64 into a small finite range."""

from dataclasses import dataclass

import numpy as np

from pynomaly.domain.arrays import FloatVector

LARGEST = float(np.finfo(np.float64).max)
WIDE_KNEE = 1e6
"""Trees and tables see values unchanged in proportion up to a million spreads; float32 still resolves 0.1 there."""
NEAR_KNEE = 10.0
"""Distances and variances should not belong to a few far values: beyond ten spreads only their logarithm counts.

On 18 public tables the mean ROC AUC of neighbours (5 % of the rows) is .837 and that of PCA .805 with this map, against
.815 and .799 with mean and standard deviation. Knees of 3 to 20 differ by .002."""


@dataclass(frozen=True, slots=True)
class RobustScale:
    """(value - center) / spread, logarithmic beyond `knee` spreads, bounded beyond the range seen at training.

    low, high: the mapped range of the finite training values. A value beyond it comes out beyond it, in
    order, but never further than once that range again: infinities arrive at a definite, extreme place.
    Sums, quotients and a piecewise linear logarithm only, so that a value maps to the same bits in any batch.
    """

    center: float | int
    spread: float
    knee: float
    low: float
    high: float

    @property
    def beyond(self) -> float:
        """Where plus infinity lies."""
        return self.high + self._range

    @property
    def _range(self) -> float:
        return self.high - self.low or 1.0

    def apply(self, differences: FloatVector, *, missing: float = 0.0) -> FloatVector:
        """Map values already reduced by `center`, float64 (n,), reusing their memory; NaN becomes `missing`."""
        with np.errstate(over="ignore"):
            scaled = np.divide(differences, self.spread, out=differences)
            if self._is_plain(scaled):
                return scaled
            lost = np.isnan(scaled)
            if lost.any():
                np.copyto(scaled, 0.0, where=lost)
            if not self._is_plain(scaled):
                scaled = self._bounded(logarithmic_tails(scaled, self.knee))
            np.copyto(scaled, missing, where=lost)
            return scaled

    def _is_plain(self, scaled: FloatVector) -> bool:
        """Whether nothing is left to do; a NaN anywhere makes both comparisons false."""
        if not scaled.size:
            return True
        return bool(scaled.min() >= max(self.low, -self.knee) and scaled.max() <= min(self.high, self.knee))

    def _bounded(self, mapped: FloatVector) -> FloatVector:
        above = np.maximum(mapped - self.high, 0) / self._range
        below = np.maximum(self.low - mapped, 0) / self._range
        mapped = np.where(above > 0, self.high + self._range * (above / (1 + above)), mapped)
        return np.where(below > 0, self.low - self._range * (below / (1 + below)), mapped)


def logarithmic_tails(values: FloatVector, knee: float) -> FloatVector:
    """Leave values within [-knee, knee] alone and let the rest grow by one knee per doubling."""
    fraction, exponent = np.frexp(np.minimum(np.abs(values), LARGEST) / knee)
    doublings = exponent - 1 + (2 * fraction - 1)
    return np.where(np.abs(values) > knee, np.sign(values) * (knee * (1 + doublings)), values)


def learn_scale(values: FloatVector, *, center: float | int, knee: float, ends: tuple[float, float]) -> RobustScale:
    """Learn from float64 values reduced by `center` (finite, possibly a sample) and the ends of them all.

    The spread is the middle half of the values, else the middle 90 %, else their standard deviation.
    """
    scale = RobustScale(center, _spread(values), knee, -LARGEST, LARGEST)
    with np.errstate(over="ignore"):
        low, high = logarithmic_tails(np.array(ends) / scale.spread, knee)
    return RobustScale(center, scale.spread, knee, float(low), float(high))


def _spread(values: FloatVector) -> float:
    p05, p25, p75, p95 = np.quantile(values, (0.05, 0.25, 0.75, 0.95), method="nearest")
    with np.errstate(over="ignore"):
        for width in (p75 - p25, p95 - p05):
            if width > 0:
                return float(min(width, LARGEST))
    largest = float(np.max(np.abs(values)))
    if largest == 0:
        return 1.0
    return largest * float(np.std(values / largest)) or largest
