"""Scores of training rows by models that did not see them: the reference that p-values are held against."""

import numpy as np
from numpy.typing import NDArray

from pynomaly.application.ports.algorithm import Algorithm, FittedModel, LearnsFromLabels
from pynomaly.application.ports.progress import Progress
from pynomaly.domain.arrays import FloatVector, IntVector
from pynomaly.domain.errors import InvalidData
from pynomaly.domain.feature_matrix import FeatureMatrix

MAX_REFERENCE_ROWS = 100_000  # a p-value resolution of 1e-5 for 0.8 MB in the model file
FEW_ROWS = 10_000  # below, five folds keep each fold's model close to the final one; above, two suffice


def folds_for(n_rows: int) -> int:
    """Return into how many parts that many rows are divided."""
    return 5 if n_rows <= FEW_ROWS else 2


def learned(algorithm: Algorithm, matrix: FeatureMatrix, labels: NDArray[np.int8] | None, *, seed: int) -> FittedModel:
    """Return the fitted model; an algorithm that can learn from labels is given them where there are some.

    labels: (n_samples,), 1 known anomaly, 0 known normal, -1 not known.
    Raises as `fit` does.
    """
    if labels is not None and isinstance(algorithm, LearnsFromLabels):
        return algorithm.fit_labelled(matrix, labels, seed=seed)
    return algorithm.fit(matrix, seed=seed)


def cross_fitted_scores(
    algorithm: Algorithm,
    matrix: FeatureMatrix,
    *,
    min_rows: int,
    seed: int,
    progress: Progress,
    labels: NDArray[np.int8] | None = None,
) -> tuple[IntVector, FloatVector] | None:
    """Score up to 100 000 training rows out of sample: each by a model fitted without its fold.

    labels: what is known of the rows (n_samples,); a fold's model learns from those of its own training rows only, so
    no row's score depends on that row's label.
    Returns the row indices (m,) and their scores (m,), or None where the rows are too few to hold any back
    or the algorithm cannot learn from a part of them.
    Source: cross-conformal prediction, Vovk (2015), Annals of Mathematics and Artificial Intelligence 74;
    CV+, Barber et al. (2021), Annals of Statistics 49.
    """
    rng = np.random.default_rng(seed)
    n_folds = folds_for(matrix.n_samples)
    if matrix.n_samples - -(-matrix.n_samples // n_folds) < max(min_rows, 2):
        return None
    folds = np.array_split(rng.permutation(matrix.n_samples), n_folds)
    held_out = [fold[: MAX_REFERENCE_ROWS // n_folds] for fold in folds]
    scores = []
    for number, rows in enumerate(held_out):
        progress("calibrating", number / n_folds)
        seen = np.concatenate([fold for other, fold in enumerate(folds) if other != number])
        try:
            known = None if labels is None else labels[seen]
            fitted = learned(algorithm, matrix.rows(seen), known, seed=seed + 1 + number)
            scores.append(fitted.score(matrix.rows(rows).values))
        except InvalidData:
            return None
    return np.concatenate(held_out), np.concatenate(scores)
