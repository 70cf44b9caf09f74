import numpy as np
import pytest
from sklearn.neighbors import LocalOutlierFactor as SklearnFactor

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.errors import CorruptModel
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.local_outlier_factor import CROWDED, LocalOutlierFactor


def matrix(rows):
    return FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))


def two_densities(seed=0):
    rng = np.random.default_rng(seed)
    return np.vstack([rng.normal(size=(150, 4)), 6 + 0.2 * rng.normal(size=(100, 4))])


@pytest.mark.parametrize("n_neighbors", [1, 5, 20])
def test_factors_are_those_of_scikit_learn(n_neighbors):
    rows, new = two_densities(), np.vstack([two_densities(1), np.full((1, 4), 40.0)])
    model = LocalOutlierFactor(n_neighbors).fit(matrix(rows), seed=0)
    expected = SklearnFactor(n_neighbors=n_neighbors, novelty=True).fit(rows).score_samples(new)
    np.testing.assert_allclose(model.score(new), -expected, rtol=1e-7)  # it adds 1e-10 to every reach


def test_reach_leaves_a_training_row_out_of_its_own_neighbours():
    rows = np.array([[0.0], [1.0], [3.0]])
    model = LocalOutlierFactor(n_neighbors=1).fit(matrix(rows), seed=0)
    assert model.k_distances.tolist() == [1.0, 1.0, 2.0]
    assert model.reach.tolist() == [1.0, 1.0, 2.0]


def test_copies_bound_the_factor_of_the_rows_beside_them():
    rows = np.vstack([np.random.default_rng(0).normal(size=(200, 2)), np.zeros((60, 2))])
    model = LocalOutlierFactor(n_neighbors=20).fit(matrix(rows), seed=0)
    assert model.reach.min() == model.least_reach
    scores = model.score(np.array([[0.0, 0.0], [0.05, 0.0]]))
    assert scores[0] == pytest.approx(1.0)
    assert 1.0 < scores[1] < 1 / CROWDED


def test_rows_that_are_all_alike_score_1():
    rows = np.full((30, 3), 7.0)
    model = LocalOutlierFactor().fit(matrix(rows), seed=0)
    np.testing.assert_allclose(model.score(rows), 1.0)


def test_never_more_neighbours_than_other_rows_are_looked_at():
    assert LocalOutlierFactor().fit(matrix(np.arange(6.0)[:, None]), seed=0).n_neighbors == 5


def test_a_long_table_is_represented_by_a_seeded_sample():
    rows = np.random.default_rng(0).normal(size=(500, 2))
    algorithm = LocalOutlierFactor(max_reference_rows=100)
    first, same, other = (algorithm.fit(matrix(rows), seed=seed).reference for seed in (1, 1, 2))
    assert first.shape == (100, 2)
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("name", ["reach", "k_distances"])
def test_impossible_distances_are_refused(name):
    state = LocalOutlierFactor().fit(matrix(two_densities()), seed=0).state()
    damaged = state.arrays[name].copy()
    damaged[3] = -1.0
    with pytest.raises(CorruptModel, match=name):
        LocalOutlierFactor.restore(ModelState({**state.arrays, name: damaged}, state.scalars))
