"""DeLong's interval is checked against its own definition, against a bootstrap and against its promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from pynomaly.domain.errors import InvalidLabels
from pynomaly.domain.evaluation import average_precision, roc_auc
from pynomaly.domain.paired_comparison import (
    N_DRAWS,
    Agreement,
    agreement,
    average_precision_difference,
    roc_auc_difference,
)


def two_detectors(rng, n=400, n_anomalies=60, shifts=(1.5, 1.0), shared=1.0):
    """Scores that agree about much of what is easy and what is hard."""
    labels = rng.permutation(np.arange(n) < n_anomalies)
    easy = shared * rng.normal(size=n)
    return labels, *(easy + shift * labels + rng.normal(size=n) for shift in shifts)


def stratified(rng, labels):
    places = np.flatnonzero(labels), np.flatnonzero(~labels)
    return np.concatenate([rng.choice(one, one.size) for one in places])


def bootstrapped(measure, labels, first, second, n_draws=500):
    """Return differences of a measure over draws of rows, drawn here, each measured anew."""
    rng = np.random.default_rng(1)
    draws = [stratified(rng, labels) for _ in range(n_draws)]
    return np.array([measure(labels[rows], first[rows]) - measure(labels[rows], second[rows]) for rows in draws])


def test_delongs_variance_is_its_definition_by_all_pairs():
    labels, first, second = two_detectors(np.random.default_rng(0), n=60, n_anomalies=20)
    first = np.round(first, 1)  # with ties

    def kernels(scores):
        above = scores[labels][:, None] - scores[~labels][None, :]
        return (above > 0) + 0.5 * (above == 0)

    pairs = kernels(first) - kernels(second)
    variance = pairs.mean(axis=1).var(ddof=1) / 20 + pairs.mean(axis=0).var(ddof=1) / 40
    told = roc_auc_difference(labels, first, second)
    assert told.difference == pytest.approx(pairs.mean())
    assert told.high - told.low == pytest.approx(2 * 1.959963984540054 * np.sqrt(variance))


def test_delongs_interval_is_that_of_a_bootstrap():
    labels, first, second = two_detectors(np.random.default_rng(2))
    told = roc_auc_difference(labels, first, second)
    draws = bootstrapped(roc_auc, labels, first, second)
    assert told.low == pytest.approx(np.quantile(draws, 0.025), abs=0.1 * (told.high - told.low))
    assert told.high == pytest.approx(np.quantile(draws, 0.975), abs=0.1 * (told.high - told.low))
    assert (told.p_value < 0.05) == (told.low > 0 or told.high < 0)


def test_the_interval_of_average_precision_is_that_of_a_plain_bootstrap():
    labels, first, second = two_detectors(np.random.default_rng(3))
    first = np.round(first, 1)
    told = average_precision_difference(labels, first, second)
    draws = bootstrapped(average_precision, labels, first, second)
    assert told.low == pytest.approx(np.quantile(draws, 0.025), abs=0.25 * (told.high - told.low))
    assert told.high == pytest.approx(np.quantile(draws, 0.975), abs=0.25 * (told.high - told.low))
    assert told.high - told.low == pytest.approx(np.ptp(np.quantile(draws, [0.025, 0.975])), rel=0.25)
    assert average_precision_difference(labels, first, second) == told  # seeded
    assert average_precision_difference(labels, first, second, seed=1) != told


def test_intervals_hold_no_difference_about_as_often_as_they_say_and_find_one_that_is_there():
    rng, holds, finds = np.random.default_rng(4), [], []
    for _ in range(150):
        same = two_detectors(rng, n=300, shifts=(1.2, 1.2))
        apart = two_detectors(rng, n=300, shifts=(1.8, 0.6))
        for measure in (roc_auc_difference, average_precision_difference):
            told, found = measure(*same), measure(*apart)
            holds.append(told.low <= 0.0 <= told.high)
            finds.append(found.low > 0.0)
    assert 0.91 <= np.mean(holds) <= 0.99
    assert np.mean(finds) > 0.9


def test_p_values_are_small_as_often_as_they_say_where_nothing_differs():
    rng = np.random.default_rng(5)
    p_values = [roc_auc_difference(*two_detectors(rng, shifts=(1.0, 1.0))).p_value for _ in range(500)]
    assert 0.03 <= np.mean(np.array(p_values) < 0.05) <= 0.08


@st.composite
def small_cases(draw):
    n = draw(st.integers(4, 30))
    labels = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    labels[:4] = (True, True, False, False)
    scores = [np.array(draw(st.lists(st.integers(-4, 4), min_size=n, max_size=n)), float) for _ in range(2)]
    return labels, *scores


@settings(derandomize=True, max_examples=50)
@given(small_cases())
def test_the_measures_are_those_of_scikit_learn_and_turn_around_with_the_order(case):
    labels, first, second = case
    for compare, measure in (
        (roc_auc_difference, roc_auc_score),
        (average_precision_difference, average_precision_score),
    ):
        told, turned = compare(labels, first, second), compare(labels, second, first)
        assert (told.first, told.second) == pytest.approx((measure(labels, first), measure(labels, second)))
        assert told.difference == pytest.approx(told.first - told.second)
        assert turned.difference == pytest.approx(-told.difference)
        if told.low is not None:
            assert (turned.low, turned.high) == pytest.approx((-told.high, -told.low))
            assert -1.0 <= told.low <= told.high <= 1.0


@pytest.mark.parametrize("compare", [roc_auc_difference, average_precision_difference])
def test_the_same_scores_do_not_differ(compare):
    labels, first, _ = two_detectors(np.random.default_rng(6))
    told = compare(labels, first, 10 * first)
    assert (told.difference, told.low, told.high) == (0.0, 0.0, 0.0)
    assert told.p_value in (1.0, None)


def test_nothing_is_said_of_chance_where_nothing_varies():
    labels = np.array([True, True, False, False])
    scores = np.array([4.0, 3.0, 2.0, 1.0])
    told = roc_auc_difference(labels, scores, -scores)
    assert (told.first, told.second, told.low, told.p_value) == (1.0, 0.0, None, None)


@pytest.mark.parametrize("compare", [roc_auc_difference, average_precision_difference])
def test_a_single_anomaly_tells_of_no_variation(compare):
    rng = np.random.default_rng(7)
    told = compare(np.arange(50) == 7, rng.normal(size=50), rng.normal(size=50))
    assert told.difference == told.first - told.second
    assert (told.low, told.high, told.p_value) == (None, None, None)
    with pytest.raises(InvalidLabels, match="one class"):
        compare(np.zeros(50, dtype=bool), np.arange(50.0), np.arange(50.0))


def test_decisions_are_counted_by_who_flagged_what():
    first, second = np.array([1, 1, 1, 0, 0], bool), np.array([1, 0, 0, 1, 0], bool)
    assert agreement(first, second) == Agreement(n_both=1, n_only_first=2, n_only_second=1, n_neither=1)
    assert agreement(first[:0], second[:0]) == Agreement(0, 0, 0, 0)


def test_enough_is_drawn_to_know_the_ends_of_the_interval():
    assert N_DRAWS * 0.025 >= 5
