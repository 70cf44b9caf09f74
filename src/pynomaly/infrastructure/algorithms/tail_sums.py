"""Sums over columns of tail surprise, -log p: what ECOD and COPOD learn alike."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, cast

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import BoolVector, FloatMatrix, FloatVector
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.kernels.tables import score_tails, tail_terms
from pynomaly.infrastructure.algorithms.scoring_rows import check_width, finite_block, sum_over_features, training_rows
from pynomaly.infrastructure.algorithms.state_checks import require_names, required_array, required_choice, required_int
from pynomaly.infrastructure.algorithms.tail_lines import Combination, TailLines, tail_lines
from pynomaly.infrastructure.algorithms.tail_tables import TailTables, learn_tail_tables, restore_tail_tables

Aggregation = Literal["largest_sum", "each_column"]


@dataclass(frozen=True, eq=False)
class FittedTailSum:
    """Frozen tails of d columns, and for each whether its longer tail is the left one.

    of_each_column: what a column adds where the aggregation is "each_column".
    """

    tables: TailTables
    is_left_skewed: BoolVector
    aggregation: Aggregation
    of_each_column: Combination

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        return score_tails(self._lines, rows)

    def contributions(self, rows: FloatMatrix) -> FloatMatrix:
        """Return each column's -log p in the sum that became the score, (n, d)."""
        check_width(rows, self.tables.n_features)
        sides = list(tail_terms(self._lines, finite_block(rows)))
        if len(sides) == 1:
            return np.ascontiguousarray(sides[0].T)
        sides.append(np.where(self.is_left_skewed[:, None], *sides))
        largest = np.argmax([sum_over_features(side) for side in sides], axis=0)
        return np.ascontiguousarray(np.choose(largest, sides).T)

    def state(self) -> ModelState:
        """Return the tables and the skew directions."""
        arrays = {**self.tables.arrays(), "is_left_skewed": self.is_left_skewed}
        return ModelState(arrays, {"n_training_rows": self.tables.n_training_rows, "aggregation": self.aggregation})

    @cached_property
    def _lines(self) -> TailLines:
        combination = self.of_each_column if self.aggregation == "each_column" else "both_tails"
        return tail_lines(self.tables, self.is_left_skewed, combination)


def learn_tail_sum(matrix: FeatureMatrix, aggregation: Aggregation, of_each_column: Combination) -> FittedTailSum:
    """Learn the tails of every column. Raises TooFewRows, InvalidData."""
    rows = training_rows(matrix)
    is_left_skewed = np.array([_is_left_skewed(np.ascontiguousarray(column)) for column in rows.T])
    return FittedTailSum(learn_tail_tables(rows), is_left_skewed, aggregation, of_each_column)


def restore_tail_sum(state: ModelState, of_each_column: Combination) -> FittedTailSum:
    """Rebuild a fitted model. Raises CorruptModel."""
    arrays = ("knots", "n_below", "n_at_most", "n_knots", "is_left_skewed")
    require_names(state, arrays=arrays, scalars=("n_training_rows", "aggregation"))
    n_rows = required_int(state, "n_training_rows", minimum=2, maximum=2**53)
    tables = restore_tail_tables(state, n_rows)
    skewed = required_array(state, "is_left_skewed", dtype=np.bool_, shape=(tables.n_features,))
    aggregation = required_choice(state, "aggregation", ("largest_sum", "each_column"))
    return FittedTailSum(tables, skewed, cast("Aggregation", aggregation), of_each_column)


def _is_left_skewed(column: FloatVector) -> bool:
    """Whether the third central moment is negative; scaled to -1..1 first, so that no cube or sum overflows."""
    largest = max(column.max(), -column.min())
    if largest == 0:
        return False
    away = column / largest
    away -= away.mean()
    cubes = away * away
    cubes *= away
    return bool(cubes.mean() < 0)
