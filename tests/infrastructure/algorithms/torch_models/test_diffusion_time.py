from itertools import pairwise

import numpy as np
import pytest

from pynomaly.infrastructure.algorithms.standardiser import LINEAR_UP_TO, Standardiser
from pynomaly.infrastructure.algorithms.torch_models.diffusion_time import DiffusionTime, FittedDiffusionTime, _mixtures
from pynomaly.infrastructure.algorithms.torch_models.perceptron import Perceptron
from tests.infrastructure.algorithms.torch_models.tables import curved_rows, matrix_of


def undecided(n_levels, last_bias=0.0):
    sizes = (2, 4, 4, 4, n_levels)
    weights = tuple(np.zeros((wide, narrow)) for narrow, wide in pairwise(sizes))
    biases = tuple(np.zeros(wide) for wide in sizes[1:])
    biases[-1][-1] = last_bias
    return FittedDiffusionTime(Standardiser(np.zeros(2), np.ones(2)), Perceptron(weights, biases))


def test_rows_off_the_sheet_seem_noisier_than_rows_on_it():
    model = DiffusionTime(hidden_size=64, epochs=60).fit(matrix_of(curved_rows(400)), seed=0)
    on = np.median(model.score(curved_rows(seed=1)))
    off = model.score(np.array([[0.8, 0.8, -0.64, 0.64], [-0.8, 0.7, 0.6, 0.64]]))
    assert (off > on + 0.5).all()


def test_a_network_that_cannot_decide_expects_the_middle_level():
    assert undecided(7).score(np.zeros((1, 2))).tolist() == [3.0]


def test_the_expected_level_by_hand():
    expected = (0 + 1 + 2 * np.exp(1.0)) / (2 + np.exp(1.0))
    np.testing.assert_allclose(undecided(3, last_bias=1.0).score(np.zeros((1, 2))), expected, rtol=1e-12)


def test_far_values_add_what_they_go_beyond():
    far = LINEAR_UP_TO * np.e
    np.testing.assert_allclose(undecided(7).score(np.array([[far, 0.0]])), 3.0 + LINEAR_UP_TO, rtol=1e-12)


def test_row_and_noise_are_mixed_so_that_variances_add_up_to_one():
    signal, spread = _mixtures()
    np.testing.assert_allclose(signal**2 + spread**2, 1.0)
    np.testing.assert_allclose(signal[0] ** 2, 1 - 1e-4)
    assert (np.diff(spread) > 0).all()


@pytest.mark.parametrize("share", [0.7, 1.0])
def test_progress_runs_through_once(share):
    heard = []
    detector = DiffusionTime(epochs=4, core_share=share).telling(lambda stage, share: heard.append((stage, share)))
    detector.fit(matrix_of(curved_rows(40)), seed=0)
    shares = [share for _, share in heard]
    assert {stage for stage, _ in heard} == {"fitting"}
    assert shares == sorted(shares)
    assert (shares[0], len(shares)) == (0.0, 4 if share == 1.0 else 8)
