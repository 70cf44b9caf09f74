import numpy as np
import pytest

from pynomaly.domain.errors import ColumnMismatch, NonFiniteScores
from pynomaly.infrastructure.algorithms.ellipsoid import Ellipsoid


def ellipsoid(n_features):
    rng = np.random.default_rng(0)
    return Ellipsoid(rng.normal(size=n_features), rng.normal(size=(n_features, n_features)))


@pytest.mark.parametrize("n_features", [1, 5, 64, 65, 100])
def test_distances_are_those_of_the_mapped_rows_and_parts_add_up_to_them(n_features):
    one = ellipsoid(n_features)
    rows = np.random.default_rng(1).normal(size=(200, n_features))
    expected = (((rows - one.centre) @ one.root) ** 2).sum(axis=1)
    np.testing.assert_allclose(one.squared_distances(rows), expected, rtol=1e-11)
    np.testing.assert_allclose(one.parts(rows).sum(axis=1), expected, rtol=1e-11)


@pytest.mark.parametrize("n_features", [3, 70])
def test_far_rows_get_finite_distances_that_do_not_depend_on_their_company(n_features):
    one = ellipsoid(n_features)
    rows = np.random.default_rng(1).normal(size=(30, n_features))
    rows[[3, 9]] = [[1e90], [1.7e308]]
    distances = one.squared_distances(rows)
    assert np.isfinite(distances).all()
    assert distances[9] > distances[3] > np.delete(distances, [3, 9]).max()
    alone = [one.squared_distances(rows[i : i + 1])[0] for i in range(30)]
    np.testing.assert_allclose(alone, distances, rtol=1e-12)


@pytest.mark.parametrize("n_features", [3, 70])
@pytest.mark.parametrize("width", [1.0, 1e100])
def test_parts_add_up_to_distances_at_any_size(n_features, width):
    one = Ellipsoid(np.zeros(n_features), np.eye(n_features) / width)
    rows = np.random.default_rng(1).normal(size=(9, n_features)) * 10.0 ** np.arange(-300, 301, 75)[:, np.newaxis]
    parts, distances = one.parts(rows), one.squared_distances(rows)
    assert np.isfinite(parts).all()
    np.testing.assert_allclose(parts.sum(axis=1), distances, rtol=1e-12)
    assert (np.diff(distances) >= 0).all()


@pytest.mark.parametrize("n_features", [3, 70])
@pytest.mark.parametrize("poison", [np.nan, np.inf, -np.inf])
def test_a_missing_or_infinite_cell_is_refused(n_features, poison):
    rows = np.zeros((10, n_features))
    rows[4, 1] = poison
    with pytest.raises(NonFiniteScores):
        ellipsoid(n_features).squared_distances(rows)
    with pytest.raises(NonFiniteScores):
        ellipsoid(n_features).parts(rows)


def test_another_width_is_refused_and_no_rows_have_no_distances():
    one = ellipsoid(3)
    for rows in (np.zeros((2, 4)), np.zeros(3)):
        with pytest.raises(ColumnMismatch):
            one.squared_distances(rows)
    assert one.squared_distances(np.empty((0, 3))).shape == (0,)
