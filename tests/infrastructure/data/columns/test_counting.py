"""Counts are Arrow's own, in less memory."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from pynomaly.infrastructure.data.columns.counting import TallyBounds, all_whole, blocks, n_distinct_numbers, tally_of

RNG = np.random.default_rng(0)
NUMBERS = {
    "small": pa.array([3, 1, None, 3], pa.int8()),
    "negative": pa.array(RNG.integers(-500, 500, 5000)),
    "even": pa.array(np.arange(5000) * 2),
    "unsigned": pa.array([2**64 - 1, 0, 2**64 - 1], pa.uint64()),
    "fractions": pa.array(np.round(RNG.normal(size=5000), 2)),
    "zeros": pa.array([0.0, -0.0, 1.0]),
    "single": pa.array(RNG.integers(0, 9, 100), pa.int64()).cast(pa.float32()),
    "nothing": pa.array([None, None], pa.int64()),
    "empty": pa.array([], pa.float64()),
}


@pytest.mark.parametrize("at_once", [10, 1000, 10**6])
@pytest.mark.parametrize("name", NUMBERS)
def test_different_numbers_are_counted_exactly_in_one_pass_and_in_many(name, at_once) -> None:
    cells = pa.chunked_array([NUMBERS[name], NUMBERS[name].slice(1)])
    assert n_distinct_numbers(cells, at_once=at_once) == len(set(NUMBERS[name].drop_null().to_pylist()))


@pytest.mark.parametrize("block_rows", [7, 1000])
@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_spellings_are_tallied_in_the_order_they_first_came(block_rows, kind) -> None:
    words = pa.array([None if number == 3 else f"w{number}" for number in RNG.integers(0, 20, 500)], kind)
    expected = pc.value_counts(words)
    tally = tally_of(pa.chunked_array([words.slice(0, 333), words.slice(333)]), block_rows=block_rows)
    assert tally.values.equals(expected.field(0))
    assert tally.counts.tolist() == expected.field(1).to_pylist()


@pytest.mark.parametrize(
    ("bounds", "n_counted"),
    [(TallyBounds(spellings=250), 300), (TallyBounds(n_bytes=1000), 100), (TallyBounds(), 10_000)],
    ids=["spellings", "bytes", "none"],
)
def test_beyond_many_spellings_counting_stops(bounds, n_counted) -> None:
    cells = pa.chunked_array([pa.array([f"w{number}" for number in range(10_000)])])
    tally = tally_of(cells, bounds=bounds, block_rows=100)
    assert (len(tally.values), int(tally.counts.sum())) == (n_counted, n_counted)


def test_an_empty_column_has_no_spellings() -> None:
    tally = tally_of(pa.chunked_array([], pa.string()))
    assert (len(tally.values), tally.counts.tolist()) == (0, [])


def test_whole_numbers_are_told_from_fractions() -> None:
    assert all_whole(pa.chunked_array([pa.array([1.0, None, -3.0])]))
    assert not all_whole(pa.chunked_array([pa.array([1.0]), pa.array([2.5])]))
    assert not all_whole(pa.chunked_array([pa.array([1.0, float("nan")])]))


def test_blocks_are_small_in_bytes_where_cells_are_long() -> None:
    cells = pa.chunked_array([pa.array(["x" * 1_000_000] * 50)])
    assert [len(block) for block in blocks(cells)] == [16, 16, 16, 2]
