"""What the stored states of JAX detectors share: arrays of weights within sane bounds."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.infrastructure.algorithms.state_checks import require_within, required_array

Weights = NDArray[np.float32]

LARGEST_WEIGHT = 1e6
"""Training leaves weights of about one; with this bound no product of a stored network's layers overflows."""


def restored_weights(state: ModelState, shapes: Mapping[str, tuple[int, ...]]) -> tuple[Weights, ...]:
    """Read arrays of weights, float32, in the order of their names. Raises CorruptModel."""
    found = []
    for name, shape in shapes.items():
        weights = required_array(state, name, dtype=np.float32, shape=shape)
        require_within(weights, name, minimum=-LARGEST_WEIGHT, maximum=LARGEST_WEIGHT)
        found.append(weights)
    return tuple(found)
