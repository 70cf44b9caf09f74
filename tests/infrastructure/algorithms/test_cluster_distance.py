import numpy as np
import pytest
from pyod.models.cblof import CBLOF

from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.cluster_distance import ClusterDistance, _n_large


def matrix(rows):
    return FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))


def unequal_groups(seed=0):
    rng = np.random.default_rng(seed)
    sizes = (200, 150, 12, 8)
    return np.vstack([rng.normal(size=(size, 3)) + 25 * i for i, size in enumerate(sizes)])


def test_scores_are_those_of_pyod_where_groups_are_plain():
    rows = unequal_groups()
    new = np.vstack([unequal_groups(1), np.full((1, 3), 200.0)])
    peer = CBLOF(n_clusters=4, random_state=0).fit(rows)
    model = ClusterDistance(n_clusters=4).fit(matrix(rows), seed=0)
    assert len(model.centres) == 2
    np.testing.assert_allclose(model.score(new), peer.decision_function(new), rtol=1e-9)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([80, 15, 3, 2], 2),  # 95 % in two, and the third is 5 times smaller
        ([50, 30, 15, 5], 3),  # 95 % in three, no drop
        ([60, 10, 10, 10, 10], 4),  # the share comes before the drop, which is earlier
        ([50, 50], 2),  # neither
        ([10], 1),
    ],
)
def test_large_clusters_hold_the_share_and_end_in_a_drop(sizes, expected):
    assert _n_large(np.array(sizes), 0.9, 5.0) == expected


def test_a_drop_alone_parts_where_no_share_is_reached():
    assert _n_large(np.array([70, 14, 16]), 0.9, 5.0) == 1


def test_no_table_is_without_large_clusters():
    for seed in range(30):
        rows = np.random.default_rng(seed).normal(size=(60, 2))
        assert np.isfinite(ClusterDistance().fit(matrix(rows), seed=seed).score(rows)).all()


def test_the_same_seed_gives_the_same_centres():
    rows = np.random.default_rng(0).normal(size=(300, 2))
    first, same = (ClusterDistance().fit(matrix(rows), seed=1).centres for _ in range(2))
    assert np.array_equal(first, same)
