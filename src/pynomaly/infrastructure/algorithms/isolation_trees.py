"""Isolation trees as plain arrays: as they are grown and stored, and as they are walked."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pynomaly.domain.arrays import read_only

PATH_LENGTH_ONE = 1 << 24
"""Path lengths are whole multiples of 2^-24 (native/forest.h): sums of integers are exact in any order."""

MIN_LAID_OUT_DEPTH = 5
MAX_DEPTH = 20
MAX_FEATURES = 1 << 26
"""Bounds of native/forest.h."""

MAX_SLOTS = 1 << 26
"""Laid-out slots of a forest, 12 bytes each: 0.8 GB, enough for 1000 trees of 65536 samples."""


@dataclass(frozen=True, slots=True, eq=False)
class StoredTrees:
    """Trees in preorder, one after the other; what a model file holds, about 20 bytes per leaf.

    feature: int32 (n_nodes,), -1 at a leaf.  threshold: float32, one per inner node; a row goes left if its value is
    at most the threshold.  leaf_size: int32, how many sample rows ended there, one per leaf.
    tree_nodes: int32 (n_trees,), nodes per tree.  depth: no tree is deeper.
    """

    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    leaf_size: NDArray[np.int32]
    tree_nodes: NDArray[np.int32]
    depth: int


@dataclass(frozen=True, slots=True, eq=False)
class LaidOutForest:
    """Trees completed to one depth, each a heap counted from 1: children of slot i are 2i and 2i + 1.

    feature, threshold: (n_trees * 2^depth,); slot 0 of each tree is unused.
    leaf: path lengths in units of 1 / PATH_LENGTH_ONE, uint32 (n_trees * 2^depth,).
    """

    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    leaf: NDArray[np.uint32]
    n_features: int
    depth: int


def depth_limit(max_samples: int) -> int:
    """Return ceil(log2(max_samples)), the average height of a tree; deeper rows are not strange.

    >>> depth_limit(256), depth_limit(257)
    (8, 9)
    """
    return (max_samples - 1).bit_length()


def average_path_length(n_samples: NDArray[np.integer] | int) -> NDArray[np.float64]:
    """Return c(n), the mean path length in a random binary search tree of n rows; 0 up to n = 1.

    Source: Liu, Ting and Zhou (2008), equation 1, with H(i) = ln i + 0.5772…; c(2) is exactly 1 (Liu, Ting and
    Zhou 2012, "Isolation-based anomaly detection", TKDD 6(1), equation 1).

    >>> average_path_length(np.array([1, 2, 256])).round(3)
    array([ 0.   ,  1.   , 10.245])
    """
    n = np.maximum(np.asarray(n_samples, dtype=np.float64), 2.0)
    c = 2.0 * (np.log(n - 1.0) + np.euler_gamma) - 2.0 * (n - 1.0) / n
    return np.where(np.asarray(n_samples) > 2, c, np.asarray(n_samples) == 2)


@lru_cache(maxsize=16)  # asked for whenever a model is loaded, and nearly always for 256 rows
def leaf_corrections(max_size: int) -> NDArray[np.uint32]:
    """Return c(n) for n = 0..max_size in units of 1 / PATH_LENGTH_ONE, read-only."""
    return read_only(np.rint(average_path_length(np.arange(max_size + 1)) * PATH_LENGTH_ONE).astype(np.uint32))
