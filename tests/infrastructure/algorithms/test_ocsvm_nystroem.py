import numpy as np
import pytest
from scipy.stats import spearmanr

from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms import ocsvm_nystroem
from pynomaly.infrastructure.algorithms.ocsvm import OneClassSupportVectors
from pynomaly.infrastructure.algorithms.ocsvm_nystroem import NystroemSupportVectors


def matrix(rows):
    return FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))


def moons(n_rows=800):
    """Return two curved crowds and a few rows anywhere."""
    rng = np.random.default_rng(0)
    angle = rng.uniform(0, np.pi, n_rows)
    upper = rng.random(n_rows) < 0.5
    rows = np.column_stack([np.cos(angle) + ~upper, np.where(upper, np.sin(angle), 0.5 - np.sin(angle))])
    rows += 0.1 * rng.normal(size=rows.shape)
    rows[:20] = rng.uniform(-3, 3, size=(20, 2))
    return rows


@pytest.mark.parametrize("parameters", [{}, {"nu": 0.1}, {"gamma": 3.0}, {"nu": 0.99}])
def test_it_ranks_as_the_exact_machine(parameters):
    rows = moons()
    exact = OneClassSupportVectors(**parameters).fit(matrix(rows), seed=0).score(rows)
    model = NystroemSupportVectors(**parameters).fit(matrix(rows), seed=0)
    assert spearmanr(model.score(rows), exact).statistic > 0.998


def test_with_every_row_a_landmark_scores_are_those_of_the_exact_machine():
    rows = moons(n_rows=150)
    exact = OneClassSupportVectors(nu=0.3, gamma=2.0).fit(matrix(rows), seed=0)
    model = NystroemSupportVectors(nu=0.3, gamma=2.0, n_landmarks=150).fit(matrix(rows), seed=0)
    np.testing.assert_allclose(model.score(rows), exact.score(rows), atol=5e-3)


@pytest.mark.parametrize("nu", [0.05, 0.3, 0.8])
def test_a_share_nu_of_the_training_rows_lies_outside(nu):
    rows = moons()
    scores = NystroemSupportVectors(nu=nu).fit(matrix(rows), seed=0).score(rows)
    assert (scores > 1e-9).mean() == pytest.approx(nu, abs=0.02)


def test_more_landmarks_than_rows_and_duplicates_are_survived():
    rows = np.repeat(moons(n_rows=30), 2, axis=0)
    model = NystroemSupportVectors(n_landmarks=500).fit(matrix(rows), seed=0)
    assert len(model.support) == 60
    assert np.isfinite(model.score(rows)).all()


def test_a_longer_table_is_sampled_and_landmarks_are_drawn_by_seed(monkeypatch):
    monkeypatch.setattr(ocsvm_nystroem, "MAX_TRAINING_ROWS", 100)
    first, same, other = (NystroemSupportVectors().fit(matrix(moons()), seed=seed).support for seed in (1, 1, 2))
    assert len(first) == 100
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)
