import jax
import numpy as np
import pytest

from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.jax_models.one_hidden_layer import OneHiddenLayer
from pynomaly.infrastructure.algorithms.jax_models.score_matching import ScoreMatching
from pynomaly.infrastructure.algorithms.jax_models.score_matching_training import ScoreField


def matrix(rows):
    return FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))


@pytest.fixture(scope="module")
def rows():
    rows = np.random.default_rng(0).normal(size=(2000, 2))
    return (rows - rows.mean(axis=0)) / rows.std(axis=0)


@pytest.fixture(scope="module")
def model(rows):
    return ScoreMatching().fit(matrix(rows), seed=0)


def test_the_field_of_gaussian_rows_is_found(model):
    """Noisy Gaussian rows have density N(0, 1 + s^2), with the score -x / (1 + s^2): the noise is -s times it."""
    axis = np.linspace(-1.5, 1.5, 7)
    places = np.array([(x, y) for x in axis for y in axis])
    for level, found in zip((1.0, 0.5, 0.25), model.expected_noise(places), strict=True):
        true = level * places / (1 + level**2)
        assert np.sqrt(np.mean((found - true) ** 2)) < 0.15


def test_the_score_is_the_root_mean_square_of_the_expected_noise(rows, model):
    noise = model.expected_noise(rows[:20])
    np.testing.assert_allclose(model.score(rows[:20]), np.sqrt(np.mean(noise**2, axis=(0, 2))), rtol=1e-12)


def test_the_networks_that_score_are_those_that_jax_runs(rows, model):
    weights = (model.straight, OneHiddenLayer(model.inner, model.inner_bias, model.outer, model.outer_bias))
    found = jax.vmap(lambda field: field(rows.astype(np.float32)))(ScoreField(*weights))
    np.testing.assert_allclose(model.expected_noise(rows), found, rtol=1e-4, atol=1e-5)


def test_between_two_clusters_and_beyond_them_is_stranger_than_within():
    rng = np.random.default_rng(0)
    rows = np.vstack([rng.normal([-3, -3], 0.3, size=(1000, 2)), rng.normal([3, 3], 0.3, size=(1000, 2))])
    within, corner, beyond = ScoreMatching().fit(matrix(rows), seed=0).score(np.array([[3.0, 3], [3, -3], [30, 30]]))
    assert within < corner < beyond


def test_the_farther_out_the_stranger(model):
    away = np.array([[1.0], [3.0], [10.0], [1e3], [1e10], [1e30]]) * np.array([1.0, -1.0])
    assert (np.diff(model.score(away)) > 0).all()
