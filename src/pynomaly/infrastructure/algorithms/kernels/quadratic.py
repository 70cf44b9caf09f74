"""Squared lengths of rows after a triangular map: compiled, or by the numpy twin to rounding."""

from types import ModuleType

import numpy as np

from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.infrastructure.algorithms.kernels import quadratic_twin
from pynomaly.infrastructure.algorithms.kernels.compiled import ScoringPath, native_kernels
from pynomaly.infrastructure.algorithms.scoring_threads import in_row_blocks

MAX_FEATURES = 64
"""Most columns the compiled form takes; above, matrix products win."""

BLOCK_ROWS = 1 << 13
"""Rows that are turned into float64 at once where they are not."""


def packed_triangle(root: FloatMatrix) -> FloatVector:
    """Return the upper triangle, row by row, of the R with |R x| = |x root| for every x; root is (d, d).

    From a QR decomposition, which keeps the digits that a Cholesky decomposition of root root' would lose.
    """
    upper = np.linalg.qr(root.T)[1]
    return np.ascontiguousarray(upper[np.triu_indices(len(root))])


def squared_lengths(
    rows: FloatMatrix, centre: FloatVector, triangle: FloatVector, *, path: ScoringPath | None = None
) -> FloatVector:
    """Return |R (x - centre)|^2 for rows x (n, d) of any float type: float64 (n,).

    Not finite where a cell is not, or where squares overflow. The compiled paths give the same bits, alone or in a
    batch; the interpreter lock is free meanwhile.
    """
    n_rows, n_features = rows.shape
    lengths = np.empty(n_rows)
    kernels = _kernels(path)

    def measure(block: slice) -> None:
        plain = np.require(rows[block], np.float64, ("C", "A"))
        kernels.squared_lengths(plain, n_features, centre, triangle, lengths[block], path)

    in_row_blocks(measure, n_rows, step=BLOCK_ROWS)
    return lengths


def _kernels(path: ScoringPath | None) -> ModuleType:
    return quadratic_twin if path == "numpy" or native_kernels is None else native_kernels
