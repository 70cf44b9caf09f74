"""The array types every layer speaks, and how an array is made read-only."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatVector: TypeAlias = NDArray[np.float64]
BoolVector: TypeAlias = NDArray[np.bool_]
IntVector: TypeAlias = NDArray[np.integer[Any]]
FloatMatrix: TypeAlias = NDArray[np.floating[Any]]
"""(n_samples, n_features), float32 or float64, row-major."""


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Return a view of `array` that refuses writes; the data is not copied."""
    view = array.view()
    view.flags.writeable = False
    return view
