"""What each column of a table holds: how much is missing, how many values there are, what is usual."""

from dataclasses import dataclass

from pynomaly.application.ports.tables import Preparation, Preparer, Table
from pynomaly.domain.columns import Column
from pynomaly.domain.errors import InvalidData
from pynomaly.domain.explanation import Typical
from pynomaly.domain.histogram import Histogram


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column at a glance.

    n_distinct: different values, None where values cannot be told apart (lists, structs).
    typical: nothing is known of a column that no detector learns from.  shape: None for keys, lists and structs.
    """

    column: Column
    n_rows: int
    n_missing: int
    n_distinct: int | None
    typical: Typical
    shape: Histogram | None = None

    @property
    def missing_share(self) -> float:
        """Share of rows without a value, 0..1."""
        return self.n_missing / self.n_rows if self.n_rows else 0.0


def profile(table: Table, preparer: Preparer) -> tuple[ColumnProfile, ...]:
    """Profile every column of a table, in table order."""
    preparation = _learned(table, preparer)
    known = set() if preparation is None else set(preparation.sources)
    return tuple(
        ColumnProfile(
            column,
            table.n_rows,
            *table.tally(column.name),
            Typical() if preparation is None or column.name not in known else preparation.typical(column.name),
            table.shape(column.name),
        )
        for column in table.columns
    )


def _learned(table: Table, preparer: Preparer) -> Preparation | None:
    """Learn what is usual, where there is a column to learn from."""
    try:
        return preparer.learn(table, dtype="float64", scale=False)
    except InvalidData:
        return None
