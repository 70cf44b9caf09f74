"""All random numbers of a fit, drawn by JAX from one seed in few compiled programs."""

from functools import partial

import jax
import numpy as np
from numpy.typing import NDArray

from pynomaly.infrastructure.algorithms.jax_models.shapes import bucket

FEWEST_DRAWN = 4096
"""Numbers drawn at least, so that small needs share one compiled program."""


def uniform_numbers(seed: int, purpose: int, *shape: int) -> NDArray[np.float32]:
    """Return float32 numbers in [0, 1) of the given shape; another `purpose` gives others."""
    count = int(np.prod(shape))
    with jax.enable_x64(False):
        key = jax.random.fold_in(jax.random.key(seed), purpose)
        drawn = np.asarray(_uniform(key, bucket(count, smallest=FEWEST_DRAWN)))
    numbers: NDArray[np.float32] = drawn[:count].reshape(shape)
    return numbers


def weights_between(uniform: NDArray[np.float32], *, fan_in: int) -> NDArray[np.float32]:
    """Return uniform weights with mean 0 and variance 1 / fan_in, as LeCun et al. (1998) start networks."""
    return np.asarray((2 * uniform - 1) * np.sqrt(3 / fan_in), dtype=np.float32)


@partial(jax.jit, static_argnums=1)
def _uniform(key: jax.Array, count: int) -> jax.Array:
    return jax.random.uniform(key, (count,), dtype=np.float32)
