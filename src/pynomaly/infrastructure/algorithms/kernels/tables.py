"""Scores that are sums of look-ups: compiled, or by the numpy twin with the same bits."""

from types import ModuleType
from typing import Any

import numpy as np

from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.infrastructure.algorithms.direction_histograms import DirectionHistograms
from pynomaly.infrastructure.algorithms.kernels import tables_twin
from pynomaly.infrastructure.algorithms.kernels.compiled import ScoringPath, native_kernels
from pynomaly.infrastructure.algorithms.kernels.plain_rows import scored
from pynomaly.infrastructure.algorithms.tail_lines import TailLines


def score_tails(lines: TailLines, rows: FloatMatrix, *, path: ScoringPath | None = None) -> FloatVector:
    """Return each row's sum over columns of what the lines say; with two sides, the largest of three sums.

    The same bits on every path, alone or in a batch, as adding up tail_terms column by column.
    Raises ColumnMismatch on another width, NonFiniteScores where a cell is not a finite number.
    """
    index = lines.half_centre, lines.scale, lines.first, lines.start
    tables = (*index, lines.knots, lines.lines, lines.takes_first, lines.n_sides)
    return _scored("score_tails", rows, lines.n_features, tables, path)


def tail_terms(lines: TailLines, rows: FloatMatrix) -> FloatMatrix:
    """Return what each column says of each row, (n_sides, d, n)."""
    return tables_twin.tail_terms(rows, lines.start, lines.knots, lines.lines)


def score_histograms(
    histograms: DirectionHistograms, rows: FloatMatrix, *, path: ScoringPath | None = None
) -> FloatVector:
    """Return each row's sum over directions of the height of its bin.

    The same bits on every path, alone or in a batch. Raises ColumnMismatch, NonFiniteScores.
    """
    h = histograms
    tables = h.columns, h.weights, h.low, h.high, h.n_bins, h.start, h.heights
    return _scored("score_histograms", rows, h.n_features, tables, path)


def _scored(
    kernel: str, rows: FloatMatrix, n_features: int, tables: tuple[Any, ...], path: ScoringPath | None
) -> FloatVector:
    score_rows = getattr(_kernels(path), kernel)
    return scored(
        rows, n_features, np.float64, lambda block, scores: score_rows(block, n_features, *tables, scores, path)
    )


def _kernels(path: ScoringPath | None) -> ModuleType:
    """Return the module that takes this path, the fastest there is for None."""
    return tables_twin if path == "numpy" or native_kernels is None else native_kernels
