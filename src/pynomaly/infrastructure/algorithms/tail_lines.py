"""Tail tables in the form that is searched: what a column says of a value, as lines between its knots."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pynomaly.domain.arrays import BoolVector, FloatMatrix, FloatVector
from pynomaly.infrastructure.algorithms.tail_tables import TailTables

CELL_BITS = 10
HALF_CELLS = 6 << CELL_BITS
"""Cells of a column's index on either side of its centre (native/tables.h)."""

Combination = Literal["rarer_tail", "skewed_tail_or_mean", "both_tails"]
"""What a column says: -log p of its rarer tail; of the tail it is skewed towards, or the mean of both if that is
larger; or of the left and of the right tail."""


@dataclass(frozen=True, slots=True, eq=False)
class TailLines:
    """Lines of d columns, one column after the other; a column with k knots has k + 1 entries.

    Entry e of a column describes the values that have e of its knots at or below them.
    knots: per entry, the next knot; infinity after the last.  lines: per entry, the last knot, then for each side the
    surprise at that knot, just after it, and its slope per half distance.
    half_centre, scale, first: the index of each column by cells, see cell_of.  start: int64 (d,), first entries.
    takes_first: bool (d,), whether the left side goes into the third sum.
    """

    half_centre: FloatVector
    scale: FloatVector
    first: NDArray[np.uint16]
    start: NDArray[np.int64]
    knots: FloatVector
    lines: FloatMatrix
    takes_first: BoolVector

    @property
    def n_features(self) -> int:
        """Number of columns."""
        return int(self.start.size)

    @property
    def n_sides(self) -> int:
        """Functions of a value in each column: 1, or 2 where the tails are added up apart."""
        return int(self.lines.shape[1]) // 3


def tail_lines(tables: TailTables, is_left_skewed: BoolVector, combination: Combination) -> TailLines:
    """Join the knots of every column by lines.

    Between two knots the true -log p of a tail is bounded by its values at the knots, and so is the line: it is off
    by no more than they differ.
    """
    n_knots = tables.n_knots
    column = np.repeat(np.arange(tables.n_features), n_knots + 1)
    start = np.cumsum(n_knots + 1) - (n_knots + 1)
    ends = start + n_knots
    next_knot, last_knot = _around(tables.knots, start, ends, column.size)
    at, after, before = (
        _said(_surprise(tables, counts), is_left_skewed[column], combination) for counts in _counts(tables, start, ends)
    )
    lines = np.empty((column.size, 1 + 3 * len(at)))
    lines[:, 0] = last_knot
    with np.errstate(all="ignore"):  # two values so close that half their distance is 0: no line between them
        slope = (before - after) / (next_knot / 2 - last_knot / 2)
    slope = np.where(np.isfinite(slope) & np.isfinite(next_knot), slope, 0.0)
    slope[:, start] = 0.0
    lines[:, 1:] = np.stack([at, after, slope], axis=-1).transpose(1, 0, 2).reshape(column.size, -1)
    half_centre, scale = _middles(tables)
    first = _index(tables, half_centre, scale)
    return TailLines(half_centre, scale, first, start, next_knot, lines, is_left_skewed)


def cell_of(values: FloatMatrix, half_centre: FloatVector, scale: FloatVector) -> NDArray[np.int64]:
    """Return the index cell of values; it never falls as a value rises.

    Cells are equally wide up to one scale from the centre and doubly so after each doubling of the distance: the
    leading bits of 1 + distance number them. The compiled kernel does the same.
    """
    with np.errstate(over="ignore"):
        away = (values * 0.5 - half_centre) * scale
    bits = np.atleast_1d(np.abs(away) + 1.0).view(np.int64)
    cell = np.minimum((bits >> (52 - CELL_BITS)) - (1023 << CELL_BITS), HALF_CELLS - 1)
    return np.asarray(np.where(away < 0, HALF_CELLS - 1 - cell, HALF_CELLS + cell), dtype=np.int64)


def _around(
    knots: FloatVector, start: NDArray[np.int64], ends: NDArray[np.int64], n_entries: int
) -> tuple[FloatVector, FloatVector]:
    """Return the knot after and the knot at or before the values of each entry."""
    next_knot, last_knot = np.empty(n_entries), np.empty(n_entries)
    inner = np.ones(n_entries, dtype=bool)
    inner[ends] = False
    next_knot[inner], next_knot[ends] = knots, np.inf
    last_knot[1:], last_knot[start] = next_knot[:-1], next_knot[start]
    return next_knot, last_knot


def _counts(tables: TailTables, start: NDArray[np.int64], ends: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return (2, entries) counts of rows at most, and at least, as large: at the last knot, after it, before the next.

    Before the first knot there is no row, whichever of the three is asked.
    """
    n_entries, n_rows = tables.knots.size + start.size, tables.n_training_rows
    has_last, has_next = np.ones(n_entries, dtype=bool), np.ones(n_entries, dtype=bool)
    has_last[start], has_next[ends] = False, False
    below, at_most, below_next = (
        np.zeros(n_entries, np.int64),
        np.zeros(n_entries, np.int64),
        np.full(n_entries, n_rows),
    )
    below[has_last], at_most[has_last], below_next[has_next] = tables.n_below, tables.n_at_most, tables.n_below
    return [
        np.stack([at_most, n_rows - below]),
        np.stack([at_most, n_rows - at_most]),
        np.stack([below_next, n_rows - below_next]),
    ]


def _surprise(tables: TailTables, counts: NDArray[np.int64]) -> FloatMatrix:
    return np.asarray(np.log((tables.n_training_rows + 1) / (counts + 1)))


def _said(tails: FloatMatrix, is_left_skewed: BoolVector, combination: Combination) -> FloatMatrix:
    """Return what a column says, (n_sides, entries), from the surprise of its left and right tail."""
    if combination == "both_tails":
        return tails
    if combination == "rarer_tail":
        return np.asarray(tails.max(axis=0, keepdims=True))
    skewed = np.where(is_left_skewed, tails[0], tails[1])
    return np.asarray(np.maximum(skewed, (tails[0] + tails[1]) / 2)[None])


def _middles(tables: TailTables) -> tuple[FloatVector, FloatVector]:
    """Return half the median and one over half the distance of the quartiles; the range where they are one value."""
    ends = np.cumsum(tables.n_knots)
    half_centre, scale = np.empty(ends.size), np.empty(ends.size)
    for place, (end, n_knots) in enumerate(zip(ends.tolist(), tables.n_knots.tolist(), strict=True)):
        knots, at_most = tables.knots[end - n_knots : end] / 2, tables.n_at_most[end - n_knots : end]
        lower, middle, upper = np.searchsorted(at_most, np.array([0.25, 0.5, 0.75]) * tables.n_training_rows)
        spread = knots[upper] - knots[lower] or knots[-1] - knots[0] or 1.0
        half_centre[place], scale[place] = knots[middle], 1.0 / max(spread, np.finfo(np.float64).tiny)
    return half_centre, scale


def _index(tables: TailTables, half_centre: FloatVector, scale: FloatVector) -> NDArray[np.uint16]:
    """Return (d, cells + 1): for each cell, how many knots of the column lie in lower ones."""
    first = np.zeros((tables.n_features, 2 * HALF_CELLS + 1), dtype=np.uint16)
    ends = np.cumsum(tables.n_knots)
    for place, (end, n_knots) in enumerate(zip(ends.tolist(), tables.n_knots.tolist(), strict=True)):
        cells = cell_of(tables.knots[end - n_knots : end], half_centre[place], scale[place])
        np.cumsum(np.bincount(cells, minlength=2 * HALF_CELLS), out=first[place, 1:])
    return first
