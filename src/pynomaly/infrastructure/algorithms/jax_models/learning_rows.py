"""Which rows a network learns from, and for how long: neither needs JAX."""

import numpy as np

from pynomaly.domain.arrays import FloatMatrix
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.scoring_rows import training_rows

MAX_TRAINING_ROWS = 100_000
"""A larger table is sampled: small networks learn nothing from more."""

USUAL_EPOCHS = 20


def rows_to_learn_from(matrix: FeatureMatrix, seed: int) -> FloatMatrix:
    """Return the rows, float64, or a sample of a large table. Raises TooFewRows, InvalidData."""
    rows = training_rows(matrix)
    if len(rows) <= MAX_TRAINING_ROWS:
        return rows
    return rows[np.sort(np.random.default_rng(seed).choice(len(rows), MAX_TRAINING_ROWS, replace=False))]


def steps_for(n_rows: int, batch_rows: int, n_epochs: int | None, *, fewest: int, most: int) -> int:
    """Return the number of batches: those of `n_epochs`, or of 20 epochs within bounds."""
    of_an_epoch = -(-n_rows // batch_rows)
    if n_epochs is not None:
        return n_epochs * of_an_epoch
    return min(max(USUAL_EPOCHS * of_an_epoch, fewest), most)
