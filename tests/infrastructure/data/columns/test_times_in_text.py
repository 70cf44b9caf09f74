from datetime import datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.infrastructure.data.columns.times_in_text import TimeFormat, parse_times, time_format_of

MONTH_FIRST, DAY_FIRST = TimeFormat(), TimeFormat(day_first=True)


def read(cells: list[str | None], time_format: TimeFormat = MONTH_FIRST) -> list[datetime | None]:
    return parse_times(pa.chunked_array([pa.array(cells, type=pa.string())]), time_format).to_pylist()


@pytest.mark.parametrize(
    "cell",
    [
        "2014-07-03 00:30:00",
        "2014-07-03T00:30",
        "2014/07/03 0:30",
        "07/03/2014 00:30",
        "7/3/2014 12:30 AM",
        "3-Jul-2014 00:30:00",
        "3 July 2014 00:30",
        "Thu, 03 Jul 2014 00:30:00 GMT",
        "Jul 3, 2014 00:30",
        "2014-07-03T00:30:00.123456",
        "2014-07-03T00:30:00Z",
        "2014-07-03T00:30:00+02:00",
        "2014-07-03T00:30:00-0500",
        "1404347400",
        "1404347400000",
    ],
)
def test_a_time_is_understood_in_many_layouts_as_its_wall_clock(cell: str) -> None:
    assert read([cell, "no time"]) == [datetime(2014, 7, 3, 0, 30), None]


def test_a_date_alone_is_midnight() -> None:
    assert read(["2014-07-03", "x"]) == [datetime(2014, 7, 3), None]


def test_afternoon_hours_count_from_noon() -> None:
    assert read(["7/3/2014 1:05 PM", "7/3/2014 12:05 pm"]) == [datetime(2014, 7, 3, 13, 5), datetime(2014, 7, 3, 12, 5)]


@pytest.mark.parametrize(
    "cell",
    [
        "2014-13-01",
        "2014-02-30",
        "31/31/2014",
        "2014-07-03 25:00",
        "10.0.0.1",
        "12",
        "2014-07-03 12",
        "2014-07-03T1230",
        "3 Foo 2014",
        "",
    ],
)
def test_what_is_no_time_stays_missing(cell: str) -> None:
    assert read([cell]) == [None]


def test_a_leap_day_exists_in_leap_years_only() -> None:
    assert read(["29-Feb-2016", "29-Feb-2015", "29-Feb-1900"]) == [datetime(2016, 2, 29), None, None]


def test_one_day_above_twelve_decides_for_the_whole_column() -> None:
    assert time_format_of(pa.chunked_array([["03/04/2014", "31/04/2014", "x"]])) == DAY_FIRST
    assert time_format_of(pa.chunked_array([["03/04/2014", "04/31/2014", None]])) == MONTH_FIRST


def test_dots_mean_day_first() -> None:
    assert time_format_of(pa.chunked_array([["03.04.2014"]])).day_first


def test_an_ambiguous_column_is_read_month_first_and_says_so() -> None:
    ambiguous = time_format_of(pa.chunked_array([["03/04/2014"]]))
    assert not ambiguous.day_first
    assert "month first" in ambiguous.note


def test_an_impossible_month_is_read_the_only_possible_way() -> None:
    assert read(["31/07/2014"], MONTH_FIRST) == read(["07/31/2014"], DAY_FIRST) == [datetime(2014, 7, 31)]


@given(st.lists(st.datetimes(datetime(1700, 1, 1), datetime(2200, 1, 1)), min_size=1, max_size=10), st.booleans())
def test_a_cell_reads_the_same_alone_and_in_company(times: list[datetime], day_first: bool) -> None:
    layouts = ("%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S" if day_first else "%m/%d/%Y %H:%M:%S", "%d-%b-%Y %H:%M:%S")
    expected = [time.replace(microsecond=0) for time in times]
    cells = [time.strftime(layouts[i % 3]) for i, time in enumerate(times)]
    assert read([*cells, "x"], TimeFormat(day_first)) == [*expected, None]
    assert [read([cell], TimeFormat(day_first))[0] for cell in cells] == expected
