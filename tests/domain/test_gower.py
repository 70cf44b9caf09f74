import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.domain.gower import Aspect, column_differences, gower_distances

NAN = np.nan


def differences(values, span, *, row=0, is_cyclic=False):
    return Aspect("x", np.array(values), span, is_cyclic).differences(row).tolist()


def test_numbers_differ_by_their_share_of_the_usual_range_and_never_by_more_than_one():
    assert differences([10.0, 12.0, 30.0, 1e9, -np.inf], 40.0) == [0.0, 0.05, 0.5, 1.0, 1.0]


def test_words_and_numbers_without_a_range_are_equal_or_not():
    assert differences([3.0, 3.0, 4.0], 0.0) == [0.0, 0.0, 1.0]


def test_missing_in_both_is_alike_and_missing_in_one_is_as_unlike_as_can_be():
    assert differences([NAN, NAN, 4.0], 8.0) == [0.0, 0.0, 1.0]
    assert differences([4.0, NAN, 4.0], 8.0) == [0.0, 1.0, 0.0]


def test_eleven_at_night_is_near_to_one_in_the_morning():
    assert differences([23.0, 1.0, 11.0, 17.0], 12.0, is_cyclic=True) == pytest.approx([0.0, 2 / 12, 1.0, 0.5])


def test_equal_infinities_are_alike():
    assert differences([np.inf, np.inf, 1.0], 2.0) == [0.0, 0.0, 1.0]


def test_a_column_of_several_aspects_counts_once():
    hour = Aspect("when", np.array([0.0, 6.0]), 12.0, is_cyclic=True)
    weekday = Aspect("when", np.array([0.0, 0.0]), 3.5, is_cyclic=True)
    amount = Aspect("amount", np.array([0.0, 1.0]), 1.0)
    assert column_differences([hour, weekday], 0)["when"].tolist() == [0.0, 0.25]
    assert gower_distances([[hour, weekday], [amount]], 0).tolist() == [0.0, 0.625]


def test_the_distance_is_that_of_the_paper_on_a_table_worked_by_hand():
    # Gower (1971), equation 5 with all weights 1: s = (1 - |170-180|/40 + 1 - |60-90|/60 + 1 + 0) / 4 = 0.5625
    height, weight = Aspect("height", np.array([170.0, 180.0]), 40.0), Aspect("weight", np.array([60.0, 90.0]), 60.0)
    sex, town = Aspect("sex", np.array([1.0, 1.0]), 0.0), Aspect("town", np.array([1.0, 2.0]), 0.0)
    assert 1 - gower_distances([[height], [weight], [sex], [town]], 0)[1] == pytest.approx(0.5625)


CELLS = st.one_of(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from([0.0, 1.0, NAN]))


@given(st.lists(CELLS, min_size=2, max_size=8), st.floats(0.0, 1e12))
def test_differences_are_symmetric_lie_between_0_and_1_and_are_0_to_oneself(values, span):
    aspect = Aspect("x", np.array(values), span)
    both_ways = np.stack([aspect.differences(row) for row in range(len(values))])
    assert (both_ways >= 0.0).all()
    assert (both_ways <= 1.0).all()
    assert (both_ways == both_ways.T).all()
    assert (np.diag(both_ways) == 0.0).all()
