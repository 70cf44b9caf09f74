import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.errors import CorruptModel
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.k_nearest_neighbours import KNearestNeighbours


def matrix(rows):
    return FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))


@pytest.mark.parametrize(
    ("method", "summary"),
    [("mean", lambda d: d.mean(axis=1)), ("largest", lambda d: d[:, -1]), ("median", lambda d: np.median(d, axis=1))],
)
@pytest.mark.parametrize("n_neighbors", [1, 6, 7])
def test_distances_are_those_of_scikit_learn(method, summary, n_neighbors):
    rows = np.random.default_rng(0).normal(size=(120, 5))
    model = KNearestNeighbours(n_neighbors, method).fit(matrix(rows), seed=0)
    new = np.random.default_rng(1).normal(size=(40, 5))
    distances, _ = NearestNeighbors(n_neighbors=n_neighbors).fit(rows).kneighbors(new)
    np.testing.assert_allclose(model.score(new), summary(distances), rtol=1e-10)


@pytest.mark.parametrize(("n_rows", "expected"), [(3, 3), (50, 5), (101, 6), (400, 20)])
def test_a_twentieth_of_the_rows_but_at_least_five_are_looked_at(n_rows, expected):
    rows = np.random.default_rng(0).normal(size=(n_rows, 2))
    assert KNearestNeighbours().fit(matrix(rows), seed=0).n_neighbors == expected


def test_a_long_table_is_represented_by_a_seeded_sample():
    rows = np.random.default_rng(0).normal(size=(500, 2))
    algorithm = KNearestNeighbours(max_reference_rows=100)
    first, same, other = (algorithm.fit(matrix(rows), seed=seed).reference for seed in (1, 1, 2))
    assert first.shape == (100, 2)
    assert len(np.unique(first, axis=0)) == 100
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)


def test_the_reference_does_not_follow_later_changes_of_the_training_rows():
    rows = np.random.default_rng(0).normal(size=(50, 2))
    model = KNearestNeighbours().fit(matrix(rows), seed=0)
    before = model.score(rows[:5].copy())
    new = rows[:5].copy()
    rows += 100
    assert np.array_equal(model.score(new), before)


def test_no_digits_are_lost_far_from_the_origin():
    rows = np.array([[1e15], [1e15 + 1], [1e15 + 2], [0.0]])
    model = KNearestNeighbours(n_neighbors=2).fit(matrix(rows), seed=0)
    assert model.score(np.array([[1e15 + 1]])).tolist() == [0.5]


def test_distances_too_large_to_square_stay_finite():
    rows = np.array([[-1.7e308], [0.0], [1.7e308]])
    assert np.isfinite(KNearestNeighbours().fit(matrix(rows), seed=0).score(rows)).all()


@pytest.mark.parametrize("method", ["mean", "largest", "median"])
def test_a_row_has_the_same_bits_alone_and_in_a_batch(method):
    rows = np.random.default_rng(0).lognormal(size=(300, 11))
    model = KNearestNeighbours(method=method).fit(matrix(rows), seed=0)
    assert model.score(rows).tolist() == [model.score(rows[i : i + 1])[0] for i in range(300)]


def test_more_neighbours_than_reference_rows_are_refused():
    state = KNearestNeighbours().fit(matrix(np.arange(9.0)[:, None]), seed=0).state()
    with pytest.raises(CorruptModel, match="at most 9"):
        KNearestNeighbours.restore(ModelState(state.arrays, {**state.scalars, "n_neighbors": 10}))


def test_an_approximate_search_states_its_recall_and_keeps_it_on_new_rows():
    rng = np.random.default_rng(0)
    shared = rng.normal(size=(6000, 3))
    rows = shared @ rng.normal(size=(3, 12)) + 0.3 * rng.normal(size=(6000, 12))
    fitted = matrix(rows[:5000])
    exact = KNearestNeighbours(20, max_reference_rows=5000).fit(fitted, seed=0)
    model = KNearestNeighbours(20, max_reference_rows=5000, search="approximate").fit(fitted, seed=0)
    assert model.slack > 1
    assert model.recall >= 0.97
    found = model._index.nearest(rows[5000:], 20, slack=model.slack)[0]
    true = exact._index.nearest(rows[5000:], 20)[0]
    assert np.mean(found <= true[:, -1:]) >= 0.95
    assert (model.score(rows[5000:]) >= exact.score(rows[5000:]) * (1 - 1e-12)).all()


def test_slack_and_recall_are_stored_with_an_approximate_search_and_validated():
    rows = np.random.default_rng(0).normal(size=(2000, 4))
    model = KNearestNeighbours(search="approximate").fit(matrix(rows), seed=0)
    state = model.state()
    assert state.scalars["slack"] == model.slack > 1
    assert state.scalars["recall"] == model.recall
    assert np.array_equal(KNearestNeighbours.restore(state).score(rows), model.score(rows))
    for name, value in (("slack", 0.5), ("slack", 1e9), ("recall", 1.5), ("recall", "?"), ("recall", float("nan"))):
        with pytest.raises(CorruptModel, match=name):
            KNearestNeighbours.restore(ModelState(state.arrays, {**state.scalars, name: value}))


def test_an_exact_search_stores_nothing_beyond_the_rows_and_settings():
    state = KNearestNeighbours().fit(matrix(np.arange(9.0)[:, None]), seed=0).state()
    assert set(state.scalars) == {"n_rows", "n_features", "n_neighbors", "method"}
