"""What each column of a table holds: how much is missing, how many values there are, what is usual."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pynomaly.application.ports.tables import Preparation, Preparer, Table
from pynomaly.domain.columns import Column
from pynomaly.domain.errors import InvalidData
from pynomaly.domain.explanation import Typical


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column at a glance.

    n_distinct: different values, None where values cannot be told apart (lists, structs).
    typical: nothing is known of a column that no detector learns from.
    """

    column: Column
    n_rows: int
    n_missing: int
    n_distinct: int | None
    typical: Typical

    @property
    def missing_share(self) -> float:
        """Share of rows without a value, 0..1."""
        return self.n_missing / self.n_rows if self.n_rows else 0.0


def profile(table: Table, preparer: Preparer) -> tuple[ColumnProfile, ...]:
    """Profile every column of a table, in table order; one column's cells are held at a time."""
    preparation = _learned(table, preparer)
    known = set() if preparation is None else set(preparation.sources)
    return tuple(
        _profile(
            column,
            table.cells(column.name, range(table.n_rows)),
            Typical() if preparation is None or column.name not in known else preparation.typical(column.name),
        )
        for column in table.columns
    )


def _learned(table: Table, preparer: Preparer) -> Preparation | None:
    """Learn what is usual, where there is a column to learn from."""
    try:
        return preparer.learn(table, dtype="float64", scale=False)
    except InvalidData:
        return None


def _profile(column: Column, cells: Sequence[object], typical: Typical) -> ColumnProfile:
    present = [cell for cell in cells if not _is_missing(cell)]
    return ColumnProfile(column, len(cells), len(cells) - len(present), _n_distinct(present), typical)


def _is_missing(cell: object) -> bool:
    return cell is None or (isinstance(cell, float) and math.isnan(cell))


def _n_distinct(cells: Sequence[object]) -> int | None:
    try:
        return len(set(cells))
    except TypeError:  # lists and dictionaries have no hash
        return None
