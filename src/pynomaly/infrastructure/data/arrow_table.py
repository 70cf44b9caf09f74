"""A table in memory: Arrow columns, each with the kind and role that its cells and its name suggest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pyarrow as pa

from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
from pynomaly.domain.errors import ColumnMismatch, CorruptModel, EmptyDataset, NotFound, did_you_mean
from pynomaly.domain.histogram import Histogram
from pynomaly.infrastructure.data.column_shape import shape_of
from pynomaly.infrastructure.data.columns.arrow_types import plain_columns
from pynomaly.infrastructure.data.columns.binary_labels import labels_of
from pynomaly.infrastructure.data.columns.cell_values import n_distinct, n_missing, python_values
from pynomaly.infrastructure.data.columns.column_kinds import describe_columns, with_kind, with_role
from pynomaly.infrastructure.data.columns.fingerprint import content_fingerprint
from pynomaly.infrastructure.data.raw_table import RawTable
from pynomaly.infrastructure.data.repeats import columns_in_step, equal_columns, n_repeated_rows


@dataclass(frozen=True, eq=False)
class ArrowTable:
    """Rows held as Arrow columns; `columns` describes them in the same order."""

    name: str
    data: pa.Table
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()

    @classmethod
    def from_raw(cls, raw: RawTable, *, name: str) -> "ArrowTable":
        """Describe every column of `raw`.

        Raises EmptyDataset if there are no rows or no columns.
        """
        if not raw.data.num_columns or not raw.data.num_rows:
            what = "column names but no rows" if raw.data.num_columns else "no columns"
            raise EmptyDataset(f"{name} has {what}: there is nothing to look at.")
        data = plain_columns(raw.data)
        return cls(name=name, data=data, columns=describe_columns(data), notes=raw.notes)

    @classmethod
    def of_described(cls, data: pa.Table, columns: tuple[Column, ...], *, name: str) -> "ArrowTable":
        """Take rows whose columns were described before: looking at them all again costs seconds.

        Raises CorruptModel where other columns were described.
        """
        if [column.name for column in columns] != data.column_names:
            raise CorruptModel(f"the rows of '{name}' have other columns than it; delete the dataset and load it again")
        return cls(name=name, data=plain_columns(data), columns=columns)

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return int(self.data.num_rows)

    def take(self, rows: Sequence[int]) -> "ArrowTable":
        """Return some rows as a table with the same columns, described as they are here."""
        return replace(self, data=self.data.take(pa.array(rows, type=pa.int64())))

    def fingerprint(self) -> str:
        """Return a SHA-256 (hex) of column names and cell values, independent of file format and chunking."""
        return self._fingerprint

    @cached_property
    def _fingerprint(self) -> str:
        return content_fingerprint(self.data)  # a quarter of a second for a million rows × 20

    def values(self, column: str) -> pa.ChunkedArray:
        """Return one column as it came. Raises NotFound with the closest name."""
        place = self.data.schema.get_field_index(column)
        if place < 0:
            close = did_you_mean(column, self.data.column_names) or "."
            raise NotFound(f"there is no column '{column}' in {self.name}{close}")
        return self.data.column(place)

    def cells(self, column: str, rows: Sequence[int]) -> list[object]:
        """Return the values of one column at some rows as plain Python objects, None where missing."""
        return python_values(self.values(column), rows)

    def tally(self, column: str) -> tuple[int, int | None]:
        """Return the missing cells of a column and its different values, None for lists and structs."""
        cells = self.values(column)
        return n_missing(cells), n_distinct(cells)

    def shape(self, column: str) -> Histogram | None:
        """Return how the values of a column are spread, None for keys, lists and structs. Raises NotFound."""
        described = next((one for one in self.columns if one.name == column), None)
        cells = self.values(column)
        return None if described is None else shape_of(described, cells)

    def n_repeated_rows(self, columns: Sequence[str]) -> int:
        """Return how many rows hold in some columns what an earlier row holds. Raises NotFound."""
        return n_repeated_rows([self.values(column) for column in columns])

    def equal_columns(self, columns: Sequence[str]) -> list[tuple[str, ...]]:
        """Return groups of those columns that hold the same in every row. Raises NotFound."""
        return equal_columns({column: self.values(column) for column in columns})

    def columns_in_step(self, columns: Sequence[str]) -> list[tuple[str, str]]:
        """Return pairs of those columns whose numbers rise and fall together. Raises NotFound."""
        return columns_in_step({column: self.values(column) for column in columns})

    def binary_labels(self, column: str) -> list[bool | None]:
        """Return a label column as true (an anomaly) or false per row, None where missing.

        Raises InvalidLabels if it does not hold exactly two values, NotFound for an unknown column.
        """
        return labels_of(self.values(column), column).per_row

    def describe(self, *, roles: Mapping[str, ColumnRole], kinds: Mapping[str, ColumnKind]) -> "ArrowTable":
        """Return the same rows with some columns' roles or kinds overridden.

        A column given a new kind takes that kind's usual role unless a role is given too.
        Raises ColumnMismatch on names that are not in the table.
        """
        there = set(self.data.column_names)
        for name in (*roles, *kinds):
            if name not in there:
                close = did_you_mean(name, there) or "."
                raise ColumnMismatch(f"column '{name}' is not in {self.name}{close}")
        given = []
        for column in self.columns:
            kind, role = kinds.get(column.name), roles.get(column.name)
            column = with_kind(column, kind) if kind is not None else column
            if column.role is ColumnRole.TIME and ColumnRole.TIME in roles.values():
                column = column.with_role(ColumnRole.FEATURE)  # the time axis was named, and it may be another
            given.append(with_role(column, role, self.values(column.name)) if role is not None else column)
        return replace(self, columns=tuple(given))
