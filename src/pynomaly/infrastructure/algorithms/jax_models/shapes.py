"""Sizes that compiled programs are made for: powers of two, so that few programs serve tables of every size."""

import numpy as np
from numpy.typing import NDArray

from pynomaly.domain.arrays import FloatMatrix

MIN_ROWS = 256
"""Smallest padded number of training rows."""

MIN_FEATURES = 4
"""Smallest padded number of columns."""


def bucket(size: int, *, smallest: int) -> int:
    """Return the power of two that holds `size`, at least `smallest` (itself a power of two)."""
    return max(smallest, 1 << max(size - 1, 0).bit_length())


def padded(rows: FloatMatrix, n_rows: int, n_features: int) -> NDArray[np.float32]:
    """Return rows as float32 in the corner of an array of zeros."""
    table = np.zeros((n_rows, n_features), dtype=np.float32)
    table[: rows.shape[0], : rows.shape[1]] = rows
    return table
