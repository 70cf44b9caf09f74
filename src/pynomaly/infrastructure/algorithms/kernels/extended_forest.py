"""Growing and scoring extended isolation forests: compiled, or by the numpy twin with the same bits."""

from dataclasses import dataclass
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from pynomaly.domain.arrays import FloatMatrix, FloatVector, read_only
from pynomaly.domain.errors import InvalidParameter
from pynomaly.infrastructure.algorithms.isolation_trees import MAX_SLOTS, depth_limit, leaf_corrections
from pynomaly.infrastructure.algorithms.kernels import extended_twin
from pynomaly.infrastructure.algorithms.kernels.compiled import ScoringPath, native_kernels
from pynomaly.infrastructure.algorithms.kernels.plain_rows import plain_rows, scored
from pynomaly.infrastructure.algorithms.kernels.random_words import SplitMix64


@dataclass(frozen=True, slots=True, eq=False)
class ExtendedForest:
    """Trees of hyperplanes as heaps of one depth, counted from 1; slot 0 is unused.

    feature: int32, weight: float32 (n_trees, 2^depth, k).  offset: float32 (n_trees, 2^depth): a row goes right where
    the sum of weight * value, in float64 and in order, is above it.  leaf: uint32 (n_trees, 2^depth), path lengths in
    units of 1 / PATH_LENGTH_ONE.  Below a shallow leaf all are 0 and every row goes left.
    """

    feature: NDArray[np.int32]
    weight: NDArray[np.float32]
    offset: NDArray[np.float32]
    leaf: NDArray[np.uint32]
    n_features: int

    @property
    def depth(self) -> int:
        """Levels of inner nodes."""
        return int(self.leaf.shape[1]).bit_length() - 1


def grow_extended(
    rows: FloatMatrix,
    *,
    n_trees: int,
    max_samples: int,
    n_components: int,
    seed: int,
    path: ScoringPath | None = None,
) -> ExtendedForest:
    """Grow trees of hyperplanes on float32 rows (n, d), each on max_samples <= n rows drawn without replacement.

    Tree t draws from its own SplitMix64 generator, started at the t-th word of SplitMix64(seed).
    Raises InvalidParameter if the forest would not fit in memory.
    """
    depth, seeds = depth_limit(max_samples), SplitMix64(seed)
    if (n_trees << depth) * n_components > MAX_SLOTS:
        raise InvalidParameter(
            f"{n_trees} trees of depth {depth} are too large a forest; lower n_trees, max_samples or extension_level"
        )
    shape = (n_trees, 1 << depth)
    feature, weight = np.zeros((*shape, n_components), np.int32), np.zeros((*shape, n_components), np.float32)
    offset, leaf = np.zeros(shape, np.float32), np.zeros(shape, np.uint32)
    words = np.array([seeds.word() for _ in range(n_trees)], np.uint64)
    corrections = leaf_corrections(max_samples)
    _kernels(path).grow_extended(
        plain_rows(rows, np.float32),
        rows.shape[1],
        max_samples,
        words,
        corrections,
        n_components,
        depth,
        feature,
        weight,
        offset,
        leaf,
    )
    return ExtendedForest(read_only(feature), read_only(weight), read_only(offset), read_only(leaf), rows.shape[1])


def score_extended(
    forest: ExtendedForest, rows: FloatMatrix, scale: float, *, path: ScoringPath | None = None
) -> FloatVector:
    """Return 2**(-scale * sum of path lengths) for float32 rows (n, d): float64 (n,).

    The same bits on every path, alone or in a batch. The interpreter lock is free meanwhile.
    Raises ColumnMismatch on another width, NonFiniteScores where a cell is not a finite number.
    """
    score_rows = _kernels(path).score_extended
    size = forest.n_features, forest.feature.shape[2], forest.depth
    trees = forest.feature, forest.weight, forest.offset, forest.leaf
    return scored(
        rows, forest.n_features, np.float32, lambda block, scores: score_rows(block, *size, *trees, scale, scores)
    )


def _kernels(path: ScoringPath | None) -> ModuleType:
    return extended_twin if path == "numpy" or native_kernels is None else native_kernels
