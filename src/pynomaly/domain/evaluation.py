"""Measures of scores and decisions against labels; labels never reach a detector."""

from dataclasses import dataclass

import numpy as np

from pynomaly.domain.arrays import BoolVector, FloatVector, IntVector
from pynomaly.domain.errors import InvalidLabels


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well scores rank the labelled anomalies, and how good the decision is.

    All shares are 0..1. `precision_at_n` is the share of true anomalies among the n highest scores, n being
    the number of labelled anomalies. A share with nothing to divide by is None.
    """

    n_rows: int
    n_labelled_anomalies: int
    roc_auc: float
    average_precision: float
    precision_at_n: float
    precision: float | None
    recall: float
    f1: float
    n_false_alarms: int


@dataclass(frozen=True, slots=True, eq=False)
class Cumulated:
    """What each score that occurs would flag, as a threshold: strictly descending thresholds (k,).

    n_hits, n_flagged: (k,), the anomalies and the rows scoring at least that.
    """

    thresholds: FloatVector
    n_hits: IntVector
    n_flagged: IntVector


def cumulated(labels: BoolVector, scores: FloatVector) -> Cumulated:
    """Return what every threshold would flag; labels, scores: (n,), n >= 1."""
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    ends = np.append(np.flatnonzero(np.diff(ordered)), scores.size - 1)
    return Cumulated(ordered[ends], np.cumsum(labels[order])[ends], ends + 1)


def roc_auc(labels: BoolVector, scores: FloatVector) -> float:
    """Return the chance that a random anomaly scores above a random normal row, ties counting half.

    labels, scores: (n,); both classes present. Source: Fawcett (2006), section 7; equals the Mann-Whitney U.

    >>> roc_auc(np.array([False, False, True, True]), np.array([0.1, 0.4, 0.35, 0.8]))
    0.75
    """
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(scores.size)
    ranks[order] = np.arange(1, scores.size + 1)
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    mean_rank = np.bincount(inverse, weights=ranks) / counts
    n_positive = int(labels.sum())
    n_negative = labels.size - n_positive
    rank_sum = float(mean_rank[inverse][labels].sum())
    return (rank_sum - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative)


def average_precision(labels: BoolVector, scores: FloatVector) -> float:
    """Return the mean precision over the ranks at which recall grows, tied scores taken together.

    Source: Manning, Raghavan and Schuetze (2008), section 8.4; no interpolation.

    >>> round(average_precision(np.array([False, False, True, True]), np.array([0.1, 0.4, 0.35, 0.8])), 4)
    0.8333
    """
    so_far = cumulated(labels, scores)
    recall_steps = np.diff(so_far.n_hits, prepend=0) / so_far.n_hits[-1]
    return float(np.sum(so_far.n_hits / so_far.n_flagged * recall_steps))


def precision_at(n: int, labels: BoolVector, scores: FloatVector) -> float:
    """Return the expected share of anomalies among the n highest scores; ties at the edge share their places."""
    edge = np.partition(scores, scores.size - n)[scores.size - n]
    above = scores > edge
    tied = scores == edge
    places_left = n - int(above.sum())
    hits = float(labels[above].sum()) + places_left * float(labels[tied].mean())
    return hits / n


def require_both_classes(labels: BoolVector) -> None:
    """Raise InvalidLabels unless both an anomaly and a normal row are labelled."""
    if not labels.any() or labels.all():
        raise InvalidLabels(f"all {labels.size} labelled rows are of one class; evaluation needs both")


def evaluate(labels: BoolVector, scores: FloatVector, is_anomaly: BoolVector) -> Evaluation:
    """Compare scores and a decision with labels, all (n,).

    Raises InvalidLabels unless both anomalies and normal rows are labelled.
    """
    require_both_classes(labels)
    n_positive = int(labels.sum())
    true_alarms = int((labels & is_anomaly).sum())
    alarms = int(is_anomaly.sum())
    return Evaluation(
        n_rows=int(labels.size),
        n_labelled_anomalies=n_positive,
        roc_auc=roc_auc(labels, scores),
        average_precision=average_precision(labels, scores),
        precision_at_n=precision_at(n_positive, labels, scores),
        precision=true_alarms / alarms if alarms else None,
        recall=true_alarms / n_positive,
        f1=2 * true_alarms / (alarms + n_positive),
        n_false_alarms=alarms - true_alarms,
    )
