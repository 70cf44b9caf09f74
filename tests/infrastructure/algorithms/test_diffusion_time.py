import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import invgamma

from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.diffusion_time import DiffusionTime


def matrix(rows):
    return FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))


def test_a_score_is_the_mode_of_the_inverse_gamma_distribution_of_the_paper():
    rng = np.random.default_rng(0)
    rows, new = rng.normal(size=(200, 5)), rng.normal(size=(4, 5))
    scores = DiffusionTime(n_neighbors=7).fit(matrix(rows), seed=0).score(new)
    for row, score in zip(new, scores, strict=True):
        square = np.sort(((rows - row) ** 2).sum(axis=1))[:7].mean()
        posterior = invgamma(a=5 / 2 - 1, scale=square / 2)
        mode = minimize_scalar(lambda v, p=posterior: -p.logpdf(v), bounds=(1e-6, 20), options={"xatol": 1e-9})
        assert score == pytest.approx(mode.x, rel=1e-6)


def test_noise_of_a_known_variance_is_found_again():
    rng = np.random.default_rng(0)
    point = np.zeros((2, 400))
    model = DiffusionTime().fit(matrix(point), seed=0)
    assert model.score(3 * rng.normal(size=(20, 400))).mean() == pytest.approx(9, rel=0.05)


def test_squares_that_overflow_give_a_finite_score():
    rows = np.array([[-1.7e308, 0.0], [0.0, 0.0], [1.7e308, 0.0]])
    assert np.isfinite(DiffusionTime().fit(matrix(rows), seed=0).score(rows)).all()


def test_a_row_has_the_same_bits_alone_and_in_a_batch():
    rows = np.random.default_rng(0).lognormal(size=(300, 11))
    model = DiffusionTime().fit(matrix(rows), seed=0)
    assert model.score(rows).tolist() == [model.score(rows[i : i + 1])[0] for i in range(300)]
