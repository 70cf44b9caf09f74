"""JSON's values as columns of a table: each column in the type its cells share, as text where they share none."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from pynomaly.infrastructure.data.formats.column_names import unique_names
from pynomaly.infrastructure.data.formats.plain_cells import settled
from pynomaly.infrastructure.data.raw_table import RawTable

_DEEPEST = 32
"""Levels of lists and objects in a column; Arrow's files hold 64."""


def table_of_cells(columns: Sequence[str], cells: Iterable[Sequence[Any]]) -> RawTable:
    """Return a table of the values in each column, as a JSON parser gives them.

    Objects and lists stay one column: as Arrow structs or lists where all rows agree on their shape, else as JSON text.
    """
    notes: list[str] = []
    arrays = []
    for name, values in zip(columns, cells, strict=True):
        array, note = _column(values)
        arrays.append(array)
        notes.extend([f"Column '{_encodable(name)}' {note}"] if note else [])
    names, name_notes = unique_names([_encodable(name) for name in columns])
    data, cell_notes = settled(pa.Table.from_arrays(arrays, names=names))
    return RawTable(data, (*notes, *name_notes, *cell_notes))


def _column(values: Sequence[Any]) -> tuple[pa.Array, str]:
    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return pa.nulls(len(values)), ""
    if kinds <= {int, float}:
        return _numbers(values)
    if kinds == {bool}:
        return pa.array(values, pa.bool_()), ""
    if kinds == {str}:
        return _texts(values), ""
    if kinds <= {dict, list}:
        return _nested(values)
    return _texts(values), "mixes types of value; it was read as text."


def _numbers(values: Sequence[Any]) -> tuple[pa.Array, str]:
    is_whole = not any(isinstance(value, float) for value in values)
    try:
        return pa.array(values, pa.int64() if is_whole else pa.float64()), ""
    except (pa.ArrowInvalid, OverflowError):
        return _texts(values), ""  # `settled` keeps overlong numbers as text and says so


def _nested(values: Sequence[Any]) -> tuple[pa.Array, str]:
    try:
        array = pa.array(values)
    except MemoryError:
        raise
    except (pa.ArrowException, ValueError, OverflowError, RecursionError):
        return _texts(values), "holds objects or lists of different shapes; they were kept as JSON text."
    if _is_deep(array.type):
        return _texts(values), "holds deeply nested objects or lists; they were kept as JSON text."
    return array, ""


def _is_deep(kind: pa.DataType) -> bool:
    layer = [kind]
    for _ in range(_DEEPEST):
        layer = [inner.field(place).type for inner in layer for place in range(inner.num_fields)]
    return bool(layer)


def _texts(values: Sequence[Any]) -> pa.Array:
    return pa.array([None if value is None else _encodable(_written(value)) for value in values], pa.string())


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _encodable(text: str) -> str:
    """Return the text with half characters (lone surrogates), which no encoding can hold, replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")
