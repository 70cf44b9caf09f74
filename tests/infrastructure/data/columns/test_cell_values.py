from datetime import datetime
from decimal import Decimal

import pyarrow as pa

from pynomaly.infrastructure.data.columns.cell_values import python_values


def values(cells: pa.Array) -> list[object]:
    return python_values(pa.chunked_array([cells]), range(len(cells)))


def test_rows_come_in_the_order_asked_for() -> None:
    assert python_values(pa.chunked_array([["a", "b"], ["c"]]), [2, 0, 0]) == ["c", "a", "a"]


def test_numbers_and_text_keep_every_digit_and_space() -> None:
    assert values(pa.array([9007199254740993])) == [9007199254740993]
    assert values(pa.array([0.1])) == [0.1]
    assert values(pa.array([" =1+1 "])) == [" =1+1 "]


def test_missing_cells_are_none_whatever_they_are_written_as() -> None:
    assert values(pa.array([None, float("nan")])) == [None, None]


def test_a_decimal_becomes_a_float_only_if_nothing_is_lost() -> None:
    cells = pa.array([Decimal("0.1"), Decimal("1234567890123456789.1")])
    assert values(cells) == [0.1, "1234567890123456789.1"]


def test_times_are_python_times_unless_that_would_cut_nanoseconds() -> None:
    assert values(pa.array([10**9], pa.timestamp("ns"))) == [datetime(1970, 1, 1, 0, 0, 1)]
    assert values(pa.array([1], pa.timestamp("ns"))) == ["1970-01-01 00:00:00.000000001"]
