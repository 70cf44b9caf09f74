"""ECOD: how far out in the tails of each column a row lies, from tail tables frozen at fit."""

from dataclasses import dataclass
from typing import Literal, cast

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import BoolVector, FloatMatrix, FloatVector
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.scoring_rows import (
    INTERMEDIATES,
    check_width,
    finite_block,
    score_in_blocks,
    sum_over_features,
    training_rows,
)
from pynomaly.infrastructure.algorithms.state_checks import require_names, required_array, required_choice, required_int
from pynomaly.infrastructure.algorithms.tail_tables import TailTables, learn_tail_tables, restore_tail_tables

Aggregation = Literal["largest_sum", "each_column"]


@dataclass(frozen=True, slots=True)
class Ecod:
    """Empirical-cumulative-distribution outlier detection.

    What: every value is turned into its left and right tail probability in its own column, learned at fit and
    frozen. A row's score is the sum over the columns of -log p of the rarer tail.

    When: many columns, a first look, large tables, reasons per column wanted. Fails for values between two modes
    (their tails are heavy), for rows strange only in a combination of columns, and weakly where training is clean.

    Cost: fit n log n per column; score about 12 table steps per cell, whatever n is. Nothing is random.

    aggregation: "each_column" (default: rows high in some columns and low in others stand out too) or "largest_sum"
    (the paper: the largest of three sums, of all left tails, all right tails, and per column the tail towards which
    the column is skewed: rows high in many columns or low in many stand out).

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), from 0 to d * log(n_training + 1).
    Raises TooFewRows below 2 rows, ColumnMismatch on another width, NonFiniteScores for NaN or infinity in rows.

    Source: Li, Zhao, Hu, Botta, Ionescu and Chen (2023), "ECOD: unsupervised outlier detection using empirical
    cumulative distribution functions", TKDE 35(12), algorithm 1. Differences: by default the maximum is taken in
    each column, before the sum (docs/decisions/0007 has the figures); a tail probability is (count + 1) / (n + 1),
    so that a value beyond everything seen is never log 0; the middle of a long column is thinned, which moves no
    -log p by more than 0.01 (see tail_tables).

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> rows = np.array([[0.0], [1.0], [2.0], [3.0], [9.0]])
    >>> model = Ecod().fit(FeatureMatrix(rows, ("size",)), seed=0)
    >>> model.score(np.array([[2.0], [9.0]])).round(3)
    array([0.405, 1.099])
    """

    aggregation: Aggregation = "each_column"

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedEcod":  # noqa: ARG002 - nothing here is random
        """Learn the tails of every column. Raises TooFewRows, InvalidData."""
        rows = training_rows(matrix)
        is_left_skewed = np.array([_is_left_skewed(column) for column in rows.T])
        return FittedEcod(learn_tail_tables(rows), is_left_skewed, self.aggregation)

    @staticmethod
    def restore(state: ModelState) -> "FittedEcod":
        """Rebuild a fitted model. Raises CorruptModel."""
        arrays = ("knots", "n_below", "n_at_most", "n_knots", "is_left_skewed")
        require_names(state, arrays=arrays, scalars=("n_training_rows", "aggregation"))
        n_rows = required_int(state, "n_training_rows", minimum=2, maximum=2**53)
        tables = restore_tail_tables(state, n_rows)
        skewed = required_array(state, "is_left_skewed", dtype=np.bool_, shape=(tables.n_features,))
        aggregation = required_choice(state, "aggregation", ("largest_sum", "each_column"))
        return FittedEcod(tables, skewed, cast("Aggregation", aggregation))


@dataclass(frozen=True, slots=True, eq=False)
class FittedEcod:
    """Frozen tails of d columns, and for each whether its longer tail is the left one."""

    tables: TailTables
    is_left_skewed: BoolVector
    aggregation: Aggregation

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        n_features = self.tables.n_features
        return score_in_blocks(rows, n_features, self._score_block, cells_per_row=INTERMEDIATES * n_features)

    def contributions(self, rows: FloatMatrix) -> FloatMatrix:
        """Return each column's -log p in the sum that became the score, (n, d)."""
        check_width(rows, self.tables.n_features)
        sides = self._sides(finite_block(rows))
        largest = np.argmax([sum_over_features(side) for side in sides], axis=0)
        return np.ascontiguousarray(np.choose(largest, sides).T)

    def state(self) -> ModelState:
        """Return the tables and the skew directions."""
        arrays = {**self.tables.arrays(), "is_left_skewed": self.is_left_skewed}
        return ModelState(arrays, {"n_training_rows": self.tables.n_training_rows, "aggregation": self.aggregation})

    def _score_block(self, block: FloatMatrix) -> FloatVector:
        return np.asarray(np.maximum.reduce([sum_over_features(side) for side in self._sides(block)]))

    def _sides(self, block: FloatMatrix) -> list[FloatMatrix]:
        """Return the -log p, (d, n) each, of which the largest sum over columns is the score."""
        left, right = self.tables.surprise(block)
        if self.aggregation == "each_column":
            return [np.maximum(left, right)]
        return [left, right, np.where(self.is_left_skewed[:, None], left, right)]


def _is_left_skewed(column: FloatVector) -> bool:
    """Whether the third central moment is negative; scaled to -1..1 first, so that no cube or sum overflows."""
    largest = np.abs(column).max()
    if largest == 0:
        return False
    scaled = column / largest
    return bool(np.mean((scaled - scaled.mean()) ** 3) < 0)
