"""The rows that neighbour detectors on JAX compare with: drawn, kept as float32, restored, and measured to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

import numpy as np
from numpy.typing import NDArray

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector, read_only
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.jax_models.neighbour_kernel import (
    BLOCK_SIZES,
    Placed,
    as_float32,
    nearest_distances,
    placed,
)
from pynomaly.infrastructure.algorithms.scoring_rows import check_width, finite_block, training_rows
from pynomaly.infrastructure.algorithms.state_checks import required_array, required_int

NEIGHBOUR_SHARE = 0.05
"""Share of the reference rows looked at by default, as in `knn`."""

MIN_NEIGHBORS = 5
"""Fewest neighbours looked at by default, as in `knn`."""


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceRows:
    """Reference rows, float32 (m, d), and how many of them are looked at."""

    values: NDArray[np.float32]
    n_neighbors: int
    _placed: Placed = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_placed", placed(self.values))

    @staticmethod
    def of(matrix: FeatureMatrix, *, most: int, seed: int, n_neighbors: int | None) -> "ReferenceRows":
        """Keep the rows, or a sample of `most` of them drawn without replacement.

        n_neighbors: None means 5 % of the rows kept, at least 5; never more than are kept.
        Raises TooFewRows, InvalidData.
        """
        rows = training_rows(matrix)
        if len(rows) > most:
            rows = rows[np.sort(np.random.default_rng(seed).choice(len(rows), most, replace=False))]
        wanted = n_neighbors or max(MIN_NEIGHBORS, ceil(NEIGHBOUR_SHARE * len(rows)))
        return ReferenceRows(read_only(as_float32(rows)), min(wanted, len(rows)))

    @staticmethod
    def restored(state: ModelState) -> "ReferenceRows":
        """Read what `arrays` and `scalars` wrote. Raises CorruptModel."""
        shape = tuple(required_int(state, name, minimum=1) for name in ("n_rows", "n_features"))
        values = required_array(state, "reference", dtype=np.float32, shape=shape)
        return ReferenceRows(values, required_int(state, "n_neighbors", minimum=1, maximum=shape[0]))

    @property
    def scalars(self) -> dict[str, int]:
        """The sizes that a stored state holds beside the rows."""
        n_rows, n_features = self.values.shape
        return {"n_rows": n_rows, "n_features": n_features, "n_neighbors": self.n_neighbors}

    def scores(self, rows: FloatMatrix, summary: Callable[[FloatMatrix], FloatVector]) -> FloatVector:
        """Score rows (n, d) by their ascending distances (n, k): float64 (n,).

        Raises ColumnMismatch on another width, NonFiniteScores where a cell is not a finite number.
        """
        check_width(rows, self.values.shape[1])
        scores = np.empty(len(rows))
        for start in range(0, len(rows), BLOCK_SIZES[-1]):
            block = slice(start, start + BLOCK_SIZES[-1])
            near = nearest_distances(as_float32(finite_block(rows[block])), self._placed, self.n_neighbors)
            scores[block] = summary(near)
        return scores
