import numpy as np
import pytest
from sklearn.ensemble import IsolationForest as SklearnForest
from sklearn.metrics import roc_auc_score

from pynomaly.domain.errors import InvalidParameter
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.isolation_forest import IsolationForest
from pynomaly.infrastructure.algorithms.kernels.compiled import kernels_in_use
from pynomaly.infrastructure.algorithms.sklearn_forest import from_sklearn


def table(n_rows: int = 1500, n_features: int = 8, levels: int = 0) -> np.ndarray:
    rng = np.random.default_rng(0)
    values = rng.integers(0, levels, (n_rows, n_features)) if levels else rng.normal(size=(n_rows, n_features))
    return values.astype(np.float32)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"max_samples": 1000},
        {"max_samples": 3},
        {"max_features": 0.5},
        {"bootstrap": True},
        {"n_estimators": 1},
    ],
)
@pytest.mark.parametrize("levels", [0, 4])
def test_a_converted_forest_scores_as_scikit_learns(settings: dict[str, object], levels: int) -> None:
    rows = table(levels=levels)
    forest = SklearnForest(**{"n_estimators": 30, "random_state": 0, **settings}).fit(rows)
    converted = from_sklearn(forest)
    for path in (None, *kernels_in_use().instruction_sets):
        assert np.abs(converted.score(rows, path=path) + forest.score_samples(rows)).max() < 1e-6


def test_rows_exactly_on_a_threshold_turn_the_same_way() -> None:
    rows = table()
    forest = SklearnForest(n_estimators=5, random_state=0).fit(rows)
    thresholds = np.concatenate([tree.tree_.threshold[tree.tree_.feature >= 0] for tree in forest.estimators_])
    nearest = thresholds.astype(np.float32)
    for nudged in (nearest, np.nextafter(nearest, np.float32(9)), np.nextafter(nearest, np.float32(-9))):
        probes = np.repeat(nudged[:, None], rows.shape[1], axis=1)
        assert np.abs(from_sklearn(forest).score(probes) + forest.score_samples(probes)).max() < 1e-6


def test_a_converted_forest_goes_through_the_state_unchanged() -> None:
    rows = table()
    converted = from_sklearn(SklearnForest(n_estimators=10, random_state=0).fit(rows))
    assert np.array_equal(IsolationForest.restore(converted.state()).score(rows), converted.score(rows))


def test_a_forest_of_single_rows_is_refused() -> None:
    forest = SklearnForest(n_estimators=2, max_samples=1, random_state=0).fit(table(10))
    with pytest.raises(InvalidParameter, match="one row each"):
        from_sklearn(forest)


def test_ranking_agrees_with_scikit_learns_over_seeds() -> None:
    rows = table(600, 5)
    rows[:30] *= 2.5
    matrix = FeatureMatrix(rows, tuple("abcde"))
    labels = np.arange(600) < 30
    ours, peers = [], []
    for seed in range(12):
        ours.append(roc_auc_score(labels, IsolationForest().fit(matrix, seed=seed).score(rows)))
        peers.append(roc_auc_score(labels, -SklearnForest(random_state=seed).fit(rows).score_samples(rows)))
    difference = np.array(ours) - np.array(peers)
    assert abs(difference.mean()) < 0.003 + 3 * difference.std(ddof=1) / np.sqrt(difference.size)
