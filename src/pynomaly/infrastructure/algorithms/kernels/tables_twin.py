"""The numpy twin of the compiled look-ups: same calls, same bits; reference, and fallback without a compiler."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pynomaly.domain.arrays import BoolVector, FloatMatrix, FloatVector

_ROWS_AT_ONCE = 1 << 13


def tail_terms(
    rows: FloatMatrix, start: NDArray[np.int64], knots: FloatVector, lines: FloatMatrix
) -> NDArray[np.float64]:
    """Return what each column says of rows (n, d), (n_sides, d, n)."""
    terms = np.empty((lines.shape[1] // 3, start.size, len(rows)))
    for column, (first, end) in enumerate(zip(start, [*start[1:], len(knots)], strict=True)):
        values = np.ascontiguousarray(rows[:, column], np.float64)
        line = lines[first + np.searchsorted(knots[first : end - 1], values, side="right")]
        for side in range(len(terms)):
            at, after, slope = (line[:, 1 + 3 * side + part] for part in range(3))
            terms[side, column] = np.where(values == line[:, 0], at, after + slope * (values * 0.5 - line[:, 0] * 0.5))
    return terms


def score_tails(
    rows: FloatMatrix,
    n_features: int,
    half_centre: FloatVector,  # noqa: ARG001 - the compiled kernel finds entries by the index, numpy by bisection
    scale: FloatVector,  # noqa: ARG001
    first: NDArray[np.uint16],  # noqa: ARG001
    start: NDArray[np.int64],
    knots: FloatVector,
    lines: FloatMatrix,
    takes_first: BoolVector,
    n_sides: int,
    scores: FloatVector,
    path: str | None,  # noqa: ARG001 - numpy has one path
) -> bool:
    """Write the sum over columns, or the largest of three, for each row; return False if a value is not finite."""
    if not np.isfinite(rows).all():
        return False
    for begin in range(0, len(rows), _ROWS_AT_ONCE):
        sides = list(tail_terms(rows[begin : begin + _ROWS_AT_ONCE], start, knots, lines))
        if n_sides == 2:
            sides.append(np.where(takes_first[:, None], *sides))
        sums = np.zeros((len(sides), sides[0].shape[1]))
        for column in range(n_features):
            sums += [side[column] for side in sides]
        scores[begin : begin + _ROWS_AT_ONCE] = sums.max(axis=0)
    return True


def project(rows: FloatMatrix, columns: NDArray[np.int32], weights: FloatVector) -> FloatVector:
    """Return the weighted sum of a few columns of rows (n, d), in their order: float64 (n,)."""
    along = weights[0] * rows[:, columns[0]]
    for column, weight in zip(columns[1:], weights[1:], strict=True):
        along += weight * rows[:, column]
    return np.asarray(along, dtype=np.float64)


def bins_of(values: FloatMatrix, low: Any, high: Any, n_bins: Any) -> NDArray[np.int64]:
    """Return the bin of every value, -1 below low and n_bins above high; the one place that says where an edge is.

    Halves are used throughout: the spread of a column may exceed the largest float, half of it cannot.
    """
    half_range = np.maximum(high * 0.5 - low * 0.5, np.finfo(np.float64).tiny)
    inside = np.where(values > low, values, low)  # and a sum that is no number any more counts as low, as in C
    inside = np.where(inside < high, inside, high)
    bins = np.minimum((inside * 0.5 - low * 0.5) / half_range * n_bins, n_bins - 0.5).astype(np.int64)
    return np.where(values < low, -1, np.where(values > high, n_bins, bins))


def score_histograms(
    rows: FloatMatrix,
    n_features: int,  # noqa: ARG001 - the compiled kernel sees flat memory and needs it
    columns: NDArray[np.int32],
    weights: FloatMatrix,
    low: FloatVector,
    high: FloatVector,
    n_bins: NDArray[np.int32],
    start: NDArray[np.int64],
    heights: FloatVector,
    scores: FloatVector,
    path: str | None,  # noqa: ARG001 - numpy has one path
) -> bool:
    """Write the sum over directions of the height of each row's bin; return False if a value is not finite."""
    if not np.isfinite(rows).all():
        return False
    scores[:] = 0.0
    with np.errstate(over="ignore", invalid="ignore"):
        for table in range(start.size):
            along = project(rows, columns[table], weights[table])
            scores += heights.take(start[table] + 1 + bins_of(along, low[table], high[table], n_bins[table]))
    return True
