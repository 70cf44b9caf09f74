"""Rows as C code wants them, scored block by block, and what is said where they cannot be scored."""

from collections.abc import Callable

import numpy as np
from numpy.typing import DTypeLike

from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.errors import ColumnMismatch, NonFiniteScores
from pynomaly.infrastructure.algorithms.scoring_threads import in_row_blocks

ROWS_AT_ONCE = 1 << 16
"""Rows that are copied together where they are not plain: memory stays bounded."""


def scored(
    rows: FloatMatrix, n_features: int, dtype: DTypeLike, score_rows: Callable[[FloatMatrix, FloatVector], bool]
) -> FloatVector:
    """Let a kernel fill the scores of rows (n, d): float64 (n,).

    score_rows: takes plain rows of dtype and their scores, and returns whether every cell was a finite number.
    Raises ColumnMismatch on another width, NonFiniteScores where a cell is not a finite number.
    """
    if rows.ndim != 2 or rows.shape[1] != n_features:
        raise ColumnMismatch(f"the detector learned {n_features} features; these rows have shape {rows.shape}")
    scores = np.empty(rows.shape[0])

    def score(block: slice) -> bool:
        return bool(score_rows(plain_rows(rows[block], dtype), scores[block]))

    is_plain = rows.dtype == dtype and rows.flags.c_contiguous
    if not all(in_row_blocks(score, rows.shape[0], step=None if is_plain else ROWS_AT_ONCE)):
        raise NonFiniteScores("some cells are not finite numbers, so their rows have no score; fill or drop them first")
    return scores


def plain_rows(rows: FloatMatrix, dtype: DTypeLike) -> FloatMatrix:
    """Return rows of a dtype, row-major and aligned; a copy only where they are not."""
    plain = np.ascontiguousarray(rows, dtype)
    return plain if plain.flags.aligned else plain.copy()
