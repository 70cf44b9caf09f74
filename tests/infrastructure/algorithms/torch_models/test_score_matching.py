import numpy as np

from pynomaly.infrastructure.algorithms.torch_models.score_matching import NOISE, ScoreMatching
from tests.infrastructure.algorithms.torch_models.tables import curved_rows, matrix_of


def test_the_way_back_to_gaussian_rows_is_the_one_of_theory():
    rows = np.random.default_rng(0).normal(size=(2000, 2))
    model = ScoreMatching(core_share=1.0, hidden_size=64, epochs=60).fit(matrix_of(rows), seed=0)
    # the gradient of log N(0, 1 + s^2) at x is -x / (1 + s^2); s^2 times it, in units of the learned scale
    at = np.array([[1.5, 0.0], [0.0, -2.0], [1.5, 1.5]])
    scale = model.standardiser.scale
    smoothed = 1 / scale**2 + NOISE**2
    expected = NOISE**2 * np.linalg.norm(at / scale / smoothed, axis=1)
    np.testing.assert_allclose(model.score(at), expected, rtol=0.2)


def test_rows_far_from_the_sheet_have_the_longer_way_back():
    model = ScoreMatching(epochs=60).fit(matrix_of(curved_rows(400)), seed=0)
    on = np.median(model.score(curved_rows(seed=1)))
    assert model.score(np.array([[0.9, 0.9, -1.5, 2.5]]))[0] > 3 * on
