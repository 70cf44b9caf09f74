"""How bad a score is, from 0 to 100 and the same for every detector: what rules and people compare."""

from enum import StrEnum

import numpy as np

from pynomaly.domain.arrays import FloatVector, IntVector, read_only
from pynomaly.domain.calibration import quantile_of
from pynomaly.domain.decision import fence_above


class SeverityBand(StrEnum):
    """A severity in a word."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


BANDS = ((90.0, SeverityBand.CRITICAL), (75.0, SeverityBand.HIGH), (50.0, SeverityBand.MEDIUM))
"""From which severity on each band begins; below the last one all is low."""
N_STEPS = 50  # of a histogram of severities: fine enough to see each band's shape


def severities(scores: FloatVector, reference: FloatVector) -> FloatVector:
    """Return the severity (n,) of scores (n,), held against a training reference (m,) sorted ascending.

    100 (1 - 2^-f), where f counts in steps from the upper quartile of the reference to the fence of the default
    decision: 0 up to the quartile, 50 at the fence, 75 as far again, never more than 100.
    Where quartile and fence are one, whatever lies above is 100.

    >>> severities(np.array([0.0, 3.0, 7.0, 11.0]), np.array([0.0, 1.0, 2.0, 3.0, 4.0]))
    array([ 0.,  0., 50., 75.])
    """
    quartile = quantile_of(reference, 0.75)
    step = fence_above(reference) - quartile
    above = np.maximum(scores - quartile, 0.0)
    if step <= 0.0:
        return read_only(np.where(above > 0.0, 100.0, 0.0))
    return read_only(100.0 * (1.0 - np.exp2(-above / step)))


def band_of(severity: float) -> SeverityBand:
    """Return a severity in a word.

    >>> [str(band_of(severity)) for severity in (49.9, 50.0, 75.0, 90.0)]
    ['low', 'medium', 'high', 'critical']
    """
    return next((band for least, band in BANDS if severity >= least), SeverityBand.LOW)


def severity_counts(severities: FloatVector) -> IntVector:
    """Return how many severities (n,) lie in each of fifty equal steps from 0 to 100; 100 lies in the last.

    >>> severity_counts(np.array([0.0, 1.9, 2.0, 100.0]))[[0, 1, 49]]
    array([2, 1, 1])
    """
    steps = np.minimum(severities * (N_STEPS / 100.0), N_STEPS - 1).astype(np.intp)
    return np.bincount(steps, minlength=N_STEPS)
