"""The shape of a score vector in a few hundred numbers: what a line is drawn by, however many rows there are."""

import math
from dataclasses import dataclass

import numpy as np

from pynomaly.domain.arrays import FloatVector, IntVector, read_only
from pynomaly.domain.calibration import quantile_of
from pynomaly.domain.decision import fence_above

MOST_BINS = 120  # as many bars as a drawing of 1,000 pixels keeps apart
EXACT_RANKS = 500  # an alarm budget that people look at lies within
MOST_STEPS = 400  # below those ranks: each step adds at most 2 % of the rows of a vector of a million


@dataclass(frozen=True, slots=True, eq=False)
class ScoreHistogram:
    """How many rows score about so much.

    edges: (k + 1,), ascending, of k bins equally wide; a bin holds its lower edge, the last one both.
    counts: (k,).  n_below, n_beyond: rows too far out on either side to be drawn to the same scale.
    """

    edges: FloatVector
    counts: IntVector
    n_below: int
    n_beyond: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "edges", read_only(self.edges))
        object.__setattr__(self, "counts", read_only(self.counts))


@dataclass(frozen=True, slots=True, eq=False)
class ScoreOutline:
    """A histogram, and how many rows each of some thresholds would flag.

    thresholds: (k,), scores that occur, strictly descending; every one of the 500 strangest rows' is among them, and
    the lowest of all.  n_past: (k,), the rows scoring at least that.
    expected_false_alarms: (k,), None where nothing can be said. If the training rows are normal and the normal rows
    of this batch are of the same kind, at most so many normal rows score past a line that was drawn beforehand, on
    average over batches and trainings. Where it is more than `n_past`, it says nothing.
    """

    n_rows: int
    lowest: float
    highest: float
    histogram: ScoreHistogram
    thresholds: FloatVector
    n_past: IntVector
    expected_false_alarms: FloatVector | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "thresholds", read_only(self.thresholds))
        object.__setattr__(self, "n_past", read_only(self.n_past))


def outline(scores: FloatVector, reference: FloatVector | None) -> ScoreOutline:
    """Return the outline of scores (n,), n >= 1, finite.

    reference: training scores (m,) sorted ascending that p-values are held against; None where a p-value of these
    rows means nothing, since they are the training rows or the reference is.
    Source of the expected false alarms: n times the conformal p-value of the threshold, Bates et al. (2023), "Testing
    for outliers with conformal p-values", Annals of Statistics, eq. (2); all n rows stand for the unknown number of
    normal ones, which errs towards more.

    >>> some = outline(np.array([1.0, 2.0, 2.0, 9.0]), reference=np.array([1.0, 2.0, 3.0]))
    >>> some.thresholds, some.n_past, some.expected_false_alarms
    (array([9., 2., 1.]), array([1, 3, 4]), array([1., 3., 4.]))
    """
    ordered = np.sort(scores)
    thresholds = _thresholds(ordered)
    return ScoreOutline(
        n_rows=ordered.size,
        lowest=float(ordered[0]),
        highest=float(ordered[-1]),
        histogram=_histogram(ordered),
        thresholds=thresholds,
        n_past=ordered.size - np.searchsorted(ordered, thresholds),
        expected_false_alarms=None if reference is None else _false_alarms(ordered.size, thresholds, reference),
    )


def rows_past(outline: ScoreOutline, threshold: float) -> int:
    """Return how many rows score at least this: exactly down to the 500th strangest, interpolated between steps below.

    Interpolated figures never fall outside the step, and never grow with the threshold.
    """
    after = int(np.searchsorted(-outline.thresholds, -threshold, side="right"))
    n_above = int(outline.n_past[after - 1]) if after else 0
    if after in (0, outline.thresholds.size) or n_above < EXACT_RANKS:
        return n_above
    above, below = float(outline.thresholds[after - 1]), float(outline.thresholds[after])
    share = (above - threshold) / (above - below)
    return n_above + math.floor(share * (int(outline.n_past[after]) - n_above))


def threshold_for_rows(outline: ScoreOutline, n: int) -> float | None:
    """Return the lowest threshold of the outline that at most n rows reach; None where rows tied at the top exceed n.

    Down to 500 rows it is the line that an alarm budget of n rows comes to.
    """
    n_lines = int(np.searchsorted(outline.n_past, n, side="right"))
    return float(outline.thresholds[n_lines - 1]) if n_lines else None


def shortest_line(outline: ScoreOutline, threshold: float) -> float:
    """Return a threshold of as few digits as flag the same rows, for people to read; itself past the 500th strangest.

    >>> shortest_line(outline(np.array([0.1, 0.61234567, 0.9]), reference=None), 0.61234567)
    0.612
    """
    n_rows = rows_past(outline, threshold)
    if n_rows > EXACT_RANKS:
        return threshold
    candidates = (float(f"{threshold:.{digits}g}") for digits in range(3, 17))
    return next((one for one in candidates if rows_past(outline, one) == n_rows), threshold)


def false_alarms_past(outline: ScoreOutline, threshold: float) -> float | None:
    """Return the expected false alarms past a line, None where nothing can be said.

    Between two thresholds of the outline it is that of the lower one, which errs towards more.
    """
    if outline.expected_false_alarms is None:
        return None
    at = int(np.searchsorted(-outline.thresholds, -threshold))
    return float(outline.expected_false_alarms[min(at, outline.thresholds.size - 1)])


def _thresholds(ordered: FloatVector) -> FloatVector:
    """Return the scores at the strangest ranks one by one, then at ranks in a geometric series down to the last."""
    n_exact = min(ordered.size, EXACT_RANKS)
    steps = np.geomspace(n_exact, ordered.size, MOST_STEPS).round().astype(np.intp)
    ranks = np.concatenate((np.arange(1, n_exact + 1), steps))
    return np.unique(ordered[ordered.size - ranks])[::-1]


def _false_alarms(n_rows: int, thresholds: FloatVector, reference: FloatVector) -> FloatVector:
    n_at_least = reference.size - np.searchsorted(reference, thresholds)
    return read_only(n_rows * (1.0 + n_at_least) / (reference.size + 1.0))


def _histogram(ordered: FloatVector) -> ScoreHistogram:
    """Count equal-width bins, as many as the root of the number of rows, of what is not too far out."""
    low, high = -_drawn_up_to(-ordered[::-1]), _drawn_up_to(ordered)
    n_bins = 1 if low == high else min(MOST_BINS, math.ceil(math.sqrt(ordered.size)))
    place = np.linspace(0.0, 1.0, n_bins + 1)
    edges = low * (1.0 - place) + high * place  # never their difference, which may not fit a float
    ends = np.searchsorted(ordered, edges)
    ends[-1] = np.searchsorted(ordered, high, side="right")
    return ScoreHistogram(edges, np.diff(ends), n_below=int(ends[0]), n_beyond=int(ordered.size - ends[-1]))


def _drawn_up_to(ordered: FloatVector) -> float:
    """Return the highest score, but no more than twice as far above the upper quartile as the default decision's fence.

    So the fence of a batch that is like the training rows stands in the middle of the tail.
    """
    highest = float(ordered[-1])
    quartile = quantile_of(ordered, 0.75)
    far = quartile + 2.0 * (fence_above(ordered) - quartile)
    return min(highest, far) if far > quartile else highest
