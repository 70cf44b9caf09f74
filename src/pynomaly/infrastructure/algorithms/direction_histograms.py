"""Histograms of equal bins along directions, a direction being a weighted sum of a few columns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pynomaly.domain.arrays import FloatMatrix, FloatVector


@dataclass(frozen=True, slots=True, eq=False)
class DirectionHistograms:
    """What a row adds for its bin along each of t directions.

    columns: int32 (t, k), the columns of each direction, below n_features.  weights: float64 (t, k).
    low, high: float64 (t,), where the bins begin and end.  n_bins: int32 (t,).
    heights: float64 (sum of n_bins + 2,): below low, the bins, above high; one direction after the other.
    """

    columns: NDArray[np.int32]
    weights: FloatMatrix
    low: FloatVector
    high: FloatVector
    n_bins: NDArray[np.int32]
    start: NDArray[np.int64]
    heights: FloatVector
    n_features: int


def direction_histograms(
    columns: NDArray[np.int32],
    weights: FloatMatrix,
    low: FloatVector,
    high: FloatVector,
    n_bins: NDArray[np.integer],
    heights: FloatVector,
    n_features: int,
) -> DirectionHistograms:
    """Return histograms whose heights are where their numbers of bins say; raise ValueError if they are not."""
    ends = np.cumsum(n_bins.astype(np.int64) + 2)
    if ends[-1] != heights.size or columns.min() < 0 or columns.max() >= n_features:
        raise ValueError("the histograms are malformed")
    start = ends - (n_bins + 2)
    return DirectionHistograms(
        np.ascontiguousarray(columns, np.int32), weights, low, high, n_bins.astype(np.int32), start, heights, n_features
    )
