import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.special import logsumexp
from sklearn.neighbors import KernelDensity as SklearnDensity

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.errors import CorruptModel
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.kernel_density import KernelDensity


def matrix(rows):
    return FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))


def gaussian(n_rows, n_features, seed=0):
    return np.random.default_rng(seed).normal(size=(n_rows, n_features))


@pytest.mark.parametrize(("n_features", "bandwidth"), [(1, 0.05), (1, 0.5), (4, 3.0), (13, 3.0)])
def test_scores_are_minus_the_log_densities_of_scikit_learn(n_features, bandwidth):
    rows, new = gaussian(200, n_features), 3 * gaussian(50, n_features, 1)
    model = KernelDensity(bandwidth=bandwidth).fit(matrix(rows), seed=0)
    expected = SklearnDensity(bandwidth=bandwidth, algorithm="kd_tree", rtol=0).fit(rows).score_samples(new)
    np.testing.assert_allclose(model.score(new), -expected, rtol=1e-11)


@pytest.mark.parametrize("n_features", [1, 4, 13])
@pytest.mark.parametrize("bandwidth", [0.05, 0.5, 3.0])
def test_scores_are_right_where_every_exponential_vanishes_too(n_features, bandwidth):
    rows, new = gaussian(200, n_features), 3 * gaussian(50, n_features, 1)  # scikit-learn loses digits out there
    exponents = -cdist(new, rows, "sqeuclidean") / (2 * bandwidth**2)
    constant = np.log(200) + n_features * np.log(bandwidth * np.sqrt(2 * np.pi))
    model = KernelDensity(bandwidth=bandwidth).fit(matrix(rows), seed=0)
    np.testing.assert_allclose(model.score(new), constant - logsumexp(exponents, axis=1), rtol=1e-13)


@pytest.mark.parametrize(("rule", "expected"), [("scott", 500 ** (-1 / 7)), ("silverman", (500 * 5 / 4) ** (-1 / 7))])
def test_the_rules_of_the_books_scale_with_the_spread(rule, expected):
    rows = 7 * gaussian(500, 3)
    rows /= np.sqrt(rows.var(axis=0).mean())
    for factor in (1.0, 50.0):
        model = KernelDensity(rule=rule).fit(matrix(rows * factor), seed=0)
        assert model.bandwidth == pytest.approx(expected * factor)


def test_the_default_width_is_half_the_distance_to_the_neighbour_at_a_twentieth_of_the_rows():
    rows = np.arange(100.0)[:, None]  # of 5 neighbours besides itself a row has 2 on one side and 3 on the other
    assert KernelDensity().fit(matrix(rows), seed=0).bandwidth == 1.5


def test_rows_that_are_mostly_copies_get_a_width_from_their_spread():
    rows = np.vstack([np.zeros((90, 2)), gaussian(10, 2)])
    spread = np.sqrt(rows.var(axis=0).mean())
    assert KernelDensity().fit(matrix(rows), seed=0).bandwidth == pytest.approx(spread * 100 ** (-1 / 6))
    assert KernelDensity().fit(matrix(np.zeros((9, 2))), seed=0).bandwidth == 1.0


def test_a_row_that_no_double_reaches_has_the_largest_score():
    model = KernelDensity().fit(matrix(gaussian(50, 2)), seed=0)
    assert model.score(np.array([[1e200, 0.0]])).tolist() == [1e300]


def test_a_row_has_the_same_bits_alone_and_in_a_batch():
    rows = gaussian(300, 11)
    model = KernelDensity().fit(matrix(rows), seed=0)
    assert model.score(rows).tolist() == [model.score(rows[i : i + 1])[0] for i in range(300)]


def test_a_bandwidth_out_of_range_is_refused():
    state = KernelDensity().fit(matrix(gaussian(20, 2)), seed=0).state()
    for bandwidth in (0.0, -1.0, 1e200):
        with pytest.raises(CorruptModel, match="bandwidth"):
            KernelDensity.restore(ModelState({**state.arrays, "bandwidth": np.array([bandwidth])}, state.scalars))
