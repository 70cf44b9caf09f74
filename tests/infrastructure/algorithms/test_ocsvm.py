import numpy as np
import pytest
from sklearn.svm import OneClassSVM

from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.ocsvm import OneClassSupportVectors


def matrix(rows):
    return FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))


def fitted(rows, **parameters):
    return OneClassSupportVectors(**parameters).fit(matrix(rows), seed=0)


ROWS = np.random.default_rng(0).normal(size=(300, 4)) + 100


@pytest.mark.parametrize("parameters", [{}, {"nu": 0.1}, {"nu": 0.3, "gamma": 0.7}])
def test_scores_are_the_negative_decision_values_of_libsvm_per_support(parameters):
    peer = OneClassSVM(gamma=parameters.get("gamma", "scale"), nu=parameters.get("nu", 0.5), tol=1e-6).fit(ROWS)
    elsewhere = np.random.default_rng(1).normal(size=(100, 4)) * 2 + 100
    expected = -peer.decision_function(elsewhere) / (300 * parameters.get("nu", 0.5))
    np.testing.assert_allclose(fitted(ROWS, **parameters).score(elsewhere), expected, atol=2e-4)


def test_only_support_vectors_are_kept_and_their_weights_add_up_to_1():
    model = fitted(ROWS, nu=0.2)
    assert 60 <= len(model.weights) < 90
    assert model.weights.sum() == pytest.approx(1)
    assert (model.score(ROWS) > 1e-4).mean() <= 0.2


def test_far_rows_score_the_offset_and_every_row_less():
    model = fitted(ROWS)
    assert model.score(np.full((1, 4), 1e6))[0] == model.offset[0]
    assert model.score(ROWS).max() < model.offset[0]


def test_a_longer_table_is_sampled_by_seed():
    first, same, other = (
        OneClassSupportVectors(max_training_rows=50).fit(matrix(ROWS), seed=seed).support for seed in (1, 1, 2)
    )
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("n_rows", [2, 3])
def test_two_rows_are_enough_whatever_the_share(n_rows):
    for nu in (0.01, 0.5, 0.99):
        assert np.isfinite(fitted(ROWS[:n_rows], nu=nu).score(ROWS)).all()


def test_rows_that_are_all_alike_have_another_row_outside():
    same, other = fitted(np.full((20, 2), 4.0)).score(np.array([[4.0, 4.0], [4.0, 9.0]]))
    assert other > same
