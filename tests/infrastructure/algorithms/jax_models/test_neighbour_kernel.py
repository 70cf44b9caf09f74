import numpy as np
import pytest

from pynomaly.infrastructure.algorithms.jax_models.neighbour_kernel import as_float32, nearest_distances, placed


def exact(rows, reference, k):
    away = rows.astype(np.float64)[:, None, :] - reference.astype(np.float64)[None]
    return np.sort(np.sqrt(np.square(away).sum(axis=2)), axis=1)[:, :k]


@pytest.mark.parametrize(("n_features", "k"), [(1, 1), (3, 7), (21, 100)])
def test_distances_are_the_exact_ones_in_order(n_features, k):
    rng = np.random.default_rng(0)
    reference = rng.normal(size=(230, n_features)).astype(np.float32)
    rows = rng.normal(size=(9, n_features)).astype(np.float32)
    np.testing.assert_allclose(
        nearest_distances(rows, placed(reference), k), exact(rows, reference, k), rtol=1e-12, atol=1e-300
    )


def test_no_digits_are_lost_far_from_the_origin():
    reference = np.float32([[16777200.0], [16777202.0], [0.0]])
    found = nearest_distances(np.float32([[16777201.0]]), placed(reference), 3)
    assert found.tolist() == [[1.0, 1.0, 16777201.0]]


def test_rows_nearer_to_each_other_than_float32_can_tell_from_afar_come_in_order():
    reference = np.float32([[1.0, 0.0], [1.0, 1e-5], [1.0, 2e-5], [5.0, 0.0]])
    found = nearest_distances(np.float32([[-999.0, 0.0]]), placed(reference), 2)
    np.testing.assert_allclose(found, exact(np.float32([[-999.0, 0.0]]), reference, 2), rtol=1e-15)


def test_padding_is_nobodys_neighbour():
    reference = np.full((3, 2), 100.0, dtype=np.float32)
    found = nearest_distances(np.zeros((2, 2), dtype=np.float32), placed(reference), 3)
    np.testing.assert_allclose(found, np.full((2, 3), 100 * np.sqrt(2)), rtol=1e-15)


def test_the_farthest_float32_rows_have_a_distance():
    edge = as_float32(np.array([[1e300, -1e300]]))
    found = nearest_distances(edge, placed(-edge), 1)
    np.testing.assert_allclose(found[0, 0], 2 * np.sqrt(2) * np.finfo(np.float32).max, rtol=1e-6)
