"""Tables as the application sees them: read from anywhere, described by columns, turned into one matrix."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, Protocol

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.application.ports.number_rows import NumberRows
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
from pynomaly.domain.explanation import Typical
from pynomaly.domain.far_cells import FarCell
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.domain.gower import Aspect
from pynomaly.domain.histogram import Histogram

STANDARD_INPUT = "-"
"""The path that means the stream piped into this process, which can be read once."""


class Table(Protocol):
    """Rows as they came from a source, with a described column each."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns in source order, each with its kind and role."""
        ...

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader noticed and the user should know, one sentence each."""
        ...

    def take(self, rows: Sequence[int]) -> "Table":
        """Return some rows as a table with the same columns."""
        ...

    def fingerprint(self) -> str:
        """Return a SHA-256 (hex) of column names and cell values, independent of file format."""
        ...

    def cells(self, column: str, rows: Sequence[int]) -> list[object]:
        """Return the values of one column at some rows as plain Python objects (None where missing)."""
        ...

    def tally(self, column: str) -> tuple[int, int | None]:
        """Return how many cells of a column are missing, and how many different values the others hold.

        None where values cannot be told apart (lists, structs).
        """
        ...

    def shape(self, column: str) -> Histogram | None:
        """Return how the values of a column are spread, None where that says nothing (keys, lists). Raises NotFound."""
        ...

    def n_repeated_rows(self, columns: Sequence[str]) -> int:
        """Return how many rows hold in some columns what an earlier row holds. Raises NotFound."""
        ...

    def equal_columns(self, columns: Sequence[str]) -> Sequence[Sequence[str]]:
        """Return groups of those columns that hold the same in every row. Raises NotFound."""
        ...

    def columns_in_step(self, columns: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Return pairs of those columns whose numbers rise and fall together; each is the second of one pair at most.

        Raises NotFound.
        """
        ...

    def binary_labels(self, column: str) -> list[bool | None]:
        """Return a label column as true/false per row, None where missing. Raises InvalidLabels, NotFound."""
        ...

    def describe(self, *, roles: Mapping[str, ColumnRole], kinds: Mapping[str, ColumnKind]) -> "Table":
        """Return the same rows with some columns' roles or kinds overridden. Raises ColumnMismatch on unknown names."""
        ...


class TableReader(Protocol):
    """Opens a source: a path, `-` for standard input, or an object already in memory."""

    def read(self, source: object) -> Table:
        """Read the whole source.

        Raises UnreadableFile, EmptyDataset, InvalidData, each with one clear sentence.
        """
        ...


class RowReader(Protocol):
    """Makes tables of rows that came inside a request."""

    def of_numbers(self, rows: NumberRows) -> Table:
        """Return rows of numbers as the table they would have been."""
        ...

    def of_cells(self, columns: Sequence[str], cells: Sequence[Sequence[object]]) -> Table:
        """Return JSON's values, one sequence for each column, as a table. Raises EmptyDataset, InvalidData."""
        ...

    def of_arrow(self, body: bytes) -> Table:
        """Return an Arrow stream or file as a table without copying its numbers, everything in it checked first.

        Raises UnreadableFile, EmptyDataset, InvalidData, each with one clear sentence.
        """
        ...


class Preparation(Protocol):
    """The frozen road from raw columns to the matrix, learned once at fit."""

    @property
    def feature_names(self) -> tuple[str, ...]:
        """One name per matrix feature."""
        ...

    @property
    def sources(self) -> tuple[str, ...]:
        """The column each matrix feature came from, in feature order."""
        ...

    def matrix(self, table: Table) -> FeatureMatrix:
        """Convert a whole table. Raises ColumnMismatch naming what is missing."""
        ...

    def number_matrix(self, rows: NumberRows) -> FeatureMatrix | None:
        """Convert rows of numbers as `matrix` does the same rows as a table; None where that takes a table.

        Raises ColumnMismatch naming what is missing.
        """
        ...

    def features(self, column: str, cells: Sequence[object]) -> FloatMatrix:
        """Convert cells of one learned column (n,) as `matrix` does: (n, features of the column).

        Raises NotFound for a column not learned from, ColumnMismatch.
        """
        ...

    def numbers(self, column: str, cells: Sequence[object]) -> FloatVector | None:
        """Read cells (n,) as numbers, NaN where missing; None if the column was not learned as one of numbers.

        Raises NotFound, ColumnMismatch.
        """
        ...

    def aspects(self, table: Table) -> Iterator[Sequence[Aspect]]:
        """Yield in what the rows of a table are compared, one learned column after the other. Raises ColumnMismatch."""
        ...

    def surprising(self, table: Table) -> frozenset[str]:
        """Return the columns in which some row holds what no training row did. Raises ColumnMismatch."""
        ...

    def blocks(self, table: Table, *, block_rows: int) -> Iterator[FeatureMatrix]:
        """Convert a table block by block, in row order; no block depends on another."""
        ...

    def notes(self, rows: Table | NumberRows) -> tuple[str, ...]:
        """Say, a sentence each, what these rows hold that training had not, and what of them is ignored.

        Rows of numbers are those that `number_matrix` converts.
        """
        ...

    def far_cells(self, table: Table) -> Sequence[FarCell]:
        """Return the cells far outside their learned column, column by column, the farthest first.

        None of a column where they are too many to be its exceptions. Raises ColumnMismatch.
        """
        ...

    def typical(self, column: str) -> Typical:
        """Return what was usual for a column at fit."""
        ...

    def state(self) -> ModelState:
        """Return the frozen steps as plain arrays and JSON."""
        ...


class Preparer(Protocol):
    """Learns preparations."""

    def learn(self, table: Table, *, dtype: Literal["float32", "float64"], scale: bool) -> Preparation:
        """Learn the steps from a table's feature columns. Raises EmptyDataset if none is usable."""
        ...

    def restore(self, state: ModelState) -> Preparation:
        """Rebuild a preparation from its state. Raises CorruptModel."""
        ...
