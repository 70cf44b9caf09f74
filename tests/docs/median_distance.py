"""How far a row lies from the middle of its columns, in units of each column's spread."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.algorithm import AlgorithmDescription, Parameter
from pynomaly.domain.errors import ColumnMismatch, CorruptModel, NonFiniteScores, TooFewRows


@dataclass(frozen=True)
class MedianDistance:
    """The algorithm with its parameters set: called with every parameter of the description, by keyword."""

    description: ClassVar = AlgorithmDescription(
        name="median_distance",
        title="Distance from the middle",
        family="probabilistic",
        summary="Adds up how far each value lies from the middle of its column; blind to combinations of columns.",
        reference="a textbook exercise",
        parameters=(Parameter("middle", "choice", "median", "what is the middle", choices=("median", "mean")),),
    )
    middle: str

    def fit(self, matrix, *, seed):
        if matrix.n_samples < self.description.min_rows:
            raise TooFewRows(f"median_distance needs {self.description.min_rows} rows, not {matrix.n_samples}")
        find_middle = np.median if self.middle == "median" else np.mean
        middle = find_middle(matrix.values, axis=0)
        spread = np.abs(matrix.values - middle).mean(axis=0)
        return FittedDistance(middle, np.where(spread > 0, spread, 1.0))

    @staticmethod
    def restore(state):
        """Believe nothing that comes from a file: names, types, shapes and values are checked first."""
        arrays = [state.arrays.get("middle"), state.arrays.get("spread")]
        if len(state.arrays) != 2 or state.scalars or not all(_is_vector(array) for array in arrays):
            raise CorruptModel("median_distance: expected two vectors of finite numbers, middle and spread")
        middle, spread = arrays
        if middle.shape != spread.shape or not (spread > 0).all():
            raise CorruptModel("median_distance: every column needs a middle and a spread above 0")
        return FittedDistance(middle, spread)


@dataclass(frozen=True)
class FittedDistance:
    """Everything learned, frozen: a row's score depends on the row and on this, never on the rows beside it."""

    middle: np.ndarray
    spread: np.ndarray

    def score(self, rows):
        if rows.shape[1] != self.middle.size:
            raise ColumnMismatch(f"median_distance learned {self.middle.size} features, not {rows.shape[1]}")
        scores = (np.abs(rows - self.middle) / self.spread).sum(axis=1)
        if not np.isfinite(scores).all():
            raise NonFiniteScores("median_distance: rows must hold finite numbers")
        return scores

    def state(self):
        return ModelState({"middle": self.middle, "spread": self.spread})


def _is_vector(array):
    return array is not None and array.dtype == np.float64 and array.ndim == 1 and bool(np.isfinite(array).all())
