"""k nearest neighbours: how far a row lies from the reference rows closest to it."""

from dataclasses import dataclass
from math import ceil
from typing import Literal, cast

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector, read_only
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.scoring_rows import score_in_blocks, training_rows
from pynomaly.infrastructure.algorithms.state_checks import (
    require_names,
    required_array,
    required_choice,
    required_int,
)

Method = Literal["mean", "largest", "median"]

NEIGHBOUR_SHARE = 0.05
"""Share of the reference rows looked at by default. Where training holds anomalies that keep each other company, a few
neighbours are found inside their cluster; a twentieth of all rows reaches beyond it."""

MIN_NEIGHBORS = 5
"""Fewest neighbours looked at by default; fewer make the distance to the nearest one noisy."""

LARGEST_FLOAT = np.finfo(np.float64).max


@dataclass(frozen=True, slots=True)
class KNearestNeighbours:
    """Distance to the k nearest reference rows: the mean, the largest or the median of them.

    What: keeps rows of the training data and scores a row by its Euclidean distances to the k nearest of them.

    When: local oddities, combinations of columns, clean training data. Fails when columns are on different scales,
    with very many useless columns, and for a cluster of anomalies larger than k.

    Cost, with m reference rows: fit copies them; score m * d + m per row, about 40 microseconds for m = 2000, d = 20.

    n_neighbors: k, 1..10000; None means 5 % of the reference rows, at least 5. Never more than there are
    reference rows.
    method: mean (default; Angiulli and Pizzuti), largest (Ramaswamy et al.) or median.
    max_reference_rows: m, 10..50000, default 2000. Longer training data is represented by a sample of m rows drawn
    without replacement with `seed`; with k a share of m, more rows hardly change the ranking.

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), from 0. A training row finds itself.
    Distances are summed differences, never |x|^2 + |y|^2 - 2xy, which loses every digit far from the origin.
    Raises TooFewRows below 2 rows, ColumnMismatch on another width, NonFiniteScores for NaN or infinity in rows.

    Source: Ramaswamy, Rastogi and Shim (2000), "Efficient algorithms for mining outliers from large data sets",
    SIGMOD; Angiulli and Pizzuti (2002), "Fast outlier detection in high dimensional spaces", PKDD.

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> rows = np.array([[0.0], [1.0], [2.0], [3.0]])
    >>> model = KNearestNeighbours(n_neighbors=2).fit(FeatureMatrix(rows, ("size",)), seed=0)
    >>> model.score(np.array([[1.0], [9.0]]))
    array([0.5, 6.5])
    """

    n_neighbors: int | None = None
    method: Method = "mean"
    max_reference_rows: int = 2000

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedNeighbours":
        """Keep the reference rows. Raises TooFewRows, InvalidData."""
        rows = training_rows(matrix)
        if len(rows) > self.max_reference_rows:
            drawn = np.random.default_rng(seed).choice(len(rows), self.max_reference_rows, replace=False)
            rows = rows[np.sort(drawn)]
        wanted = self.n_neighbors or max(MIN_NEIGHBORS, ceil(NEIGHBOUR_SHARE * len(rows)))
        return FittedNeighbours(read_only(np.array(rows, order="C")), min(wanted, len(rows)), self.method)

    @staticmethod
    def restore(state: ModelState) -> "FittedNeighbours":
        """Rebuild a fitted model. Raises CorruptModel."""
        require_names(state, arrays=("reference",), scalars=("n_rows", "n_features", "n_neighbors", "method"))
        shape = tuple(required_int(state, name, minimum=1) for name in ("n_rows", "n_features"))
        reference = required_array(state, "reference", dtype=np.float64, shape=shape)
        n_neighbors = required_int(state, "n_neighbors", minimum=1, maximum=shape[0])
        method = required_choice(state, "method", ("mean", "largest", "median"))
        return FittedNeighbours(reference, n_neighbors, cast("Method", method))


@dataclass(frozen=True, slots=True, eq=False)
class FittedNeighbours:
    """Frozen reference rows, float64 (m, d), and what is measured to them."""

    reference: FloatMatrix
    n_neighbors: int
    method: Method

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        n_reference, n_features = self.reference.shape
        return score_in_blocks(rows, n_features, self._score_block, cells_per_row=n_reference + n_features)

    def state(self) -> ModelState:
        """Return the reference rows, their shape and the two settings that scoring needs."""
        n_rows, n_features = self.reference.shape
        shape = {"n_rows": n_rows, "n_features": n_features}
        return ModelState(
            {"reference": self.reference}, {**shape, "n_neighbors": self.n_neighbors, "method": self.method}
        )

    def _score_block(self, block: FloatMatrix) -> FloatVector:
        from scipy.spatial.distance import cdist  # heavy to import, and only this algorithm needs it

        squares = cdist(block, self.reference, "sqeuclidean")
        squares.partition(self.n_neighbors - 1, axis=1)
        nearest = np.sqrt(np.minimum(squares[:, : self.n_neighbors], LARGEST_FLOAT))  # squares of 1e200 overflow
        return _summary(nearest, self.method)


def _summary(nearest: FloatMatrix, method: Method) -> FloatVector:
    """Reduce distances (n, k), the largest of them last."""
    if method == "largest":
        return np.asarray(nearest[:, -1], dtype=np.float64)
    return np.asarray(nearest.mean(axis=1) if method == "mean" else np.median(nearest, axis=1), dtype=np.float64)
