"""ECOD: how far out in the tails of each column a row lies, from tail tables frozen at fit."""

from dataclasses import dataclass

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.tail_sums import Aggregation, FittedTailSum, learn_tail_sum, restore_tail_sum


@dataclass(frozen=True, slots=True)
class Ecod:
    """Empirical-cumulative-distribution outlier detection.

    What: every value is turned into its left and right tail probability in its own column, learned at fit and
    frozen. A row's score is the sum over the columns of -log p of the rarer tail.

    When: many columns, a first look, large tables, reasons per column wanted. Fails for values between two modes
    (their tails are heavy), for rows strange only in a combination of columns, and weakly where training is clean.

    Cost: fit n log n per column; score one table look-up per cell, whatever n is. Nothing is random.

    aggregation: "each_column" (default: rows high in some columns and low in others stand out too) or "largest_sum"
    (the paper: the largest of three sums, of all left tails, all right tails, and per column the tail towards which
    the column is skewed: rows high in many columns or low in many stand out).

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), from 0 to d * log(n_training + 1).
    Raises TooFewRows below 2 rows, ColumnMismatch on another width, NonFiniteScores for NaN or infinity in rows.

    Source: Li, Zhao, Hu, Botta, Ionescu and Chen (2023), "ECOD: unsupervised outlier detection using empirical
    cumulative distribution functions", TKDE 35(12), algorithm 1. Differences: by default the maximum is taken in
    each column, before the sum (docs/decisions/0007 has the figures); a tail probability is (count + 1) / (n + 1),
    so that a value beyond everything seen is never log 0; the middle of a long column is thinned, which moves no
    -log p by more than 0.01 (see tail_tables and tail_lines).

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> import numpy as np
    >>> rows = np.array([[0.0], [1.0], [2.0], [3.0], [9.0]])
    >>> model = Ecod().fit(FeatureMatrix(rows, ("size",)), seed=0)
    >>> model.score(np.array([[2.0], [9.0]])).round(3)
    array([0.405, 1.099])
    """

    aggregation: Aggregation = "each_column"

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> FittedTailSum:  # noqa: ARG002 - nothing here is random
        """Learn the tails of every column. Raises TooFewRows, InvalidData."""
        return learn_tail_sum(matrix, self.aggregation, "rarer_tail")

    @staticmethod
    def restore(state: ModelState) -> FittedTailSum:
        """Rebuild a fitted model. Raises CorruptModel."""
        return restore_tail_sum(state, "rarer_tail")
