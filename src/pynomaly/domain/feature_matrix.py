"""The one numeric matrix inside the house: rows by features, read-only, every cell finite."""

from dataclasses import dataclass

import numpy as np

from pynomaly.domain.arrays import FloatMatrix, IntVector, read_only
from pynomaly.domain.errors import InvalidData


@dataclass(frozen=True, slots=True, eq=False)
class FeatureMatrix:
    """Read-only (n_samples, n_features) float array with a name per feature.

    Raises InvalidData if the shape and the names disagree or the dtype is not float32/float64.
    """

    values: FloatMatrix
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.shape[1] != len(self.names):
            raise InvalidData(f"{len(self.names)} feature names for an array of shape {self.values.shape}")
        if self.values.dtype not in (np.float32, np.float64):
            raise InvalidData(f"features must be float32 or float64, not {self.values.dtype}")
        object.__setattr__(self, "values", read_only(self.values))

    @property
    def n_samples(self) -> int:
        """Number of rows."""
        return int(self.values.shape[0])

    @property
    def n_features(self) -> int:
        """Number of features."""
        return int(self.values.shape[1])

    def rows(self, index: IntVector) -> "FeatureMatrix":
        """Return the rows at `index` as a new matrix; `take` is twice as fast as indexing."""
        return FeatureMatrix(self.values.take(index, axis=0), self.names)
