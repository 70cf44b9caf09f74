from datetime import date, datetime, time

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.domain.columns import Column, ColumnKind
from pynomaly.domain.histogram import MAX_BINS, NumberBins, TimeBins, TopValues
from pynomaly.infrastructure.data.column_shape import number_bins, shape_of, time_bins, top_values


def chunked(values, kind=None, *, cut=None):
    whole = pa.array(values, type=kind)
    return pa.chunked_array([whole] if cut is None else [whole.slice(0, cut), whole.slice(cut)])


def shape(kind, values, arrow=None):
    return shape_of(Column("x", kind), chunked(values, arrow))


def test_a_bell_is_held_whole_and_counted_as_numpy_counts_it():
    values = np.random.default_rng(0).normal(50.0, 10.0, 20_000)
    bins = number_bins(chunked(values, cut=7_000))
    assert len(bins.counts) == MAX_BINS
    assert bins.n_below + bins.n_above + sum(bins.counts) == 20_000
    assert bins.n_below + bins.n_above <= 2
    counts, _ = np.histogram(values, bins=np.array(bins.edges))
    assert list(bins.counts) == counts.tolist()
    assert (bins.least, bins.greatest) == (values.min(), values.max())


def test_a_cell_far_out_is_told_apart_and_does_not_flatten_the_rest():
    values = np.append(np.linspace(0.0, 100.0, 1_000), [1e9, np.inf, -np.inf])
    bins = number_bins(chunked(values))
    assert (bins.n_below, bins.n_above, bins.greatest) == (1, 2, 1e9)
    assert bins.edges[-1] < 200.0
    assert sum(bins.counts) == 1_000


def test_whole_numbers_lie_in_the_middle_of_bins_of_one_width():
    few = number_bins(chunked([1, 2, 2, 3, 6] * 30))
    assert few.edges == (0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5)
    assert few.counts == (30, 60, 30, 0, 0, 30)
    many = number_bins(chunked(list(range(100))))
    assert set(np.diff(many.edges)) == {4.0}
    assert many.counts == (4,) * 25


def test_missing_cells_are_not_counted():
    assert number_bins(chunked([None, 1.0, np.nan, 2.0])).counts.count(1) == 2
    assert number_bins(chunked([None, np.nan, np.inf], pa.float64())) is None
    assert number_bins(chunked([], pa.float64())) is None


@pytest.mark.parametrize(
    "values",
    [[5.0] * 9, [1e308, -1e308, 0.0], [1.0, 1.0 + 2e-16], [2**62, 2**62 + 1], [0.0] * 500 + [1e300]],
)
def test_numbers_that_hardly_differ_or_hardly_fit_are_one_bin_or_more_and_all_there(values):
    bins = number_bins(chunked(values))
    assert sum(bins.counts) + bins.n_below + bins.n_above == len(values)


@given(st.lists(st.one_of(st.none(), st.floats(), st.floats(-10, 10)), max_size=40))
def test_every_number_is_counted_once(values):
    bins = number_bins(chunked(values, pa.float64()))
    n_there = sum(value is not None and not np.isnan(value) for value in values)
    if bins is not None:
        assert len(bins.edges) == len(bins.counts) + 1 <= MAX_BINS + 1
        assert sum(bins.counts) + bins.n_below + bins.n_above == n_there


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=40))
def test_every_whole_number_is_counted_once(values):
    bins = number_bins(chunked(values, pa.int64()))
    assert sum(bins.counts) + bins.n_below + bins.n_above == len(values)
    assert len(bins.counts) <= MAX_BINS


def test_numbers_in_text_are_read_as_they_are_for_detection():
    bins = shape(ColumnKind.NUMBER_TEXT, ["$1,000.50", "2 000", "n/a", None, "(3.20)"] * 20)
    assert isinstance(bins, NumberBins)
    assert (bins.least, bins.greatest) == (-3.2, 2000.0)
    assert sum(bins.counts) == 60


def test_durations_are_counted_in_seconds():
    bins = shape(ColumnKind.NUMBER, [time(0, 0, 5), time(0, 1, 0)])
    assert (bins.least, bins.greatest) == (5.0, 60.0)


def test_times_are_counted_in_equal_spans_on_their_own_clock():
    bins = shape(ColumnKind.TIME, [datetime(2026, 1, 1, hour) for hour in range(24)] + [None])
    assert isinstance(bins, TimeBins)
    assert bins.edges[0] == datetime(2026, 1, 1)
    assert bins.edges[-1] > datetime(2026, 1, 1, 23)
    assert len({after - before for before, after in zip(bins.edges, bins.edges[1:], strict=False)}) == 1
    assert (sum(bins.counts), len(bins.counts), bins.is_ascending) == (24, 30, True)


def test_days_are_never_cut():
    bins = shape(ColumnKind.TIME, [date(2026, 1, day) for day in (3, 1, 2, 2)])
    assert bins.edges == (datetime(2026, 1, 1), datetime(2026, 1, 2), datetime(2026, 1, 3), datetime(2026, 1, 4))
    assert (bins.counts, bins.is_ascending) == ((1, 2, 1), False)


def test_times_in_text_are_read():
    bins = shape(ColumnKind.TIME, ["31.12.2025 10:00", "01.01.2026 11:00"] * 20)
    assert (bins.edges[0], sum(bins.counts)) == (datetime(2025, 12, 31, 10), 40)


def test_times_that_no_calendar_here_holds_have_no_shape():
    far = chunked([0, 10**14], pa.int64()).cast(pa.timestamp("s"))
    assert time_bins(far) is None
    assert time_bins(far.slice(0, 0)) is None
    end = chunked([253_402_300_799], pa.int64()).cast(pa.timestamp("s"))
    assert time_bins(end).counts == (1,)


@given(st.lists(st.integers(-62_135_596_800, 253_402_300_799), min_size=1, max_size=30))
def test_every_time_is_counted_once(seconds):
    bins = time_bins(chunked(seconds, pa.int64()).cast(pa.timestamp("s")))
    assert sum(bins.counts) == len(seconds)
    assert len(bins.counts) <= MAX_BINS
    assert bins.is_ascending == (seconds == sorted(seconds))


def test_the_most_frequent_words_come_first_and_the_rest_is_counted():
    words = [f"w{place}" for place in range(10) for _ in range(20 - place)] + [None, " ", "w9 ", " w9"]
    found = shape(ColumnKind.CATEGORY, words)
    assert isinstance(found, TopValues)
    assert found.values == tuple((f"w{place}", 20 - place) for place in range(8))
    assert (found.n_others, found.n_counted) == (12 + 13, sum(20 - place for place in range(10)) + 2)


def test_yes_and_no_and_numbers_that_name_things_stay_what_they_are():
    assert shape(ColumnKind.BOOLEAN, [True, False, True, None]).values == ((True, 2), (False, 1))
    assert shape(ColumnKind.CATEGORY, [7, 8, 7]).values == ((7, 2), (8, 1))
    assert shape(ColumnKind.CATEGORY, [7.0, float("nan"), 7.0]).values == ((7.0, 2),)
    assert shape(ColumnKind.CONSTANT, [None, None], pa.string()) == TopValues((), 0, 0)


def test_more_words_than_can_be_counted_say_how_many_rows_were():
    words = [f"word {place}" for place in range(300_000)]
    found = top_values(chunked(words))
    assert 200_000 <= found.n_counted < 300_000
    assert found.n_others == found.n_counted - 8


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (ColumnKind.IDENTIFIER, ["a", "b"]),
        (ColumnKind.NESTED, [[1], [2]]),
        (ColumnKind.CATEGORY, [[1], [2]]),
        (ColumnKind.NUMBER, [[1], [2]]),
        (ColumnKind.TIME, [1.5, 2.5]),
        (ColumnKind.NUMBER, ["a", "b"] * 20),
    ],
)
def test_keys_lists_and_cells_unlike_their_kind_have_no_shape(kind, values):
    assert shape(kind, values) is None
