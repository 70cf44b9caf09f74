import numpy as np
import pytest
import torch
from torch.nn import functional

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.errors import CorruptModel
from pynomaly.infrastructure.algorithms.torch_models.perceptron import (
    LARGEST_WEIGHT,
    Perceptron,
    array_names,
    required_sizes,
)
from pynomaly.infrastructure.algorithms.torch_models.trainable import generator, new_network

CPU = torch.device("cpu")
ROWS = np.random.default_rng(1).normal(size=(40, 5))


def network(has_biases=True):
    return new_network((5, 16, 8, 3), draws=generator(2), device=CPU, has_biases=has_biases)


def test_one_layer_by_hand():
    layers = Perceptron(
        (np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([[1.0, 1.0]])), (np.array([0.5, 0.0]), np.ones(1))
    )
    assert layers.outputs(np.array([[1.0, 1.0]])).tolist() == [[3.5 - 0.1 + 1.0]]


@pytest.mark.parametrize("has_biases", [True, False])
def test_numpy_gives_what_torch_gives(has_biases):
    learned = network(has_biases)
    with torch.no_grad():
        for bias in learned.biases:
            bias += 0.3
    expected = learned(torch.tensor(ROWS, dtype=torch.float32)).detach().numpy()
    np.testing.assert_allclose(learned.frozen().outputs(ROWS), expected, rtol=1e-5, atol=1e-5)


def test_layers_are_those_of_torch_itself():
    learned = network()
    first = torch.nn.Linear(5, 16)
    first.weight, first.bias = torch.nn.Parameter(learned.weights[0]), torch.nn.Parameter(learned.biases[0])
    hidden = functional.leaky_relu(first(torch.tensor(ROWS, dtype=torch.float32)), 0.1).detach().numpy()
    ours = Perceptron(learned.frozen().weights[1:], learned.frozen().biases[1:]).outputs(hidden)
    np.testing.assert_allclose(ours, learned.frozen().outputs(ROWS), rtol=1e-5, atol=1e-5)


def test_a_row_alone_gives_what_it_gives_in_a_batch():
    frozen = network().frozen()
    alone = np.vstack([frozen.outputs(row[None]) for row in ROWS])
    np.testing.assert_allclose(alone, frozen.outputs(ROWS), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("has_biases", [True, False])
def test_it_comes_back_from_its_arrays_to_the_bit(has_biases):
    frozen = network(has_biases).frozen()
    state = ModelState(frozen.arrays("net"))
    assert set(state.arrays) == set(array_names("net", 3, has_biases=has_biases))
    assert {array.dtype for array in state.arrays.values()} == {np.dtype("float32")}
    again = Perceptron.restore(state, "net", frozen.sizes, has_biases=has_biases)
    np.testing.assert_array_equal(again.outputs(ROWS), frozen.outputs(ROWS))


def test_a_weight_beyond_all_bounds_is_refused():
    frozen = network().frozen()
    arrays = frozen.arrays("net")
    arrays["net.1.weight"][0, 0] = 2 * LARGEST_WEIGHT
    with pytest.raises(CorruptModel, match=r"net\.1\.weight"):
        Perceptron.restore(ModelState(arrays), "net", frozen.sizes)


@pytest.mark.parametrize("sizes", [None, [], [3], [3, 0], [3, True], [3, 2.0], [3, 10**9], [1] * 20, {"a": 1}, "34"])
def test_sizes_that_no_network_has_are_refused(sizes):
    with pytest.raises(CorruptModel, match="sizes"):
        required_sizes(ModelState({}, {"sizes": sizes}), "sizes")


def test_sizes_come_back_as_they_are():
    assert required_sizes(ModelState({}, {"sizes": [4, 16, 1]}), "sizes") == (4, 16, 1)
