"""How the score field of the training rows is learned in JAX, one network for each noise level."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.infrastructure.algorithms.jax_models.one_hidden_layer import Leaf, OneHiddenLayer, random_networks
from pynomaly.infrastructure.algorithms.jax_models.state import Weights
from pynomaly.infrastructure.algorithms.jax_models.training import Plan, padded_width, train

BATCH_ROWS = 64

CORE_SHARE = 0.6
"""Share of a batch, the best denoised, that is learned from: the field does not lead to clusters of anomalies."""

LEARNING_RATE = 0.005


class ScoreField(eqx.Module):
    """The noise expected in a noisy row: a straight part, exact for Gaussian rows, and what a small network adds."""

    straight: Leaf
    bent: OneHiddenLayer

    def __call__(self, rows: jax.Array) -> jax.Array:
        """Return the expected noise, in standard deviations of the noise, for rows (n, d)."""
        found: jax.Array = rows @ self.straight + self.bent(rows)
        return found


def trained_fields(
    rows: FloatMatrix, *, noise_levels: FloatVector, n_hidden: int, n_steps: int, seed: int
) -> tuple[Weights, Weights, Weights, Weights, Weights]:
    """Train on standardised rows (n, d): weights (l, d, d), (l, d, h), (l, h), (l, h, d), (l, d)."""
    d, n_levels = rows.shape[1], len(noise_levels)
    width = padded_width(d)
    straight = (noise_levels / (1 + noise_levels**2))[:, None, None] * np.eye(width)
    plan = Plan(
        loss=_loss,
        networks=ScoreField(straight.astype(np.float32), random_networks(seed, 0, n_levels, width, n_hidden)),
        fixed=noise_levels.astype(np.float32),
        row_weights=np.ones((len(rows), n_levels), dtype=np.float32),
        batch_rows=BATCH_ROWS,
        n_steps=n_steps,
        learning_rate=LEARNING_RATE,
    )
    found = train(plan, rows, seed)
    bent = found.bent
    return (
        found.straight[:, :d, :d],
        bent.inner[:, :d],
        bent.inner_bias,
        bent.outer[..., :d],
        bent.outer_bias[:, :d],
    )


def _loss(
    field: ScoreField, level: jax.Array, rows: jax.Array, weights: jax.Array, is_column: jax.Array, key: jax.Array
) -> jax.Array:
    """Mean squared difference between the noise added and the noise found, Vincent's equation 10 times level^2."""
    noise = jax.random.normal(jax.random.fold_in(key, 1), rows.shape, dtype=rows.dtype) * is_column
    missed = jnp.sum((field(rows + level * noise) - noise) ** 2 * is_column, axis=1) / jnp.sum(is_column)
    frozen = jax.lax.stop_gradient(missed)
    rank = jnp.sum(frozen[None, :] < frozen[:, None], axis=1)
    return jnp.sum(missed * weights * (rank < CORE_SHARE * BATCH_ROWS)) / BATCH_ROWS
