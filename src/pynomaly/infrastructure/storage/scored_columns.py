"""The full result of a detection as Arrow columns, in the order people find them in their files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from pynomaly.application.ports.stores import ScoredRows

if TYPE_CHECKING:
    import pyarrow as pa

    from pynomaly.domain.arrays import FloatVector

RESERVED = ("row", "score", "severity", "p_value", "probability", "is_anomaly")


@dataclass(frozen=True, slots=True, eq=False)
class StoredIdentifiers(Sequence[object]):
    """A mapped column of identifiers, each made when it is asked for; a million at once would take 0.1 s."""

    column: "pa.Array"

    def __len__(self) -> int:
        return len(self.column)

    @overload
    def __getitem__(self, row: int) -> object: ...

    @overload
    def __getitem__(self, row: slice) -> list[object]: ...

    def __getitem__(self, row: int | slice) -> object:
        found = self.column[row]
        return found.to_pylist() if isinstance(row, slice) else found.as_py()


def scored_columns(rows: ScoredRows) -> "pa.Table":
    """Return `row` (from 0), the identifier under its own name if there is one, and the five result columns.

    An identifier whose name is one of ours gets the suffix `_id`. `severity` and `probability` are null
    where unknown.
    """
    import numpy as np
    import pyarrow as pa

    n_rows = rows.scores.size
    columns = {"row": pa.array(np.arange(n_rows))}
    if rows.identifiers is not None:
        columns[_identifier_name(rows)] = identifier_column(rows.identifiers)
    columns["score"] = pa.array(rows.scores)
    columns["severity"] = _figures(rows.severities, n_rows)
    columns["p_value"] = pa.array(rows.p_values)
    columns["probability"] = _figures(rows.probabilities, n_rows)
    columns["is_anomaly"] = pa.array(rows.is_anomaly)
    return pa.table(columns)


def identifier_column(values: Sequence[object]) -> "pa.Array":
    """Return identifiers in the type they share; as text where they share none (numbers among words)."""
    import pyarrow as pa

    if isinstance(values, StoredIdentifiers):
        return values.column
    try:
        return pa.array(values)
    except (ValueError, TypeError, OverflowError, NotImplementedError):
        return pa.array([None if value is None else _text(value) for value in values], pa.string())


def _figures(values: "FloatVector | None", n_rows: int) -> "pa.Array":
    import pyarrow as pa

    return pa.nulls(n_rows, pa.float64()) if values is None else pa.array(values)


def _identifier_name(rows: ScoredRows) -> str:
    name = rows.identifier_name or "id"
    return f"{name}_id" if name in RESERVED else name


def _text(value: object) -> str:
    return str(value).encode("utf-8", "backslashreplace").decode("utf-8")
