import numpy as np

from pynomaly.infrastructure.algorithms.column_scales import robust_scales


def test_normal_columns_have_their_median_and_about_their_standard_deviation():
    rows = np.random.default_rng(0).normal(size=(20_000, 2)) * [2, 300] + [5, -7]
    middle, scale = robust_scales(rows)
    np.testing.assert_array_equal(middle, np.median(rows, axis=0))
    np.testing.assert_allclose(scale, [2, 300], rtol=0.03)


def test_a_column_of_mostly_one_value_has_its_standard_deviation_and_a_constant_one_has_1():
    rows = np.zeros((10, 3))
    rows[0] = [5.0, 0.0, 0.0]
    rows[:, 1] = 4.0
    rows[:, 2] = 0.1 + 0.2 + 1e-17 * np.arange(10)
    middle, scale = robust_scales(rows)
    np.testing.assert_allclose(middle, [0.0, 4.0, 0.3])
    np.testing.assert_allclose(scale, [1.5811388300841898, 1.0, 1.0])


def test_an_enormous_value_does_not_widen_a_column():
    rows = np.random.default_rng(0).normal(size=(1000, 1))
    before = robust_scales(rows)[1]
    rows[0] = 1e100
    np.testing.assert_allclose(robust_scales(rows)[1], before, rtol=0.01)


def test_the_rows_stay_as_they_are():
    rows = np.random.default_rng(0).normal(size=(50, 2))
    copy = rows.copy()
    robust_scales(rows)
    assert np.array_equal(rows, copy)
