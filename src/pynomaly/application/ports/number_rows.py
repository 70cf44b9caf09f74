"""Rows of numbers alone: the short road into the matrix, with no table in between."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from pynomaly.domain.arrays import BoolVector, FloatMatrix
from pynomaly.domain.errors import InvalidData


@dataclass(frozen=True, slots=True, eq=False)
class NumberRows:
    """Rows whose every cell is a number or missing.

    columns: one name each, none twice.  values: float64 (n_rows, n_columns), NaN where missing.
    is_whole: (n_columns,), whether all that is there in a column was written as whole numbers, none beyond 2^53:
    as a table it would be a column of integers.
    Raises InvalidData where the three do not fit together.
    """

    columns: tuple[str, ...]
    values: FloatMatrix
    is_whole: BoolVector

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or not self.values.shape[1] == len(self.columns) == self.is_whole.size:
            raise InvalidData(f"{len(self.columns)} column names for an array of shape {self.values.shape}")

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return int(self.values.shape[0])


@dataclass(frozen=True, slots=True, eq=False)
class NumbersFound:
    """Where in a JSON text the value of its key "rows" stands, and the numbers in it as `NumberRows` has them."""

    start: int
    end: int
    values: FloatMatrix
    is_whole: BoolVector


FindNumbers: TypeAlias = Callable[[bytes], NumbersFound | None]
"""Reads rows of numbers out of a JSON object; None where they are not plainly that, and a careful parser must look.

What stands before and after the rows is skipped over, not checked.
"""
