"""COPOD: how unlikely the tails of a row are by the empirical copula, from tail tables frozen at fit."""

from dataclasses import dataclass

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.tail_sums import Aggregation, FittedTailSum, learn_tail_sum, restore_tail_sum


@dataclass(frozen=True, slots=True)
class Copod:
    """Copula-based outlier detection.

    What: every value is turned into its left and right tail probability in its own column, learned at fit and
    frozen. A row's score is the sum over the columns of -log p of the tail towards which the column is skewed, or of
    the mean of -log p of both tails where that is larger.

    When: as ECOD: many columns, large tables, reasons per column wanted; it listens more to the side of the longer
    tail. Fails for values between two modes, and for rows strange only in a combination of columns.

    Cost: fit n log n per column; score one table look-up per cell, whatever n is. Nothing is random.

    aggregation: "each_column" (default: what the authors' own implementation does) or "largest_sum" (the paper: the
    largest of three sums over columns, of left tails, of right tails, and of the tails of the skewed side).

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), from 0 to d * log(n_training + 1).
    Raises TooFewRows below 2 rows, ColumnMismatch on another width, NonFiniteScores for NaN or infinity in rows.

    Source: Li, Zhao, Botta, Ionescu and Hu (2020), "COPOD: copula-based outlier detection", ICDM, algorithm 1.
    Differences: as for ECOD, the maximum is by default taken in each column, before the sum; a tail probability is
    (count + 1) / (n + 1), so that a value beyond everything seen is never log 0; the middle of a long column is
    thinned, which moves no -log p by more than 0.01 (see tail_tables and tail_lines).

    >>> import numpy as np
    >>> rows = np.array([[0.0], [1.0], [2.0], [3.0], [9.0]])
    >>> model = Copod().fit(FeatureMatrix(rows, ("size",)), seed=0)
    >>> model.score(np.array([[2.0], [9.0], [-5.0]])).round(3)
    array([0.405, 1.099, 0.896])
    """

    aggregation: Aggregation = "each_column"

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> FittedTailSum:  # noqa: ARG002 - nothing here is random
        """Learn the tails of every column. Raises TooFewRows, InvalidData."""
        return learn_tail_sum(matrix, self.aggregation, "skewed_tail_or_mean")

    @staticmethod
    def restore(state: ModelState) -> FittedTailSum:
        """Rebuild a fitted model. Raises CorruptModel."""
        return restore_tail_sum(state, "skewed_tail_or_mean")
