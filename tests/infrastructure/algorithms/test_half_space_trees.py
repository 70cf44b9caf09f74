import numpy as np
import pytest

from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.half_space_trees import SIZE_LIMIT, HalfSpaceTrees


def matrix(rows):
    return FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))


def uniform(n_rows, n_features=3, seed=0):
    return np.random.default_rng(seed).uniform(size=(n_rows, n_features)).astype(np.float32)


def as_bytes(model):
    return {name: array.tobytes() for name, array in model.state().arrays.items()}


def mass_by_walking(model, counted, row):
    """Equation 1 of the paper: count * 2^level of the node where a row ends, summed over trees."""
    total = 0
    for feature, threshold in zip(model.feature, model.threshold, strict=True):
        inside, slot, level = counted, 1, 0
        while level < 5 and len(inside) >= SIZE_LIMIT * len(counted):
            goes_right = row[feature[slot]] > threshold[slot]
            inside = inside[(inside[:, feature[slot]] > threshold[slot]) == goes_right]
            slot, level = 2 * slot + int(goes_right), level + 1
        total += len(inside) * 2**level
    return total


def test_scores_fall_with_the_mass_of_the_last_whole_window():
    rows = uniform(130)
    model = HalfSpaceTrees(n_trees=6, max_depth=5, window_size=50).fit(matrix(rows), seed=0)
    asked = np.vstack([rows[:20], uniform(5, seed=1) * 4])
    masses = np.array([mass_by_walking(model, rows[50:100], row) for row in asked])
    np.testing.assert_allclose(model.score(asked), 2.0 ** (-64 * masses / (6 * 32 * 50)), rtol=1e-12)


def test_ranges_are_halved_in_the_middle_around_the_first_window():
    rows = uniform(60, n_features=1)
    model = HalfSpaceTrees(n_trees=200, max_depth=5, window_size=50).fit(matrix(rows), seed=0)
    low, high = float(rows[:50].min()), float(rows[:50].max())
    roots = model.threshold[:, 1].astype(float)  # the middle of the widened range: the random point itself
    share = (roots - low) / (high - low)
    assert 0 <= share.min() < 0.05
    assert 0.95 < share.max() <= 1
    steps = model.threshold[:, 3].astype(float) - roots  # a quarter of a range of 4 * max(share, 1 - share)
    np.testing.assert_allclose(steps, np.maximum(share, 1 - share) * (high - low), rtol=1e-4)


def test_fitting_all_equals_fitting_the_first_window_and_learning_the_rest():
    rows = uniform(1000)
    whole = HalfSpaceTrees(window_size=100).fit(matrix(rows), seed=2)
    for n_first in (100, 101, 555):
        grown = HalfSpaceTrees(window_size=100).fit(matrix(rows[:n_first]), seed=2).learn(rows[n_first:])
        assert as_bytes(grown) == as_bytes(whole)


def test_only_the_last_whole_window_scores():
    rows, others = uniform(100), uniform(100, seed=5) * 2
    model = HalfSpaceTrees(n_trees=9, window_size=100).fit(matrix(rows), seed=0)
    almost = model.learn(others[:99])
    assert np.array_equal(almost.score(rows), model.score(rows))
    full = almost.learn(others[99:])
    assert not np.array_equal(full.score(rows), model.score(rows))
    assert np.array_equal(model.learn(uniform(500, seed=9)).learn(others).score(rows), full.score(rows))


@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_constant_columns_and_any_scale_are_survived(scale):
    rows = np.column_stack([uniform(80, 2) * np.float32(scale), np.full(80, 7, dtype=np.float32)])
    scores = HalfSpaceTrees().fit(matrix(rows), seed=0).score(rows)
    assert np.isfinite(scores).all()
    assert np.ptp(scores) > 0
