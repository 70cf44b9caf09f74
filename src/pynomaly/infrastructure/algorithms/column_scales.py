"""Where the middle of each column lies and how wide it is, whatever stands in its tails."""

import numpy as np

from pynomaly.domain.arrays import FloatMatrix, FloatVector

NORMAL_SCALE = 1.4826
"""What makes the median absolute deviation of normal values their standard deviation: 1 / 0.6745."""

ROUNDING = 1e-13
"""A scale below this share of the median is rounding: the values count as alike."""

SMALLEST_SCALE = 1e-140
"""A scale below this counts as none, so that 1 / scale and its square stay finite."""


def robust_scales(rows: FloatMatrix) -> tuple[FloatVector, FloatVector]:
    """Return the median and the scale of each column of rows (n, d): float64 (d,) both, scales above 0.

    The scale is the median absolute deviation for normal values; the standard deviation where more than half of the
    values are alike; 1 where all are. Values up to 1e100 do not overflow.
    """
    middle: FloatVector = np.asarray(np.median(rows, axis=0), dtype=np.float64)
    away = rows - middle
    spread = np.sqrt((away**2).mean(axis=0))
    scale = NORMAL_SCALE * np.median(np.abs(away, out=away), axis=0)
    narrowest = np.maximum(ROUNDING * np.abs(middle), SMALLEST_SCALE)
    return middle, np.where(scale > narrowest, scale, np.where(spread > narrowest, spread, 1.0))
