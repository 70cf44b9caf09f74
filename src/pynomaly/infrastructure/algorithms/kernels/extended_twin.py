"""The numpy twin of the compiled extended forest: same calls, same draws, same bits; the fallback without a compiler.

Source: Hariri, Carrasco Kind and Brunner (2021), TKDE 33(4), algorithms 1 to 3.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pynomaly.domain.arrays import BoolVector, FloatMatrix, FloatVector
from pynomaly.infrastructure.algorithms.isolation_trees import PATH_LENGTH_ONE
from pynomaly.infrastructure.algorithms.kernels.forest_twin import power_of_half
from pynomaly.infrastructure.algorithms.kernels.random_words import SplitMix64

_WALKED_AT_ONCE = 1 << 18  # row-tree pairs: a few arrays of 2 MB each


@dataclass(slots=True)
class _Sapling:
    """One tree while it grows, into the arrays of its slots."""

    sample: FloatMatrix
    random: SplitMix64
    correction: NDArray[np.uint32]
    depth: int
    feature: NDArray[np.int32]
    weight: NDArray[np.float32]
    offset: NDArray[np.float32]
    leaf: NDArray[np.uint32]

    def grow(self, slot: int, level: int, members: FloatMatrix) -> None:
        """Fill the subtree of a slot with the sample rows that fell into it."""
        if len(members) <= 1 or level == self.depth:
            first = (slot << (self.depth - level)) - self.leaf.size
            self.leaf[first] = level * PATH_LENGTH_ONE + int(self.correction[len(members)])
            return
        self._draw_cut(slot, members)
        goes_right = _is_above(members, self.feature[slot], self.weight[slot], self.offset[slot])
        self.grow(2 * slot, level + 1, members[~goes_right])
        self.grow(2 * slot + 1, level + 1, members[goes_right])

    def _draw_cut(self, slot: int, members: FloatMatrix) -> None:
        n_features, n_components = members.shape[1], self.feature.shape[1]
        self.feature[slot] = self.random.sample(n_features, n_components)
        offset = 0.0
        for place, feature in enumerate(self.feature[slot]):
            low, high = float(members[:, feature].min()), float(members[:, feature].max())
            weight = np.float32(self._normal())
            self.weight[slot, place] = weight
            offset += float(weight) * (low + self.random.uniform() * (high - low))
        largest = float(np.finfo(np.float32).max)
        self.offset[slot] = min(max(offset, -largest), largest)

    def _normal(self) -> float:
        """Return a nearly normal number: the sum of twelve uniform ones less its mean."""
        words = [self.random.word() for _ in range(3)]
        total = sum(word >> part & 0xFFFF for word in words for part in (0, 16, 32, 48))
        return (total - 6 * 65535) * 2.0**-16


def grow_extended(
    rows: FloatMatrix,
    n_features: int,  # noqa: ARG001 - the compiled kernel sees flat memory and needs it
    max_samples: int,
    seeds: NDArray[np.uint64],
    correction: NDArray[np.uint32],
    n_components: int,  # noqa: ARG001
    depth: int,
    feature: NDArray[np.int32],
    weight: NDArray[np.float32],
    offset: NDArray[np.float32],
    leaf: NDArray[np.uint32],
) -> None:
    """Grow one tree of hyperplanes per seed into the last four arrays, which hold zeros."""
    for tree, seed in enumerate(seeds):
        random = SplitMix64(int(seed))
        sample = rows[random.sample(len(rows), max_samples)]
        arrays = feature[tree], weight[tree], offset[tree], leaf[tree]
        _Sapling(sample, random, correction, depth, *arrays).grow(1, 0, sample)


def score_extended(
    rows: FloatMatrix,
    n_features: int,  # noqa: ARG001 - the compiled kernel sees flat memory and needs it
    n_components: int,  # noqa: ARG001
    depth: int,
    feature: NDArray[np.int32],
    weight: NDArray[np.float32],
    offset: NDArray[np.float32],
    leaf: NDArray[np.uint32],
    scale: float,
    scores: FloatVector,
) -> bool:
    """Write 2**(-scale * sum of path lengths) for each row; return False if a value is not a finite number."""
    if not np.isfinite(rows).all():
        return False
    trees = np.arange(len(leaf))
    step = max(1, _WALKED_AT_ONCE // max(1, trees.size))
    for start in range(0, len(rows), step):
        block = rows[start : start + step]
        slot = np.ones((len(block), trees.size), dtype=np.intp)
        for _ in range(depth):
            cut = feature[trees, slot], weight[trees, slot], offset[trees, slot]
            slot = 2 * slot + _is_above(block, *cut)
        paths = leaf[trees, slot - leaf.shape[1]].sum(axis=1, dtype=np.int64)
        scores[start : start + step] = power_of_half(paths * scale)
    return True


def _is_above(
    rows: FloatMatrix, feature: NDArray[np.int32], weight: NDArray[np.float32], offset: NDArray[np.float32]
) -> BoolVector:
    """Return whether the weighted sum of a few columns, added up in their order, is above the offset.

    The cut is one for all rows, or one for each row and tree.
    """
    place = np.arange(len(rows)) if feature.ndim == 1 else np.arange(len(rows))[:, None]
    total = np.zeros(offset.shape or len(rows))
    for part in range(feature.shape[-1]):
        total += weight[..., part].astype(np.float64) * rows[place, feature[..., part]].astype(np.float64)
    return np.asarray(total > offset.astype(np.float64))
