import numpy as np
import pytest
import torch

from pynomaly.domain.errors import CorruptModel, TooFewRows
from pynomaly.infrastructure.algorithms.standardiser import Standardiser
from pynomaly.infrastructure.algorithms.torch_models.autoencoder import Autoencoder, FittedAutoencoder
from pynomaly.infrastructure.algorithms.torch_models.perceptron import Perceptron
from tests.infrastructure.algorithms.torch_models.tables import curved_rows, matrix_of

NOTHING = Perceptron(
    (np.zeros((3, 2)), np.zeros((1, 3)), np.zeros((3, 1)), np.zeros((2, 3))),
    (np.zeros(3), np.zeros(1), np.zeros(3), np.zeros(2)),
)


@pytest.fixture(scope="module")
def fitted():
    return Autoencoder(latent_size=2, epochs=60, learning_rate=0.01).fit(matrix_of(curved_rows()), seed=0)


def test_rows_off_the_sheet_score_above_rows_on_it(fitted):
    on, off = curved_rows(seed=1), curved_rows(seed=1)
    off[:, 2] = -off[:, 2]
    strange = np.abs(off[:, 2]) > 0.2
    assert np.median(fitted.score(off)[strange]) > 5 * np.median(fitted.score(on))


def test_a_network_that_says_nothing_leaves_the_squares_by_hand():
    model = FittedAutoencoder(Standardiser(np.zeros(2), np.array([1.0, 2.0])), NOTHING, np.array([1.0, 4.0]))
    assert model.score(np.array([[1.0, 4.0], [0.0, 0.0]])).tolist() == [1.0 + 4.0 / 4.0, 0.0]


def test_numpy_rebuilds_what_torch_would(fitted):
    rows = fitted.standardiser.apply(curved_rows(20, seed=2))
    values = torch.tensor(rows, dtype=torch.float32)
    for layer, (weight, bias) in enumerate(zip(fitted.network.weights, fitted.network.biases, strict=True)):
        values = torch.nn.functional.linear(values, torch.tensor(weight).float(), torch.tensor(bias).float())
        values = torch.nn.functional.leaky_relu(values, 0.1) if layer < 3 else values
    np.testing.assert_allclose(fitted.network.outputs(rows), values.numpy(), rtol=1e-5, atol=1e-5)


def test_a_trimmed_core_keeps_anomalies_from_being_learned():
    rows = curved_rows(300)
    rows[:45] = [3.0, -3.0, 3.0, -3.0] + 0.1 * np.random.default_rng(1).normal(size=(45, 4))
    settings = {"latent_size": 2, "epochs": 40, "learning_rate": 0.01}
    scores = {
        share: Autoencoder(core_share=share, **settings).fit(matrix_of(rows), seed=0).score(rows)
        for share in (0.7, 1.0)
    }
    ratio = {share: np.median(values[:45]) / np.median(values[45:]) for share, values in scores.items()}
    assert ratio[0.7] > 5 * ratio[1.0]


def test_a_file_of_another_architecture_is_refused(fitted):
    state = fitted.state()
    for sizes in ([4, 64, 2, 64], [4, 64, 2, 64, 5], [4, 4]):
        with pytest.raises(CorruptModel):
            Autoencoder.restore(type(state)(state.arrays, {"sizes": sizes}))


def test_too_few_rows_are_refused():
    with pytest.raises(TooFewRows):
        Autoencoder().fit(matrix_of(curved_rows(9)), seed=0)
