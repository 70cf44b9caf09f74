import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.infrastructure.data.columns.arrow_types import plain_columns
from pynomaly.infrastructure.data.columns.fingerprint import content_fingerprint

ROWS = {"n": [1, None, 3], "x": [0.5, None, -1.0], "s": ["a", None, "bc"], "b": [True, None, False]}


def test_chunks_do_not_matter() -> None:
    whole = pa.table(ROWS)
    cut = pa.concat_tables([whole.slice(0, 1), whole.slice(1, 0), whole.slice(1)])
    assert content_fingerprint(cut) == content_fingerprint(whole)


def test_a_slice_counts_as_what_it_shows() -> None:
    whole = pa.table({name: [*cells, cells[0]] for name, cells in ROWS.items()})
    assert content_fingerprint(whole.slice(0, 3)) == content_fingerprint(pa.table(ROWS))


def test_the_layout_of_equal_values_does_not_matter() -> None:
    small = pa.table({"n": pa.array([1, 2], pa.int8()), "x": pa.array([0.5, 2], pa.float32()), "s": ["a", "b"]})
    large = pa.table({"n": [1, 2], "x": [0.5, 2.0], "s": pa.array(["a", "b"], pa.large_string()).dictionary_encode()})
    assert content_fingerprint(small) == content_fingerprint(plain_columns(large))


def test_a_float_that_is_nan_is_a_missing_cell() -> None:
    assert content_fingerprint(pa.table({"x": [1.0, float("nan")]})) == content_fingerprint(
        pa.table({"x": [1.0, None]})
    )


def test_what_lies_under_a_missing_cell_does_not_matter() -> None:
    hidden = pa.array(np.array([1, 99]), mask=np.array([False, True]))
    assert content_fingerprint(pa.table({"n": hidden})) == content_fingerprint(pa.table({"n": [1, None]}))


@given(st.lists(st.one_of(st.none(), st.text(max_size=3)), min_size=1, max_size=6), st.data())
def test_any_other_cell_changes_it(cells: list[str | None], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(cells) - 1))
    other = data.draw(st.one_of(st.none(), st.text(max_size=3)).filter(lambda cell: cell != cells[place]))
    changed = [*cells[:place], other, *cells[place + 1 :]]
    one, two = (pa.table({"s": pa.array(rows, pa.string())}) for rows in (cells, changed))
    assert content_fingerprint(one) != content_fingerprint(two)


def test_names_order_of_columns_and_types_matter() -> None:
    prints = {
        content_fingerprint(table)
        for table in (
            pa.table({"a": [1], "b": [2]}),
            pa.table({"a": [2], "b": [1]}),
            pa.table({"b": [2], "a": [1]}),
            pa.table({"a": [1.0], "b": [2.0]}),
            pa.table({"a": ["1"], "b": ["2"]}),
            pa.table({"a": [True], "b": [False]}),
            pa.table({"a": [[1]], "b": [[2]]}),
        )
    }
    assert len(prints) == 7


def test_an_empty_text_column_has_a_fingerprint() -> None:
    assert len(content_fingerprint(pa.table({"s": pa.array([], pa.string())}))) == 64


def test_times_count_by_their_instant_and_durations_by_their_length() -> None:
    for kind in (pa.timestamp("us"), pa.date32(), pa.date64(), pa.time32("s"), pa.time64("us"), pa.duration("s")):
        width = pa.int32() if kind.bit_width == 32 else pa.int64()
        one, two, same = (pa.table({"t": pa.array([n, None], width).view(kind)}) for n in (0, 86_400_000, 0))
        assert content_fingerprint(one) == content_fingerprint(same) != content_fingerprint(two)


@pytest.mark.parametrize(
    "cells",
    [
        pa.array([[1, 2], [3], None, []]),
        pa.array([{"a": 1}, None, {"a": 2}]),
        pa.array([b"x", None, b"[]"]),
        pa.array([None, None, None]),
        pa.array(["a", None, "bc"], pa.large_string()),
    ],
)
def test_where_a_chunk_ends_leaves_no_trace_in_any_kind_of_column(cells):
    whole = pa.table({"x": cells})
    cut = pa.table({"x": pa.chunked_array([cells.slice(0, 1), cells.slice(1)])})
    assert content_fingerprint(whole) == content_fingerprint(cut)


def test_nesting_is_told_apart():
    flat, nested = pa.array([[1], [2]]), pa.array([[1, 2], []], pa.list_(pa.int64()))
    assert content_fingerprint(pa.table({"x": flat})) != content_fingerprint(pa.table({"x": nested}))
