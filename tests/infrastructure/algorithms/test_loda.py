import numpy as np
import pytest

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.errors import CorruptModel
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.loda import FLOOR, Loda


def matrix(rows):
    return FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))


def gaussian(n_rows, n_features=5, seed=0):
    return np.random.default_rng(seed).normal(size=(n_rows, n_features))


def as_bytes(model):
    return {name: array.tobytes() for name, array in model.state().arrays.items()}


def test_scores_are_the_mean_surprise_of_numpys_histograms():
    rows = gaussian(400)
    model = Loda(n_random_cuts=7, n_bins=12).fit(matrix(rows), seed=3)
    expected = np.zeros(400)
    for columns, weights in zip(model.columns, model.weights, strict=True):
        along = rows[:, columns] @ weights
        counts, edges = np.histogram(along, bins=12)
        share = (counts + FLOOR) / (400 + 14 * FLOOR)
        expected -= np.log(share[np.clip(np.digitize(along, edges) - 1, 0, 11)]) / 7
    np.testing.assert_allclose(model.score(rows), expected, rtol=1e-9)


def test_each_direction_combines_the_square_root_of_the_columns():
    model = Loda(n_random_cuts=40).fit(matrix(gaussian(50, 17)), seed=0)
    assert model.columns.shape == (40, 5)
    assert (np.diff(model.columns) > 0).all()
    assert abs(model.weights.mean()) < 0.3


def test_fitting_all_equals_fitting_the_first_and_learning_the_rest_where_the_range_holds():
    rows = np.vstack([np.eye(5) * 9, -np.eye(5) * 9, np.full((1, 5), 9.0), gaussian(500)])
    rows = np.vstack([rows * 3, rows])  # any direction has its range from the first half
    whole = Loda(n_bins=20).fit(matrix(rows), seed=1)
    grown = Loda(n_bins=20).fit(matrix(rows[:511]), seed=1).learn(rows[511:])
    assert as_bytes(grown) == as_bytes(whole)


def test_rows_beyond_the_range_are_counted_outside_and_grow_less_strange():
    model = Loda(n_random_cuts=10).fit(matrix(gaussian(200)), seed=0)
    far = np.full((300, 5), 50.0)
    before, once, twice = model, model.learn(far), model.learn(far).learn(far)
    assert once.counts.sum(axis=1).tolist() == [500] * 10
    assert once.counts[:, [0, -1]].sum(axis=1).tolist() == [300] * 10
    assert before.score(far)[0] > once.score(far)[0] > twice.score(far)[0]


def test_the_number_of_bins_follows_the_rows_unless_given():
    assert Loda().fit(matrix(gaussian(50)), seed=0).counts.shape[1] - 2 == 10
    assert Loda().fit(matrix(gaussian(8000)), seed=0).counts.shape[1] - 2 == 40
    assert Loda(n_bins=3).fit(matrix(gaussian(8000)), seed=0).counts.shape[1] - 2 == 3


def test_values_at_the_edge_of_the_float_range_are_scored_and_learned():
    model = Loda().fit(matrix(gaussian(100)), seed=0)
    edge = np.array([[1.7e308, -1.7e308, 1.7e308, 0.0, 1.0], [0.0] * 5])
    assert np.isfinite(model.score(edge)).all()
    assert np.isfinite(model.learn(edge).score(edge)).all()


def test_histograms_of_unlike_numbers_of_rows_are_refused():
    state = Loda(n_random_cuts=4).fit(matrix(gaussian(60)), seed=0).state()
    counts = state.arrays["counts"].copy()
    counts[2, 3] += 1
    with pytest.raises(CorruptModel, match="different numbers of rows"):
        Loda.restore(ModelState({**state.arrays, "counts": counts}, state.scalars))
