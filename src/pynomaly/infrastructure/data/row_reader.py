"""Rows that came inside a request, as a table to score: what its columns mean was settled when a detector learned."""

import math
from collections.abc import Sequence

from pynomaly.application.ports.number_rows import NumberRows
from pynomaly.infrastructure.data.arrow_table import ArrowTable
from pynomaly.infrastructure.data.columns.column_kinds import columns_by_type
from pynomaly.infrastructure.data.formats.arrow_bodies import read_body
from pynomaly.infrastructure.data.formats.json_cells import table_of_cells
from pynomaly.infrastructure.data.raw_table import RawTable

NAME = "the body"


class RowReader:
    """Makes Arrow tables of what a request can hold."""

    def of_numbers(self, rows: NumberRows) -> ArrowTable:
        """Return rows of numbers as the table they would have been."""
        whole = rows.is_whole.tolist()
        cells = [_cells(values.tolist(), is_whole) for values, is_whole in zip(rows.values.T, whole, strict=True)]
        return self.of_cells(rows.columns, cells)

    def of_cells(self, columns: Sequence[str], cells: Sequence[Sequence[object]]) -> ArrowTable:
        """Return JSON's values, one sequence for each column, as a table."""
        return _to_score(table_of_cells(columns, cells))

    def of_arrow(self, body: bytes) -> ArrowTable:
        """Return an Arrow stream or file as a table without copying its numbers, everything in it checked first.

        Raises UnreadableFile.
        """
        return _to_score(read_body(body))


def _to_score(raw: RawTable) -> ArrowTable:
    return ArrowTable(NAME, raw.data, columns_by_type(raw.data), raw.notes)


def _cells(values: list[float], is_whole: bool) -> list[object]:
    if is_whole:
        return [None if math.isnan(value) else int(value) for value in values]
    return [None if math.isnan(value) else value for value in values]
