import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.domain.counterfactual import Replacement, fewest_replacements, nearest_below, rounded_towards


def replacement(place, value=0.0, column=None):
    return Replacement(column or f"c{place}", (place,), np.array([value]))


def total(rows):
    return rows.sum(axis=1)


def fewest(row, replacements, below, most=5, score=total):
    return fewest_replacements(score, np.array(row), replacements, below=below, most=most)


def test_one_replacement_that_is_enough_is_found_wherever_it_stands():
    assert fewest([1.0, 2.0, 9.0], [replacement(0), replacement(1), replacement(2)], below=4.0) == (2,)


def test_as_many_are_made_as_it_takes_the_most_helpful_first():
    assert fewest([3.0, 2.0, 9.0], [replacement(0), replacement(1), replacement(2)], below=3.0) == (2, 0)


def test_more_than_may_be_made_is_no_answer():
    every = [replacement(place) for place in range(6)]
    assert fewest([1.0] * 6, every, below=1.0, most=5) is None
    assert fewest([1.0] * 6, every, below=1.5, most=5) == (0, 1, 2, 3, 4)


def test_a_column_is_replaced_once_and_by_the_better_of_its_values():
    options = [replacement(0, 5.0, "a"), replacement(0, 1.0, "a"), replacement(1, 0.0, "b")]
    assert fewest([9.0, 3.0], options, below=2.0) == (1, 2)


def test_what_turns_out_not_to_be_needed_is_undone():
    def score(rows):  # the first replacement helps alone, but the other two do without it
        a, b, c = (rows == 0.0).T
        return 10.0 - 4.0 * a - 3.0 * b - 3.0 * (b & c) - 2.0 * (c & ~a)

    assert fewest([1.0, 1.0, 1.0], [replacement(0), replacement(1), replacement(2)], below=2.5, score=score) == (1, 2)


def test_without_a_replacement_there_is_no_answer():
    assert fewest([1.0], [], below=0.5) is None


@given(st.lists(st.integers(1, 9), min_size=1, max_size=8), st.integers(1, 40))
def test_whatever_is_answered_is_below_the_line_and_every_part_of_it_is_needed(row, below):
    row = np.array(row, dtype=float)
    every = [replacement(place) for place in range(row.size)]
    made = fewest(row, every, below=below, most=row.size)
    assert made is not None
    left = row.copy()
    left[list(made)] = 0.0
    assert left.sum() < below
    for place in made if row.sum() >= below else ():
        assert left.sum() + row[place] >= below


def test_a_number_is_moved_only_as_far_as_it_has_to_be():
    found = nearest_below(lambda tries: tries / 100.0, now=14_300.0, enough=650.0, below=8.12)
    assert found == pytest.approx(812.0, rel=2e-3)
    assert found < 812.0


def test_a_number_may_lie_below_its_goal_too():
    found = nearest_below(lambda tries: -tries, now=-700.0, enough=100.0, below=-20.0)
    assert found == pytest.approx(20.0, rel=2e-3)
    assert found > 20.0


def test_a_score_that_crosses_the_line_twice_is_followed_from_the_normal_side():
    def score(tries):  # below the line up to 3, and once more from 7 to 8
        return np.where((tries < 3.0) | ((tries > 7.0) & (tries < 8.0)), 0.0, 1.0)

    found = nearest_below(score, now=10.0, enough=0.0, below=0.5)
    assert found == pytest.approx(3.0, rel=2e-3)


def test_where_the_goal_itself_is_past_the_line_nothing_is_claimed():
    assert nearest_below(lambda tries: tries, now=10.0, enough=5.0, below=5.0) is None


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12), st.booleans())
def test_a_rounded_number_lies_between_the_number_and_its_goal(value, goal, is_whole):
    rounded = rounded_towards(value, goal, is_whole=is_whole)
    assert min(value, goal) <= rounded <= max(value, goal)
