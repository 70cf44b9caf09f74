import numpy as np
import pytest

from pynomaly.domain.errors import CorruptModel
from pynomaly.infrastructure.algorithms.standardiser import Standardiser
from pynomaly.infrastructure.algorithms.torch_models.perceptron import Perceptron
from pynomaly.infrastructure.algorithms.torch_models.variational_autoencoder import (
    SMALLEST_VARIANCE,
    FittedVariationalAutoencoder,
    VariationalAutoencoder,
)
from tests.infrastructure.algorithms.torch_models.tables import curved_rows, matrix_of


@pytest.fixture(scope="module")
def fitted():
    return VariationalAutoencoder(latent_size=2, epochs=60, learning_rate=0.01).fit(matrix_of(curved_rows()), seed=0)


def test_rows_off_the_sheet_and_rows_far_out_score_above_rows_on_it(fitted):
    usual = np.median(fitted.score(curved_rows(seed=1)))
    off = np.array([[0.8, 0.8, -0.64, 0.64]])
    assert fitted.score(off)[0] > 3 * usual
    assert fitted.score(10 * off)[0] > 3 * fitted.score(off)[0]


def test_scoring_draws_nothing(fitted):
    rows = curved_rows(seed=2)
    assert np.array_equal(fitted.score(rows), fitted.score(rows))


def test_the_noise_of_a_column_is_learned(fitted):
    assert fitted.noise.shape == (4,)
    assert (fitted.noise > SMALLEST_VARIANCE).all()
    assert (fitted.noise < 1).any()


def test_the_score_by_hand():
    encoder = Perceptron((np.array([[1.0, 0.0]]), np.array([[2.0], [7.0]])), (np.zeros(1), np.zeros(2)))
    decoder = Perceptron((np.ones((1, 1)), np.array([[0.5], [0.0]])), (np.zeros(1), np.zeros(2)))
    model = FittedVariationalAutoencoder(Standardiser(np.zeros(2), np.ones(2)), encoder, decoder, np.array([0.5, 2.0]))
    # row (3, 1): hidden number 6, rebuilt (3, 0): ((3 - 3)^2 / 0.5 + (0 - 1)^2 / 2 + 6^2) / 2
    assert model.score(np.array([[3.0, 1.0]])).tolist() == [18.25]


@pytest.mark.parametrize(("name", "sizes"), [("encoder_sizes", [4, 64, 5]), ("decoder_sizes", [2, 63, 4])])
def test_coders_that_do_not_match_are_refused(fitted, name, sizes):
    state = fitted.state()
    with pytest.raises(CorruptModel):
        VariationalAutoencoder.restore(type(state)(state.arrays, {**state.scalars, name: sizes}))
