"""A trained model: everything frozen at fit that turns raw rows into calibrated scores."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from pynomaly.application.ports.algorithm import FittedModel
from pynomaly.application.ports.progress import Progress, nobody_listens
from pynomaly.application.ports.tables import Preparation, Table
from pynomaly.domain.algorithm import ParameterValue
from pynomaly.domain.anomaly_scores import AnomalyScores
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.calibration import Calibration
from pynomaly.domain.columns import Column
from pynomaly.domain.errors import EmptyDataset

BLOCK_ROWS = 65_536  # 20 float32 columns: 5 MB, larger than call overhead, smaller than the L3 cache


@dataclass(frozen=True, slots=True, eq=False)
class TrainedModel:
    """The frozen state of one training.

    columns: the columns learned from, in training order.  identifier: the column that named the training rows, if
    one did.  background: (n, n_features) unremarkable training rows that explanations start from.
    training_fingerprint: of the rows learned from, so that scoring the very same rows can be told from scoring new
    ones; empty for a model that is not kept.
    """

    algorithm: str
    parameters: Mapping[str, ParameterValue]
    seed: int
    columns: tuple[Column, ...]
    identifier: str | None
    preparation: Preparation
    fitted: FittedModel
    calibration: Calibration
    background: FloatMatrix
    n_training_rows: int
    training_fingerprint: str
    is_inductive: bool = True

    def score(self, table: Table, progress: Progress = nobody_listens) -> AnomalyScores:
        """Score every row of a table, block by block; no row's score depends on the rows around it.

        Raises EmptyDataset, ColumnMismatch, TransductiveDetector, NonFiniteScores.
        """
        if table.n_rows == 0:
            raise EmptyDataset
        blocks = (block.values for block in self.preparation.blocks(table, block_rows=BLOCK_ROWS))
        return AnomalyScores(score_blocks(self.fitted, blocks, table.n_rows, progress))


def score_blocks(
    fitted: FittedModel, blocks: Iterable[FloatMatrix], n_rows: int, progress: Progress = nobody_listens
) -> FloatVector:
    """Score blocks of prepared rows into one vector (n_rows,): the one scoring loop, whatever the scale."""
    scores = np.empty(n_rows)
    start = 0
    for block in blocks:
        scores[start : start + len(block)] = fitted.score(block)
        start += len(block)
        progress("scoring", start / n_rows)
    return scores


def row_blocks(matrix: FloatMatrix) -> Iterator[FloatMatrix]:
    """Yield a matrix in views of at most BLOCK_ROWS rows."""
    return (matrix[start : start + BLOCK_ROWS] for start in range(0, len(matrix), BLOCK_ROWS))
