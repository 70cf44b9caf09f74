"""How far a share that was counted may lie from the share that is meant."""

import math

NORMAL_975 = 1.959963984540054  # the 97.5 % quantile of the normal distribution: 95 % lie within as many deviations


def wilson_interval(n_hits: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of the share behind n_hits of n independent trials, n >= 1.

    Source: Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22.

    >>> [round(end, 3) for end in wilson_interval(8, 10)]
    [0.49, 0.943]
    """
    share, z2 = n_hits / n, NORMAL_975**2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = NORMAL_975 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, centre - half), min(1.0, centre + half)
