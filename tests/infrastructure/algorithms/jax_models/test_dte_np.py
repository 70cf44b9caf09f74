import numpy as np
from scipy.spatial.distance import cdist

from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.jax_models.dte_np import JaxDiffusionTime


def test_scores_are_those_of_plain_numpy():
    rng = np.random.default_rng(0)
    rows, new = rng.normal(size=(250, 5)), rng.normal(size=(60, 5))
    model = JaxDiffusionTime().fit(FeatureMatrix(rows, tuple("abcde")), seed=0)
    nearest = np.sort(cdist(new, rows, "sqeuclidean"), axis=1)[:, :13]  # 5 % of 250
    np.testing.assert_allclose(model.score(new), nearest.mean(axis=1) / 5, rtol=1e-5)


def test_the_variance_of_noise_around_one_start_is_found():
    noise = np.random.default_rng(0).normal(0, 0.5, size=(400, 64))
    starts = np.zeros((6, 64))
    model = JaxDiffusionTime().fit(FeatureMatrix(starts, tuple(f"f{i}" for i in range(64))), seed=0)
    np.testing.assert_allclose(model.score(noise).mean(), 0.25, rtol=0.02)
