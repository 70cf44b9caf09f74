import numpy as np
import pytest
from pyod.models.mad import MAD

from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.mad import MedianDeviation


def fitted(rows):
    return MedianDeviation().fit(FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1]))), seed=0)


def test_scores_of_one_column_are_those_of_pyod():
    rows = np.random.default_rng(0).normal(size=(301, 1))
    # PyOD rounds 0.67448… to 0.6745
    np.testing.assert_allclose(fitted(rows).score(rows), MAD().fit(rows).decision_scores_, rtol=1e-4)


def test_of_several_columns_the_strangest_counts():
    rows = np.random.default_rng(0).normal(size=(100, 3))
    each = [fitted(rows[:, [column]]).score(rows[:, [column]]) for column in range(3)]
    assert np.array_equal(fitted(rows).score(rows), np.max(each, axis=0))


def test_a_column_mostly_of_one_value_is_measured_by_its_mean_deviation():
    rows = np.array([[5.0]] * 8 + [[1.0], [9.0]])  # mean deviation 0.8, as a standard deviation 0.8 * 1.2533
    assert fitted(rows).score(np.array([[9.0]]))[0] == pytest.approx(4 / (0.8 * np.sqrt(np.pi / 2)))


def test_a_constant_column_is_measured_by_the_plain_distance():
    assert fitted(np.full((9, 1), 5.0)).score(np.array([[5.0], [7.0]])).tolist() == [0.0, 2.0]


def test_just_under_half_of_the_rows_may_be_anomalies():
    usual = np.random.default_rng(0).normal(size=(60, 1))
    rows = np.vstack([usual, np.full((40, 1), 1000.0)])
    scores = fitted(rows).score(rows)
    assert scores[60:].min() > scores[:60].max()


@pytest.mark.parametrize("rows", [[[-1.7e308], [0.0], [1.7e308]], [[0.0], [5e-324], [1e-323]]])
def test_the_edges_of_the_float_range_are_survived(rows):
    scores = fitted(np.array(rows)).score(np.array([[-1.79e308], [1.79e308], [0.0]]))
    assert np.isfinite(scores).all()
