"""The numpy twin of compiled distances: the squared distances have the same bits, the rest agrees to 1e-13.

exp, log and the order in which exponentials are added are numpy's own here.
"""

import numpy as np

from pynomaly.domain.arrays import FloatMatrix, FloatVector

GROUP = 8
"""Rows of a group; the last group is filled up with infinity."""

_COMPARED_AT_ONCE = 1 << 18  # distances: an array of 2 MB and its intermediates


def squares_between(queries: FloatMatrix, rows: FloatMatrix) -> FloatMatrix:
    """Return squared distances (n, m) of queries (n, d) and rows (m, d), added up as the compiled loops do."""
    sums = np.zeros((4, len(queries), len(rows)))
    with np.errstate(over="ignore"):
        for column in range(rows.shape[1]):
            gap = queries[:, column, None] - rows[:, column]
            sums[column % 4] += gap * gap
        return np.asarray((sums[0] + sums[1]) + (sums[2] + sums[3]))


def packed_groups(rows: FloatMatrix) -> FloatMatrix:
    """Return rows (m, d) in groups of eight, column by column, filled up with infinity: (m / 8 rounded up, d, 8)."""
    n_rows, n_features = rows.shape
    filled = np.full((-(-n_rows // GROUP) * GROUP, n_features), np.inf)
    filled[:n_rows] = rows
    return np.ascontiguousarray(filled.reshape(-1, GROUP, n_features).transpose(0, 2, 1))


def unpacked_groups(cells: FloatMatrix, n_features: int) -> FloatMatrix:
    """Return the rows of packed groups, those of infinity too: (slots, d)."""
    return np.asarray(cells).reshape(-1, n_features, GROUP).transpose(0, 2, 1).reshape(-1, n_features)


def log_kernel_sums(
    cells: FloatMatrix,
    n_features: int,
    factor: float,
    queries: FloatMatrix,
    logs: FloatVector,
    path: str | None,  # noqa: ARG001 - numpy has one path
) -> None:
    """Write log(sum over packed rows of exp(-factor * squared distance)) for each query into logs."""
    rows = unpacked_groups(cells, n_features)
    step = max(1, _COMPARED_AT_ONCE // len(rows))
    for start in range(0, len(queries), step):
        squares = squares_between(queries[start : start + step], rows)
        least = np.minimum(squares.min(axis=1), np.finfo(np.float64).max)
        with np.errstate(over="ignore", divide="ignore"):
            sums = np.exp(-factor * (squares - least[:, None])).sum(axis=1)
            logs[start : start + step] = np.log(sums) - factor * least


def mean_innermost_values(
    cells: FloatMatrix,
    n_sets: int,
    n_features: int,
    square_radii: FloatMatrix,
    values: FloatMatrix,
    queries: FloatMatrix,
    means: FloatVector,
    path: str | None,  # noqa: ARG001
) -> None:
    """Write the mean over sets of the value of the first ball that holds each query, 1 where none does, into means."""
    means[:] = 0
    for centres, radii, value in zip(
        unpacked_groups(cells, n_features).reshape(n_sets, -1, n_features), square_radii, values, strict=True
    ):
        holds = squares_between(queries, centres) <= radii
        first = holds.argmax(axis=1)
        means += np.where(holds[np.arange(len(queries)), first], value[first], 1.0)
    means /= n_sets
