import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from pynomaly.domain.errors import InvalidParameter
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.extended_isolation_forest import ExtendedIsolationForest
from pynomaly.infrastructure.algorithms.isolation_forest import IsolationForest
from pynomaly.infrastructure.algorithms.isolation_trees import PATH_LENGTH_ONE


def matrix(rows):
    return FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))


def gaussian(n_rows, n_features, seed=0):
    return np.random.default_rng(seed).normal(size=(n_rows, n_features)).astype(np.float32)


def two_clusters():
    rng = np.random.default_rng(0)
    usual = rng.normal(size=(600, 2)) * 0.7 + np.where(rng.random((600, 1)) < 0.5, 5.0, -5.0) * np.array([1, -1])
    return usual.astype(np.float32)


def test_scores_are_those_of_walking_each_tree():
    rows = gaussian(60, 4)
    model = ExtendedIsolationForest(n_trees=5, max_samples=40, extension_level=1).fit(matrix(rows), seed=0)
    forest, total = model.forest, 0
    for tree in range(5):
        slot = 1
        for _ in range(forest.depth):
            cut = rows[7, forest.feature[tree, slot]].astype(float) @ forest.weight[tree, slot].astype(float)
            slot = 2 * slot + (cut > forest.offset[tree, slot])
        total += int(forest.leaf[tree, slot - forest.leaf.shape[1]])
    assert model.score(rows[7:8])[0] == pytest.approx(2 ** (-total * model.scale), rel=1e-12)


def test_without_extension_its_paths_are_as_long_as_an_isolation_forests():
    """Level 0 is the plain forest (the paper, section 3.2), but for cuts that leave one side empty."""
    rows = gaussian(2000, 5)
    extended = ExtendedIsolationForest(n_trees=300, extension_level=0).fit(matrix(rows), seed=0).score(rows)
    plain = IsolationForest(n_trees=300).fit(matrix(rows), seed=0).score(rows)
    np.testing.assert_allclose(np.quantile(extended, [0.1, 0.5, 0.9]), np.quantile(plain, [0.1, 0.5, 0.9]), atol=0.01)
    assert np.corrcoef(extended, plain)[0, 1] > 0.97


def test_the_ghosts_of_two_clusters_are_strange():
    """Figure 2 of the paper: a plain forest takes the two empty corners beside two clusters for usual."""
    rows, ghosts = two_clusters(), np.array([[5.0, 5.0], [-5.0, -5.0]], dtype=np.float32)
    gaps = []
    for kind in (ExtendedIsolationForest(n_trees=300), IsolationForest(n_trees=300)):
        model = kind.fit(matrix(rows), seed=0)
        gaps.append(float(model.score(ghosts).min() - np.quantile(model.score(rows), 0.95)))
    assert gaps[0] > gaps[1] + 0.02


@pytest.mark.parametrize("n_features", [2, 8])
def test_global_anomalies_are_found_as_well_as_by_the_isolation_forest(n_features):
    usual = gaussian(950, n_features)
    strange = np.random.default_rng(1).uniform(-6, 6, size=(50, n_features)).astype(np.float32)
    rows, labels = np.vstack([usual, strange]), np.arange(1000) >= 950
    extended, plain = (
        np.mean([roc_auc_score(labels, kind().fit(matrix(rows), seed=seed).score(rows)) for seed in range(8)])
        for kind in (ExtendedIsolationForest, IsolationForest)
    )
    assert extended > plain - 0.003


def test_all_sample_rows_are_in_the_leaves_of_a_tree_of_identical_rows():
    model = ExtendedIsolationForest(n_trees=3, max_samples=8).fit(matrix(np.ones((20, 2), dtype=np.float32)), seed=0)
    deepest = 3 * PATH_LENGTH_ONE  # eight rows that no cut parts go left to the end: 3 levels and c(8)
    assert (model.forest.leaf[:, 0] > deepest).all()
    assert np.ptp(model.score(np.ones((2, 2), dtype=np.float32))) == 0


def test_a_cut_never_has_more_columns_than_there_are():
    for level, n_components in ((0, 1), (1, 2), (2, 3), (50, 4), (None, 3)):
        model = ExtendedIsolationForest(n_trees=2, extension_level=level).fit(matrix(gaussian(30, 4)), seed=0)
        assert model.forest.feature.shape[2] == n_components


def test_a_forest_too_large_for_memory_is_refused_before_it_is_grown():
    rows = gaussian(70_000, 2)
    with pytest.raises(InvalidParameter, match="too large a forest"):
        ExtendedIsolationForest(n_trees=2000, max_samples=65536).fit(matrix(rows), seed=0)


def test_values_beyond_float32_count_as_its_largest():
    rows = gaussian(100, 3)
    model = ExtendedIsolationForest().fit(matrix(rows), seed=0)
    largest = np.full((1, 3), np.finfo(np.float32).max)
    assert np.array_equal(model.score(np.full((1, 3), 1e300)), model.score(largest))
