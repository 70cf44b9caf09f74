import numpy as np
import pytest
from sklearn.cluster import KMeans

from pynomaly.infrastructure.algorithms.clusters import centres_far_apart, cluster_centres, nearest_centres


def groups(seed=0):
    rng = np.random.default_rng(seed)
    return np.vstack([rng.normal(size=(100, 3)) + 20 * i for i in range(4)])


def test_centres_are_those_of_scikit_learn_where_groups_are_plain():
    centres = cluster_centres(groups(), 4, np.random.default_rng(0))
    expected = KMeans(4, n_init=5, random_state=0).fit(groups()).cluster_centers_
    np.testing.assert_allclose(centres[np.argsort(centres[:, 0])], expected[np.argsort(expected[:, 0])], rtol=1e-12)


@pytest.mark.parametrize("n_clusters", [1, 5, 12])
def test_every_centre_is_the_mean_of_its_rows(n_clusters):
    rows = np.random.default_rng(0).normal(size=(500, 3))
    centres = cluster_centres(rows, n_clusters, np.random.default_rng(1))
    members, _ = nearest_centres(rows, centres)
    means = [rows[members == i].mean(axis=0) for i in range(n_clusters)]
    np.testing.assert_allclose(centres, means, atol=1e-12)


def test_there_are_no_more_centres_than_different_rows():
    rows = np.repeat(np.array([[0.0, 1.0], [5.0, 5.0]]), 10, axis=0)
    centres = cluster_centres(rows, 8, np.random.default_rng(0))
    assert sorted(centres.tolist()) == [[0.0, 1.0], [5.0, 5.0]]


def test_rows_near_the_largest_double_have_finite_centres():
    rows = np.array([[1.7e308], [1.7e308], [-1.7e308], [0.0]])
    assert np.isfinite(cluster_centres(rows, 2, np.random.default_rng(0))).all()


def test_each_far_apart_crowd_gets_a_centre():
    rng = np.random.default_rng(0)
    rows = np.concatenate([rng.normal(size=(50, 2)) + place for place in ([0, 0], [1e4, 0], [0, 1e4])])
    centres = centres_far_apart(rows, 3, np.random.default_rng(1))
    assert sorted(np.flatnonzero((rows == centre).all(axis=1))[0] // 50 for centre in centres) == [0, 1, 2]
