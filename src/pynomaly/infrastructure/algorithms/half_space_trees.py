"""Half-space trees: how few rows of a recent window fell where a row falls; learns online."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.isolation_trees import MAX_FEATURES, MIN_LAID_OUT_DEPTH, LaidOutForest
from pynomaly.infrastructure.algorithms.kernels.forest import score_forest
from pynomaly.infrastructure.algorithms.scoring_rows import as_float32, check_training, check_width, finite_block
from pynomaly.infrastructure.algorithms.state_checks import (
    require,
    require_names,
    require_within,
    required_array,
    required_int,
)

SIZE_LIMIT = 0.1
"""Share of a window below which a node is not looked into further (the paper, section 3.3)."""

MAX_TREE_DEPTH = 15
MAX_WINDOW = 1 << 16
_LARGEST_FLOAT32 = float(np.finfo(np.float32).max)


class _Masses(NamedTuple):
    """Rows that fell into each lowest node, int32 (n_trees, 2^depth), and how many rows fell in all."""

    counts: NDArray[np.int32]
    n_rows: int


@dataclass(frozen=True, slots=True)
class HalfSpaceTrees:
    """Streaming half-space trees.

    What: each tree halves the space of the columns again and again, at the middle of random columns, before any row is
    counted. Rows of a window are counted in the nodes they fall into; a row's score falls with the sum over trees of
    count * 2^depth in the node where it ends: a node with few rows, or the lowest one.

    When: streams whose usual region moves; bounded memory; one model for ever. Fails for local anomalies, for regions
    that lie far outside the range of the first window, and for the order-free reading of a table: only the last whole
    window counts.

    Cost, with t trees of depth h: fit and learn t * h steps for each of the last 2 windows at most; score t * h per row
    by the kernel of the isolation forest; memory 16 t 2^h bytes.

    n_trees: t, 1..1000, default 50.
    max_depth: h, 5..15, default 10 (the paper: 15).
    window_size: rows of a window, 10..65536, default 250.

    Online: the first window is the reference at once, while it fills; afterwards each whole window becomes the
    reference when it is full. Learning row by row, in blocks and at once agree to the bit, and fit(all) equals
    fit(first) and learn(rest) when the first are a whole window or more: the ranges are those of the first window.

    Shapes: rows (n, d) float32, finite; scores float64 (n,) in (0, 1].
    Raises TooFewRows below 2 rows, ColumnMismatch on another width, NonFiniteScores for NaN or infinity in rows.

    Random: the columns and ranges of the trees, from `seed`.

    Source: Tan, Ting and Liu (2011), "Fast anomaly detection for streaming data", IJCAI, algorithms 1 to 3, equation 1.
    Differences: the score is 2^(-64 m), m being the mass as a share of its largest possible value; the first window
    counts from its first row.

    >>> rows = np.random.default_rng(0).uniform(size=(500, 2)).astype(np.float32)
    >>> model = HalfSpaceTrees().fit(FeatureMatrix(rows, ("a", "b")), seed=0)
    >>> elsewhere = rows[:250] + 3
    >>> bool(model.score(elsewhere).min() > model.score(rows).mean())
    True
    >>> bool(model.learn(elsewhere).score(elsewhere).max() < model.score(elsewhere).min())
    True
    """

    n_trees: int = 50
    max_depth: int = 10
    window_size: int = 250

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedHalfSpaceTrees":
        """Halve the range of the first window, then learn all rows in their order. Raises TooFewRows, InvalidData."""
        check_training(matrix)
        random = np.random.default_rng(seed)
        rows = as_float32(matrix.values)
        first = rows[: self.window_size].astype(np.float64)
        low, high = first.min(axis=0), first.max(axis=0)
        trees = [_half_spaces(low, high, self.max_depth, random) for _ in range(self.n_trees)]
        feature, threshold = (np.stack(arrays) for arrays in zip(*trees, strict=True))
        nothing = _Masses(np.zeros(feature.shape, dtype=np.int32), 0)
        empty = FittedHalfSpaceTrees(feature, threshold, nothing, nothing, self.window_size, matrix.n_features)
        return empty.learn(rows)

    @staticmethod
    def restore(state: ModelState) -> "FittedHalfSpaceTrees":
        """Rebuild a fitted model. Raises CorruptModel."""
        require_names(
            state, arrays=("feature", "threshold", "reference", "latest"), scalars=("n_features", "window_size")
        )
        n_features = required_int(state, "n_features", minimum=1, maximum=MAX_FEATURES)
        window_size = required_int(state, "window_size", minimum=10, maximum=MAX_WINDOW)
        feature = required_array(state, "feature", dtype=np.int32, shape=(None, None))
        n_slots = feature.shape[1]
        is_whole = n_slots & (n_slots - 1) == 0 and 1 << MIN_LAID_OUT_DEPTH <= n_slots <= 1 << MAX_TREE_DEPTH
        require(is_whole, "has trees that are not whole")
        require_within(feature, "feature", minimum=0, maximum=n_features - 1)
        threshold = required_array(state, "threshold", dtype=np.float32, shape=feature.shape)
        reference, latest = (
            _restored_masses(required_array(state, name, dtype=np.int32, shape=feature.shape), name, window_size)
            for name in ("reference", "latest")
        )
        is_possible = reference.n_rows >= 1 and latest.n_rows < window_size
        require(is_possible and (latest.n_rows == 0 or reference.n_rows == window_size), "has windows out of order")
        return FittedHalfSpaceTrees(feature, threshold, reference, latest, window_size, n_features)


@dataclass(frozen=True, slots=True, eq=False)
class FittedHalfSpaceTrees:
    """Trees as heaps counted from 1, slot 0 unused, and the rows counted in two windows.

    feature: int32, threshold: float32 (n_trees, 2^depth); a row goes right above the threshold.
    reference: the window that scores.  latest: the one that is filling.
    """

    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    reference: _Masses
    latest: _Masses
    window_size: int
    n_features: int
    _forest: LaidOutForest = field(init=False, repr=False)

    def __post_init__(self) -> None:
        values = _mass_where_rows_end(self.reference)
        leaf = np.ascontiguousarray(values.astype(np.uint32).ravel())
        forest = LaidOutForest(self.feature.ravel(), self.threshold.ravel(), leaf, self.n_features, self._depth)
        object.__setattr__(self, "_forest", forest)

    @property
    def _depth(self) -> int:
        return int(self.feature.shape[1]).bit_length() - 1

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        largest = self.feature.size * max(self.reference.n_rows, 1)
        return score_forest(self._forest, as_float32(rows), 64.0 / largest)

    def learn(self, rows: FloatMatrix) -> "FittedHalfSpaceTrees":
        """Return the model that has seen rows (n, d) too, in their order. Raises ColumnMismatch, NonFiniteScores."""
        check_width(rows, self.n_features)
        rows = as_float32(finite_block(rows))
        n_first = min(self.window_size - self.reference.n_rows, len(rows))
        reference, latest = self._added(self.reference, rows[:n_first]), self.latest
        rest = rows[n_first:]
        n_windows, n_left = divmod(latest.n_rows + len(rest), self.window_size)
        if n_windows:
            nothing = _Masses(np.zeros_like(latest.counts), 0)
            last = rest[: len(rest) - n_left]
            reference = self._added(latest if n_windows == 1 else nothing, last[-self.window_size :])
            latest, rest = nothing, rest[len(rest) - n_left :]
        return replace(self, reference=reference, latest=self._added(latest, rest))

    def state(self) -> ModelState:
        """Return trees, counts and the length of a window."""
        return ModelState(
            {
                "feature": self.feature,
                "threshold": self.threshold,
                "reference": self.reference.counts,
                "latest": self.latest.counts,
            },
            {"n_features": self.n_features, "window_size": self.window_size},
        )

    def _added(self, masses: _Masses, rows: FloatMatrix) -> _Masses:
        """Return masses with rows counted, one tree after the other."""
        counts, place = masses.counts.copy(), np.arange(len(rows))
        for tree, (feature, threshold) in enumerate(zip(self.feature, self.threshold, strict=True)):
            slot = np.ones(len(rows), dtype=np.intp)
            for _ in range(self._depth):
                slot = 2 * slot + (rows[place, feature[slot]] > threshold[slot])
            counts[tree] += np.bincount(slot - counts.shape[1], minlength=counts.shape[1]).astype(np.int32)
        return _Masses(counts, masses.n_rows + len(rows))


def _half_spaces(
    low: FloatVector, high: FloatVector, depth: int, random: np.random.Generator
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return one tree's columns and the middles it halves them at.

    Each column's range is widened around a random point of it, so that no two trees halve at the same places.
    """
    point = random.uniform(size=low.size)
    reach = 2 * np.maximum(point, 1 - point)
    spread = high - low
    lower, upper = ((low + (point + side * reach) * spread)[None] for side in (-1, 1))
    feature = np.zeros(1 << depth, dtype=np.int32)
    middle = np.zeros(1 << depth)
    for level in range(depth):
        n_nodes = 1 << level
        chosen, node = random.integers(low.size, size=n_nodes), np.arange(n_nodes)
        halves = lower[node, chosen] / 2 + upper[node, chosen] / 2
        feature[n_nodes : 2 * n_nodes], middle[n_nodes : 2 * n_nodes] = chosen, halves
        lower, upper = np.repeat(lower, 2, axis=0), np.repeat(upper, 2, axis=0)
        lower[2 * node + 1, chosen], upper[2 * node, chosen] = halves, halves
    return feature, np.clip(middle, -_LARGEST_FLOAT32, _LARGEST_FLOAT32).astype(np.float32)


def _mass_where_rows_end(masses: _Masses) -> NDArray[np.int64]:
    """Return count * 2^level of the node in which a row ends that would reach each lowest node, (n_trees, 2^depth)."""
    levels = [masses.counts.astype(np.int64)]
    while levels[-1].shape[1] > 1:
        levels.append(levels[-1].reshape(len(levels[-1]), -1, 2).sum(axis=2))
    ended = np.full(levels[-1].shape, -1, dtype=np.int64)
    for level, counts in enumerate(reversed(levels)):
        if level:
            ended = np.repeat(ended, 2, axis=1)
        ends_here = (ended < 0) & ((counts < SIZE_LIMIT * masses.n_rows) | (level == len(levels) - 1))
        ended = np.where(ends_here, counts << level, ended)
    return ended


def _restored_masses(counts: NDArray[np.int32], name: str, window_size: int) -> _Masses:
    require_within(counts, name, minimum=0, maximum=window_size)
    n_rows = counts.sum(axis=1, dtype=np.int64)
    require(bool(np.all(n_rows == n_rows[0]) and n_rows[0] <= window_size), "has trees that counted unlike rows")
    return _Masses(counts, int(n_rows[0]))
