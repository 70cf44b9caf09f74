"""Diffusion time, without a network: how much noise it would take to move training rows to where a row lies."""

from dataclasses import dataclass, field

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.kernels.neighbours import NeighbourIndex
from pynomaly.infrastructure.algorithms.neighbour_counts import neighbours_of
from pynomaly.infrastructure.algorithms.reference_rows import (
    LARGEST_SQUARE,
    SHAPE,
    required_reference,
    sampled_rows,
    stored_shape,
)
from pynomaly.infrastructure.algorithms.scoring_rows import score_in_blocks
from pynomaly.infrastructure.algorithms.state_checks import require_names, required_int


@dataclass(frozen=True, slots=True)
class DiffusionTime:
    """Variance of the noise that would most likely have moved a row's neighbours to where it lies.

    What: if Gaussian noise of variance v per column moved a training row by r, the likelihood of v is that of an
    inverse gamma distribution with shape d / 2 - 1 and scale r^2 / 2, whose mode is r^2 / d. With r^2 the mean squared
    distance to the k nearest reference rows, that mode is the score.

    When: as k nearest neighbours, to which it is a close relation: squares weigh the farther neighbours more, and the
    division by d makes scores of tables of any width alike, about the noise variance. Fails when columns are on
    different scales, with very many useless columns, and for a cluster of anomalies larger than k.

    Cost, with m reference rows: fit m log(m) d; score at most m d per row, less where a tree can pass over rows.

    n_neighbors: k, 1..10000; None means 5 % of the reference rows, at least 5: the paper takes 5 from clean training
    rows, but among rows that may be contaminated a few neighbours are found inside a cluster of anomalies.
    max_reference_rows: m, 10..50000, default 2000; longer training data is represented by a sample.

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), from 0. A training row finds itself.
    Raises TooFewRows below 2 rows, ColumnMismatch on another width, NonFiniteScores for NaN or infinity in rows.
    Random, by `seed`: the sample of reference rows.

    Source: Livernoche, Jain, Hezaveh and Ravanbakhsh (2024), "On diffusion modeling for anomaly detection", ICLR,
    section 4 (DTE, non-parametric). Difference: the mode itself, where the authors look it up among the steps of a
    noise schedule, so that scores have no ties and no largest value.

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> rows = np.array([[0.0, 0.0], [0.0, 2.0], [9.0, 9.0]])
    >>> model = DiffusionTime(n_neighbors=2).fit(FeatureMatrix(rows, ("width", "height")), seed=0)
    >>> model.score(np.array([[0.0, 1.0], [2.0, 1.0]]))
    array([0.5, 2.5])
    """

    n_neighbors: int | None = None
    max_reference_rows: int = 2000

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedDiffusionTime":
        """Keep the reference rows. Raises TooFewRows, InvalidData."""
        rows = sampled_rows(matrix, self.max_reference_rows, seed)
        return FittedDiffusionTime(rows, neighbours_of(self.n_neighbors, len(rows)))

    @staticmethod
    def restore(state: ModelState) -> "FittedDiffusionTime":
        """Rebuild a fitted model. Raises CorruptModel."""
        require_names(state, arrays=("reference",), scalars=(*SHAPE, "n_neighbors"))
        reference = required_reference(state)
        return FittedDiffusionTime(reference, required_int(state, "n_neighbors", minimum=1, maximum=len(reference)))


@dataclass(frozen=True, slots=True, eq=False)
class FittedDiffusionTime:
    """Frozen reference rows, float64 (m, d), and how many of them are looked at."""

    reference: FloatMatrix
    n_neighbors: int
    _index: NeighbourIndex = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", NeighbourIndex(self.reference, self.n_neighbors))

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        n_features = self.reference.shape[1]
        return score_in_blocks(rows, n_features, self._score_block, cells_per_row=2 * self.n_neighbors + n_features)

    def state(self) -> ModelState:
        """Return the reference rows, their shape and the number of neighbours."""
        scalars = {**stored_shape(self.reference), "n_neighbors": self.n_neighbors}
        return ModelState({"reference": self.reference}, scalars)

    def _score_block(self, block: FloatMatrix) -> FloatVector:
        squares, _ = self._index.nearest(block, self.n_neighbors)
        n_terms = self.n_neighbors * block.shape[1]
        return np.asarray((np.minimum(squares, LARGEST_SQUARE) / n_terms).sum(axis=1))
