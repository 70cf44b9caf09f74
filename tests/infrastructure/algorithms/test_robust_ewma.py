import numpy as np
import pytest

from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.robust_ewma import START_ROWS, RobustEwma


def fitted(rows, half_life=200.0):
    names = tuple(f"f{i}" for i in range(rows.shape[1]))
    return RobustEwma(half_life=half_life).fit(FeatureMatrix(rows, names), seed=0)


def test_level_and_scale_follow_the_equations():
    rows = np.random.default_rng(0).normal(size=(START_ROWS + 3, 1))
    rows[-2] = 40.0
    start, weight = rows[:START_ROWS, 0], 1 - 2 ** (-1 / 10)
    level = np.median(start)
    scale = np.median(np.abs(start - level)) * 1.482602218505602
    for value in rows[START_ROWS:, 0]:
        cut = np.clip((value - level) / scale, -3, 3)
        level += weight * scale * cut
        scale = np.sqrt(scale**2 * (1 - weight) + weight * cut**2 * scale**2 / 0.99501)
    model = fitted(rows, half_life=10)
    np.testing.assert_allclose([model.level[0], model.scale[0]], [level, scale], rtol=1e-12)
    np.testing.assert_allclose(model.score(np.array([[5.0]])), ((5 - level) / scale) ** 2, rtol=1e-12)


def test_a_normal_stream_keeps_its_level_and_scale():
    rows = np.random.default_rng(1).normal(loc=7, scale=2, size=(20_000, 2))
    model = fitted(rows, half_life=2000)
    np.testing.assert_allclose(model.level, 7, atol=0.15)
    np.testing.assert_allclose(model.scale, 2, rtol=0.05)


def test_one_wild_row_hardly_moves_the_level():
    rows = np.random.default_rng(1).normal(size=(300, 1))
    model = fitted(rows)
    wild = model.learn(np.array([[1e12]]))
    assert abs(wild.level[0] - model.level[0]) < 0.02
    assert wild.scale[0] < 1.02 * model.scale[0]


def test_fitting_all_equals_fitting_the_first_and_learning_the_rest():
    rows = np.random.default_rng(1).normal(size=(200, 3))
    whole, grown = fitted(rows), fitted(rows[:START_ROWS]).learn(rows[START_ROWS:])
    assert np.array_equal(whole.level, grown.level)
    assert np.array_equal(whole.scale, grown.scale)


@pytest.mark.parametrize("scale", [1e-300, 1e200])
def test_constant_columns_and_any_scale_are_survived(scale):
    rows = np.column_stack([np.random.default_rng(0).normal(size=200) * scale, np.zeros(200)])
    model = fitted(rows)
    assert np.isfinite(model.score(rows * 50)).all()
    assert np.isfinite(model.learn(rows * 50).score(np.full((1, 2), -1.7e308))).all()
