"""k nearest neighbours: how far a row lies from the reference rows closest to it."""

from dataclasses import dataclass, field
from typing import Literal, cast

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.kernels.neighbours import NeighbourIndex, own_places
from pynomaly.infrastructure.algorithms.neighbour_counts import neighbours_of
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
    required_choice,
    required_float,
    required_int,
)

Method = Literal["mean", "largest", "median"]
Search = Literal["exact", "approximate"]

SLACKS = (64.0, 45.0, 32.0, 22.0, 16.0, 11.0, 8.0, 5.6, 4.0, 2.8, 2.0, 1.4)
"""Slacks tried by the approximate search, widest first, a factor of about the square root of 2 apart."""

WANTED_RECALL = 0.97
"""Recall that a slack has to reach on the rows held out, so that other rows keep above 0.95."""

N_HELD_OUT = 400
"""Rows that recall is measured on; they leave it known to about 1 %."""


@dataclass(frozen=True, slots=True)
class KNearestNeighbours:
    """Distance to the k nearest reference rows: the mean, the largest or the median of them.

    What: keeps rows of the training data and scores a row by its Euclidean distances to the k nearest of them.

    When: local oddities, combinations of columns, clean training data. Fails when columns are on different scales,
    with very many useless columns, and for a cluster of anomalies larger than k.

    Cost, with m reference rows: fit m log(m) d to arrange them in a tree. Score at most m d per row, less where a tree
    can pass over rows: about 10 microseconds for m = 2000, d = 10.

    n_neighbors: k, 1..10000; None means 5 % of the reference rows, at least 5. Never more than there are
    reference rows.
    method: mean (default; Angiulli and Pizzuti), largest (Ramaswamy et al.) or median.
    max_reference_rows: m, 10..50000, default 2000. Longer training data is represented by a sample of m rows drawn
    without replacement with `seed`; with k a share of m, more rows hardly change the ranking.
    search: exact (default) finds the true neighbours. approximate passes over branches of the tree that could hold
    only rows a little nearer than those found: faster for many reference rows, and some neighbours are missed, so
    scores are as large or larger. How much it passes over is chosen at fit: as much as still finds 97 % of the
    neighbours of 400 reference rows, each left out of its own search; what was found there is kept as `recall`. New
    rows of the same kind have a recall of 0.95 or more; rows far from all others may have less. Where nothing reaches
    that, or would be faster than looking at all rows, it is the exact search, with recall 1: in many columns.

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), from 0. A training row finds itself.
    Distances are summed differences, never |x|^2 + |y|^2 - 2xy, which loses every digit far from the origin.
    Raises TooFewRows below 2 rows, ColumnMismatch on another width, NonFiniteScores for NaN or infinity in rows.
    Random, by `seed`: the sample of reference rows, and the rows that recall is measured on.

    Source: Ramaswamy, Rastogi and Shim (2000), "Efficient algorithms for mining outliers from large data sets",
    SIGMOD; Angiulli and Pizzuti (2002), "Fast outlier detection in high dimensional spaces", PKDD. Approximate search:
    Arya and Mount (1993), "Approximate nearest neighbor queries in fixed dimensions", SODA.

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> rows = np.array([[0.0], [1.0], [2.0], [3.0]])
    >>> model = KNearestNeighbours(n_neighbors=2).fit(FeatureMatrix(rows, ("size",)), seed=0)
    >>> model.score(np.array([[1.0], [9.0]]))
    array([0.5, 6.5])
    """

    n_neighbors: int | None = None
    method: Method = "mean"
    max_reference_rows: int = 2000
    search: Search = "exact"

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedNeighbours":
        """Keep the reference rows. Raises TooFewRows, InvalidData."""
        rows = sampled_rows(matrix, self.max_reference_rows, seed)
        wanted = neighbours_of(self.n_neighbors, len(rows))
        slack, recall = _slack_and_recall(rows, wanted, seed) if self.search == "approximate" else (1.0, 1.0)
        return FittedNeighbours(rows, wanted, self.method, slack, recall)

    @staticmethod
    def restore(state: ModelState) -> "FittedNeighbours":
        """Rebuild a fitted model. Raises CorruptModel."""
        approximate = ("slack", "recall") if "slack" in state.scalars else ()
        require_names(state, arrays=("reference",), scalars=(*SHAPE, "n_neighbors", "method", *approximate))
        reference = required_reference(state)
        n_neighbors = required_int(state, "n_neighbors", minimum=1, maximum=len(reference))
        method = cast("Method", required_choice(state, "method", ("mean", "largest", "median")))
        if not approximate:
            return FittedNeighbours(reference, n_neighbors, method)
        slack = required_float(state, "slack", minimum=1.0, maximum=SLACKS[0])
        recall = required_float(state, "recall", minimum=0.0, maximum=1.0)
        return FittedNeighbours(reference, n_neighbors, method, slack, recall)


@dataclass(frozen=True, slots=True, eq=False)
class FittedNeighbours:
    """Frozen reference rows, float64 (m, d), and what is measured to them.

    slack: 1 finds the true neighbours, more than 1 the share `recall` of them.
    """

    reference: FloatMatrix
    n_neighbors: int
    method: Method
    slack: float = 1.0
    recall: float = 1.0
    _index: NeighbourIndex = field(init=False, repr=False)

    def __post_init__(self) -> None:
        way: Literal["tree"] | None = "tree" if self.slack > 1 else None
        object.__setattr__(self, "_index", NeighbourIndex(self.reference, self.n_neighbors, way))

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        n_features = self.reference.shape[1]
        return score_in_blocks(rows, n_features, self._score_block, cells_per_row=2 * self.n_neighbors + n_features)

    def state(self) -> ModelState:
        """Return the reference rows, their shape and what scoring needs."""
        scalars = {**stored_shape(self.reference), "n_neighbors": self.n_neighbors, "method": self.method}
        if self.slack > 1:
            scalars |= {"slack": self.slack, "recall": self.recall}
        return ModelState({"reference": self.reference}, scalars)

    def _score_block(self, block: FloatMatrix) -> FloatVector:
        squares, _ = self._index.nearest(block, self.n_neighbors, slack=self.slack)
        return _summary(np.sqrt(np.minimum(squares, LARGEST_SQUARE)), self.method)


def _summary(nearest: FloatMatrix, method: Method) -> FloatVector:
    """Reduce distances (n, k), the largest of them last."""
    if method == "largest":
        return np.asarray(nearest[:, -1], dtype=np.float64)
    return np.asarray(nearest.mean(axis=1) if method == "mean" else np.median(nearest, axis=1), dtype=np.float64)


def _slack_and_recall(reference: FloatMatrix, n_neighbors: int, seed: int) -> tuple[float, float]:
    """Return the widest slack that still finds the wanted share of neighbours, and the share it found."""
    n_rows = len(reference)
    wanted = min(n_neighbors, n_rows - 1)
    index = NeighbourIndex(reference, wanted, "tree")
    held_out = own_places(n_rows)
    if n_rows > N_HELD_OUT:
        held_out = np.random.default_rng(seed).choice(held_out, N_HELD_OUT, replace=False)
    farthest = index.nearest(reference[held_out], wanted, excluded=held_out)[0][:, -1:]
    for slack in SLACKS:
        found = index.nearest(reference[held_out], wanted, excluded=held_out, slack=slack)[0]
        recall = float(np.mean(found <= farthest))
        if recall >= WANTED_RECALL:
            return (slack, recall) if index.passes_over_enough(slack) else (1.0, 1.0)
    return 1.0, 1.0
