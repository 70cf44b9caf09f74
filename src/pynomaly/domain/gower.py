"""How unlike two rows of a table are, whatever their columns hold: Gower's distance, from 0 to 1."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pynomaly.domain.arrays import FloatVector


@dataclass(frozen=True, slots=True, eq=False)
class Aspect:
    """One thing in which the rows of a table are compared; a column has one or several.

    values: (n,), NaN where missing; words are numbered in any order.  span: the difference that counts as 1, anything
    beyond counts as much; with 0 rows are either equal or not.  is_cyclic: values go round, and twice the span is once
    around.
    """

    column: str
    values: FloatVector
    span: float
    is_cyclic: bool = False

    def differences(self, row: int) -> FloatVector:
        """Return how unlike each row (n,) and one of them are in this, 0..1.

        Missing in both is alike, missing in one is as unlike as can be.
        """
        lost = np.isnan(self.values)
        apart = self._apart(float(self.values[row]))
        return np.where(lost[row] | lost, np.where(lost[row] & lost, 0.0, 1.0), apart)

    def _apart(self, own: float) -> FloatVector:
        with np.errstate(invalid="ignore", over="ignore"):  # infinities less each other, sums beyond the largest float
            apart = np.where(self.values == own, 0.0, np.abs(self.values - own))
        if self.span <= 0.0:
            return (apart > 0.0).astype(np.float64)
        if self.is_cyclic:
            apart = np.minimum(apart, 2.0 * self.span - apart)
        return np.asarray(np.minimum(apart, self.span) / self.span)


def column_differences(aspects: Iterable[Aspect], row: int) -> dict[str, FloatVector]:
    """Return per column how unlike each row (n,) and one of them are, 0..1: the mean over the column's aspects."""
    found: dict[str, list[FloatVector]] = {}
    for aspect in aspects:
        found.setdefault(aspect.column, []).append(aspect.differences(row))
    return {column: np.asarray(np.mean(parts, axis=0)) for column, parts in found.items()}


def gower_distances(columns: Iterable[Iterable[Aspect]], row: int) -> FloatVector:
    """Return the distance (n,) of every row from one of them: the mean of the differences over all columns.

    columns: the aspects of one column after the other; no more than one column is held at a time.
    Differs from the paper in that a number's span may be narrower than its range, so that differences are cut off
    at 1, and in that a cell missing on one side counts as a difference instead of leaving the column out.
    Source: Gower (1971), "A general coefficient of similarity and some of its properties", Biometrics 27, section 2.

    >>> amount = Aspect("amount", np.array([1.0, 2.0, 9.0]), span=4.0)
    >>> device = Aspect("device", np.array([0.0, 0.0, 1.0]), span=0.0)
    >>> gower_distances([[amount], [device]], row=0)
    array([0.   , 0.125, 1.   ])
    """
    total, n_columns = np.zeros(1), 0
    for aspects in columns:
        for apart in column_differences(aspects, row).values():
            total = total + apart
            n_columns += 1
    return np.asarray(total / max(n_columns, 1))
