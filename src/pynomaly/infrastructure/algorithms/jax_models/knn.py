"""k nearest neighbours on JAX: how far a row lies from the reference rows closest to it."""

from dataclasses import dataclass
from functools import partial
from typing import Literal, cast

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.jax_models.reference_rows import ReferenceRows
from pynomaly.infrastructure.algorithms.state_checks import require_names, required_choice

Method = Literal["mean", "largest", "median"]


@dataclass(frozen=True, slots=True)
class JaxNearestNeighbours:
    """Distance to the k nearest reference rows, on whatever device JAX finds: the mean, the largest or the median.

    What: as `knn`: keeps rows of the training data and scores a row by its Euclidean distances to the k nearest of
    them. Blocks of rows are padded to 1, 16 or 256, reference rows to a power of two, so that few programs are
    compiled.

    When: as `knn`, where many rows are scored on a GPU or many reference rows are kept. On a CPU `knn` is faster.
    Fails when columns are on different scales, and for a cluster of anomalies larger than k.

    Cost, with m reference rows: fit copies them; score m * d + m per row, and about a second of compilation for each
    shape in a process.

    n_neighbors: k, 1..10000; None means 5 % of the reference rows, at least 5. Never more than there are
    reference rows.
    method: mean (default), largest or median.
    max_reference_rows: m, 10..50000, default 2000; longer training data is sampled without replacement with `seed`.

    Shapes: rows (n, d) taken as float32, finite; scores float64 (n,), from 0. A training row finds itself. Distances
    are differences squared and added in float64. Raises TooFewRows below 2 rows, ColumnMismatch on another width,
    NonFiniteScores for NaN or infinity in rows.

    Source: Ramaswamy, Rastogi and Shim (2000), "Efficient algorithms for mining outliers from large data sets",
    SIGMOD; Angiulli and Pizzuti (2002), "Fast outlier detection in high dimensional spaces", PKDD.

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> rows = np.array([[0.0], [1.0], [2.0], [3.0]])
    >>> model = JaxNearestNeighbours(n_neighbors=2).fit(FeatureMatrix(rows, ("size",)), seed=0)
    >>> model.score(np.array([[1.0], [9.0]]))
    array([0.5, 6.5])
    """

    n_neighbors: int | None = None
    method: Method = "mean"
    max_reference_rows: int = 2000

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedJaxNeighbours":
        """Keep the reference rows. Raises TooFewRows, InvalidData."""
        rows = ReferenceRows.of(matrix, most=self.max_reference_rows, seed=seed, n_neighbors=self.n_neighbors)
        return FittedJaxNeighbours(rows, self.method)

    @staticmethod
    def restore(state: ModelState) -> "FittedJaxNeighbours":
        """Rebuild a fitted model. Raises CorruptModel."""
        require_names(state, arrays=("reference",), scalars=("n_rows", "n_features", "n_neighbors", "method"))
        method = required_choice(state, "method", ("mean", "largest", "median"))
        return FittedJaxNeighbours(ReferenceRows.restored(state), cast("Method", method))


@dataclass(frozen=True, slots=True, eq=False)
class FittedJaxNeighbours:
    """Frozen reference rows and what is measured to them."""

    reference: ReferenceRows
    method: Method

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        return self.reference.scores(rows, partial(_summary, method=self.method))

    def state(self) -> ModelState:
        """Return the reference rows, their shape and the two settings that scoring needs."""
        return ModelState({"reference": self.reference.values}, {**self.reference.scalars, "method": self.method})


def _summary(nearest: FloatMatrix, method: Method) -> FloatVector:
    """Reduce ascending distances (n, k)."""
    if method == "largest":
        return np.asarray(nearest[:, -1])
    return np.asarray(nearest.mean(axis=1) if method == "mean" else np.median(nearest, axis=1))
