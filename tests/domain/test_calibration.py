import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from pynomaly.domain.calibration import FEW_VALUES, SEARCHED_AT_ONCE, Calibration, learn_probability, quantile_of

RNG = np.random.default_rng(3)


def test_a_p_value_counts_the_reference_rows_at_least_as_strange():
    calibration = Calibration(reference=np.array([1.0, 2.0, 2.0, 3.0]), training=np.array([1.0]))
    # by hand: (1 + number of reference scores >= s) / (4 + 1)
    assert calibration.p_values(np.array([0.0, 2.0, 2.5, 9.0])).tolist() == [1.0, 0.8, 0.4, 0.2]
    assert calibration.resolution == 0.2


@pytest.mark.parametrize("n_reference", [1, 2, 3, 255, 256, 257, 20_000])
@pytest.mark.parametrize("n_rows", [1, FEW_VALUES, FEW_VALUES + 1, SEARCHED_AT_ONCE + 7])
def test_few_rows_and_many_get_the_p_values_that_a_sorted_search_gives(n_reference, n_rows):
    reference = RNG.normal(size=n_reference).round(2)  # with ties
    scores = RNG.normal(size=n_rows).round(2)
    n_at_least = n_reference - np.searchsorted(np.sort(reference), scores)
    p_values = Calibration(reference=reference, training=reference).p_values(scores)
    assert np.array_equal(p_values, (1 + n_at_least) / (n_reference + 1))


@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=30), st.floats(0, 1))
def test_quantiles_are_those_of_numpy(numbers, share):
    ordered = np.sort(numbers)
    assert quantile_of(ordered, share) == np.quantile(ordered, share)
    training = Calibration(reference=ordered, training=ordered)
    assert training.training_quantile(share) == np.quantile(ordered, share, method="inverted_cdf")


def test_p_values_of_ordinary_rows_are_uniform():
    calibration = Calibration(reference=RNG.normal(size=5000), training=np.array([0.0]))
    p_values = calibration.p_values(RNG.normal(size=5000))
    assert np.abs(np.quantile(p_values, [0.05, 0.25, 0.5, 0.9]) - [0.05, 0.25, 0.5, 0.9]).max() < 0.03


def test_a_probability_agrees_with_logistic_regression():
    scores = np.concatenate([RNG.normal(0, 1, 900), RNG.normal(3, 1, 100)])
    labels = np.arange(1000) >= 900
    model = learn_probability(scores, labels)
    # Platt's smoothed targets, as two weighted copies of each row
    targets = np.where(labels, 101 / 102, 1 / 902)
    peer = LogisticRegression(C=1e9, tol=1e-10).fit(
        np.concatenate([scores, scores])[:, None], np.repeat([1, 0], 1000), np.concatenate([targets, 1 - targets])
    )
    np.testing.assert_allclose(model.probabilities(scores), peer.predict_proba(scores[:, None])[:, 1], atol=1e-4)
    assert model.brier < model.base_rate_brier
    assert model.n_anomalies == 100


def test_separable_labels_give_finite_probabilities():
    scores = np.arange(100.0)
    model = learn_probability(scores, scores >= 80)
    assert np.isfinite(model.probabilities(np.array([-1e300, 0.0, 1e300]))).all()


@pytest.mark.parametrize(
    ("scores", "labels"),
    [
        (np.arange(100.0), np.arange(100) >= 95),  # five anomalies: too few
        (np.arange(100.0), np.arange(100) < 30),  # higher scores are less often anomalies
        (np.ones(100), np.arange(100) < 30),  # scores say nothing
    ],
)
def test_a_probability_that_would_not_help_is_withheld(scores, labels):
    assert learn_probability(scores, labels) is None


def test_references_are_read_only():
    calibration = Calibration(reference=np.array([2.0, 1.0]), training=np.array([1.0]))
    with pytest.raises(ValueError, match="read-only"):
        calibration.reference[0] = 5.0
