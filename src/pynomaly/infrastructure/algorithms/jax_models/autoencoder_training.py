"""How the members of an ensemble of autoencoders learn in JAX."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np

from pynomaly.domain.arrays import FloatMatrix
from pynomaly.infrastructure.algorithms.jax_models.one_hidden_layer import Leaf, OneHiddenLayer, random_networks
from pynomaly.infrastructure.algorithms.jax_models.randomness import uniform_numbers
from pynomaly.infrastructure.algorithms.jax_models.state import Weights
from pynomaly.infrastructure.algorithms.jax_models.training import Plan, padded_width, train

BATCH_ROWS = 16
"""Small, because a member is: larger batches take longer and learn no better from tables of a few thousand rows."""

LINKS_KEPT = 0.7
"""Share of the weights that a member has at all; the others are cut for good, so that members differ."""

ROWS_KEPT = 0.6
"""Share of the training rows that a member sees, drawn for each."""

CORE_SHARE = 0.8
"""Share of a batch, the best reconstructed, that a member learns from: it does not learn to repeat anomalies."""

LEARNING_RATE = 0.01

WEIGHTS, LINKS, ROWS = range(3)
"""What random numbers are drawn for."""

Links = tuple[Leaf, Leaf]


def trained_autoencoders(
    rows: FloatMatrix, *, n_members: int, n_hidden: int, n_steps: int, seed: int
) -> tuple[Weights, Weights, Weights, Weights]:
    """Train on standardised rows (n, d): weights (m, d, h), (m, h), (m, h, d), (m, d)."""
    n_rows, n_features = rows.shape
    width = padded_width(n_features)
    kept = uniform_numbers(seed, LINKS, 2, n_members, width * n_hidden) < LINKS_KEPT
    links = np.asarray(kept, dtype=np.float32)
    fixed = (links[0].reshape(n_members, width, n_hidden), links[1].reshape(n_members, n_hidden, width))
    plan = Plan(
        loss=_loss,
        networks=_cut(random_networks(seed, WEIGHTS, n_members, width, n_hidden), fixed),
        fixed=fixed,
        row_weights=np.asarray(uniform_numbers(seed, ROWS, n_rows, n_members) < ROWS_KEPT, dtype=np.float32),
        batch_rows=BATCH_ROWS,
        n_steps=n_steps,
        learning_rate=LEARNING_RATE,
    )
    found, real = _cut(train(plan, rows, seed), fixed), slice(n_features)
    return found.inner[:, real], found.inner_bias, found.outer[..., real], found.outer_bias[:, real]


def _cut(network: OneHiddenLayer, links: Links) -> OneHiddenLayer:
    return replace(network, inner=network.inner * links[0], outer=network.outer * links[1])


def _loss(
    network: OneHiddenLayer, links: Links, rows: jax.Array, weights: jax.Array, is_column: jax.Array, key: jax.Array
) -> jax.Array:
    """Mean squared error of the rows a member sees, without the worst fifth of the batch."""
    del key  # nothing is random here but the batch
    errors = jnp.sum((_cut(network, links)(rows) - rows) ** 2 * is_column, axis=1) / jnp.sum(is_column)
    frozen = jax.lax.stop_gradient(errors)
    rank = jnp.sum(frozen[None, :] < frozen[:, None], axis=1)
    return jnp.sum(errors * weights * (rank < CORE_SHARE * BATCH_ROWS)) / BATCH_ROWS
