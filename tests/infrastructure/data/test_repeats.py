from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.infrastructure.data.repeats import columns_in_step, equal_columns, n_repeated_rows


def chunked(values, kind=None):
    whole = pa.array(values, type=kind)
    return pa.chunked_array([whole.slice(0, 1), whole.slice(1)])


@pytest.mark.parametrize(
    "values",
    [
        [1.5, 2.5, 1.5, float("nan"), None, -0.0, 0.0],
        [1, 0, 1, None, None, 5, 5],
        ["a", "b", "a", None, None, "", ""],
        [True, False, True, None, None, False, False],
        [date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 1), None, None, date(2020, 1, 1), date(2020, 1, 1)],
    ],
)
def test_equal_cells_of_every_type_are_repeats_and_missing_ones_are_alike(values):
    n_different = 4 if values[0] is not True else 3
    assert n_repeated_rows([chunked(values)]) == 7 - n_different


def test_rows_repeat_only_where_all_columns_do():
    a, b = chunked(["x", "x", "x", "y"]), chunked([1, 2, 1, 1])
    assert n_repeated_rows([a, b]) == 1
    assert n_repeated_rows([a]) == 2
    assert n_repeated_rows([]) == 0


def test_what_stands_in_which_column_matters():
    assert n_repeated_rows([chunked([1, 2]), chunked([2, 1])]) == 0


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["a", "b", None]), st.sampled_from([0.5, None])), min_size=2)
)
def test_repeats_are_counted_as_a_set_counts_them(rows):
    kinds = (pa.int64(), pa.string(), pa.float64())
    columns = [chunked(values, kind) for values, kind in zip(zip(*rows, strict=True), kinds, strict=True)]
    assert n_repeated_rows(columns) == len(rows) - len(set(rows))


def test_a_million_different_rows_are_all_different():
    rng = np.random.default_rng(0)
    values = rng.permutation(1_000_000)
    assert n_repeated_rows([chunked(values % 1000), chunked(values // 1000)]) == 0


def test_columns_that_hold_the_same_are_grouped():
    columns = {"a": [1, 2], "b": [1, 3], "c": [1, 2], "d": [1, 2], "e": ["1", "2"]}
    assert equal_columns({name: chunked(values) for name, values in columns.items()}) == [("a", "c", "d")]


def test_columns_that_rise_and_fall_together_are_found_in_either_direction():
    rng = np.random.default_rng(0)
    euros = rng.lognormal(3.0, 1.0, 8_000)
    columns = {
        "euros": euros,
        "cents": (euros * 100).round(),
        "debt": -euros,
        "other": rng.lognormal(3.0, 1.0, 8_000),
        "word": ["x"] * 8_000,
    }
    found = columns_in_step({name: chunked(values) for name, values in columns.items()})
    assert found == [("euros", "cents"), ("euros", "debt")]


def test_two_columns_that_share_a_single_extreme_cell_are_not_in_step():
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=1_000), rng.normal(size=1_000)
    first[0] = second[0] = 1e9  # a plain correlation would be 1
    assert columns_in_step({"a": chunked(first), "b": chunked(second)}) == []


def test_ranks_give_ties_and_missing_cells_one_place():
    first = [1.0, 1.0, 2.0, 3.0, None, None] * 50
    second = [10.0, 10.0, 20.0, 30.0, None, None] * 50
    assert columns_in_step({"a": chunked(first), "b": chunked(second)}) == [("a", "b")]
    assert columns_in_step({"a": chunked(first), "b": chunked([5.0] * 300)}) == []
    assert columns_in_step({"a": chunked([1.0, 2.0]), "b": chunked([1.0, 2.0])}) == []
