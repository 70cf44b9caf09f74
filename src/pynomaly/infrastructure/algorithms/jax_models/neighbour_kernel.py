"""Distances to the nearest reference rows, exact, as one compiled program for many rows."""

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from pynomaly.domain.arrays import FloatMatrix
from pynomaly.infrastructure.algorithms.jax_models.shapes import MIN_FEATURES, MIN_ROWS, bucket

BLOCK_SIZES = (1, 16, 256)
"""Numbers of rows that programs are compiled for; a block is padded to the next of them."""

UNROLLED = 16
"""Columns added up within one loop; more would only make the program longer."""

GUARD = 8
"""Neighbours looked at beyond those asked for: candidates are chosen by distances in float32, then put in order by the
exact ones. More than this many ties within a float32's last digit leave an error of 6e-8."""

KEY_SCALE = 2.0**-16
"""Keeps the distance of the farthest float32 values within float32."""

LARGEST_FLOAT32 = float(np.finfo(np.float32).max)


class Placed(NamedTuple):
    """Reference rows on the device, column by column: float64 (d padded, m padded), and how many are real."""

    columns: jax.Array
    n_reference: int


def as_float32(rows: FloatMatrix) -> NDArray[np.float32]:
    """Return rows as float32, values beyond its range taken as its ends."""
    return np.clip(rows, -LARGEST_FLOAT32, LARGEST_FLOAT32).astype(np.float32)


def placed(reference: NDArray[np.float32]) -> Placed:
    """Return reference rows (m, d) where the program can use them."""
    n_reference, n_features = reference.shape
    columns = np.zeros((_padded_width(n_features), bucket(n_reference, smallest=MIN_ROWS)))
    columns[:n_features, :n_reference] = reference.T
    with jax.enable_x64(True):
        return Placed(jnp.asarray(columns), n_reference)


def nearest_distances(rows: NDArray[np.float32], reference: Placed, n_neighbors: int) -> FloatMatrix:
    """Return the distances of rows (n, d) to their nearest reference rows, ascending: float64 (n, n_neighbors).

    Differences are squared and added in float64, in an order that does not depend on the block. n is at most the
    largest block size.
    """
    n_rows, n_features = rows.shape
    size = next(size for size in BLOCK_SIZES if size >= n_rows)
    block = np.zeros((size, reference.columns.shape[0]))
    block[:n_rows, :n_features] = rows
    n_candidates = min(bucket(n_neighbors + GUARD, smallest=16), reference.columns.shape[1])
    with jax.enable_x64(True):
        found = np.asarray(_nearest(block, reference.columns, np.int64(reference.n_reference), n_candidates))
    return np.asarray(found[:n_rows, :n_neighbors])


def _padded_width(n_features: int) -> int:
    return bucket(n_features, smallest=MIN_FEATURES)


@partial(jax.jit, static_argnums=3)
def _nearest(block: jax.Array, columns: jax.Array, n_reference: jax.Array, n_candidates: int) -> jax.Array:
    distances = jnp.sqrt(_squares(block, columns))
    is_real = jnp.arange(columns.shape[1]) < n_reference
    distances = jnp.where(is_real, distances, jnp.inf)
    _, places = jax.lax.top_k(-(distances * KEY_SCALE).astype(jnp.float32), n_candidates)
    return jnp.sort(jnp.take_along_axis(distances, places, axis=1), axis=1)


def _squares(block: jax.Array, columns: jax.Array) -> jax.Array:
    """Return squared distances (n, m), column after column."""
    unrolled = min(UNROLLED, columns.shape[0])
    halves = block.T.reshape(-1, unrolled, block.shape[0]), columns.reshape(-1, unrolled, columns.shape[1])

    def add(total: jax.Array, some: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, None]:
        for value, reference in zip(*some, strict=True):
            total = total + (value[:, None] - reference[None, :]) ** 2
        return total, None

    return jax.lax.scan(add, jnp.zeros((block.shape[0], columns.shape[1])), halves)[0]
