"""Growing, laying out and scoring isolation forests: compiled, or by the numpy twin with the same bits."""

from types import ModuleType

import numpy as np

from pynomaly.domain.arrays import FloatMatrix, FloatVector, read_only
from pynomaly.domain.errors import ColumnMismatch, InvalidParameter, NonFiniteScores
from pynomaly.infrastructure.algorithms.isolation_trees import (
    MAX_DEPTH,
    MAX_SLOTS,
    MIN_LAID_OUT_DEPTH,
    LaidOutForest,
    StoredTrees,
    depth_limit,
    leaf_corrections,
)
from pynomaly.infrastructure.algorithms.kernels import forest_twin
from pynomaly.infrastructure.algorithms.kernels.compiled import ScoringPath, native_kernels
from pynomaly.infrastructure.algorithms.kernels.random_words import SplitMix64
from pynomaly.infrastructure.algorithms.scoring_threads import in_row_blocks


def grow_trees(
    rows: FloatMatrix, *, n_trees: int, max_samples: int, seed: int, path: ScoringPath | None = None
) -> StoredTrees:
    """Grow isolation trees on float32 rows (n, d), each on max_samples <= n rows drawn without replacement.

    Tree t draws from its own SplitMix64 generator, started at the t-th word of SplitMix64(seed).
    Raises InvalidParameter if the forest would not fit in memory.
    """
    depth = depth_limit(max_samples)
    _require_room(n_trees, depth)
    seeds = SplitMix64(seed)
    capacity = n_trees * (2 * max_samples - 1)
    feature, leaf_size = np.empty(capacity, np.int32), np.empty(capacity, np.int32)
    threshold, tree_nodes = np.empty(capacity, np.float32), np.empty(n_trees, np.int32)
    n_nodes, n_inner = _forest_kernels(path).grow_forest(
        _plain(rows),
        rows.shape[1],
        max_samples,
        depth,
        np.array([seeds.word() for _ in range(n_trees)], np.uint64),
        feature,
        threshold,
        leaf_size,
        tree_nodes,
    )
    return StoredTrees(
        read_only(feature[:n_nodes].copy()),
        read_only(threshold[:n_inner].copy()),
        read_only(leaf_size[: n_nodes - n_inner].copy()),
        read_only(tree_nodes),
        depth,
    )


def lay_out(trees: StoredTrees, *, max_samples: int, n_features: int, path: ScoringPath | None = None) -> LaidOutForest:
    """Lay stored trees out for walking.

    Raises ValueError where the trees are malformed: nodes missing or left over, a feature or leaf size out of
    range, a tree deeper than trees.depth. InvalidParameter if they would not fit in memory.
    """
    depth = max(trees.depth, MIN_LAID_OUT_DEPTH)
    n_trees = trees.tree_nodes.size
    _require_room(n_trees, depth)
    feature, threshold = np.empty(n_trees << depth, np.int32), np.empty(n_trees << depth, np.float32)
    leaf = np.empty(n_trees << depth, np.uint32)
    _forest_kernels(path).lay_out_forest(
        trees.feature,
        trees.threshold,
        trees.leaf_size,
        trees.tree_nodes,
        leaf_corrections(max_samples),
        n_features,
        depth,
        feature,
        threshold,
        leaf,
    )
    return LaidOutForest(read_only(feature), read_only(threshold), read_only(leaf), n_features, depth)


def score_forest(
    forest: LaidOutForest, rows: FloatMatrix, scale: float, *, path: ScoringPath | None = None
) -> FloatVector:
    """Return 2**(-scale * sum of path lengths) for float32 rows (n, d): float64 (n,).

    The same bits on every path, alone or in a batch. The interpreter lock is free meanwhile.
    Raises ColumnMismatch on another width, NonFiniteScores where a cell is not a finite number.
    """
    if rows.ndim != 2 or rows.shape[1] != forest.n_features:
        raise ColumnMismatch(f"the detector learned {forest.n_features} features; these rows have shape {rows.shape}")
    scores = np.empty(rows.shape[0])
    plain, kernels = _plain(rows), _forest_kernels(path)
    trees = forest.feature, forest.threshold, forest.leaf, forest.depth

    def score(block: slice) -> bool:
        return bool(kernels.score_forest(plain[block], forest.n_features, *trees, scale, scores[block], path))

    if not all(in_row_blocks(score, rows.shape[0])):
        raise NonFiniteScores("some cells are not finite numbers, so their rows have no score; fill or drop them first")
    return scores


def _forest_kernels(path: ScoringPath | None) -> ModuleType:
    """Return the module that walks this path, the fastest there is for None."""
    return forest_twin if path == "numpy" or native_kernels is None else native_kernels


def _plain(rows: FloatMatrix) -> FloatMatrix:
    """Return rows as C code wants them: float32, row-major, aligned; a copy only where they are not."""
    plain = np.ascontiguousarray(rows, np.float32)
    return plain if plain.flags.aligned else plain.copy()


def _require_room(n_trees: int, depth: int) -> None:
    if depth > MAX_DEPTH or n_trees << depth > MAX_SLOTS:
        raise InvalidParameter(
            f"{n_trees} trees of depth {depth} are too large a forest; lower n_trees or max_samples (rows per tree)"
        )
