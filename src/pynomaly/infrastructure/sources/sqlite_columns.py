"""What becomes of SQLite's columns: a cell may be of any type there, so all of them are looked at first."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

_CELL_TYPES = ("integer", "real", "text", "blob")


@dataclass(frozen=True, slots=True)
class Selected:
    """The rows that were asked for. given: the names of their columns, which need not be unique."""

    rows: str
    given: Sequence[str]
    most_rows: int

    @property
    def places(self) -> list[str]:
        """Names of our own for the columns."""
        return [f"c{place}" for place in range(len(self.given))]

    def sql(self, wanted: str) -> str:
        """Return the SELECT of something from the rows."""
        inner = f"WITH s({', '.join(self.places)}) AS (\n{self.rows}\n)"
        return f"{inner} SELECT {wanted} FROM (SELECT * FROM s LIMIT {self.most_rows})"  # noqa: S608  it can only read


@dataclass(frozen=True, slots=True)
class ReadAs:
    """How a column is read. sql: what is asked for."""

    type: pa.DataType
    sql: str
    note: str = ""
    is_left_out: bool = False


def how_to_read(connection: sqlite3.Connection, selected: Selected) -> list[ReadAs]:
    """Return how each column is read, after a look at every cell."""
    questions = [f"max(typeof({place}) = '{kind}')" for place in selected.places for kind in _CELL_TYPES]
    answers = list(connection.execute(selected.sql(", ".join(questions))).fetchone())
    width = len(_CELL_TYPES)
    per_column = [answers[start : start + width] for start in range(0, len(answers), width)]
    return [
        _read_as(place, {kind for kind, is_there in zip(_CELL_TYPES, found, strict=True) if is_there})
        for place, found in zip(selected.places, per_column, strict=True)
    ]


def _read_as(place: str, found: set[str]) -> ReadAs:
    """Read numbers as numbers; what is mixed with words as words; bytes not at all."""
    words = f"CASE typeof({place}) WHEN 'blob' THEN NULL ELSE CAST({place} AS TEXT) END"
    number = f"CASE typeof({place}) WHEN 'blob' THEN NULL ELSE {place} END"
    note = "holds bytes, which were left out" if "blob" in found else ""
    match sorted(found - {"blob"}):
        case [] if "blob" in found:
            return ReadAs(pa.null(), "NULL", "holds bytes and was left out; a query may ask for hex() of it", True)
        case []:
            return ReadAs(pa.null(), place)
        case ["integer"]:
            return ReadAs(pa.int64(), number, note)
        case ["real"] | ["integer", "real"]:
            return ReadAs(pa.float64(), f"CAST({number} AS REAL)", note)
        case ["text"]:
            return ReadAs(pa.string(), words, note)
    return ReadAs(pa.string(), words, note or "mixes types of value; it was read as text")
