"""Small networks with one hidden layer: as JAX trains them, and as numpy starts and runs them."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from pynomaly.infrastructure.algorithms.jax_models.randomness import uniform_numbers, weights_between

Leaf = Any  # weights: an array of JAX in training, one of numpy before and after


class OneHiddenLayer(eqx.Module):
    """tanh(x A + a) B + b: A (d, h), a (h,), B (h, d), b (d,). With an axis of members first it is many."""

    inner: Leaf
    inner_bias: Leaf
    outer: Leaf
    outer_bias: Leaf

    def __call__(self, rows: jax.Array) -> jax.Array:
        """Return the output for rows (n, d)."""
        found: jax.Array = jnp.tanh(rows @ self.inner + self.inner_bias) @ self.outer + self.outer_bias
        return found


def random_networks(seed: int, purpose: int, n_members: int, width: int, n_hidden: int) -> OneHiddenLayer:
    """Return n_members networks whose outputs have about the size of their inputs."""
    uniform = uniform_numbers(seed, purpose, 2, n_members, width * n_hidden)
    inner = weights_between(uniform[0], fan_in=width).reshape(n_members, width, n_hidden)
    outer = weights_between(uniform[1], fan_in=n_hidden).reshape(n_members, n_hidden, width)
    no_bias, no_bias_out = np.zeros((n_members, n_hidden), np.float32), np.zeros((n_members, width), np.float32)
    return OneHiddenLayer(inner, no_bias, outer, no_bias_out)
