"""Anomaly scores: one number per row, higher is stranger, always finite."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pynomaly.domain.arrays import FloatVector, read_only
from pynomaly.domain.errors import NonFiniteScores


@dataclass(frozen=True, slots=True)
class AnomalyScore:
    """The view of one row's score."""

    row: int
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class AnomalyScores:
    """One read-only float64 array (n_samples,), higher is stranger.

    Raises NonFiniteScores if any value is NaN or infinite.
    """

    values: FloatVector

    def __post_init__(self) -> None:
        values = np.asarray(self.values, dtype=np.float64)
        bad = int(values.size - np.count_nonzero(np.isfinite(values)))
        if values.ndim != 1 or bad:
            raise NonFiniteScores(
                f"{bad} of {values.size} scores are not finite numbers (array of shape {values.shape})"
            )
        object.__setattr__(self, "values", read_only(values))

    def __len__(self) -> int:
        return int(self.values.size)

    def __getitem__(self, row: int) -> AnomalyScore:
        return AnomalyScore(row, float(self.values[row]))

    def strangest(self, n: int) -> Iterator[AnomalyScore]:
        """Yield the n highest scores, strangest first; equal scores in row order."""
        if n < len(self):  # nobody needs a million rows sorted to see ten
            edge = np.partition(self.values, len(self) - n - 1)[len(self) - n - 1]
            above = np.flatnonzero(self.values > edge)
            candidates = np.append(above, np.flatnonzero(self.values == edge)[: n - above.size])
        else:
            candidates = np.arange(len(self))
        order = np.lexsort((candidates, -self.values[candidates]))
        return (self[int(row)] for row in candidates[order])
