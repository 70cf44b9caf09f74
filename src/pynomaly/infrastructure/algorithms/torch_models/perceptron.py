"""A trained network as numpy sees it: plain layers of weights, computed in float64."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.infrastructure.algorithms.state_checks import require, require_within, required_array

SLOPE = 0.1
"""What a negative value is multiplied by between layers (leaky rectifier); 0 would let units die."""

LARGEST_WEIGHT = 1e6
"""A trained weight is far below; with it four layers and standardised rows stay finite."""

WIDEST_LAYER = 65_536
MOST_LAYERS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Perceptron:
    """Layers of float32 values held as float64: weights (out, in) each, and biases (out,) each or none at all.

    Computed in float64, a row's outputs alone and in a batch agree to about 1e-13.
    """

    weights: tuple[FloatMatrix, ...]
    biases: tuple[FloatVector, ...] = ()

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of every layer, inputs first."""
        return (self.weights[0].shape[1], *(weight.shape[0] for weight in self.weights))

    def outputs(self, rows: FloatMatrix) -> FloatMatrix:
        """Return the last layer's values (..., out) of rows (..., in)."""
        values = rows
        for layer, weight in enumerate(self.weights):
            values = values @ weight.T
            if self.biases:
                values += self.biases[layer]
            if layer < len(self.weights) - 1:
                values = np.maximum(values, SLOPE * values)
        return values

    def arrays(self, name: str) -> dict[str, FloatMatrix]:
        """Return what a model file holds of it: float32 arrays called `<name>.<layer>.weight` and `.bias`."""
        weights = {_weight(name, layer): weight.astype(np.float32) for layer, weight in enumerate(self.weights)}
        return weights | {_bias(name, layer): bias.astype(np.float32) for layer, bias in enumerate(self.biases)}

    @staticmethod
    def restore(state: ModelState, name: str, sizes: Sequence[int], *, has_biases: bool = True) -> "Perceptron":
        """Read the layers of a network of known sizes. Raises CorruptModel."""
        layers = range(len(sizes) - 1)
        weights = [_checked(state, _weight(name, layer), (sizes[layer + 1], sizes[layer])) for layer in layers]
        biases = [_checked(state, _bias(name, layer), (sizes[layer + 1],)) for layer in layers] if has_biases else []
        return Perceptron(tuple(weights), tuple(biases))


def array_names(name: str, n_layers: int, *, has_biases: bool = True) -> tuple[str, ...]:
    """Return what the arrays of a network of so many layers are called."""
    weights = tuple(_weight(name, layer) for layer in range(n_layers))
    return weights + (tuple(_bias(name, layer) for layer in range(n_layers)) if has_biases else ())


def required_sizes(state: ModelState, name: str) -> tuple[int, ...]:
    """Read the units of every layer, inputs first. Raises CorruptModel."""
    sizes = state.scalars.get(name)
    is_list = isinstance(sizes, list) and 2 <= len(sizes) <= MOST_LAYERS + 1
    require(is_list, f"must list the layers of its network in '{name}'")
    assert isinstance(sizes, list)  # noqa: S101  # `require` has seen to it
    checked = tuple(size for size in sizes if type(size) is int and 1 <= size <= WIDEST_LAYER)
    require(len(checked) == len(sizes), f"has a layer in '{name}' that is no number of units")
    return checked


def _checked(state: ModelState, name: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
    array = required_array(state, name, dtype=np.float32, shape=shape)
    require_within(array, name, minimum=-LARGEST_WEIGHT, maximum=LARGEST_WEIGHT)
    return array.astype(np.float64)


def _weight(name: str, layer: int) -> str:
    return f"{name}.{layer}.weight"


def _bias(name: str, layer: int) -> str:
    return f"{name}.{layer}.bias"
