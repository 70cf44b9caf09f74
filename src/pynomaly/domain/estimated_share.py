"""A share that was counted on some and is meant for more: how far off it may be by chance."""

import math
from dataclasses import dataclass

TWO_SIDED_95 = 1.959963984540054  # the 0.975 quantile of the standard normal distribution


@dataclass(frozen=True, slots=True)
class EstimatedShare:
    """A share (0..1) and its 95 % interval, both ends included."""

    value: float
    low: float
    high: float


def estimated_share(n_hits: int, n: int) -> EstimatedShare | None:
    """Return the share of hits with its Wilson interval, None where nothing was counted.

    It behaves where the usual one does not: with few counted, and at shares of 0 and 1. It knows of chance alone, as
    if those that were counted had been drawn at random from all.
    Source: Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22, 209-212.

    >>> share = estimated_share(3, 12)
    >>> share.value, round(share.low, 3), round(share.high, 3)
    (0.25, 0.089, 0.532)
    """
    if n == 0:
        return None
    share, z = n_hits / n, TWO_SIDED_95
    shrunk = 1.0 + z * z / n
    middle = (share + z * z / (2 * n)) / shrunk
    half = z * math.sqrt(share * (1.0 - share) / n + (z / (2 * n)) ** 2) / shrunk
    # at 0 and 1 an end is the share itself, which rounding may miss by a hair
    return EstimatedShare(share, max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))
