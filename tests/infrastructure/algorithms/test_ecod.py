import numpy as np
import pytest
from scipy.stats import skew, spearmanr

from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.ecod import Ecod


def matrix(rows):
    return FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))


def by_the_paper(training, rows):
    """Algorithm 1 of Li et al. (2023) by counting, with (count + 1) / (n + 1) for a tail."""
    n_rows = len(training)
    left = -np.log(((training[None] <= rows[:, None]).sum(axis=1) + 1) / (n_rows + 1))
    right = -np.log(((training[None] >= rows[:, None]).sum(axis=1) + 1) / (n_rows + 1))
    automatic = np.where(skew(training, axis=0) < 0, left, right)
    return np.maximum.reduce([left.sum(axis=1), right.sum(axis=1), automatic.sum(axis=1)])


def mixed_rows(n_rows):
    rng = np.random.default_rng(4)
    return np.column_stack(
        [
            rng.normal(size=n_rows),
            rng.lognormal(size=n_rows),
            -rng.exponential(size=n_rows),
            rng.poisson(3, size=n_rows),
        ]
    )


def test_scores_are_those_of_the_paper():
    training, new = np.split(mixed_rows(300), [200])
    model = Ecod(aggregation="largest_sum").fit(matrix(training), seed=0)
    np.testing.assert_allclose(model.score(new), by_the_paper(training, new), rtol=1e-12)


def test_thinned_tables_rank_a_long_column_like_exact_ones():
    rows = mixed_rows(6000)
    model = Ecod(aggregation="largest_sum").fit(matrix(rows), seed=0)
    some = rows[::10]
    assert spearmanr(model.score(some), by_the_paper(rows, some)).statistic > 0.99999


def test_the_largest_sum_explains_the_score():
    rows = np.array([[float(i), float(-i)] for i in range(9)])
    model = Ecod(aggregation="largest_sum").fit(matrix(rows), seed=0)
    high_and_central = np.array([[50.0, -4.0]])  # right tails: 1 of 10, and 6 of 10
    np.testing.assert_allclose(model.contributions(high_and_central), [[np.log(10), np.log(10 / 6)]])
    np.testing.assert_allclose(model.score(high_and_central), [np.log(10) + np.log(10 / 6)])


def test_each_column_may_show_its_own_rarer_tail():
    rows = np.array([[float(i), float(-i)] for i in range(9)])
    model = Ecod(aggregation="each_column").fit(matrix(rows), seed=0)
    np.testing.assert_allclose(model.score(np.array([[50.0, -50.0]])), [2 * np.log(10)])


def test_a_constant_column_is_ignored():
    rows = mixed_rows(100)
    with_constant = np.column_stack([rows, np.full(100, 7.0)])
    plain = Ecod().fit(matrix(rows), seed=0).score(rows)
    assert np.array_equal(Ecod().fit(matrix(with_constant), seed=0).score(with_constant), plain)


def test_a_row_has_the_same_bits_alone_and_in_a_batch():
    rows = mixed_rows(400)
    model = Ecod().fit(matrix(rows), seed=0)
    assert model.score(rows).tolist() == [model.score(rows[i : i + 1])[0] for i in range(400)]


def test_shifted_company_cannot_hide_an_anomaly():
    rows = mixed_rows(300)
    model = Ecod().fit(matrix(rows), seed=0)
    stranger = np.full((1, 4), 60.0)
    crowd = np.vstack([stranger, np.full((5000, 4), 61.0)])
    assert model.score(crowd)[0] == model.score(stranger)[0]


@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e300])
def test_the_scale_of_a_column_does_not_matter(scale):
    rows = mixed_rows(100)
    plain = Ecod().fit(matrix(rows), seed=0).score(rows)
    np.testing.assert_allclose(Ecod().fit(matrix(rows * scale), seed=0).score(rows * scale), plain, rtol=1e-12)


def test_the_edges_of_the_float_range_are_survived():
    rows = np.array([[-1.7e308], [1.7e308], [1.7e308], [5e-324], [0.0]])
    model = Ecod().fit(matrix(rows), seed=0)
    assert np.isfinite(model.score(rows)).all()
    assert model.is_left_skewed.tolist() == [True]  # of -1, 1, 1, 0, 0: -1.2^3 + 2 * 0.8^3 - 2 * 0.2^3 < 0
