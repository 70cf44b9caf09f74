"""The training rows that detectors of distances keep, and how they are stored."""

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.arrays import FloatMatrix, read_only
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.scoring_rows import training_rows
from pynomaly.infrastructure.algorithms.state_checks import required_array, required_int

SHAPE = ("n_rows", "n_features")
"""Scalars that hold the shape of the reference rows: an array that lost or gained a row is noticed."""

LARGEST_SQUARE = np.finfo(np.float64).max
"""Taken instead of squared distances that overflow."""


def sampled_rows(matrix: FeatureMatrix, max_rows: int, seed: int) -> FloatMatrix:
    """Return the training rows, or max_rows of them drawn without replacement, in their order: float64 (m, d).

    Raises TooFewRows, InvalidData.
    """
    rows = training_rows(matrix)
    if len(rows) > max_rows:
        rows = rows[np.sort(np.random.default_rng(seed).choice(len(rows), max_rows, replace=False))]
    return read_only(np.array(rows, order="C"))


def stored_shape(reference: FloatMatrix) -> dict[str, JsonValue]:
    """Return the scalars that hold the shape of the reference rows."""
    return dict(zip(SHAPE, reference.shape, strict=True))


def required_reference(state: ModelState) -> FloatMatrix:
    """Return the stored reference rows. Raises CorruptModel."""
    shape = tuple(required_int(state, name, minimum=1) for name in SHAPE)
    return required_array(state, "reference", dtype=np.float64, shape=shape)
