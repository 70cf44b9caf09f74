"""The door of every own detector: rows are checked, then scored block by block so that memory stays bounded."""

from collections.abc import Callable

import numpy as np

from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.errors import ColumnMismatch, InvalidData, NonFiniteScores, TooFewRows
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.scoring_threads import in_row_blocks

BLOCK_CELLS = 1 << 18
"""Numbers held at once, 2 MB as float64: a block and its intermediates stay within a core's cache."""

INTERMEDIATES = 16
"""Arrays of a block's size that element-wise scoring holds at most. Each is then 128 KB: larger ones are handed back to
the system and fetched anew on every operation, which costs several times the arithmetic."""


def training_rows(matrix: FeatureMatrix, *, min_rows: int = 2) -> FloatMatrix:
    """Return the rows to learn from, float64 (n_samples, n_features).

    Raises as `check_training` does.
    """
    check_training(matrix, min_rows=min_rows)
    return np.asarray(matrix.values, dtype=np.float64)


def check_training(matrix: FeatureMatrix, *, min_rows: int = 2) -> None:
    """Check that a matrix can be learned from.

    Raises TooFewRows below `min_rows`, InvalidData without columns or where a cell is not a finite number.
    """
    if matrix.n_samples < min_rows:
        raise TooFewRows(f"{matrix.n_samples} rows are too few to learn from; at least {min_rows} are needed")
    if matrix.n_features == 0:
        raise InvalidData("there are no columns to learn from; keep at least one feature column")
    if not np.isfinite(matrix.values).all():
        raise InvalidData("some cells are not finite numbers; fill or drop missing and infinite values first")


def score_in_blocks(
    rows: FloatMatrix,
    n_features: int,
    score_block: Callable[[FloatMatrix], FloatVector],
    *,
    cells_per_row: int | None = None,
) -> FloatVector:
    """Score rows (n_samples, n_features) in row order: float64 (n_samples,).

    score_block: scores one float64 block.  cells_per_row: how many numbers the scorer holds per row,
    n_features unless given; the number of rows per block follows from it.
    Raises ColumnMismatch on another width, NonFiniteScores where a cell is not a finite number.
    """
    check_width(rows, n_features)
    scores = np.empty(rows.shape[0])

    def score(block: slice) -> None:
        scores[block] = score_block(finite_block(rows[block]))

    in_row_blocks(score, rows.shape[0], step=max(1, BLOCK_CELLS // (cells_per_row or n_features)))
    return scores


def check_width(rows: FloatMatrix, n_features: int) -> None:
    """Check the number of columns. Raises ColumnMismatch."""
    if rows.ndim != 2 or rows.shape[1] != n_features:
        raise ColumnMismatch(f"the detector learned {n_features} features; these rows have shape {rows.shape}")


def finite_block(rows: FloatMatrix) -> FloatMatrix:
    """Return rows as float64. Raises NonFiniteScores where a cell is not a finite number."""
    if not np.isfinite(rows).all():
        raise NonFiniteScores("some cells are not finite numbers, so their rows have no score; fill or drop them first")
    return np.asarray(rows, dtype=np.float64)


def as_float32(values: FloatMatrix) -> FloatMatrix:
    """Return values as float32; those beyond its range become its largest, so that no finite number turns infinite."""
    if values.dtype == np.float32:
        return values
    with np.errstate(over="ignore"):
        narrow = values.astype(np.float32)
    overflowed = np.isinf(narrow) & np.isfinite(values)
    narrow[overflowed] = np.copysign(np.finfo(np.float32).max, narrow[overflowed])
    return narrow


def sum_over_features(terms: FloatMatrix) -> FloatVector:
    """Add terms (n_features, n_samples) feature by feature: float64 (n_samples,).

    numpy's own sum picks its order of additions by the array's shape, so a row alone would differ from the same
    row in a batch in the last digits; here the order is always the same.
    """
    total = np.array(terms[0], dtype=np.float64)
    for term in terms[1:]:
        total += term
    return total
