import numpy as np
import pytest

from pynomaly.infrastructure.algorithms.standardiser import (
    LARGEST_VALUE,
    LINEAR_UP_TO,
    Standardiser,
    within_and_beyond,
)


def test_columns_of_any_scale_come_out_alike():
    rows = np.random.default_rng(0).uniform(size=(1000, 2)) * [1.0, 1e9] + [5.0, 1e12]
    standard = Standardiser.learn(rows).apply(rows)
    np.testing.assert_allclose(standard.mean(axis=0), 0, atol=0.05)
    np.testing.assert_allclose(standard[:, 0].std(), standard[:, 1].std(), rtol=0.05)


def test_the_far_ends_do_not_change_the_scale():
    rows = np.random.default_rng(0).normal(size=(1000, 1))
    shifted = rows.copy()
    shifted[np.argsort(rows[:, 0])[-40:]] = 1e30
    np.testing.assert_allclose(Standardiser.learn(shifted).scale, Standardiser.learn(rows).scale, rtol=0.05)


@pytest.mark.parametrize("value", [0.0, 5.0, -1e30, 0.1])
def test_a_constant_column_keeps_its_own_unit(value):
    rows = np.full((50, 1), value)
    standardiser = Standardiser.learn(rows)
    assert standardiser.scale.tolist() == [1.0]
    np.testing.assert_allclose(standardiser.apply(rows), 0, atol=1e-12)


def test_a_column_that_varies_in_its_far_ends_only_is_scaled_by_them():
    rows = np.zeros((100, 1))
    rows[0] = 1.0
    np.testing.assert_allclose(Standardiser.learn(rows).scale, rows.std())


def test_far_values_grow_with_their_logarithm_and_keep_their_order():
    standardiser = Standardiser(np.zeros(1), np.ones(1))
    values = np.array([0.0, 4.0, 5.0, 10.0, 1e30, LARGEST_VALUE, 1e300])
    drawn_in = standardiser.apply(values[:, None])[:, 0]
    np.testing.assert_allclose(drawn_in[:4], [0.0, 4.0, 5.0, 5.0 * (1 + np.log(2))])
    assert (np.diff(drawn_in[:6]) > 0).all()
    assert drawn_in[-1] == drawn_in[-2] < 1200
    np.testing.assert_array_equal(standardiser.apply(-values[:, None])[:, 0], -drawn_in)


def test_the_slope_is_the_derivative():
    standardiser = Standardiser(np.array([1.0]), np.array([2.0]))
    rows = np.array([[-60.0], [0.5], [10.0], [300.0]])
    step = 1e-5
    slope = (standardiser.apply(rows + step) - standardiser.apply(rows - step)) / (2 * step)
    np.testing.assert_allclose(standardiser.log_slope(rows), np.log(slope * 2.0), atol=1e-6)


def test_what_goes_beyond_the_usual_is_counted_by_itself():
    within, beyond = within_and_beyond(np.array([[1.0, -2.0], [LINEAR_UP_TO + 3, -LINEAR_UP_TO - 4]]))
    assert within.tolist() == [[1.0, -2.0], [LINEAR_UP_TO, -LINEAR_UP_TO]]
    assert beyond.tolist() == [0.0, 7.0]
