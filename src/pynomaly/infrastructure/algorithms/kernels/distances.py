"""Sums of kernels and innermost balls over packed rows: compiled, or by the numpy twin."""

from types import ModuleType

import numpy as np

from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.infrastructure.algorithms.kernels import distances_twin
from pynomaly.infrastructure.algorithms.kernels.compiled import ScoringPath, native_kernels


def log_kernel_sums(
    cells: FloatMatrix, factor: float, queries: FloatMatrix, *, path: ScoringPath | None = None
) -> FloatVector:
    """Return log(sum over rows of exp(-factor * squared distance)) for each query (n, d): (n,).

    cells: the rows as `packed_groups` packs them.  factor: above 0.
    Each exponential is right to 2 units in the last place, and the order of the sum depends on the rows only; minus
    infinity where every squared distance overflows.
    """
    logs = np.empty(len(queries))
    plain = _plain(queries)
    _kernels(path).log_kernel_sums(cells, plain.shape[1], factor, plain, logs, path)
    return logs


def mean_innermost_values(
    cells: FloatMatrix,
    square_radii: FloatMatrix,
    values: FloatMatrix,
    queries: FloatMatrix,
    *,
    path: ScoringPath | None = None,
) -> FloatVector:
    """Return for each query (n, d) the mean over sets of the value of the first ball that holds it: (n,).

    A ball holds what is at most its radius away; a set none of whose balls does so counts 1.
    cells: the centres of all sets, each set packed by `packed_groups`.
    square_radii, values: (sets, slots); the radius of a slot without a centre is negative.
    """
    means = np.empty(len(queries))
    plain = _plain(queries)
    shape = len(square_radii), plain.shape[1]
    _kernels(path).mean_innermost_values(cells, *shape, square_radii, values, plain, means, path)
    return means


def _kernels(path: ScoringPath | None) -> ModuleType:
    return distances_twin if path == "numpy" or native_kernels is None else native_kernels


def _plain(rows: FloatMatrix) -> FloatMatrix:
    """Return rows as C code wants them: float64, row-major, aligned; a copy only where they are not."""
    plain = np.ascontiguousarray(rows, np.float64)
    return plain if plain.flags.aligned else plain.copy()
