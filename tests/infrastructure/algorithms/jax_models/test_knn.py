import numpy as np
import pytest

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.errors import CorruptModel
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.jax_models.knn import JaxNearestNeighbours
from pynomaly.infrastructure.algorithms.k_nearest_neighbours import KNearestNeighbours


def matrix(rows):
    return FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))


@pytest.mark.parametrize("method", ["mean", "largest", "median"])
@pytest.mark.parametrize("n_neighbors", [None, 1])
def test_scores_are_those_of_the_numpy_twin(method, n_neighbors):
    rng = np.random.default_rng(0)
    rows, new = rng.normal(size=(250, 5)), rng.lognormal(size=(300, 5))
    ours = JaxNearestNeighbours(n_neighbors, method).fit(matrix(rows), seed=3).score(new)
    twin = KNearestNeighbours(n_neighbors, method).fit(matrix(rows), seed=3).score(new)
    np.testing.assert_allclose(ours, twin, rtol=1e-5)


def test_a_long_table_is_represented_by_the_sample_the_twin_draws():
    rows = np.random.default_rng(0).normal(size=(250, 5)).astype(np.float32)
    ours = JaxNearestNeighbours(max_reference_rows=100).fit(matrix(rows), seed=3)
    twin = KNearestNeighbours(max_reference_rows=100).fit(matrix(rows), seed=3)
    assert np.array_equal(ours.reference.values, twin.reference)
    assert ours.reference.n_neighbors == twin.n_neighbors == 5


def test_rows_score_alike_alone_and_in_blocks_of_every_size():
    rows = np.random.default_rng(0).lognormal(size=(300, 5)).astype(np.float32)
    model = JaxNearestNeighbours().fit(matrix(rows[:200]), seed=0)
    together = model.score(rows)
    for size in (1, 9, 40):
        np.testing.assert_allclose(model.score(rows[-size:]), together[-size:], rtol=1e-12)


def test_more_neighbours_than_reference_rows_are_refused():
    state = JaxNearestNeighbours().fit(matrix(np.arange(9.0)[:, None]), seed=0).state()
    with pytest.raises(CorruptModel, match="at most 9"):
        JaxNearestNeighbours.restore(ModelState(state.arrays, {**state.scalars, "n_neighbors": 10}))
