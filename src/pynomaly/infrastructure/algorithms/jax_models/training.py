"""One compiled training run for many small networks at once; the only place where a network is changed."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax

from pynomaly.domain.arrays import FloatMatrix
from pynomaly.infrastructure.algorithms.jax_models.shapes import MIN_FEATURES, MIN_ROWS, bucket, padded

QUICK_COMPILATION = {"xla_backend_optimization_level": 1, "xla_llvm_disable_expensive_passes": True}
"""Takes a third off compilation, which is most of a fit; programs of small networks run as fast."""

Pytree = Any  # a network or what stays fixed of it: nested arrays, known to the detector alone
Loss = Callable[[Pytree, Pytree, jax.Array, jax.Array, jax.Array, jax.Array], jax.Array]


class Plan(NamedTuple):
    """What to train, and how.

    loss: (network, fixed, rows, weights of the rows, is_column, key) -> number, for one member and one batch; the
    key of a batch is the same for all members. A function of a module, since one program is compiled for each.
    networks, fixed: arrays with an axis of members first; only networks are changed.
    row_weights: (n_rows, n_members), how much each member heeds each row.
    """

    loss: Loss
    networks: Pytree
    fixed: Pytree
    row_weights: FloatMatrix
    batch_rows: int
    n_steps: int
    learning_rate: float


def train(plan: Plan, rows: FloatMatrix, seed: int) -> Pytree:
    """Return the networks trained on rows (n, d), as numpy arrays. Same seed, same networks.

    Rows of a batch are drawn with replacement and shared by the members. Rows and columns are padded to powers of
    two (`padded_width` tells a network's), of which `is_column` tells the real ones.
    """
    n_rows, n_features = rows.shape
    height, width = bucket(n_rows, smallest=MIN_ROWS), padded_width(n_features)
    with jax.enable_x64(False):  # whatever the process has set: these programs are written for float32
        trained = _run(
            plan.loss,
            plan.batch_rows,
            plan.networks,
            plan.fixed,
            padded(rows, height, width),
            padded(plan.row_weights, height, plan.row_weights.shape[1]),
            np.asarray(np.arange(width) < n_features, dtype=np.float32),
            np.int32(n_rows),
            np.int32(plan.n_steps),
            np.float32(plan.learning_rate),
            jax.random.key(seed),
        )
        return jax.tree.map(np.asarray, trained)


def padded_width(n_features: int) -> int:
    """Return the width of the networks that train on rows of n_features columns."""
    return bucket(n_features, smallest=MIN_FEATURES)


@partial(jax.jit, static_argnums=(0, 1), compiler_options=QUICK_COMPILATION)
def _run(
    loss: Loss,
    batch_rows: int,
    networks: Pytree,
    fixed: Pytree,
    table: jax.Array,
    row_weights: jax.Array,
    is_column: jax.Array,
    n_rows: jax.Array,
    n_steps: jax.Array,
    learning_rate: jax.Array,
    key: jax.Array,
) -> Pytree:
    """Take n_steps steps of AdamW, the step size falling along half a cosine to nothing.

    The number of steps is no constant of the program, so that tables of other lengths need no other one.
    """
    optimiser = optax.adamw(lambda step: learning_rate * 0.5 * (1 + jnp.cos(jnp.pi * step / n_steps)))
    gradients = eqx.filter_vmap(eqx.filter_grad(loss), in_axes=(0, 0, None, 1, None, None))

    def step(number: jax.Array, carried: Pytree) -> Pytree:
        networks, moments = carried
        batch_key = jax.random.fold_in(key, number)
        share = jax.random.uniform(batch_key, (batch_rows,))
        drawn = jnp.minimum((share * n_rows).astype(jnp.int32), n_rows - 1)
        slopes = gradients(networks, fixed, table[drawn], row_weights[drawn], is_column, batch_key)
        changes, moments = optimiser.update(slopes, moments, networks)
        return optax.apply_updates(networks, changes), moments

    networks, _ = jax.lax.fori_loop(0, n_steps, step, (networks, optimiser.init(networks)))
    return networks
