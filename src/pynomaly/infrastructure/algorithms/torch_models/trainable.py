"""A network while it learns: torch tensors that become a Perceptron afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from pynomaly.domain.errors import InvalidData
from pynomaly.infrastructure.algorithms.torch_models.perceptron import SLOPE, Perceptron
from pynomaly.infrastructure.algorithms.torch_models.plan import Device


@dataclass(frozen=True, slots=True, eq=False)
class Trainable:
    """Weights (out, in) and biases (out,) of every layer, float32, that a loss can be differentiated by."""

    weights: tuple[Tensor, ...]
    biases: tuple[Tensor, ...] = ()

    def __call__(self, rows: Tensor) -> Tensor:
        """Return the last layer's values (..., out) of rows (..., in)."""
        values = rows
        for layer, weight in enumerate(self.weights):
            values = functional.linear(values, weight, self.biases[layer] if self.biases else None)
            if layer < len(self.weights) - 1:
                values = functional.leaky_relu(values, SLOPE)
        return values

    @property
    def parameters(self) -> tuple[Tensor, ...]:
        """All that is learned."""
        return (*self.weights, *self.biases)

    def frozen(self) -> Perceptron:
        """Return the network as it stands now, for scoring."""
        return Perceptron(tuple(map(as_numbers, self.weights)), tuple(map(as_numbers, self.biases)))


def resolved(device: Device) -> torch.device:
    """Return the device to train on. Raises InvalidData where CUDA is demanded and not there."""
    if device == "cuda" and not torch.cuda.is_available():
        raise InvalidData("there is no CUDA device here; choose the device auto or cpu")
    return torch.device("cuda" if device != "cpu" and torch.cuda.is_available() else "cpu")


def generator(seed: int, device: torch.device | None = None) -> torch.Generator:
    """Return a source of draws that depends on the seed alone."""
    return torch.Generator(device or torch.device("cpu")).manual_seed(seed % 2**63)


def new_network(
    sizes: Sequence[int], *, draws: torch.Generator, device: torch.device, has_biases: bool = True
) -> Trainable:
    """Draw weights for a network with layers of these sizes, inputs first; biases begin at 0.

    The spread of the weights follows He et al. (2015), "Delving deep into rectifiers", section 2.2.
    """
    weights = []
    for n_inputs, n_outputs in pairwise(sizes):
        spread = (2 / ((1 + SLOPE**2) * n_inputs)) ** 0.5
        weights.append((torch.randn(n_outputs, n_inputs, generator=draws) * spread).to(device).requires_grad_())
    biases = [torch.zeros(n_outputs, device=device).requires_grad_() for n_outputs in sizes[1:]] if has_biases else []
    return Trainable(tuple(weights), tuple(biases))


def as_numbers(tensor: Tensor) -> np.ndarray:
    """Return the values of a float32 tensor as float64."""
    return np.asarray(tensor.detach().cpu().numpy(), dtype=np.float64)


def as_tensor(rows: np.ndarray, device: torch.device) -> Tensor:
    """Return rows as a float32 tensor of its own memory."""
    return torch.tensor(rows, dtype=torch.float32, device=device)


def zeros(size: int, device: torch.device) -> Tensor:
    """Return a vector of zeros that a loss can be differentiated by."""
    return torch.zeros(size, device=device).requires_grad_()


def normal_like(tensor: Tensor, noise: torch.Generator) -> Tensor:
    """Draw standard normal numbers of a tensor's shape."""
    return torch.randn(tensor.shape, generator=noise, device=tensor.device)
