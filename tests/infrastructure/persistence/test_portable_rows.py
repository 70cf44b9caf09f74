import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import JSON, Column, Float, Interval, LargeBinary, MetaData, String, Table, create_engine

from pynomaly.infrastructure.persistence.column_types import Instant, Text
from pynomaly.infrastructure.persistence.database_snapshot import ALL_TABLES
from pynomaly.infrastructure.persistence.portable_rows import from_line, tables_in, to_line

AT = datetime(2024, 2, 29, 12, 0, 0, 123456, tzinfo=UTC)
SAMPLES = {str: "ü\ud800\x00", int: 2**53 + 1, bool: True, float: 0.1 + 0.2, bytes: bytes(range(256))}


def _sample(column):
    if isinstance(column.type, JSON):
        return {"a": [1, None, 1e-300]}
    if isinstance(column.type, Instant):
        return AT
    return SAMPLES[str if isinstance(column.type, Text) else column.type.python_type]


@pytest.mark.parametrize("table", ALL_TABLES.sorted_tables, ids=str)
def test_every_column_that_there_is_survives(table):
    columns = list(table.columns)
    for row in ({column.name: _sample(column) for column in columns}, dict.fromkeys(table.columns.keys())):
        line = to_line(row, columns)
        assert from_line(line, columns) == row
        assert line.endswith(b"\n")
        assert line.isascii()


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, -0.0, 5e-324, 1.7976931348623157e308])
def test_every_float_survives(value):
    column = Column("score", Float(53))
    found = from_line(to_line({"score": value}, [column]), [column])["score"]
    assert repr(found) == repr(value)


def test_times_are_written_in_utc():
    column = Column("at", Instant)
    east = AT.astimezone(timezone(timedelta(hours=5)))
    assert to_line({"at": east}, [column]) == b'{"at":"2024-02-29T12:00:00.123456+00:00"}\n'


def test_a_kind_of_column_nobody_thought_of_is_an_error_and_not_a_guess():
    with pytest.raises(TypeError, match="nobody has said how"):
        to_line({"lasts": timedelta(1)}, [Column("lasts", Interval)])


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b'{"id":"a","at":null,"more":1}',
        b'["a"]',
        b"null",
        b"",
        b'{"id":"a"',
        b'{"id":1,"at":null,"content":null}',
        b'{"id":"a","at":"2024-02-29T12:00:00","content":null}',
        b'{"id":"a","at":5,"content":null}',
        b'{"id":"a","at":null,"content":"%%%"}',
        b'{"id":"a","at":null,"content":"\xff"}',
    ],
)
def test_a_line_that_is_no_row_is_refused(line):
    columns = [Column("id", Text(64)), Column("at", Instant), Column("content", LargeBinary)]
    with pytest.raises((ValueError, TypeError)):
        from_line(line, columns)


def test_tables_are_taken_as_the_database_has_them():
    engine = create_engine("sqlite://")
    Table("shelf", MetaData(), Column("name", String, primary_key=True), Column("at", Instant)).create(engine)
    with engine.connect() as connection:
        (shelf,) = tables_in(connection, ["shelf"])
        assert isinstance(shelf.c.at.type, Instant)
        with pytest.raises(ValueError, match="there is no table attic"):
            tables_in(connection, ["shelf", "attic"])
    engine.dispose()
