"""Squared distances from a centre, measured by a root of the precision matrix: what several detectors score with."""

from dataclasses import dataclass, field

import numpy as np

from pynomaly.domain.arrays import BoolVector, FloatMatrix, FloatVector
from pynomaly.infrastructure.algorithms.kernels.quadratic import MAX_FEATURES, packed_triangle, squared_lengths
from pynomaly.infrastructure.algorithms.scoring_rows import check_width, finite_block, score_in_blocks

LARGEST_VALUE = 1e100
"""Training values beyond are taken as this, so that their squares do not overflow."""

LARGEST_ROOT = 1e145
"""Largest value of a root, so that its product with a row in units of its largest value does not overflow."""

HELD_AT_ONCE = 4
"""Arrays of a block's size that a matrix product needs room for; more rows at once make it faster."""

LARGEST_LENGTH = 1e150
"""Lengths beyond are taken as this; a sum can bear their squares."""

FAR = 1e150
"""Squared distances beyond are measured again with care, row by row."""


@dataclass(frozen=True, slots=True, eq=False)
class Ellipsoid:
    """A centre float64 (d,) and a root (d, d): the squared distance of a row x is |(x - centre) root|^2.

    Both are finite; those of the root are at most LARGEST_ROOT, those of the centre LARGEST_VALUE.
    """

    centre: FloatVector
    root: FloatMatrix
    _triangle: FloatVector = field(init=False, repr=False)

    def __post_init__(self) -> None:
        is_narrow = self.centre.size <= MAX_FEATURES
        object.__setattr__(self, "_triangle", packed_triangle(self.root) if is_narrow else np.empty(0))

    def squared_distances(self, rows: FloatMatrix) -> FloatVector:
        """Return the squared distances of rows (n, d), float64 (n,), finite.

        Raises ColumnMismatch on another width, NonFiniteScores where a cell is not a finite number.
        """
        n_features = self.centre.size
        check_width(rows, n_features)
        if n_features > MAX_FEATURES:
            squares = score_in_blocks(rows, n_features, self._by_product, cells_per_row=HELD_AT_ONCE * n_features)
        else:
            squares = squared_lengths(rows, self.centre, self._triangle)
        is_far = _are_far(squares)
        if is_far.any():
            squares[is_far] = np.einsum("ij->i", self._careful_parts(finite_block(rows[is_far])))
        return squares

    def parts(self, rows: FloatMatrix) -> FloatMatrix:
        """Return what the root's outputs add to each squared distance: (n, d), none negative. Raises as above."""
        check_width(rows, self.centre.size)
        block = finite_block(rows)
        with np.errstate(over="ignore", invalid="ignore"):
            parts = ((block - self.centre) @ self.root) ** 2
            is_far = _are_far(np.einsum("ij->i", parts))
        if is_far.any():
            parts[is_far] = self._careful_parts(block[is_far])
        return np.asarray(parts)

    def _by_product(self, block: FloatMatrix) -> FloatVector:
        with np.errstate(over="ignore", invalid="ignore"):
            moved = (block - self.centre) @ self.root
            return np.asarray(np.einsum("ij,ij->i", moved, moved))

    def _careful_parts(self, block: FloatMatrix) -> FloatMatrix:
        unit = np.maximum(np.abs(block).max(axis=1, keepdims=True), 1.0)
        with np.errstate(over="ignore"):
            moved = ((block / unit - self.centre / unit) @ self.root) * unit
        return np.asarray(np.clip(moved, -LARGEST_LENGTH, LARGEST_LENGTH) ** 2)


def _are_far(squares: FloatVector) -> BoolVector:
    return np.asarray(~(squares < FAR))  # what overflowed to no number is far too
