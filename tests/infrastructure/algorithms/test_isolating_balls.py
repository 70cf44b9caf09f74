import numpy as np
import pytest
from pyod.models.inne import INNE

from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.isolating_balls import FittedBalls, IsolatingBalls


def matrix(rows):
    return FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))


@pytest.mark.parametrize("max_samples", [2, 8, 70])
def test_scores_are_those_of_pyod_with_radii_instead_of_their_squares(max_samples):
    rng = np.random.default_rng(0)
    rows, new = rng.normal(size=(150, 3)), 2 * rng.normal(size=(80, 3))
    peer = INNE(n_estimators=30, max_samples=max_samples, random_state=0).fit(rows)
    peer._ratio = 1 - np.sqrt(1 - peer._ratio)  # it divides squared radii, the paper radii
    model = FittedBalls(peer._centroids)
    np.testing.assert_allclose(model.score(new), peer.decision_function(new), rtol=1e-9, atol=1e-12)


def test_a_row_takes_the_smallest_ball_that_holds_it():
    model = FittedBalls(np.array([[[0.0], [1.0], [4.0]]]))  # radii 1, 1 and 3
    scores = model.score(np.array([[0.5], [1.5], [3.0], [7.0], [8.0]]))
    np.testing.assert_allclose(scores, [0.0, 0.0, 2 / 3, 2 / 3, 1.0], rtol=1e-15)


def test_a_ball_holds_the_centre_it_reaches_to():
    rows = np.random.default_rng(0).normal(size=(50, 7)) * 1e3 + 1e6
    model = IsolatingBalls(n_estimators=50, max_samples=2).fit(matrix(rows), seed=0)
    for centres in model.centres:
        one = FittedBalls(centres[None])
        assert one.score(centres).tolist() == [0.0, 0.0]


def test_copies_of_a_row_give_balls_of_no_size():
    rows = np.repeat(np.array([[0.0], [5.0]]), 20, axis=0)
    scores = IsolatingBalls(max_samples=8).fit(matrix(rows), seed=0).score(np.array([[0.0], [2.0]]))
    assert scores[0] < 0.1
    assert scores[1] > 0.9


def test_the_same_seed_draws_the_same_centres():
    rows = np.random.default_rng(0).normal(size=(100, 2))
    first, same, other = (IsolatingBalls().fit(matrix(rows), seed=seed).centres for seed in (1, 1, 2))
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)
