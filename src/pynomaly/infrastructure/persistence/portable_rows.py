"""Rows as lines of JSON that mean the same on every database: times in ISO 8601, bytes in base64, the rest as it is."""

import base64
import json
import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    RowMapping,
    String,
    Table,
    event,
)
from sqlalchemy import DateTime as AnyTime
from sqlalchemy.types import TypeDecorator, TypeEngine

from pynomaly.infrastructure.persistence.column_types import Instant, json_text

_PLAIN = (String, Integer, Boolean, JSON)


def to_line(row: RowMapping, columns: Sequence[Column[Any]]) -> bytes:
    """Return a row as one line."""
    values = {column.name: _written(row[column.name], column) for column in columns}
    return (json_text(values) + "\n").encode("ascii")


def from_line(line: bytes, columns: Sequence[Column[Any]]) -> dict[str, Any]:
    """Return the row of a line. Raises ValueError, TypeError if it is none of these columns."""
    values = json.loads(line)
    if not isinstance(values, dict) or set(values) != {column.name for column in columns}:
        raise ValueError("its columns are not those of the table")
    return {column.name: _read(values[column.name], column) for column in columns}


def lines_of(connection: Connection, table: Table, *, at_once: int) -> Iterator[bytes]:
    """Yield the rows of a table in the order of its primary key, a few in memory at a time."""
    columns = list(table.columns)
    query = table.select().order_by(*table.primary_key.columns).execution_options(yield_per=at_once)
    for row in connection.execute(query).mappings():
        yield to_line(row, columns)


def tables_in(connection: Connection, names: Sequence[str]) -> list[Table]:
    """Return tables as the database has them now, not as the program describes them. Raises ValueError for none."""
    found = MetaData()
    event.listen(found, "column_reflect", _with_our_types)
    found.reflect(connection, only=lambda name, _: name in names)
    if missing := set(names) - set(found.tables):
        raise ValueError(f"there is no table {min(missing)}")
    return [found.tables[name] for name in names]


def _with_our_types(_inspector: Any, _table: Any, column: Any) -> None:
    """Read times as moments in UTC, and nothing as nothing: JSON's own null is only where a column is never empty."""
    if isinstance(column["type"], AnyTime):
        column["type"] = Instant()
    elif isinstance(column["type"], JSON):
        column["type"] = JSON(none_as_null=column["nullable"])


def _written(value: Any, column: Column[Any]) -> Any:
    kind = _plain(column.type)
    if value is None or isinstance(kind, _PLAIN):
        return value
    if isinstance(kind, Instant):
        return value.astimezone(UTC).isoformat()
    if isinstance(kind, LargeBinary):
        return base64.b64encode(value).decode("ascii")
    if isinstance(kind, Float):
        return value if math.isfinite(value) else str(value)
    raise TypeError(f"nobody has said how {column} ({kind!r}) is written to a backup")


def _read(value: Any, column: Column[Any]) -> Any:
    kind = _plain(column.type)
    if value is None or isinstance(kind, JSON):
        return value
    if isinstance(kind, Instant):
        return _moment(value)
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value, validate=True)
    if isinstance(kind, Float):
        return float(value)
    if type(value) is not kind.python_type:
        raise TypeError(f"{column.name} is no {kind.python_type.__name__}")
    return value


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment


def _plain(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return what a type of our own is to the database; moments are told from plain times."""
    return kind.impl_instance if isinstance(kind, TypeDecorator) and not isinstance(kind, Instant) else kind
