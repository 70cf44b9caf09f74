"""The rows of a JSON body, checked and turned into columns: lists of cells, or objects with all the same keys."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pynomaly.application.ports.number_rows import NumberRows
from pynomaly.presentation.api.strict_json import Json
from pynomaly.presentation.http.bounds import BOUNDS
from pynomaly.presentation.http.json_faults import escaped
from pynomaly.presentation.http.refusals import Fault, InvalidValues, UnevenRows

EXACT_IN_FLOAT64 = 2**53
_NUMBERS = frozenset({int, float, type(None)})
_ALIKE = "is no object with the keys of the first row; send null for no value"
_SCALARS = _NUMBERS | {bool, str}


@dataclass(frozen=True, slots=True)
class SentColumns:
    """The cells of each column, and the types among them."""

    names: tuple[str, ...]
    cells: Sequence[Sequence[Json]]
    kinds: Sequence[frozenset[type]]

    def as_numbers(self) -> NumberRows | None:
        """Return the rows, if every cell is a number or null and no double would round it."""
        if not all(kinds <= _NUMBERS for kinds in self.kinds):
            return None
        if not all(_are_exact(cells) for cells, kinds in zip(self.cells, self.kinds, strict=True) if int in kinds):
            return None
        values = np.array(self.cells, dtype=np.float64).T  # None becomes NaN
        is_whole = np.array([int in kinds and float not in kinds for kinds in self.kinds])
        return NumberRows(self.names, np.ascontiguousarray(values), is_whole)


def read_columns(rows: Json, columns: tuple[str, ...] | None) -> SentColumns:
    """Turn rows into columns; `columns` names the cells of rows that are lists. Raises InvalidValues with the place."""
    if not isinstance(rows, list) or not 0 < len(rows) <= BOUNDS.json_rows:
        raise _refused("/rows", f"is a list of 1 to {BOUNDS.json_rows} rows; larger tables are uploaded as datasets")
    by_name = isinstance(rows[0], dict)
    names, cells = _of_objects(rows, columns) if by_name else _of_lists(rows, columns)
    kinds = [frozenset(map(type, column)) for column in cells]
    for place, (column, there) in enumerate(zip(cells, kinds, strict=True)):
        _require_scalars(column, there, escaped(names[place]) if by_name else place)
    return SentColumns(names, cells, kinds)


def _of_lists(rows: list[Json], columns: tuple[str, ...] | None) -> tuple[tuple[str, ...], Sequence[Sequence[Json]]]:
    if columns is None:
        raise _refused("/columns", "is missing: it names the cells of rows that are lists")
    for place, row in enumerate(rows):
        if not isinstance(row, list):
            raise _refused(f"/rows/{place}", f"is no list where a list of {len(columns)} cells belongs")
        if len(row) != len(columns):
            raise _uneven(place, f"is {len(row)} cells where a list of {len(columns)} cells belongs")
    return columns, list(zip(*rows, strict=True))


def _of_objects(rows: list[Json], columns: tuple[str, ...] | None) -> tuple[tuple[str, ...], Sequence[Sequence[Json]]]:
    if columns is not None:
        raise _refused("/columns", "goes with rows that are lists; objects name their cells themselves")
    names: tuple[str, ...] = tuple(rows[0])  # type: ignore[arg-type]  # it is an object
    _require_names(names)
    wanted = set(names)
    for place, row in enumerate(rows):
        if not isinstance(row, dict):
            raise _refused(f"/rows/{place}", _ALIKE)
        if row.keys() != wanted:
            raise _uneven(place, _ALIKE)
    return names, [[row[name] for row in rows] for name in names]  # type: ignore[call-overload, index]


def _require_names(names: tuple[str, ...]) -> None:
    if not BOUNDS.columns.least <= len(names) <= BOUNDS.columns.most:
        raise _refused("/rows/0", f"has {len(names)} keys where {BOUNDS.columns.least} to {BOUNDS.columns.most} belong")
    if not all(BOUNDS.column.least <= len(name) <= BOUNDS.column.most for name in names):
        raise _refused("/rows/0", f"has a key that is empty or longer than {BOUNDS.column.most} characters")


def _require_scalars(cells: Sequence[Json], kinds: frozenset[type], column: str | int) -> None:
    if not kinds <= _SCALARS:
        row = next(row for row, cell in enumerate(cells) if type(cell) not in _SCALARS)
        raise _refused(f"/rows/{row}/{column}", "is a list or an object where a single value belongs")
    if str in kinds:
        for row, cell in enumerate(cells):
            if isinstance(cell, str) and len(cell) > BOUNDS.cell.most:
                raise _refused(f"/rows/{row}/{column}", f"is text of more than {BOUNDS.cell.most} characters")


def _are_exact(cells: Sequence[Json]) -> bool:
    return all(-EXACT_IN_FLOAT64 <= cell <= EXACT_IN_FLOAT64 for cell in cells if type(cell) is int)


def _uneven(place: int, reason: str) -> UnevenRows:
    return UnevenRows(faults=[Fault("body", f"/rows/{place}", reason)])


def _refused(pointer: str, reason: str) -> InvalidValues:
    return InvalidValues(faults=[Fault("body", pointer, reason)])
