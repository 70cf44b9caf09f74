"""The trusted core: a detector learns once, sets its strangest training rows aside, and learns from the rest anew.

Anomalies among the training rows pull a density towards them; what they pull least is learned from the second time.
"""

from collections.abc import Callable
from math import ceil
from typing import Protocol, TypeVar

import numpy as np

from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.scoring_rows import training_rows
from pynomaly.infrastructure.algorithms.standardiser import Standardiser, within_and_beyond
from pynomaly.infrastructure.algorithms.torch_models.plan import MIN_ROWS, Trained


class Scores(Protocol):
    """A fitted detector."""

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""


Detector = TypeVar("Detector", bound=Trained)
Fitted = TypeVar("Fitted", bound=Scores)


def learned_from_core(
    detector: Detector,
    learn: Callable[[Detector, Standardiser, FloatMatrix], Fitted],
    matrix: FeatureMatrix,
    share: float,
) -> Fitted:
    """Return what a detector learns from the share of its training rows that it finds least strange.

    learn: takes the detector, the scale of the columns and the rows as the network sees them, without what goes beyond
    usual values. A share of 1 learns once, from all rows. Raises TooFewRows, InvalidData.
    """
    rows = training_rows(matrix, min_rows=MIN_ROWS)
    standardiser = Standardiser.learn(rows)
    within, _ = within_and_beyond(standardiser.apply(rows))
    if share == 1:
        return learn(detector, standardiser, within)
    first = learn(detector.part(0, 2), standardiser, within)
    return learn(detector.part(1, 2), standardiser, least_strange(within, first.score(rows), share))


def least_strange(rows: FloatMatrix, scores: FloatVector, share: float) -> FloatMatrix:
    """Return the share of the rows with the lowest scores, in their order: at least ten of them.

    >>> least_strange(np.arange(20.0)[:, None], np.arange(20.0)[::-1], 0.5)[:, 0]
    array([10., 11., 12., 13., 14., 15., 16., 17., 18., 19.])
    """
    n_kept = max(MIN_ROWS, ceil(share * len(rows)))
    return np.asarray(rows[np.sort(np.argsort(scores, kind="stable")[:n_kept])])
