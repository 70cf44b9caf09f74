"""Sums of radial kernels around kept rows: what the one-class support vector machines score with."""

from dataclasses import dataclass, field

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector, read_only
from pynomaly.infrastructure.algorithms.ellipsoid import LARGEST_VALUE
from pynomaly.infrastructure.algorithms.scoring_rows import score_in_blocks
from pynomaly.infrastructure.algorithms.state_checks import require_names, require_within, required_array

FARTHEST = 1e10
"""Rows farther from the centre than this many kernel widths are taken as this; kernels there are 0 anyway."""

SMALLEST_VARIANCE = 1e-280
"""Below this all values are taken as alike, as in `pca`."""

SAFE_NORM = 1e4
"""Largest squared norm up to which |z|^2 + |s|^2 - 2 z s, around the centre of the rows, has an error below 1e-11."""

LARGEST_WEIGHT = 1e9
"""Bound of weights, so that their sum stays finite."""


@dataclass(frozen=True, slots=True, eq=False)
class KernelSpace:
    """Where rows (n, d) lie, in kernel widths around a centre: z = (x - centre) * scale, the kernel is exp(-|z - s|^2).

    centre: float64 (d,).  scale: float64 (1,), the root of gamma.
    """

    centre: FloatVector
    scale: FloatVector

    @staticmethod
    def of(rows: FloatMatrix, gamma: float | None) -> "KernelSpace":
        """Return the space around the mean of rows; gamma is 1 / (d * variance of all values) unless given."""
        rows = np.clip(rows, -LARGEST_VALUE, LARGEST_VALUE)
        variance = float(rows.var())
        if gamma is None:
            gamma = 1 / (rows.shape[1] * variance) if variance > SMALLEST_VARIANCE else 1.0
        centre = np.clip(rows.mean(axis=0), -LARGEST_VALUE, LARGEST_VALUE)  # rounding may lead beyond
        return KernelSpace(read_only(centre), read_only(np.array([gamma**0.5])))

    def place(self, rows: FloatMatrix) -> FloatMatrix:
        """Return z for each row, float64."""
        away = np.clip(rows, -LARGEST_VALUE, LARGEST_VALUE) - self.centre
        return np.asarray(np.clip(away * self.scale, -FARTHEST, FARTHEST))


def radial_kernel(placed: FloatMatrix, support: FloatMatrix) -> FloatMatrix:
    """Return exp(-|z - s|^2) for placed rows (n, d) and support (m, d), both float64: (n, m)."""
    norms = np.einsum("ij,ij->i", support, support)
    if norms.max(initial=0.0) > SAFE_NORM:
        from scipy.spatial.distance import cdist  # heavy to import, and hardly ever needed

        exponents = -cdist(placed, support, "sqeuclidean")
    else:
        exponents = placed @ (2 * support.T)
        exponents -= norms
        exponents -= np.einsum("ij,ij->i", placed, placed)[:, np.newaxis]
        np.minimum(exponents, 0.0, out=exponents)
    return np.asarray(np.exp(exponents, out=exponents))


@dataclass(frozen=True, slots=True, eq=False)
class KernelExpansion:
    """A frozen sum: a row's score is offset - sum of weights * exp(-|z - support|^2).

    support: float32 (m, d), in kernel widths.  weights: float64 (m,).  offset: float64 (1,).
    """

    space: KernelSpace
    support: FloatMatrix
    weights: FloatVector
    offset: FloatVector
    _support: FloatMatrix = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_support", self.support.astype(np.float64))

    @staticmethod
    def restore(state: ModelState) -> "KernelExpansion":
        """Rebuild a fitted model. Raises CorruptModel."""
        require_names(state, arrays=("centre", "scale", "support", "weights", "offset"), scalars=())
        centre = required_array(state, "centre", dtype=np.float64, shape=(None,))
        scale, offset = (required_array(state, name, dtype=np.float64, shape=(1,)) for name in ("scale", "offset"))
        weights = required_array(state, "weights", dtype=np.float64, shape=(None,))
        support = required_array(state, "support", dtype=np.float32, shape=(weights.size, centre.size))
        require_within(centre, "centre", minimum=-LARGEST_VALUE, maximum=LARGEST_VALUE)
        require_within(scale, "scale", minimum=0.0, maximum=SMALLEST_VARIANCE**-0.5)
        require_within(support, "support", minimum=-FARTHEST, maximum=FARTHEST)
        for name, array in (("weights", weights), ("offset", offset)):
            require_within(array, name, minimum=-LARGEST_WEIGHT, maximum=LARGEST_WEIGHT)
        return KernelExpansion(KernelSpace(centre, scale), support, weights, offset)

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger, 0 at the boundary."""
        n_support, n_features = self.support.shape
        return score_in_blocks(rows, n_features, self._score_block, cells_per_row=n_support + 4 * n_features)

    def state(self) -> ModelState:
        """Return where the rows lie, what was kept of them, weights and offset."""
        arrays = {"centre": self.space.centre, "scale": self.space.scale, "support": self.support}
        return ModelState({**arrays, "weights": self.weights, "offset": self.offset})

    def _score_block(self, block: FloatMatrix) -> FloatVector:
        return np.asarray(self.offset - radial_kernel(self.space.place(block), self._support) @ self.weights)
