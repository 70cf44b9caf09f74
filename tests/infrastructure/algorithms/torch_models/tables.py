"""Small tables that a network learns in a fraction of a second."""

import numpy as np

from pynomaly.domain.feature_matrix import FeatureMatrix


def matrix_of(rows):
    return FeatureMatrix(rows, tuple(f"f{place}" for place in range(rows.shape[1])))


def curved_rows(n_rows=200, seed=0):
    """Return rows on a bent sheet in four columns, a little noise beside."""
    rng = np.random.default_rng(seed)
    place = rng.uniform(-1, 1, size=(n_rows, 2))
    columns = (place[:, 0], place[:, 1], place[:, 0] * place[:, 1], place[:, 0] ** 2)
    return np.column_stack(columns) + 0.03 * rng.normal(size=(n_rows, 4))
