"""Small tables for the tests of the PyOD adapter, and a short way to fit a row of its table."""

import numpy as np

from pynomaly.application.ports.algorithm import FittedModel
from pynomaly.domain.arrays import FloatMatrix
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.pyod_adapter.algorithm import PyodAlgorithm
from pynomaly.infrastructure.algorithms.pyod_adapter.table import PYOD_ROWS, PYOD_TABLE

INDUCTIVE = tuple(row.name for row in PYOD_ROWS if row.is_inductive)
TRANSDUCTIVE = tuple(row.name for row in PYOD_ROWS if not row.is_inductive)
EVERY = INDUCTIVE + TRANSDUCTIVE

QUICKLY = {
    "pyod.autoencoder": {"epoch_num": 10},
    "pyod.vae": {"epoch_num": 10},
    "pyod.deep_svdd": {"epochs": 50},
    "pyod.ae1svm": {"epochs": 5},
    "pyod.so_gaal": {"stop_epochs": 5},
    "pyod.mo_gaal": {"stop_epochs": 2, "k": 2},
    "pyod.lunar": {"n_epochs": 20},
    "pyod.dif": {"n_ensemble": 5},
}
"""Fewer epochs than by default, where the defaults would make the checks take minutes."""

N_PLANTED = 3


def planted_table(n_features: int = 4, *, n_rows: int = 80) -> FloatMatrix:
    """Return two Gaussian clouds, the second a third as large; the first rows lie far outside, each elsewhere."""
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(n_rows, n_features))
    rows[3 * n_rows // 4 :] = 0.3 * rows[3 * n_rows // 4 :] + 3.0
    directions = rng.choice([-1.0, 1.0], size=(N_PLANTED, n_features))
    rows[:N_PLANTED] = 9 * directions * rng.uniform(0.7, 1.3, size=(N_PLANTED, n_features))
    return rows


def table_for(name: str) -> FloatMatrix:
    """Return a planted table as wide as the row allows."""
    return planted_table(PYOD_TABLE[name].description.max_features or 4)


def fit(name: str, rows: FloatMatrix, *, seed: int = 3, **parameters: int | float | str | bool) -> FittedModel:
    """Fit a row of the table, with defaults where no parameter is given."""
    description = PYOD_TABLE[name].description
    matrix = FeatureMatrix(rows, tuple(f"column {position}" for position in range(rows.shape[1])))
    return PyodAlgorithm(description, description.settings({**QUICKLY.get(name, {}), **parameters})).fit(
        matrix, seed=seed
    )
