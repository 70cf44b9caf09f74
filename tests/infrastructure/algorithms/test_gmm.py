import numpy as np
import pytest
from scipy.stats import multivariate_normal
from sklearn.metrics import roc_auc_score
from sklearn.mixture import GaussianMixture as Peer

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.errors import CorruptModel
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms import gmm, mixture_steps
from pynomaly.infrastructure.algorithms.gmm import GaussianMixture

SHAPES = ("full", "tied", "diag", "spherical")


def matrix(rows):
    return FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))


def fitted(rows, seed=0, **parameters):
    return GaussianMixture(**parameters).fit(matrix(rows), seed=seed)


def crowds(n_rows=900, n_features=3, apart=12.0):
    """Return two crowds of different shapes."""
    rng = np.random.default_rng(4)
    first = rng.normal(size=(n_rows // 3, n_features)) @ rng.normal(size=(n_features, n_features))
    return np.vstack([first, 0.5 * rng.normal(size=(n_rows - n_rows // 3, n_features)) + apart])


@pytest.fixture
def _unshrunk(monkeypatch):
    monkeypatch.setattr(mixture_steps, "SHRINKAGE", 0.0)
    monkeypatch.setattr(mixture_steps, "SMALLEST_GAIN", 1e-9)


@pytest.mark.usefixtures("_unshrunk")
@pytest.mark.parametrize("n_components", [1, 2])
@pytest.mark.parametrize("shape", ["full", "tied", "diag"])
def test_densities_of_all_rows_agree_with_scikit_learn(shape, n_components):
    rows = crowds()
    model = fitted(rows, n_components=n_components, covariance_type=shape, core_share=1.0, reg_covar=1e-9)
    peer = Peer(n_components, covariance_type=shape, reg_covar=1e-9, tol=1e-9, random_state=0).fit(rows)
    np.testing.assert_allclose(model.score(rows), -peer.score_samples(rows), rtol=1e-4, atol=1e-4)


@pytest.mark.usefixtures("_unshrunk")
def test_a_spherical_component_has_the_mean_variance_of_columns_on_a_common_scale():
    rows = crowds()[300:] * [1.0, 2.0, 3.0]
    scale = 1.4826 * np.median(np.abs(rows - np.median(rows, axis=0)), axis=0)
    variance = (rows / scale).var(axis=0).mean() + 1e-9
    model = fitted(rows, covariance_type="spherical", core_share=1.0, reg_covar=1e-9)
    expected = multivariate_normal(rows.mean(axis=0), np.diag(variance * scale**2)).logpdf(rows)
    np.testing.assert_allclose(model.score(rows), -expected, rtol=1e-9)


@pytest.mark.parametrize("shape", SHAPES)
def test_anomalies_in_training_get_no_component_of_their_own(shape):
    rng = np.random.default_rng(0)
    rows = np.vstack([crowds(), rng.normal(size=(90, 3)) * 0.1 + [0, 40, -40]])
    is_anomaly = np.arange(len(rows)) >= 900
    robust = fitted(rows, n_components=3, covariance_type=shape).score(rows)
    plain = fitted(rows, n_components=3, covariance_type=shape, core_share=1.0).score(rows)
    assert robust[is_anomaly].min() > robust[~is_anomaly].max()
    assert roc_auc_score(is_anomaly, robust) > roc_auc_score(is_anomaly, plain)


def test_the_place_between_two_crowds_is_stranger_than_both():
    rows = crowds()
    first, second, between = fitted(rows, n_components=2).score(np.array([[0.0] * 3, [12.0] * 3, [6.0] * 3]))
    assert between > max(first, second) + 10


@pytest.mark.parametrize("n_components", [2, 5])
@pytest.mark.parametrize("shape", SHAPES)
def test_more_components_than_different_rows_are_survived(shape, n_components):
    rows = np.repeat([[0.0, 1.0], [2.0, 3.0]], [3, 1], axis=0)
    model = fitted(rows, n_components=n_components, covariance_type=shape)
    assert np.isfinite(model.score(np.vstack([rows, [[9.0, 9.0]]]))).all()


@pytest.mark.parametrize("scale", [1e-150, 1e15, 1e200, 1e308])
def test_values_of_any_size_give_finite_scores(scale):
    rows = np.random.default_rng(0).uniform(-1, 1, size=(50, 3)) * scale
    model = fitted(rows, n_components=3)
    assert np.isfinite(model.score(rows)).all()
    assert np.isfinite(model.score(np.full((1, 3), 1.7e308))).all()


def test_other_units_add_a_constant():
    rows = crowds()
    units = np.array([1e-6, 1.0, 1e9])
    difference = fitted(rows * units, n_components=2).score(rows * units) - fitted(rows, n_components=2).score(rows)
    np.testing.assert_allclose(difference, np.log(units).sum(), rtol=1e-6)


def test_a_row_alone_scores_as_in_its_batch_across_blocks():
    rows = crowds(n_rows=30_000)
    model = fitted(rows[::10], n_components=4)
    scores = model.score(rows)
    for place in (0, 9_999, 20_000, 29_999):
        assert model.score(rows[place : place + 1])[0] == pytest.approx(scores[place], rel=1e-12)


def test_a_long_table_is_sampled_and_centres_are_drawn_by_seed():
    rows = np.random.default_rng(0).normal(size=(gmm.MAX_TRAINING_ROWS + 100, 2))
    for parameters in ({}, {"n_components": 3}):
        first, same, other = (fitted(rows, seed=seed, **parameters).mixture.centres for seed in (1, 1, 2))
        assert np.array_equal(first, same)
        assert not np.array_equal(first, other)


def test_a_state_with_shapes_for_some_components_only_is_refused():
    state = fitted(crowds(), n_components=3).state()
    damaged = {**state.arrays, "roots": state.arrays["roots"][:2]}
    with pytest.raises(CorruptModel, match="neither one shape"):
        GaussianMixture.restore(ModelState(damaged))
