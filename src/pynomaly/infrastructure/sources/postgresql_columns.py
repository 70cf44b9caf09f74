"""What becomes of PostgreSQL's types: how a column is asked for in CSV, and which Arrow type it is read as."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

_LONGEST_WHOLE = 18
"""Digits that always fit into 64 bits."""


@dataclass(frozen=True, slots=True)
class Described:
    """A column as the server describes it. modifier: what stands in brackets behind a type, packed; -1 for nothing."""

    name: str
    type_id: int
    modifier: int
    type_name: str = ""


@dataclass(frozen=True, slots=True)
class ReadAs:
    """How a column is read. sql: with {} for the column.  is_text: its cells are quoted, so that '' is not NULL."""

    type: pa.DataType
    sql: str = "{}"
    note: str = ""

    @property
    def is_text(self) -> bool:
        """Whether it holds text."""
        return bool(pa.types.is_string(self.type))

    @property
    def is_left_out(self) -> bool:
        """Whether nothing is made of it."""
        return bool(pa.types.is_null(self.type))


TEXT = ReadAs(pa.string(), "{}::text")


@dataclass(frozen=True, slots=True)
class TypeRow:
    """One row of the table. id: the type's number, the same on every server."""

    id: int
    name: str
    how: ReadAs


TYPES = (
    TypeRow(16, "boolean", ReadAs(pa.bool_())),
    TypeRow(21, "smallint", ReadAs(pa.int16())),
    TypeRow(23, "integer", ReadAs(pa.int32())),
    TypeRow(20, "bigint", ReadAs(pa.int64())),
    TypeRow(26, "oid", ReadAs(pa.int64(), "{}::int8")),
    TypeRow(700, "real", ReadAs(pa.float32())),
    TypeRow(701, "double precision", ReadAs(pa.float64())),
    TypeRow(790, "money", ReadAs(pa.float64(), "{}::numeric")),
    TypeRow(1082, "date", ReadAs(pa.date32())),
    TypeRow(1083, "time", ReadAs(pa.time64("us"))),
    TypeRow(1114, "timestamp", ReadAs(pa.timestamp("us"))),
    TypeRow(1184, "timestamp with time zone", ReadAs(pa.timestamp("us", "UTC"))),
    TypeRow(
        1186,
        "interval",
        ReadAs(pa.float64(), "extract(epoch from {})::float8", "holds intervals and was read as seconds"),
    ),
    TypeRow(25, "text", TEXT),
    TypeRow(1043, "character varying", TEXT),
    TypeRow(1042, "character", TEXT),  # without the blanks that fill it up
    TypeRow(18, '"char"', TEXT),
    TypeRow(19, "name", TEXT),
    TypeRow(2950, "uuid", TEXT),
    TypeRow(17, "bytea", ReadAs(pa.null(), note="holds bytes and was left out; a query may encode() it")),
)
"""THE TABLE of types with numbers of their own; enumerations are text, and so, with a note, is every other."""

_BY_ID: Mapping[int, ReadAs] = {row.id: row.how for row in TYPES}
_NUMERIC = 1700
_ENUMERATION = "e"


def how_to_read(column: Described, sort_of: Callable[[int], str]) -> ReadAs:
    """Return how a column is read. sort_of: says what sort of type an unknown one is, "e" for an enumeration."""
    if column.type_id == _NUMERIC:
        return _numeric(column.modifier)
    if column.type_id in _BY_ID:
        return _BY_ID[column.type_id]
    if sort_of(column.type_id) == _ENUMERATION:
        return TEXT
    return ReadAs(pa.string(), TEXT.sql, f"holds {column.type_name} and was read as text")


def _numeric(modifier: int) -> ReadAs:
    """Read whole numbers, which may be keys, without losing a digit; all others as the nearest float."""
    precision, scale = ((modifier - 4) >> 16) & 0xFFFF, (modifier - 4) & 0x7FF
    if modifier < 0 or scale != 0:
        return ReadAs(pa.float64())
    if precision <= _LONGEST_WHOLE:
        return ReadAs(pa.int64(), "nullif({}, 'NaN')")
    return ReadAs(pa.string(), TEXT.sql, f"may hold whole numbers of {precision} digits and was read as text")


def notes_on(columns: Sequence[tuple[str, ReadAs]]) -> tuple[str, ...]:
    """Return a sentence for each column that is not read as what it is. columns: names and how they are read."""
    return tuple(f"Column '{name}' {how.note}." for name, how in columns if how.note)
