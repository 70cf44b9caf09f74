"""The numpy twin of the compiled forest: same calls, same draws, same bits; the fallback where no compiler was.

Source: Liu, Ting and Zhou (2008), ICDM, algorithms 1 to 3.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.infrastructure.algorithms.isolation_trees import PATH_LENGTH_ONE
from pynomaly.infrastructure.algorithms.kernels.random_words import SplitMix64

_WALKED_AT_ONCE = 1 << 18  # row-tree pairs: a few arrays of 2 MB each


@dataclass(slots=True)
class _Sapling:
    """One tree while it grows; its nodes in preorder."""

    sample: FloatMatrix
    depth_limit: int
    random: SplitMix64
    candidates: list[int]
    feature: list[int] = field(default_factory=list)
    threshold: list[float] = field(default_factory=list)
    leaf_size: list[int] = field(default_factory=list)

    def grow(self, members: NDArray[np.intp], depth: int, n_candidates: int) -> None:
        """Append the subtree of the sample rows `members`; candidates from n_candidates on are constant in it."""
        feature, low, high = -1, 0.0, 0.0
        if members.size > 1 and depth < self.depth_limit:
            feature, low, high, n_candidates = self._choose_feature(members, n_candidates)
        self.feature.append(feature)
        if feature < 0:
            self.leaf_size.append(members.size)
            return
        threshold = np.float32(low + self.random.uniform() * (high - low))
        if not threshold < high:  # rounded up: both sides must keep a row
            threshold = np.float32(low)
        self.threshold.append(float(threshold))
        goes_left = self.sample[members, feature] <= threshold
        self.grow(members[goes_left], depth + 1, n_candidates)
        self.grow(members[~goes_left], depth + 1, n_candidates)

    def _choose_feature(self, members: NDArray[np.intp], n_candidates: int) -> tuple[int, float, float, int]:
        candidates = self.candidates
        while n_candidates > 0:
            position = self.random.below(n_candidates)
            feature = candidates[position]
            values = self.sample[members, feature]
            low, high = float(values.min()), float(values.max())
            if low < high:
                return feature, low, high, n_candidates
            n_candidates -= 1
            candidates[position], candidates[n_candidates] = candidates[n_candidates], feature
        return -1, 0.0, 0.0, 0


def grow_forest(
    rows: FloatMatrix,
    n_features: int,
    max_samples: int,
    depth_limit: int,
    seeds: NDArray[np.uint64],
    feature: NDArray[np.int32],
    threshold: NDArray[np.float32],
    leaf_size: NDArray[np.int32],
    tree_nodes: NDArray[np.int32],
) -> tuple[int, int]:
    """Grow one isolation tree per seed into the last four arrays; return (n_nodes, n_inner)."""
    n_nodes = n_inner = n_leaves = 0
    for tree, seed in enumerate(seeds):
        random = SplitMix64(int(seed))
        sample = rows[random.sample(len(rows), max_samples)]
        sapling = _Sapling(sample, depth_limit, random, list(range(n_features)))
        sapling.grow(np.arange(max_samples), 0, n_features)
        tree_nodes[tree] = len(sapling.feature)
        feature[n_nodes : n_nodes + len(sapling.feature)] = sapling.feature
        threshold[n_inner : n_inner + len(sapling.threshold)] = sapling.threshold
        leaf_size[n_leaves : n_leaves + len(sapling.leaf_size)] = sapling.leaf_size
        n_nodes += len(sapling.feature)
        n_inner += len(sapling.threshold)
        n_leaves += len(sapling.leaf_size)
    return n_nodes, n_inner


@dataclass(slots=True)
class _Layout:
    """The stored trees being read, front to back, and one tree's slots being filled."""

    features: Iterator[int]
    thresholds: Iterator[float]
    leaf_sizes: Iterator[int]
    correction: NDArray[np.uint32]
    n_features: int
    depth: int
    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    leaf: NDArray[np.uint32]

    def fill(self, slot: int, level: int) -> int:
        """Fill the subtree of a slot; return the number of stored nodes read."""
        feature = next(self.features)
        if feature < 0:
            self._fill_below(slot, level, next(self.leaf_sizes))
            return 1
        if feature >= self.n_features or level >= self.depth:
            raise ValueError("the stored trees are malformed")
        self.feature[slot] = feature
        self.threshold[slot] = next(self.thresholds)
        return 1 + self.fill(2 * slot, level + 1) + self.fill(2 * slot + 1, level + 1)

    def _fill_below(self, slot: int, level: int, size: int) -> None:
        """Whichever way a row turns below a shallow leaf, it ends with the same path length."""
        if not 1 <= size < self.correction.size:
            raise ValueError("the stored trees are malformed")
        for below in range(self.depth - level):
            self.feature[slot << below : (slot + 1) << below] = 0
            self.threshold[slot << below : (slot + 1) << below] = np.inf
        first = (slot << (self.depth - level)) - self.leaf.size
        path_length = level * PATH_LENGTH_ONE + int(self.correction[size])
        self.leaf[first : first + (1 << (self.depth - level))] = path_length


def lay_out_forest(
    stored_feature: NDArray[np.int32],
    stored_threshold: NDArray[np.float32],
    leaf_size: NDArray[np.int32],
    tree_nodes: NDArray[np.int32],
    correction: NDArray[np.uint32],
    n_features: int,
    depth: int,
    feature: NDArray[np.int32],
    threshold: NDArray[np.float32],
    leaf: NDArray[np.uint32],
) -> None:
    """Complete stored trees to heaps of one depth, into the last three arrays of 2**depth slots per tree."""
    n_inner = int(np.count_nonzero(stored_feature >= 0))
    if stored_threshold.size != n_inner or leaf_size.size != stored_feature.size - n_inner:
        raise ValueError("the stored trees are malformed")
    read = iter(stored_feature.tolist()), iter(stored_threshold.tolist()), iter(leaf_size.tolist())
    slots = [array.reshape(tree_nodes.size, -1) for array in (feature, threshold, leaf)]
    try:
        for tree, n_nodes in enumerate(tree_nodes.tolist()):
            layout = _Layout(*read, correction, n_features, depth, slots[0][tree], slots[1][tree], slots[2][tree])
            layout.feature[0], layout.threshold[0] = 0, np.inf
            if layout.fill(1, 0) != n_nodes:
                raise ValueError("the stored trees are malformed")
    except StopIteration:
        raise ValueError("the stored trees are malformed") from None
    if next(read[0], None) is not None:
        raise ValueError("the stored trees are malformed")


def score_forest(
    rows: FloatMatrix,
    n_features: int,  # noqa: ARG001 - the compiled kernel sees flat memory and needs it
    feature: NDArray[np.int32],
    threshold: NDArray[np.float32],
    leaf: NDArray[np.uint32],
    depth: int,
    scale: float,
    scores: FloatVector,
    path: str | None,  # noqa: ARG001 - numpy has one path
) -> bool:
    """Write 2**(-scale * sum of path lengths) for each row; return False if a value is not a finite number."""
    if not np.isfinite(rows).all():
        return False
    trees = np.arange(feature.size >> depth) << depth
    step = max(1, _WALKED_AT_ONCE // max(1, trees.size))
    for start in range(0, len(rows), step):
        block = rows[start : start + step]
        row = np.arange(len(block))[:, None]
        slot = np.ones((len(block), trees.size), dtype=np.intp)
        for _ in range(depth):
            node = slot + trees
            slot = 2 * slot + (block[row, feature[node]] > threshold[node])
        paths = leaf[slot + (trees - (1 << depth))].sum(axis=1, dtype=np.int64)
        scores[start : start + step] = power_of_half(paths * scale)
    return True


def power_of_half(x: FloatVector) -> FloatVector:
    """Return 2**-x as the compiled kernel does: 2**-n times a Taylor series of e**t, only * and + in a fixed order."""
    n = (x + 0.5).astype(np.int32)
    t = (n - x) * math.log(2.0)
    total = np.full(x.shape, 1.0 / math.factorial(13))
    for k in range(12, -1, -1):
        total = total * t + 1.0 / math.factorial(k)
    return np.asarray(np.ldexp(total, -n))
