"""Local outlier factor: how much sparser it is around a row than around its neighbours."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector, read_only
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.kernels.neighbours import NeighbourIndex, own_places
from pynomaly.infrastructure.algorithms.reference_rows import (
    LARGEST_SQUARE,
    SHAPE,
    required_reference,
    sampled_rows,
    stored_shape,
)
from pynomaly.infrastructure.algorithms.scoring_rows import score_in_blocks
from pynomaly.infrastructure.algorithms.state_checks import (
    require_names,
    require_within,
    required_array,
    required_float,
    required_int,
)

SMALLEST_REACH = 1e-140
"""Nothing is taken as nearer, so that a density, and its product with the largest distance, are finite numbers."""

SETTINGS = ("n_neighbors", "least_reach")

CROWDED = 0.01
"""Rows whose neighbours are nearer than this share of the median row's count as that near: copies of a row have no
distance at all, so nothing next to them could be compared with them."""


@dataclass(frozen=True, slots=True)
class LocalOutlierFactor:
    """Mean density of the k nearest reference rows, divided by the row's own density; about 1 among its like.

    What: the density of a row is 1 / the mean reachability distance to its k nearest neighbours, where a neighbour is
    never taken as nearer than its own k-th neighbour is to it. A score of 2 says that it is twice as sparse around the
    row as around its neighbours.

    When: rows that are strange for the region they lie in, in data of varying density; clean training data. Fails for
    a cluster of anomalies larger than k, in very many columns, and when columns are on different scales.

    Cost, with m reference rows: fit m searches among them; score a search, at most m d per row, less where a tree can
    pass over rows.

    n_neighbors: k, 1..10000, default 100; never more than there are other reference rows.
    max_reference_rows: m, 10..50000, default 5000; longer training data is represented by a sample.

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), above 0. The densities of reference rows leave
    the row itself out; a training row that is scored finds itself as a new row would.
    Raises TooFewRows below 2 rows, ColumnMismatch on another width, NonFiniteScores for NaN or infinity in rows.
    Random, by `seed`: the sample of reference rows.

    Source: Breunig, Kriegel, Ng and Sander (2000), "LOF: identifying density-based local outliers", SIGMOD,
    definitions 3-7. Differences: k-distances and densities of the training rows are frozen, so that new rows can be
    scored; of equally near rows those that come first count, so that there are always k; densities are capped at 100
    times the median one, which bounds what copies of a row do; k is 100 where the paper tries 10 to 50, because
    anomalies in training keep each other company: on public tables that hold some it ranks better by 0.05 of the area
    under the ROC curve than 20.

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> rows = np.array([[0.0], [1.0], [2.0], [3.0], [4.0]])
    >>> model = LocalOutlierFactor(n_neighbors=2).fit(FeatureMatrix(rows, ("size",)), seed=0)
    >>> model.score(np.array([[2.0], [9.0]])).round(2)
    array([0.83, 3.67])
    """

    n_neighbors: int = 100
    max_reference_rows: int = 5000

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedFactor":
        """Measure the density around each reference row. Raises TooFewRows, InvalidData."""
        rows = sampled_rows(matrix, self.max_reference_rows, seed)
        n_neighbors = min(self.n_neighbors, len(rows) - 1)
        index = NeighbourIndex(rows, n_neighbors)
        squares, neighbours = index.nearest_to_all(rows, n_neighbors, excluded=own_places(len(rows)))
        distances = _distances(squares)
        reach = _mean_reach(distances, neighbours, distances[:, -1])
        least = max(SMALLEST_REACH, CROWDED * float(np.median(reach)))
        reach = read_only(np.maximum(reach, least))
        return FittedFactor(rows, read_only(distances[:, -1].copy()), reach, least, n_neighbors)

    @staticmethod
    def restore(state: ModelState) -> "FittedFactor":
        """Rebuild a fitted model. Raises CorruptModel."""
        require_names(state, arrays=("reference", "k_distances", "reach"), scalars=(*SHAPE, *SETTINGS))
        reference = required_reference(state)
        n_rows = len(reference)
        k_distances = required_array(state, "k_distances", dtype=np.float64, shape=(n_rows,))
        reach = required_array(state, "reach", dtype=np.float64, shape=(n_rows,))
        require_within(k_distances, "k_distances", minimum=0.0, maximum=np.inf)
        require_within(reach, "reach", minimum=SMALLEST_REACH, maximum=np.inf)
        least = required_float(state, "least_reach", minimum=SMALLEST_REACH, maximum=float(reach.min()))
        n_neighbors = required_int(state, "n_neighbors", minimum=1, maximum=n_rows)
        return FittedFactor(reference, k_distances, reach, least, n_neighbors)


@dataclass(frozen=True, slots=True, eq=False)
class FittedFactor:
    """Frozen reference rows, float64 (m, d), the distance to the k-th neighbour and the mean reach of each, (m,).

    A row's density is 1 / its mean reach, and no reach counts as less than `least_reach`.
    """

    reference: FloatMatrix
    k_distances: FloatVector
    reach: FloatVector
    least_reach: float
    n_neighbors: int
    _index: NeighbourIndex = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", NeighbourIndex(self.reference, self.n_neighbors))

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        n_features = self.reference.shape[1]
        return score_in_blocks(rows, n_features, self._score_block, cells_per_row=4 * self.n_neighbors + n_features)

    def state(self) -> ModelState:
        """Return the reference rows, their shape, k-distances, mean reaches and what scoring needs."""
        arrays = {"reference": self.reference, "k_distances": self.k_distances, "reach": self.reach}
        settings = {"n_neighbors": self.n_neighbors, "least_reach": self.least_reach}
        return ModelState(arrays, {**stored_shape(self.reference), **settings})

    def _score_block(self, block: FloatMatrix) -> FloatVector:
        squares, neighbours = self._index.nearest(block, self.n_neighbors)
        reach = _mean_reach(_distances(squares), neighbours, self.k_distances)
        densities = (1 / self.reach)[neighbours].mean(axis=1)
        return np.asarray(densities * np.maximum(reach, self.least_reach))


def _distances(squares: FloatVector) -> FloatVector:
    return np.asarray(np.sqrt(np.minimum(squares, LARGEST_SQUARE)))


def _mean_reach(distances: FloatVector, neighbours: NDArray[np.int32], k_distances: FloatVector) -> FloatVector:
    """Return the mean of the larger of the distance to each neighbour and that neighbour's k-distance, (n,)."""
    return np.asarray(np.maximum(distances, k_distances[neighbours]).mean(axis=1))
