"""Curves are checked against scikit-learn, their areas before and after thinning against the measures themselves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics
from sklearn.calibration import calibration_curve

from pynomaly.domain.curves import MOST_POINTS, precision_recall_curve, reliability, roc_curve
from pynomaly.domain.errors import InvalidLabels
from pynomaly.domain.evaluation import average_precision, roc_auc

RNG = np.random.default_rng(0)


def drawn(n, n_anomalies, shift):
    labels = np.arange(n) < n_anomalies
    return labels, RNG.normal(size=n) + shift * labels


def staircase(n_steps):
    """Scores by which anomalies and normal rows take turns: the line that loses most by thinning."""
    labels = np.tile([True, False], n_steps)
    return labels, -np.arange(2.0 * n_steps)


LARGE = {
    "well ranked": drawn(20_000, 4000, 2.0),
    "badly ranked": drawn(20_000, 10_000, 0.1),
    "upside down": drawn(20_000, 4000, -2.0),
    "rounded": tuple(np.round(one, 2) if one.dtype == float else one for one in drawn(50_000, 20_000, 1.0)),
    "all anomalies first": (np.arange(4000) < 2000, -np.arange(4000.0)),
    "turns": staircase(2000),
    "as many turns as points": staircase(499),
    "one more": staircase(500),
    "a million rows": drawn(1_000_000, 100_000, 1.5),
}


@pytest.fixture(params=LARGE.values(), ids=LARGE.keys())
def large(request):
    return request.param


@st.composite
def labels_and_scores(draw):
    n = draw(st.integers(2, 60))
    labels = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    labels[0], labels[1] = True, False
    return labels, np.array(draw(st.lists(st.integers(-5, 5), min_size=n, max_size=n)), dtype=float)


def step_area(curve):
    return float(np.sum(np.diff(curve.recall, prepend=0.0) * curve.precision))


@settings(derandomize=True)
@given(labels_and_scores())
def test_a_short_roc_curve_is_that_of_scikit_learn(case):
    labels, scores = case
    curve = roc_curve(labels, scores)
    false, true, thresholds = metrics.roc_curve(labels, scores)
    theirs = set(zip(thresholds, np.round(false, 12), np.round(true, 12), strict=True))
    rounded = np.round(curve.false_positive_rate, 12), np.round(curve.true_positive_rate, 12)
    assert set(zip(curve.thresholds, *rounded, strict=True)) <= theirs
    assert np.trapezoid(curve.true_positive_rate, curve.false_positive_rate) == pytest.approx(roc_auc(labels, scores))


@settings(derandomize=True)
@given(labels_and_scores())
def test_a_short_precision_recall_curve_is_that_of_scikit_learn(case):
    labels, scores = case
    curve = precision_recall_curve(labels, scores)
    precision, recall, thresholds = metrics.precision_recall_curve(labels, scores)
    theirs = set(zip(thresholds, np.round(precision[:-1], 12), np.round(recall[:-1], 12), strict=True))
    rounded = np.round(curve.precision, 12), np.round(curve.recall, 12)
    assert set(zip(curve.thresholds, *rounded, strict=True)) <= theirs
    assert step_area(curve) == pytest.approx(metrics.average_precision_score(labels, scores))


def test_a_long_roc_curve_is_thinned_and_keeps_its_ends_its_area_and_its_points(large):
    labels, scores = large
    curve = roc_curve(labels, scores)
    false, true = curve.false_positive_rate, curve.true_positive_rate
    assert curve.thresholds.size <= MOST_POINTS
    assert (false[0], true[0], curve.thresholds[0]) == (0.0, 0.0, np.inf)
    assert (false[-1], true[-1]) == (1.0, 1.0)
    assert (np.diff(curve.thresholds) < 0).all()
    assert abs(np.trapezoid(true, false) - roc_auc(labels, scores)) <= 1e-3
    for point in np.linspace(1, curve.thresholds.size - 1, 20).astype(int):
        flagged = scores >= curve.thresholds[point]
        assert (flagged & labels).sum() == pytest.approx(true[point] * labels.sum())
        assert (flagged & ~labels).sum() == pytest.approx(false[point] * (~labels).sum())


def test_no_point_that_was_left_out_lies_far_from_the_line(large):
    labels, scores = large
    curve = roc_curve(labels, scores)
    false, true, _ = metrics.roc_curve(labels, scores, drop_intermediate=False)
    walked = curve.false_positive_rate + curve.true_positive_rate
    off = np.interp(false + true, walked, curve.true_positive_rate) - true
    assert np.abs(off).max() <= 3 / MOST_POINTS


def test_a_long_precision_recall_curve_keeps_its_ends_and_its_area(large):
    labels, scores = large
    curve = precision_recall_curve(labels, scores)
    assert curve.recall.size <= MOST_POINTS
    assert curve.thresholds[0] == scores.max()
    assert curve.precision[0] == labels[scores == scores.max()].mean()
    assert curve.recall[-1] == 1.0
    assert curve.precision[-1] == pytest.approx(labels.mean())
    assert (np.diff(curve.thresholds) < 0).all()
    assert (np.diff(curve.recall) >= 0).all()
    assert step_area(curve) == pytest.approx(average_precision(labels, scores), abs=1e-9)


@pytest.mark.parametrize("curve_of", [roc_curve, precision_recall_curve])
@pytest.mark.parametrize("answer", [True, False])
def test_labels_of_one_class_make_no_curve(curve_of, answer):
    with pytest.raises(InvalidLabels, match="one class"):
        curve_of(np.full(5, answer), np.arange(5.0))


def test_reliability_is_that_of_scikit_learn_where_probabilities_differ():
    probabilities = RNG.random(1000)
    labels = RNG.random(1000) < probabilities
    bins = reliability(labels, probabilities)
    observed, mean = calibration_curve(labels, probabilities, n_bins=10, strategy="quantile")
    assert [one.mean_probability for one in bins] == pytest.approx(mean)
    assert [one.observed_share for one in bins] == pytest.approx(observed)
    assert [one.n_rows for one in bins] == [100] * 10


def test_rows_of_the_same_probability_stay_together_and_every_row_is_in_one_bin():
    probabilities = np.repeat([0.1, 0.2, 0.9], [30, 2, 5])
    labels = probabilities > 0.5
    bins = reliability(labels, probabilities)
    assert [one.n_rows for one in bins] == [30, 7]  # by hand: a tenth of 37 rows are 3.7, and ties go along
    assert [one.mean_probability for one in bins] == pytest.approx([0.1, (2 * 0.2 + 5 * 0.9) / 7])
    assert [one.observed_share for one in bins] == pytest.approx([0.0, 5 / 7])
    assert [one.n_rows for one in reliability(labels[:3], probabilities[:3])] == [3]
    assert len(reliability(np.array([True, False]), np.array([0.3, 0.2]))) == 2


def test_the_intervals_hold_probabilities_that_are_right_and_not_those_that_are_wrong():
    rng = np.random.default_rng(5)
    within = {"right": 0, "wrong": 0}
    for _ in range(200):
        chance = rng.random(500)
        labels = rng.random(500) < chance
        for name, told in (("right", chance), ("wrong", chance**3)):
            bins = reliability(labels, told)
            within[name] += sum(one.low <= one.mean_probability <= one.high for one in bins)
    assert within["right"] >= 0.93 * 2000
    assert within["wrong"] <= 0.5 * 2000
