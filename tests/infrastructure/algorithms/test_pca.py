import numpy as np
import pytest

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.errors import CorruptModel
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms import pca
from pynomaly.infrastructure.algorithms.pca import SHRINKAGE, PrincipalComponents


def matrix(rows):
    return FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))


def correlated_rows(n_rows, n_features):
    rng = np.random.default_rng(8)
    return rng.normal(size=(n_rows, n_features)) @ rng.normal(size=(n_features, n_features)) + 5


@pytest.mark.parametrize("shape", [(200, 6), (6, 6), (20, 50)])
def test_scores_are_squared_distances_under_the_shrunk_covariance(shape):
    rows = correlated_rows(*shape)
    covariance = np.cov(rows.T, bias=True)
    shrunk = (1 - SHRINKAGE) * covariance + SHRINKAGE * np.trace(covariance) / shape[1] * np.eye(shape[1])
    away = rows[::3] + 1 - rows.mean(axis=0)
    expected = np.einsum("ij,ij->i", away, np.linalg.solve(shrunk, away.T).T)
    model = PrincipalComponents(core_share=1.0).fit(matrix(rows), seed=0)
    np.testing.assert_allclose(model.score(rows[::3] + 1), expected, rtol=1e-9)


def test_contributions_are_never_negative_and_add_up_to_the_score():
    rows = correlated_rows(100, 5)
    model = PrincipalComponents().fit(matrix(rows), seed=0)
    parts = model.contributions(rows)
    assert parts.min() >= 0
    np.testing.assert_allclose(parts.sum(axis=1), model.score(rows), rtol=1e-12)


def test_the_column_that_breaks_the_relation_gets_the_larger_part():
    rng = np.random.default_rng(0)
    shared = rng.normal(size=(500, 1))
    rows = np.hstack([shared + 0.1 * rng.normal(size=(500, 3)), rng.normal(size=(500, 1))])
    model = PrincipalComponents().fit(matrix(rows), seed=0)
    parts = model.contributions(np.array([[0.0, 0.0, 2.0, 0.0]]))[0]
    assert parts.argmax() == 2


def test_anomalies_in_training_do_not_turn_the_axes():
    rng = np.random.default_rng(0)
    inliers = rng.normal(size=(800, 2)) * [10, 0.1]
    anomalies = rng.normal(size=(150, 2)) + np.array([0, 30])
    rows = np.vstack([inliers, anomalies])
    robust = PrincipalComponents().fit(matrix(rows), seed=0).score(rows)
    plain = PrincipalComponents(core_share=1.0).fit(matrix(rows), seed=0).score(rows)
    assert robust[800:].min() > robust[:800].max()
    assert plain[800:].min() < plain[:800].max()


def test_a_core_without_any_spread_is_not_taken():
    rows = np.vstack([np.zeros((90, 2)), np.random.default_rng(0).normal(size=(10, 2))])
    model = PrincipalComponents().fit(matrix(rows), seed=0)
    assert model.has_spread
    assert model.score(rows)[90:].min() > model.score(rows)[:90].max()


def test_rows_that_are_all_alike_give_the_squared_distance_to_them():
    model = PrincipalComponents().fit(matrix(np.full((20, 3), 4.0)), seed=0)
    np.testing.assert_allclose(model.score(np.array([[4.0, 4.0, 4.0], [4.0, 6.0, 5.0]])), [0.0, 5.0])


def test_a_constant_column_notices_another_value():
    rows = np.column_stack([np.random.default_rng(0).normal(size=100), np.full(100, 3.0)])
    same, other = PrincipalComponents().fit(matrix(rows), seed=0).score(np.array([[0.0, 3.0], [0.0, 9.0]]))
    assert other > same + 10


def test_scores_of_a_row_alone_agree_to_twelve_digits_even_far_out():
    rows = correlated_rows(300, 40)
    rows[::7] *= 1e15
    model = PrincipalComponents().fit(matrix(rows), seed=0)
    alone = [model.score(rows[i : i + 1])[0] for i in range(300)]
    np.testing.assert_allclose(alone, model.score(rows), rtol=1e-12)


@pytest.mark.parametrize("scale", [1e-150, 1e-130, 1e15, 1e200, 1e308])
def test_values_of_any_size_give_finite_scores(scale):
    rows = np.random.default_rng(0).uniform(-1, 1, size=(50, 3)) * scale
    model = PrincipalComponents().fit(matrix(rows), seed=0)
    assert np.isfinite(model.score(rows)).all()
    assert np.isfinite(model.score(np.full((1, 3), 1.7e308))).all()


def test_a_centre_at_the_bound_of_values_can_be_stored():
    rows = np.random.default_rng(0).normal(size=(20, 3))
    rows[:, 0] = 1e200
    model = PrincipalComponents().fit(matrix(rows), seed=0)
    assert np.array_equal(PrincipalComponents.restore(model.state()).score(rows), model.score(rows))


def test_a_long_table_is_sampled_by_seed():
    rows = np.random.default_rng(0).normal(size=(pca.MAX_TRAINING_ROWS + 1000, 2))
    first, same, other = (PrincipalComponents().fit(matrix(rows), seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first.centre, same.centre)
    assert not np.array_equal(first.centre, other.centre)


def test_axes_that_are_not_at_right_angles_are_refused():
    state = PrincipalComponents().fit(matrix(correlated_rows(50, 3)), seed=0).state()
    with pytest.raises(CorruptModel, match="right angles"):
        PrincipalComponents.restore(ModelState({**state.arrays, "axes": np.full((3, 3), 0.5)}, state.scalars))
