"""The quadratic form without C: the same numbers to rounding, by one matrix product."""

import numpy as np

from pynomaly.domain.arrays import FloatMatrix, FloatVector


def squared_lengths(
    rows: FloatMatrix,
    n_features: int,
    centre: FloatVector,
    triangle: FloatVector,
    lengths: FloatVector,
    path: str | None,  # noqa: ARG001 - numpy has one path
) -> None:
    """Write |R (x - centre)|^2 for each row x into lengths; triangle is the upper triangle of R, row by row."""
    upper = np.zeros((n_features, n_features))
    upper[np.triu_indices(n_features)] = triangle
    with np.errstate(over="ignore", invalid="ignore"):
        moved = (rows - centre) @ upper.T
        np.einsum("ij,ij->i", moved, moved, out=lengths)
