"""Small data with planted anomalies, and every algorithm fitted to it once per process."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint

import numpy as np

from pynomaly.application.ports.algorithm import FittedModel, ModelState
from pynomaly.domain.algorithm import AlgorithmDescription
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.catalog import Catalog
from pynomaly.infrastructure.algorithms.plugins import PLUGIN_GROUP
from tests.infrastructure.algorithms.pyod_adapter.examples import QUICKLY

EXAMPLE_OF_THE_GUIDE = EntryPoint("median_distance", "tests.docs.median_distance:MedianDistance", PLUGIN_GROUP)
CATALOG = Catalog(plugins=(EXAMPLE_OF_THE_GUIDE,))
DESCRIPTIONS = CATALOG.descriptions()
SEED = 7
N_INLIERS = 120
N_ANOMALIES = 6


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """One algorithm with default parameters, fitted to `rows`, whose last N_ANOMALIES rows are anomalies."""

    description: AlgorithmDescription
    rows: np.ndarray
    model: FittedModel
    scores: np.ndarray


@cache
def trained(name: str) -> Trained:
    description = CATALOG.describe(name)
    rows = planted_rows(description)
    model = fit(name, rows)
    return Trained(description, rows, model, model.score(rows))


def planted_rows(description: AlgorithmDescription) -> np.ndarray:
    """Return correlated Gaussian rows, then rows 8 to 12 standard deviations out in every column."""
    rng = np.random.default_rng(SEED)
    n_features = min(4, description.max_features or 4)
    shared = rng.normal(size=(N_INLIERS, 1))
    inliers = 0.6 * shared + 0.8 * rng.normal(size=(N_INLIERS, n_features))
    side = rng.choice([-1.0, 1.0], size=(N_ANOMALIES, n_features))
    return np.vstack([inliers, side * rng.uniform(8, 12, size=side.shape)]).astype(description.dtype)


def fit(name: str, rows: np.ndarray, **parameters: object) -> FittedModel:
    names = tuple(f"f{i}" for i in range(rows.shape[1]))
    return CATALOG.create(name, {**QUICKLY.get(name, {}), **parameters}).fit(FeatureMatrix(rows, names), seed=SEED)


def as_if_stored(state: ModelState) -> ModelState:
    """Return what comes back from a file: arrays from their bytes, scalars from JSON text."""
    arrays = {
        name: np.frombuffer(array.tobytes(), dtype=array.dtype).reshape(array.shape)
        for name, array in state.arrays.items()
    }
    return ModelState(arrays, json.loads(json.dumps(dict(state.scalars), allow_nan=False)))
