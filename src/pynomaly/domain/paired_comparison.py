"""Two detections of the same rows against the same labels: how far apart they are, and whether chance explains it.

Both rank the same rows, so what is easy or hard for both cancels out: differences are known far better than the two
figures they are between.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from pynomaly.domain.arrays import BoolVector, FloatVector, IntVector
from pynomaly.domain.evaluation import average_precision, require_both_classes
from pynomaly.domain.intervals import NORMAL_975

N_DRAWS = 200  # percentiles of a 95 % interval rest on the five outermost: enough to see whether it holds 0
FEWEST = 2  # of a class: what varies cannot be told from a single row


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """A measure of two detections; difference: the first less the second.

    low, high: the 95 % interval of the difference over other rows of the same kind.  p_value: the chance of a
    difference as large if there is none.  None where they cannot be told.
    """

    first: float
    second: float
    difference: float
    low: float | None = None
    high: float | None = None
    p_value: float | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two decisions flagged rows of one class: both, one of them, neither.

    Source: McNemar (1947), "Note on the sampling error of the difference between correlated proportions".
    """

    n_both: int
    n_only_first: int
    n_only_second: int
    n_neither: int


def roc_auc_difference(labels: BoolVector, first: FloatVector, second: FloatVector) -> PairedDifference:
    """Compare the ROC AUC of two score vectors (n,) for rows with labels (n,).

    Interval and p-value (two-sided) take the difference as normally distributed, which takes some ten rows of either
    class; both are None with fewer than two, or where no row tells of any variation.
    Raises InvalidLabels unless both classes are there. Source: DeLong, DeLong and Clarke-Pearson (1988), "Comparing
    the areas under two or more correlated receiver operating characteristic curves", Biometrics 44, eq. 5 and 6.
    """
    require_both_classes(labels)
    of_first, of_second = _placements(labels, first), _placements(labels, second)
    aucs = float(of_first[0].mean()), float(of_second[0].mean())
    difference = aucs[0] - aucs[1]
    if min(one.size for one in of_first) < FEWEST:
        return PairedDifference(*aucs, difference)
    variance = sum(float((a - b).var(ddof=1)) / a.size for a, b in zip(of_first, of_second, strict=True))
    if variance == 0.0:
        return PairedDifference(*aucs, difference, *((0.0, 0.0, 1.0) if difference == 0.0 else ()))
    deviation = math.sqrt(variance)
    half = NORMAL_975 * deviation
    p_value = math.erfc(abs(difference) / deviation / math.sqrt(2.0))
    return PairedDifference(*aucs, difference, max(-1.0, difference - half), min(1.0, difference + half), p_value)


def average_precision_difference(
    labels: BoolVector, first: FloatVector, second: FloatVector, *, seed: int = 0
) -> PairedDifference:
    """Compare the average precision of two score vectors (n,) for rows with labels (n,).

    The interval is that of the middle 95 % of 200 bootstrap draws, in which anomalies and normal rows are drawn apart
    and each row with both of its scores; None with fewer than two of either class. There is no p-value.
    seed: the same one, the same draws. Cost: n log n, then 200 passes over the anomalies and the normal rows that score
    above the lowest of them.
    Raises InvalidLabels unless both classes are there. Source: Efron and Tibshirani (1993), "An introduction to the
    bootstrap", section 13.3.
    """
    require_both_classes(labels)
    measures = average_precision(labels, first), average_precision(labels, second)
    difference = measures[0] - measures[1]
    if min(int(labels.sum()), int((~labels).sum())) < FEWEST:
        return PairedDifference(*measures, difference)
    ladders = _Ladder.of(labels, first), _Ladder.of(labels, second)
    low, high = np.quantile(_drawn_differences(np.random.default_rng(seed), *ladders), [0.025, 0.975])
    return PairedDifference(*measures, difference, float(low), float(high))


def agreement(first: BoolVector, second: BoolVector) -> Agreement:
    """Count how often two decisions (n,) flagged the same rows.

    >>> agreement(np.array([True, True, False]), np.array([True, False, False]))
    Agreement(n_both=1, n_only_first=1, n_only_second=0, n_neither=1)
    """
    counts = np.bincount(2 * first.astype(np.intp) + second, minlength=4).tolist()
    return Agreement(n_both=counts[3], n_only_first=counts[2], n_only_second=counts[1], n_neither=counts[0])


def _placements(labels: BoolVector, scores: FloatVector) -> tuple[FloatVector, FloatVector]:
    """Return for each anomaly the share of normal rows below it, for each normal row that of anomalies above it."""
    anomalies, normal = scores[labels], scores[~labels]
    return _share_below(normal, anomalies), 1.0 - _share_below(anomalies, normal)


def _share_below(of: FloatVector, values: FloatVector) -> FloatVector:
    """Return the share of `of` below each value, ties counting half."""
    ordered = np.sort(of)
    n_twice = np.searchsorted(ordered, values, side="left") + np.searchsorted(ordered, values, side="right")
    return n_twice / (2.0 * ordered.size)


@dataclass(frozen=True, slots=True, eq=False)
class _Ladder:
    """The rows as average precision sees them: rungs are the scores of anomalies, ascending.

    of_anomalies: the rung each anomaly stands on.  of_normal: how many rungs each normal row has reached.
    """

    n_rungs: int
    of_anomalies: IntVector
    of_normal: IntVector

    @staticmethod
    def of(labels: BoolVector, scores: FloatVector) -> "_Ladder":
        rungs, of_anomalies = np.unique(scores[labels], return_inverse=True)
        of_normal = np.searchsorted(rungs, scores[~labels], side="right")
        return _Ladder(rungs.size, of_anomalies.astype(np.int32), of_normal.astype(np.int32))

    def average_precision(self, anomalies: IntVector, normal: IntVector) -> float:
        """Return it for drawn rows, given by their places among the anomalies and among the normal rows."""
        on_rung = np.bincount(self.of_anomalies.take(anomalies), minlength=self.n_rungs)
        reached = np.bincount(self.of_normal.take(normal), minlength=self.n_rungs + 1)[1:]
        hits, false = np.cumsum(on_rung[::-1])[::-1], np.cumsum(reached[::-1])[::-1]
        precision = hits / np.maximum(hits + false, 1)
        return float(np.sum(on_rung * precision)) / anomalies.size


def _drawn_differences(rng: np.random.Generator, first: _Ladder, second: _Ladder) -> list[float]:
    """Draw as many anomalies and normal rows as there are, with replacement, and compare; many times.

    Of normal rows that score below every anomaly, in both, only the number would be drawn, and nothing depends on it.
    """
    n_anomalies, n_normal = first.of_anomalies.size, first.of_normal.size
    matters = np.flatnonzero((first.of_normal > 0) | (second.of_normal > 0))
    first, second = (replace(one, of_normal=one.of_normal[matters]) for one in (first, second))
    differences = []
    for _ in range(N_DRAWS):
        anomalies = rng.integers(n_anomalies, size=n_anomalies, dtype=np.int32)
        n_drawn = rng.binomial(n_normal, matters.size / n_normal)
        normal = rng.integers(max(matters.size, 1), size=n_drawn, dtype=np.int32)
        differences.append(first.average_precision(anomalies, normal) - second.average_precision(anomalies, normal))
    return differences
