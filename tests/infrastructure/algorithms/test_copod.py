import numpy as np
from pyod.models.copod import COPOD
from scipy.stats import skew, spearmanr

from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.copod import Copod
from pynomaly.infrastructure.algorithms.ecod import Ecod


def matrix(rows):
    return FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))


def mixed_rows(n_rows, seed=4):
    rng = np.random.default_rng(seed)
    return np.column_stack([rng.normal(size=n_rows), rng.lognormal(size=n_rows), -rng.exponential(size=n_rows)])


def by_counting(training, rows):
    """What each column says, with (count + 1) / (n + 1) for a tail."""
    n_rows = len(training)
    left = -np.log(((training[None] <= rows[:, None]).sum(axis=1) + 1) / (n_rows + 1))
    right = -np.log(((training[None] >= rows[:, None]).sum(axis=1) + 1) / (n_rows + 1))
    return np.maximum(np.where(skew(training, axis=0) < 0, left, right), (left + right) / 2)


def test_contributions_and_scores_are_those_of_counting():
    training, new = np.split(mixed_rows(300), [200])
    model = Copod().fit(matrix(training), seed=0)
    np.testing.assert_allclose(model.contributions(new), by_counting(training, new), rtol=1e-12)
    np.testing.assert_allclose(model.score(new), by_counting(training, new).sum(axis=1), rtol=1e-12)


def test_training_rows_rank_as_in_the_authors_implementation():
    rows = mixed_rows(2000)
    peer = COPOD().fit(rows).decision_scores_  # the authors count without the added one: a difference in the ends only
    assert spearmanr(Copod().fit(matrix(rows), seed=0).score(rows), peer).statistic > 0.9999


def test_thinned_tables_rank_a_long_table_like_exact_ones():
    rows = mixed_rows(6000)
    some = rows[::10]
    exact = by_counting(rows, some).sum(axis=1)
    scores = Copod().fit(matrix(rows), seed=0).score(some)
    assert spearmanr(scores, exact).statistic > 0.99999
    assert np.abs(scores - exact).max() <= 0.01 * rows.shape[1]


def test_the_longer_tail_is_listened_to():
    rows = np.random.default_rng(0).lognormal(size=(500, 1))
    low, high = Copod().fit(matrix(rows), seed=0).score(np.array([[-10.0], [1000.0]]))
    assert high == np.log(501)
    assert low == np.log(501) / 2


def test_the_rule_of_the_paper_is_the_largest_of_the_three_sums_of_ecod():
    rows = mixed_rows(400)
    copod, ecod = (kind(aggregation="largest_sum").fit(matrix(rows), seed=0) for kind in (Copod, Ecod))
    assert np.array_equal(copod.score(rows), ecod.score(rows))
