from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.infrastructure.data.columns.cell_values import ends_of, n_distinct, n_missing, python_values


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


def test_times_are_python_times_unless_that_would_cut_nanoseconds() -> None:
    assert values(pa.array([10**9], pa.timestamp("ns"))) == [datetime(1970, 1, 1, 0, 0, 1)]
    assert values(pa.array([1], pa.timestamp("ns"))) == ["1970-01-01 00:00:00.000000001"]


@pytest.mark.parametrize(
    ("cells", "missing", "distinct"),
    [
        (pa.array([1.0, None, float("nan"), 2.0, 2.0]), 2, 2),
        (pa.array([1.0, float("nan")]), 1, 1),
        (pa.array(["a", "b", None, "a"]), 1, 2),
        (pa.array([True, False, True]), 0, 2),
        (pa.array([date(2024, 1, 1), None]), 1, 1),
        (pa.array([b"x", b"y", None]), 1, 2),
        (pa.nulls(3), 3, 0),
        (pa.array([], pa.float64()), 0, 0),
        (pa.array([[1], [2], None]), 1, None),
        (pa.array([{"a": 1}]), 0, None),
    ],
)
def test_missing_and_different_cells_are_counted(cells: pa.Array, missing: int, distinct: int | None) -> None:
    column = pa.chunked_array([cells])
    assert (n_missing(column), n_distinct(column)) == (missing, distinct)


@given(
    st.lists(st.lists(st.none() | st.floats(), max_size=5), max_size=4),
    st.sampled_from([pa.float64(), pa.float32()]),
)
def test_the_ends_of_fractions_are_those_that_arrow_finds(parts: list[list[float | None]], kind: pa.DataType) -> None:
    cells = pa.chunked_array([pa.array(part, pa.float64()).cast(kind, safe=False) for part in parts], type=kind)
    expected = pc.min_max(cells)
    for end, name in zip(ends_of(cells), ("min", "max"), strict=True):
        assert end.type == kind
        assert np.array_equal(end.as_py(), expected[name].as_py(), equal_nan=end.is_valid)
