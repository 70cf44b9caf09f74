"""Single cells so far from what is usual in their column that nobody who saw them would let them pass."""

import math
from dataclasses import dataclass

from pynomaly.domain.explanation import Typical

FAR_RANGES = 8.0
"""Usual ranges, the middle 90 %, between the median and a far cell: 26 standard deviations of a normal column."""

FAR_LOGARITHMIC_RANGES = 1.6
"""The same between logarithms, for columns of positive numbers: 5 standard deviations of a lognormal column, in which a
value may well lie many ranges away."""

MOST_FAR_CELLS, MOST_FAR_SHARE = 3, 0.005
"""A column with more far cells, of few rows or of many, has a tail and not exceptions."""

_LARGEST = 1e308


@dataclass(frozen=True, slots=True)
class FarCell:
    """A number far outside its column.

    row: counted from 0.  ranges_away: usual ranges between it and the median.  typical: what was usual at training.
    """

    column: str
    row: int
    value: float
    ranges_away: float
    typical: Typical


@dataclass(frozen=True, slots=True)
class FarBounds:
    """Numbers below and above which a cell is far, and what to measure its distance by."""

    below: float
    above: float
    median: float
    range: float


def far_bounds(typical: Typical) -> FarBounds | None:
    """Return from where on a cell is far; None for columns that do not say.

    >>> far_bounds(Typical(median=0.0, low=-1.0, high=1.0))
    FarBounds(below=-16.0, above=16.0, median=0.0, range=2.0)
    """
    median, low, high = typical.median, typical.low, typical.high
    if median is None or low is None or high is None or not low < high or not math.isfinite(high - low):
        return None
    reach = FAR_RANGES * (high - low)
    above = median + reach
    if low > 0:
        logarithm = math.log(median) + FAR_LOGARITHMIC_RANGES * (math.log(high) - math.log(low))
        above = max(above, math.exp(logarithm)) if logarithm < math.log(_LARGEST) else math.inf
    return FarBounds(median - reach, above, median, high - low)


def are_exceptions(n_far: int, n_cells: int) -> bool:
    """Whether so many far cells of a column are its exceptions, and not its tail.

    >>> are_exceptions(3, 40), are_exceptions(40, 1000), are_exceptions(40, 10_000)
    (True, False, True)
    """
    return n_far <= max(MOST_FAR_CELLS, MOST_FAR_SHARE * n_cells)
