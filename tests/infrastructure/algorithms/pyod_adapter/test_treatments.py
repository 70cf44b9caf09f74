from types import SimpleNamespace

import numpy as np
import pytest

from pynomaly.domain.errors import InvalidData, TooFewRows
from pynomaly.infrastructure.algorithms.pyod_adapter.treatments import (
    at_most_the_rank,
    columns_that_vary,
    distinct_rows,
    require_spread_around_median,
    require_twice_as_many_rows_as_columns,
    require_two_columns,
    rows_of_unit_length,
    score_projections,
)
from tests.infrastructure.algorithms.pyod_adapter.examples import planted_table


def test_only_columns_that_vary_are_kept():
    assert columns_that_vary(np.array([[1.0, 2.0], [1.0, 3.0]])).tolist() == [False, True]
    with pytest.raises(InvalidData, match="one value throughout"):
        columns_that_vary(np.ones((5, 2)))


def test_repeated_rows_are_counted_once():
    assert distinct_rows(np.array([[2.0, 1.0], [1.0, 1.0], [2.0, 1.0]])).tolist() == [[1.0, 1.0], [2.0, 1.0]]


def test_values_mostly_equal_have_no_spread_around_the_median():
    rows = np.array([[1.0], [1.0], [1.0], [9.0]])
    with pytest.raises(InvalidData, match="more than half"):
        require_spread_around_median(rows)
    assert require_spread_around_median(rows[1:] + np.arange(3.0)[:, None]).shape == (3, 1)


def test_the_covariance_of_half_the_rows_needs_twice_as_many_rows_as_columns():
    with pytest.raises(TooFewRows):
        require_twice_as_many_rows_as_columns(np.ones((8, 4)))
    assert require_twice_as_many_rows_as_columns(np.ones((9, 4))).shape == (9, 4)


def test_one_column_cannot_be_predicted_from_others():
    with pytest.raises(InvalidData, match="at least two columns"):
        require_two_columns(np.ones((5, 1)))


def test_rows_get_unit_length_and_zeros_stay():
    assert rows_of_unit_length(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist() == [[0.6, 0.8], [0.0, 0.0]]


def test_components_never_outnumber_the_directions_that_carry_variance():
    rows = planted_table()
    rows[:, 3] = rows[:, 0] + rows[:, 1]

    assert at_most_the_rank(rows, {"n_components": None}) == {"n_components": 3}
    assert at_most_the_rank(rows, {"n_components": 2}) == {"n_components": 2}
    assert at_most_the_rank(rows, {"n_components": 4}) == {"n_components": 3}


def test_loda_looks_a_row_up_in_its_own_bin():
    # one projection onto the first column, bins [0, 1), [1, 2), [2, 3] holding 10 %, 60 %, 30 % of the rows
    detector = SimpleNamespace(
        projections_=np.array([[1.0, 0.0]]),
        histograms_=np.array([[0.1, 0.6, 0.3]]),
        limits_=np.array([[0.0, 1.0, 2.0, 3.0]]),
        weights=np.array([1.0]),
        n_random_cuts=1,
    )
    places = np.array([-5.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 9.0])
    expected = -np.log([0.1, 0.1, 0.1, 0.6, 0.6, 0.3, 0.3, 0.3])

    np.testing.assert_allclose(score_projections(detector, np.column_stack([places, places])), expected)
