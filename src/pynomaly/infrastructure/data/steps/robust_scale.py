"""One frozen, monotone map per column that brings any float64 into a small finite range."""

from dataclasses import dataclass

import numpy as np

from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.infrastructure.data.compiled import native_steps

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
        return self.high + (self.high - self.low or 1.0)

    @property
    def plain_range(self) -> tuple[float, float]:
        """The ends between which a value is mapped by nothing but the division."""
        return max(self.low, -self.knee), min(self.high, self.knee)

    def apply(self, differences: FloatVector, *, missing: float = 0.0) -> FloatVector:
        """Map values already reduced by `center`, float64 (n,), reusing their memory; NaN becomes `missing`."""
        lowest, highest = self.plain_range
        with np.errstate(over="ignore", invalid="ignore"):
            scaled = np.divide(differences, self.spread, out=differences)
            if not scaled.size or (scaled.min() >= lowest and scaled.max() <= highest):  # neither holds with a NaN
                return scaled
            far = np.flatnonzero(~((scaled >= lowest) & (scaled <= highest)))
            scaled[far] = brought_near(scaled[far], self.low, self.high, self.knee, missing)
            return scaled

    def write(self, values: FloatVector, out: FloatMatrix, *, center: float = 0.0, missing: float = 0.0) -> None:
        """Map values not yet reduced by `center`, float64 (n,), into out (n,): to the bit what `apply` maps them to."""
        if native_steps is not None:
            scale = (center, self.spread, self.low, self.high, self.knee, missing)
            native_steps.scale_into(np.ascontiguousarray(values), *scale, out)
            return
        with np.errstate(over="ignore", invalid="ignore"):
            out[:] = self.apply(np.subtract(values, center), missing=missing)


def brought_near(
    values: FloatVector,
    low: float | FloatVector,
    high: float | FloatVector,
    knee: float | FloatVector,
    missing: float | FloatVector,
) -> FloatVector:
    """Map values already divided by their spread, wherever they lie: float64 (n,).

    The other arguments are those of one scale, or (n,) each where every value has its own: the same bits either way.
    """
    lost = np.isnan(values)
    mapped = logarithmic_tails(np.where(lost, 0.0, values), knee)
    reach = high - low
    reach = np.where(reach == 0.0, 1.0, reach)
    above = np.maximum(mapped - high, 0) / reach
    below = np.maximum(low - mapped, 0) / reach
    mapped = np.where(above > 0, high + reach * (above / (1 + above)), mapped)
    mapped = np.where(below > 0, low - reach * (below / (1 + below)), mapped)
    return np.where(lost, missing, mapped)


def logarithmic_tails(values: FloatVector, knee: float | FloatVector) -> FloatVector:
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
