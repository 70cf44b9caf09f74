from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest

from pynomaly.domain.errors import ColumnMismatch
from pynomaly.infrastructure.data.columns.arrow_types import plain_column
from pynomaly.infrastructure.data.columns.coercion import as_numbers, as_text, as_times, as_words
from pynomaly.infrastructure.data.columns.numbers_in_text import NumberFormat
from pynomaly.infrastructure.data.columns.times_in_text import TimeFormat


def numbers(cells: pa.Array) -> list[float | None]:
    return as_numbers(plain_column(pa.chunked_array([cells])), NumberFormat(), "amount").to_pylist()


def times(cells: pa.Array) -> list[datetime | None]:
    return as_times(pa.chunked_array([cells]), TimeFormat(), "when").to_pylist()


def words(cells: pa.Array) -> list[str | None]:
    return as_words(plain_column(pa.chunked_array([cells])), "country").to_pylist()


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (pa.array(["1,000", "x"]), [1000.0, None]),
        (pa.array(["5", "7"]).dictionary_encode(), [5.0, 7.0]),
        (pa.array([Decimal("1.25"), None]), [1.25, None]),
        (pa.array([True, None]), [1.0, None]),
        (pa.array([timedelta(minutes=1)]), [60.0]),
        (pa.array([time(0, 1)]), [60.0]),
        (pa.nulls(2), [None, None]),
    ],
)
def test_whatever_can_be_a_number_becomes_one(cells: pa.Array, expected: list[float | None]) -> None:
    assert numbers(cells) == expected


def test_numbers_are_passed_on_without_a_copy() -> None:
    cells = pa.chunked_array([[1, 2]])
    assert as_numbers(cells, NumberFormat(), "amount") is cells


@pytest.mark.parametrize("cells", [pa.array([date(2020, 1, 1)]), pa.array([[1]]), pa.array([b"1"])])
def test_a_type_that_is_no_number_is_refused_by_name(cells: pa.Array) -> None:
    with pytest.raises(ColumnMismatch, match="column 'amount' should hold numbers"):
        numbers(cells)


def test_text_that_is_mostly_no_number_is_refused_with_an_example() -> None:
    with pytest.raises(ColumnMismatch, match="most of its cells do not, such as 'red'"):
        numbers(pa.array(["red"] * 11 + ["1"] * 10))


def test_a_few_unreadable_cells_count_as_missing() -> None:
    assert numbers(pa.array(["red"])) == [None]
    assert numbers(pa.array(["red"] * 10 + ["1"] * 10)).count(None) == 10


def test_a_known_zone_gives_its_own_wall_clock() -> None:
    noon = datetime(2020, 7, 1, 12, tzinfo=UTC)
    assert times(pa.array([noon], pa.timestamp("us", "+02:00"))) == [datetime(2020, 7, 1, 14)]


def test_an_unknown_zone_is_refused_by_name() -> None:
    with pytest.raises(ColumnMismatch, match="time zone 'Nowhere/Land'"):
        times(pa.array([0], pa.timestamp("s", "Nowhere/Land")))


@pytest.mark.parametrize("kind", [pa.date32(), pa.date64(), pa.timestamp("s"), pa.timestamp("ns")])
def test_dates_and_times_of_any_width_are_times(kind: pa.DataType) -> None:
    assert times(pa.array([datetime(2020, 7, 1), None], pa.timestamp("s")).cast(kind)) == [datetime(2020, 7, 1), None]


def test_numbers_are_no_times() -> None:
    with pytest.raises(ColumnMismatch, match="column 'when' should hold dates or times"):
        times(pa.array([1]))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (pa.array(["Tuesday", " tuesday ", "TUESDAY", " ", None]), ["tuesday"] * 3 + [None] * 2),
        (pa.array(["A", "a ", None]).dictionary_encode(), ["a", "a", None]),
        (pa.array([7, None]), ["7", None]),
        (pa.array([7.0, float("nan")]), ["7", None]),
        (pa.array([True]), ["true"]),
    ],
)
def test_words_are_compared_without_case_and_blanks(cells: pa.Array, expected: list[str | None]) -> None:
    assert words(cells) == expected


def test_nested_values_are_no_words() -> None:
    with pytest.raises(ColumnMismatch, match="column 'note' should hold words"):
        as_text(pa.chunked_array([[[1]]]), "note")
