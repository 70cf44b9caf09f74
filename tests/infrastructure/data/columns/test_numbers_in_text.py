import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.infrastructure.data.columns.numbers_in_text import NumberFormat, number_format_of, parse_numbers

POINT, COMMA = NumberFormat(), NumberFormat(decimal_comma=True)


def read(cells: list[str | None], number_format: NumberFormat = POINT) -> list[float | None]:
    return parse_numbers(pa.chunked_array([pa.array(cells, type=pa.string())]), number_format).to_pylist()


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12", 12.0),
        (" 1.5 ", 1.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("1,234.50", 1234.5),
        ("1,234,567", 1234567.0),
        ("12,34,567.8", 1234567.8),  # Indian grouping
        ("1 234.5", 1234.5),
        ("1\u00a0234\u202f567", 1234567.0),
        ("1'234.5", 1234.5),
        ("5 %", 5.0),
        ("5.00%", 5.0),
        ("(3.20)", -3.2),
        ("( 3.20 )", -3.2),
        ("$4.10", 4.1),
        ("-$4.10", -4.1),
        ("€ 1,000", 1000.0),
        ("7 €", 7.0),
        ("12 EUR", 12.0),
        ("−2", -2.0),
        ("1.2e+01", 12.0),
        ("1e400", math.inf),
        ("-1e400", -math.inf),
        ("inf", math.inf),
    ],
)
def test_a_number_is_understood_as_people_write_it(cell: str, number: float) -> None:
    assert read([cell, "no number"]) == [number, None]


@pytest.mark.parametrize(
    "cell", ["abc", "1 2", "12,34", "0,123", "1-2", "--3", "(−3)", "1.2.3", "0x10", "1e", "%", "12 apples"]
)
def test_what_is_no_number_stays_missing(cell: str) -> None:
    assert read([cell]) == [None]


def test_blanks_and_nulls_are_missing() -> None:
    assert read(["", "  ", None, "1"]) == [None, None, None, 1.0]


@pytest.mark.parametrize(
    ("cell", "number"),
    [("0,5", 0.5), ("1.234,5", 1234.5), ("1.234", 1234.0), ("-3,2e-1", -0.32), ("7", 7.0), ("5,0 %", 5.0)],
)
def test_a_decimal_comma_is_understood(cell: str, number: float) -> None:
    assert read([cell, "no number"], COMMA) == [number, None]


def test_a_column_of_decimal_commas_is_recognised_as_a_whole() -> None:
    assert number_format_of(pa.chunked_array([["0,125", "1,234", "7"]])).decimal_comma


def test_commas_between_groups_of_three_alone_are_thousands() -> None:
    assert not number_format_of(pa.chunked_array([["1,234", "7"]])).decimal_comma


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=20))
def test_every_float_python_writes_is_read_back_exactly(numbers: list[float]) -> None:
    assert read([repr(number) for number in numbers]) == numbers


@given(st.lists(st.text(alphabet="0123456789.,%$()-+e '", max_size=8), min_size=1, max_size=12), st.booleans())
def test_a_cell_reads_the_same_alone_and_in_company(cells: list[str], decimal_comma: bool) -> None:
    number_format = NumberFormat(decimal_comma)
    together = np.array(read(cells, number_format), dtype=float)
    alone = np.array([read([cell], number_format)[0] for cell in cells], dtype=float)
    assert together.tobytes() == alone.tobytes()


def test_a_minus_after_the_number_is_read_as_one_before_it() -> None:
    cells = ["1.500,00-", "1.250,50", "7 -", "-5-", "3-4", "1.000,00- EUR"]
    assert read(cells, NumberFormat(decimal_comma=True)) == [-1500.0, 1250.5, -7.0, None, None, -1000.0]
