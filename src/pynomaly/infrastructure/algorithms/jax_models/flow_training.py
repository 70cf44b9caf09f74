"""How the coupling layers of a normalising flow learn in JAX."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.infrastructure.algorithms.jax_models.one_hidden_layer import Leaf
from pynomaly.infrastructure.algorithms.jax_models.randomness import uniform_numbers, weights_between
from pynomaly.infrastructure.algorithms.jax_models.state import Weights
from pynomaly.infrastructure.algorithms.jax_models.training import Plan, padded_width, train

BATCH_ROWS = 64

CORE_SHARE = 0.6
"""Share of a batch, the likeliest, that is learned from: a flow soon gives a cluster of anomalies its own density."""

SMOOTHING = 0.3
"""Standard deviation of the fresh noise on training rows, so that no value gets endless density."""

LEARNING_RATE = 0.005

LARGEST_LOG_SCALE = 1.5
"""One layer widens or narrows a column by at most e to this; a tanh keeps it so."""

INNER, ORDER, JITTER = range(3)
"""What random numbers are drawn for."""


class CouplingLayers(eqx.Module):
    """The weights of k layers: inner (k, d, h), inner_bias (k, h), outer (k, h, 2 d), outer_bias (k, 2 d)."""

    inner: Leaf
    inner_bias: Leaf
    outer: Leaf
    outer_bias: Leaf

    def negative_log_density(self, is_given: jax.Array, rows: jax.Array, is_column: jax.Array) -> jax.Array:
        """Return minus the log density of rows (n, d): (n,). is_given: (k, d), 1 where a layer leaves a column."""

        def through(carried: tuple[jax.Array, jax.Array], layer: Leaf) -> tuple[tuple[jax.Array, jax.Array], None]:
            values, log_slopes = carried
            given, inner, inner_bias, outer, outer_bias = layer
            hidden = jnp.tanh((values * given) @ inner + inner_bias)
            raw, shift = jnp.split(hidden @ outer + outer_bias, 2, axis=1)
            log_scale = LARGEST_LOG_SCALE * jnp.tanh(raw / LARGEST_LOG_SCALE)
            moved = (1 - given) * is_column
            values = values + moved * (values * jnp.expm1(log_scale) + shift)
            return (values, log_slopes + jnp.sum(moved * log_scale, axis=1)), None

        layers = (is_given, self.inner, self.inner_bias, self.outer, self.outer_bias)
        (values, log_slopes), _ = jax.lax.scan(through, (rows, jnp.zeros(len(rows))), layers)
        gaussian: jax.Array = 0.5 * jnp.sum(is_column * (values**2 + jnp.log(2 * jnp.pi)), axis=1)
        return gaussian - log_slopes


def trained_layers(
    rows: FloatMatrix, *, n_layers: int, n_hidden: int, n_steps: int, seed: int
) -> tuple[tuple[Weights, Weights, Weights, Weights], NDArray[np.uint8]]:
    """Train on standardised rows (n, d): weights as in CouplingLayers, and is_given, uint8 (k, d)."""
    d = rows.shape[1]
    width = padded_width(d)
    is_given = np.zeros((n_layers, width), dtype=np.float32)
    is_given[:, :d] = _given_columns(seed, n_layers, d)
    uniform = uniform_numbers(seed, INNER, 1, n_layers, width, n_hidden)
    start = CouplingLayers(
        weights_between(uniform, fan_in=width),
        np.zeros((1, n_layers, n_hidden), dtype=np.float32),
        np.zeros((1, n_layers, n_hidden, 2 * width), dtype=np.float32),
        np.zeros((1, n_layers, 2 * width), dtype=np.float32),
    )
    plan = Plan(
        loss=_loss,
        networks=start,
        fixed=is_given[None],
        row_weights=np.ones((len(rows), 1), dtype=np.float32),
        batch_rows=BATCH_ROWS,
        n_steps=n_steps,
        learning_rate=LEARNING_RATE,
    )
    found = train(plan, rows, seed)
    real = np.concatenate([np.arange(d), width + np.arange(d)])
    weights = found.inner[0, :, :d], found.inner_bias[0], found.outer[0][..., real], found.outer_bias[0][:, real]
    return weights, is_given[:, :d].astype(np.uint8)


def dequantised(rows: FloatMatrix, seed: int) -> FloatMatrix:
    """Return rows with columns of few distinct values spread over the steps between them.

    A column is of few values where a tenth of the rows or less are distinct; its step is the smallest gap between
    them, or one where there is no gap.
    """
    n_rows, n_features = rows.shape
    spread = uniform_numbers(seed, JITTER, n_rows, n_features) - 0.5
    steps = np.array([_step(column) for column in rows.T])
    return np.asarray(rows + spread * steps)


def _step(column: FloatVector) -> float:
    distinct = np.unique(column)
    if len(distinct) > 0.1 * len(column):
        return 0.0
    return float(np.diff(distinct).min()) if len(distinct) > 1 else 1.0


def _given_columns(seed: int, n_layers: int, n_features: int) -> NDArray[np.bool_]:
    """Return (k, d): a random half of the columns for every second layer, the other half for the one after it."""
    order = np.argsort(uniform_numbers(seed, ORDER, -(-n_layers // 2), n_features), axis=1, kind="stable")
    half = np.asarray(order < n_features // 2)
    return np.stack([half, ~half], axis=1).reshape(-1, n_features)[:n_layers]


def _loss(
    layers: CouplingLayers,
    is_given: jax.Array,
    rows: jax.Array,
    weights: jax.Array,
    is_column: jax.Array,
    key: jax.Array,
) -> jax.Array:
    """Minus the mean log density per column, without the unlikeliest two fifths of the batch."""
    noise = SMOOTHING * jax.random.normal(jax.random.fold_in(key, 1), rows.shape, dtype=rows.dtype)
    unlikely = layers.negative_log_density(is_given, rows + noise * is_column, is_column) / jnp.sum(is_column)
    frozen = jax.lax.stop_gradient(unlikely)
    rank = jnp.sum(frozen[None, :] < frozen[:, None], axis=1)
    return jnp.sum(unlikely * weights * (rank < CORE_SHARE * BATCH_ROWS)) / BATCH_ROWS
