"""From raw columns to the one numeric matrix: the only conversion in the system, learned at fit and frozen."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

import numpy as np
import pyarrow as pa

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.application.ports.number_rows import NumberRows
from pynomaly.application.ports.tables import Table
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.columns import Column, features_of, require_columns
from pynomaly.domain.errors import CorruptModel, EmptyDataset, NotFound, did_you_mean
from pynomaly.domain.explanation import Typical
from pynomaly.domain.far_cells import FarCell
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.domain.gower import Aspect
from pynomaly.infrastructure.data.arrow_table import ArrowTable
from pynomaly.infrastructure.data.columns.arrow_types import plain_column
from pynomaly.infrastructure.data.number_road import NumberRoad, number_road
from pynomaly.infrastructure.data.steps.catalog import learn_step, restore_step
from pynomaly.infrastructure.data.steps.number_step import NumberStep, differences
from pynomaly.infrastructure.data.steps.preparation_step import PreparationStep

FORMAT = 1
BLOCK_ROWS = 65_536
ROWS_IN_CACHE = 16_384  # rows written at a time: one column of them fits a core's own cache
FEWEST_BLOCKS_PER_THREAD = 2  # below, starting a thread costs more than it saves

Precision = Literal["float32", "float64"]


@dataclass(frozen=True, slots=True, eq=False)
class ArrowPreparation:
    """The frozen steps of all learned columns, in table order.

    A row's features depend on the row and these steps only: alone, in any batch and in any order of
    columns it gets the same bits. Columns that were not learned from are ignored.
    feature_names: one name per matrix feature.  learned: the columns' names.  short_road: where all are numbers.
    """

    dtype: Precision
    steps: tuple[PreparationStep, ...]
    feature_names: tuple[str, ...] = field(init=False, repr=False)
    learned: frozenset[str] = field(init=False, repr=False)
    short_road: NumberRoad | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        names = tuple(name for step in self.steps for name in step.features)
        object.__setattr__(self, "feature_names", names)
        object.__setattr__(self, "learned", frozenset(step.column for step in self.steps))
        object.__setattr__(self, "short_road", number_road(self.steps))

    @property
    def sources(self) -> tuple[str, ...]:
        """The column each matrix feature came from, in feature order."""
        return tuple(step.column for step in self.steps for _ in step.features)

    def matrix(self, table: Table) -> FeatureMatrix:
        """Convert a whole table into one row-major array.

        Raises ColumnMismatch naming a learned column that is missing or holds something else.
        """
        read = self._read(table)
        values = np.empty((table.n_rows, len(self.feature_names)), dtype=self.dtype)
        self._fill(read, 0, values)
        return FeatureMatrix(values, self.feature_names)

    def number_matrix(self, rows: NumberRows) -> FeatureMatrix | None:
        """Convert rows of numbers as `matrix` converts the same rows as a table, without making one.

        None where that takes the table: a column was learned as something else than numbers, or as integers which
        no float64 holds. Raises ColumnMismatch as `matrix` does.
        """
        if self.short_road is None:
            return None
        values = np.empty((rows.n_rows, len(self.feature_names)), dtype=self.dtype)
        return FeatureMatrix(values, self.feature_names) if self.short_road.fill(rows, values) else None

    def blocks(self, table: Table, *, block_rows: int = BLOCK_ROWS) -> Iterator[FeatureMatrix]:
        """Convert a table block by block, in row order. Raises ColumnMismatch before the first block."""
        return self._blocks(self._read(table), table.n_rows, block_rows)

    def features(self, column: str, cells: Sequence[object]) -> FloatMatrix:
        """Convert cells of one learned column, one row each, as `matrix` does. Raises NotFound, ColumnMismatch."""
        step = self._step(column)
        read = step.read(plain_column(pa.chunked_array([pa.array(cells)])))
        values = np.empty((len(cells), len(step.features)), dtype=self.dtype)
        step.fill(_whole(read), values)
        return values

    def numbers(self, column: str, cells: Sequence[object]) -> FloatVector | None:
        """Read cells as numbers, NaN where missing; None if the column was not learned as one of numbers.

        Raises NotFound, ColumnMismatch.
        """
        step = self._step(column)
        if not isinstance(step, NumberStep):
            return None
        read = step.read(plain_column(pa.chunked_array([pa.array(cells)])))
        return differences(_whole(read), 0)

    def aspects(self, table: Table) -> Iterator[Sequence[Aspect]]:
        """Yield in what the rows of a table are compared, one learned column after the other. Raises ColumnMismatch."""
        arrow = as_arrow_table(table)
        require_columns([step.column for step in self.steps], arrow.data.column_names)
        return (step.aspects(arrow.values(step.column)) for step in self.steps)

    def surprising(self, table: Table) -> frozenset[str]:
        """Return the columns in which some row holds what no training row did: a word, or nothing at all."""
        read = zip(self.steps, self._read(table), strict=True)
        return frozenset(step.column for step, cells in read if step.surprises(cells))

    def notes(self, rows: Table | NumberRows) -> tuple[str, ...]:
        """Say in one sentence each what these rows hold that training had not, and what is ignored of them."""
        if isinstance(rows, NumberRows):
            return self._ignored(rows.columns) + (self.short_road.surprises(rows) if self.short_road else ())
        read = self._read(rows)
        surprises = (note for step, cells in zip(self.steps, read, strict=True) for note in step.surprises(cells))
        return (*self._ignored([column.name for column in features_of(rows.columns)]), *surprises)

    def _ignored(self, columns: Sequence[str]) -> tuple[str, ...]:
        extra = [name for name in columns if name not in self.learned]
        return (f"ignored, not in training: {', '.join(extra[:8])}{' …' if len(extra) > 8 else ''}",) * bool(extra)

    def far_cells(self, table: Table) -> Sequence[FarCell]:
        """Return the cells far outside their column of numbers, the farthest of each first. Raises ColumnMismatch."""
        read = zip(self.steps, self._read(table), strict=True)
        return [cell for step, cells in read if isinstance(step, NumberStep) for cell in step.far_cells(cells)]

    def typical(self, column: str) -> Typical:
        """Return what was usual for a column at fit. Raises NotFound for a column not learned from."""
        return self._step(column).typical

    def _step(self, column: str) -> PreparationStep:
        for step in self.steps:
            if step.column == column:
                return step
        known = [step.column for step in self.steps]
        raise NotFound(f"nothing was learned from a column '{column}'{did_you_mean(column, known) or '.'}")

    def state(self) -> ModelState:
        """Return the frozen steps as JSON."""
        return ModelState(
            scalars={"format": FORMAT, "dtype": self.dtype, "steps": [step.state() for step in self.steps]}
        )

    def _read(self, table: Table) -> list[pa.ChunkedArray]:
        """Type every learned column; columns that Arrow has typed already are not copied."""
        arrow = as_arrow_table(table)
        require_columns([step.column for step in self.steps], arrow.data.column_names)
        return [step.read(arrow.values(step.column)) for step in self.steps]

    def _blocks(self, read: Sequence[pa.ChunkedArray], n_rows: int, block_rows: int) -> Iterator[FeatureMatrix]:
        names = self.feature_names
        for start in range(0, n_rows, block_rows):
            values = np.empty((min(block_rows, n_rows - start), len(names)), dtype=self.dtype)
            self._fill(read, start, values)
            yield FeatureMatrix(values, names)

    def _fill(self, read: Sequence[pa.ChunkedArray], first_row: int, out: FloatMatrix) -> None:
        starts = range(0, len(out), ROWS_IN_CACHE)
        n_threads = min(int(pa.cpu_count()), len(starts) // FEWEST_BLOCKS_PER_THREAD)
        fill = partial(self._fill_block, read, first_row, out)
        if n_threads < 2:
            for start in starts:
                fill(start)
            return
        with ThreadPoolExecutor(n_threads) as threads:
            list(threads.map(fill, starts))

    def _fill_block(self, read: Sequence[pa.ChunkedArray], first_row: int, out: FloatMatrix, start: int) -> None:
        rows = out[start : start + ROWS_IN_CACHE]
        place = 0
        for step, cells in zip(self.steps, read, strict=True):
            width = len(step.features)
            step.fill(_whole(cells.slice(first_row + start, len(rows))), rows[:, place : place + width])
            place += width


class ArrowPreparer:
    """Learns preparations from Arrow tables."""

    def learn(self, table: Table, *, dtype: Precision, scale: bool) -> ArrowPreparation:
        """Learn the steps from a table's feature columns.

        scale: bring all features to one spread and damp far values, for algorithms that measure distances.
        Raises EmptyDataset if no column is usable, ColumnMismatch if a column cannot be read as the kind it was given.
        """
        arrow = as_arrow_table(table)
        learned = (learn_step(column, arrow.values(column.name), scale=scale) for column in features_of(table.columns))
        steps = tuple(step for step in learned if step is not None and step.features)
        if not steps:
            reasons = "; ".join(f"{column.name}: {_why_not(column)}" for column in table.columns[:8])
            raise EmptyDataset(f"no column of {arrow.name} can be learned from ({reasons}).")
        return ArrowPreparation(dtype, steps)

    def restore(self, state: ModelState) -> ArrowPreparation:
        """Rebuild a preparation from its state. Raises CorruptModel."""
        scalars = state.scalars
        dtype, steps = scalars.get("dtype"), scalars.get("steps")
        if scalars.get("format") != FORMAT or dtype not in ("float32", "float64") or not isinstance(steps, list):
            raise CorruptModel(f"preparation: expected format {FORMAT} with a dtype and a list of steps")
        restored = tuple(restore_step(fields) for fields in steps)
        columns = {step.column for step in restored}
        if not restored or len(columns) != len(restored):
            raise CorruptModel("preparation: needs one step per column, and at least one")
        return ArrowPreparation("float32" if dtype == "float32" else "float64", restored)


def as_arrow_table(table: Table) -> ArrowTable:
    """Return the table as the one kind of table that this room builds."""
    if not isinstance(table, ArrowTable):
        raise TypeError(f"expected an ArrowTable, got {type(table).__name__}")
    return table


def _why_not(column: Column) -> str:
    return column.note or ("nothing in it repeats or varies" if column.is_feature else column.role.value)


def _whole(cells: pa.ChunkedArray) -> pa.Array:
    """Return a few cells as one array; text readers leave chunks so small that a call for each costs more."""
    return cells.chunk(0) if cells.num_chunks == 1 else cells.combine_chunks()
