"""Scores against labels as curves small enough to draw: ROC, precision and recall, reliability of probabilities."""

from dataclasses import dataclass

import numpy as np

from pynomaly.domain.arrays import BoolVector, FloatVector, IntVector, read_only
from pynomaly.domain.evaluation import cumulated, require_both_classes
from pynomaly.domain.intervals import wilson_interval

MOST_POINTS = 500
MOST_RELIABILITY_BINS = 10


@dataclass(frozen=True, slots=True, eq=False)
class RocCurve:
    """The share of normal rows flagged against the share of anomalies flagged, from no row to all rows.

    All (k,), k <= 500. thresholds: rows scoring at least that are flagged; the first is infinite.
    """

    false_positive_rate: FloatVector
    true_positive_rate: FloatVector
    thresholds: FloatVector


@dataclass(frozen=True, slots=True, eq=False)
class PrecisionRecallCurve:
    """Precision at every recall, from the strangest rows to all rows; all (k,), k <= 500.

    The sum of the recall gained at each point times the precision there is the average precision.
    thresholds: rows scoring at least that are flagged.
    """

    recall: FloatVector
    precision: FloatVector
    thresholds: FloatVector


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Rows of about the same probability: the mean of it, beside the share of them that are anomalies.

    low, high: the 95 % interval of that share.
    """

    mean_probability: float
    observed_share: float
    low: float
    high: float
    n_rows: int


def roc_curve(labels: BoolVector, scores: FloatVector) -> RocCurve:
    """Return the ROC curve of scores (n,) against labels (n,); a straight line between points.

    Points on straight lines are left out. Of more than 500 that are left some are dropped, spread evenly along the
    curve, so that the area below changes by less than 0.001.
    Raises InvalidLabels unless both classes are there. Source: Fawcett (2006), algorithm 1.
    """
    require_both_classes(labels)
    so_far = cumulated(labels, scores)
    hits = np.concatenate(([0], so_far.n_hits))
    misses = np.concatenate(([0], so_far.n_flagged - so_far.n_hits))
    corners = _corners(misses, hits)
    found, alarms = hits[corners] / hits[-1], misses[corners] / misses[-1]
    kept = _thinned(alarms, found)
    thresholds = np.concatenate(([np.inf], so_far.thresholds))[corners]
    return RocCurve(read_only(alarms[kept]), read_only(found[kept]), read_only(thresholds[kept]))


def precision_recall_curve(labels: BoolVector, scores: FloatVector) -> PrecisionRecallCurve:
    """Return precision against recall at the thresholds where recall grows, and at both ends.

    Of more than 500 those inside are taken together by equal steps of recall: a point then has the lowest threshold of
    its step and the mean precision along it, so the average precision stays what it is.
    Raises InvalidLabels unless both classes are there. Source: as `average_precision`.
    """
    require_both_classes(labels)
    so_far = cumulated(labels, scores)
    grows = np.diff(so_far.n_hits, prepend=0) > 0
    grows[[0, -1]] = True
    recall = so_far.n_hits[grows] / so_far.n_hits[-1]
    precision = so_far.n_hits[grows] / so_far.n_flagged[grows]
    curve = PrecisionRecallCurve(recall, precision, so_far.thresholds[grows])
    return curve if recall.size <= MOST_POINTS else _in_steps(curve)


def reliability(labels: BoolVector, probabilities: FloatVector) -> tuple[ReliabilityBin, ...]:
    """Return up to ten bins of about equally many rows, lowest probability first; labels, probabilities: (n,), n >= 1.

    Rows of the same probability stay together. The observed shares of probabilities that can be trusted lie within
    their intervals about 95 times in 100.
    """
    order = np.argsort(probabilities, kind="stable")
    ordered, answers = probabilities[order], labels[order]
    wanted = np.linspace(0, ordered.size, min(MOST_RELIABILITY_BINS, ordered.size) + 1)[1:].round().astype(np.intp)
    ends = np.unique(np.searchsorted(ordered, ordered[wanted - 1], side="right"))
    starts = np.concatenate(([0], ends[:-1]))
    return tuple(_bin(ordered[start:end], answers[start:end]) for start, end in zip(starts, ends, strict=True))


def _bin(probabilities: FloatVector, labels: BoolVector) -> ReliabilityBin:
    n_hits, n_rows = int(labels.sum()), int(labels.size)
    low, high = wilson_interval(n_hits, n_rows)
    return ReliabilityBin(float(probabilities.mean()), n_hits / n_rows, low, high, n_rows)


def _corners(x: IntVector, y: IntVector) -> IntVector:
    """Return where a line through points (k,) changes its direction, and both ends."""
    dx, dy = np.diff(x), np.diff(y)
    turns = dx[1:] * dy[:-1] != dx[:-1] * dy[1:]
    return np.flatnonzero(np.concatenate(([True], turns, [True])))


def _thinned(x: FloatVector, y: FloatVector) -> IntVector:
    """Return which points of a line rising from (0, 0) to (1, 1) to keep, so that hardly any area is lost.

    Wherever another 1/499 of its length has been walked, the point before or behind is kept: the one after which the
    area differs less. Each piece is at most twice so long, or straight, so it can gain or lose 8e-6 at most, and
    the next makes up for it.
    """
    if x.size <= MOST_POINTS:
        return np.arange(x.size)
    walked = x + y
    area = np.concatenate(([0.0], np.cumsum(np.diff(x) * (y[1:] + y[:-1]) / 2)))
    kept, gained = [0], 0.0
    for after in np.searchsorted(walked, np.linspace(0.0, walked[-1], MOST_POINTS)[1:-1]):
        choices = [point for point in (int(after) - 1, int(after)) if kept[-1] < point < x.size - 1]
        if not choices:
            continue
        start = kept[-1]
        gains = [gained + (x[one] - x[start]) * (y[one] + y[start]) / 2 - (area[one] - area[start]) for one in choices]
        best = int(np.argmin(np.abs(gains)))
        kept.append(choices[best])
        gained = gains[best]
    return np.array([*kept, x.size - 1])


def _in_steps(curve: PrecisionRecallCurve) -> PrecisionRecallCurve:
    """Take the points inside together by equal steps of recall, with their mean precision; both ends stay."""
    gained = np.diff(curve.recall, prepend=0.0)
    step = 1 + np.minimum(curve.recall * (MOST_POINTS - 2), MOST_POINTS - 3).astype(np.intp)
    step[0], step[-1] = 0, MOST_POINTS - 1
    last = np.flatnonzero(np.diff(step, append=MOST_POINTS))
    width = np.bincount(step, weights=gained)[step[last]]
    area = np.bincount(step, weights=gained * curve.precision)[step[last]]
    precision = np.where(width > 0.0, area / np.where(width > 0.0, width, 1.0), curve.precision[last])
    return PrecisionRecallCurve(curve.recall[last], precision, curve.thresholds[last])
