"""PyOD's detectors once fitted: inductive ones score any rows, transductive ones answer for their own table only."""

from dataclasses import dataclass

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import BoolVector, FloatMatrix, FloatVector
from pynomaly.domain.errors import InvalidData, NonFiniteScores, NotStorable, TooFewRows, TransductiveDetector
from pynomaly.infrastructure.algorithms.pyod_adapter.row import Detector, PyodRow, Settings
from pynomaly.infrastructure.algorithms.pyod_adapter.session import fitted, load_class, pyod_session
from pynomaly.infrastructure.algorithms.pyod_adapter.stored_sample import stored_sample
from pynomaly.infrastructure.algorithms.pyod_adapter.treatments import columns_that_vary
from pynomaly.infrastructure.algorithms.scoring_rows import check_width, finite_block, score_in_blocks

_CELLS_PER_ROW = 64
"""At most 4096 rows a block: classes that compare each row with thousands of others then hold about 100 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class InductivePyodModel:
    """A fitted PyOD object with the rows, settings and seed it came from, which are all a model file holds."""

    row: PyodRow
    settings: Settings
    seed: int
    training: FloatMatrix
    columns: BoolVector
    detector: Detector

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d) by `decision_function`: float64 (n,), higher is stranger.

        Raises ColumnMismatch on another width, NonFiniteScores where a cell or a score is not a finite number.
        """
        n_features = self.columns.size
        cells = max(n_features, _CELLS_PER_ROW)
        return score_in_blocks(rows, n_features, self._score_block, cells_per_row=cells)

    def state(self) -> ModelState:
        """Return the training rows, settings, seed and a few scores to check a refit by. Raises NotStorable."""
        return stored_sample(self.training, self.settings, self.seed, self.score, self.row)

    def _score_block(self, block: FloatMatrix) -> FloatVector:
        rows = _for_pyod(block[:, self.columns])
        with pyod_session(self.row.description.name):
            scores = self.row.score(self.detector, rows) if self.row.score else self.detector.decision_function(rows)
        return _checked(scores, rows.shape[0], self.row)


@dataclass(frozen=True, slots=True, eq=False)
class TransductivePyodModel:
    """The scores of one table; another table, or one row more, would have changed them all."""

    row: PyodRow
    training: FloatMatrix
    scores: FloatVector

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Return the scores of the table it was fitted on, row by row: float64 (n,), higher is stranger.

        Raises TransductiveDetector for any other rows, ColumnMismatch on another width.
        """
        check_width(rows, self.training.shape[1])
        if not np.array_equal(finite_block(rows), self.training):
            raise TransductiveDetector(
                f"{self.row.description.name} can only score the {self.scores.size} rows it was fitted on, together; "
                f"to score other rows use {self.row.alternative}"
            )
        return self.scores.copy()

    def state(self) -> ModelState:
        """Raise NotStorable: there is nothing to score later."""
        raise NotStorable(f"{self.row.description.name}: {self.row.description.not_storable_because}")


def learn(
    row: PyodRow, settings: Settings, rows: FloatMatrix, *, seed: int
) -> "InductivePyodModel | TransductivePyodModel":
    """Fit the row's class to rows, float64 (n, d), finite. Raises InvalidData, TooFewRows, ExtraNotInstalled."""
    _check_table(row, rows)
    if row.description.is_inductive:
        return _learn_inductive(row, settings, rows, seed)
    treated = row.treat(rows) if row.treat else rows
    order = np.lexsort(treated.T[::-1])  # a fixed order: some of these scores change with the order of rows
    _, trained = _fit(row, settings, treated[order], seed)
    scores = np.empty(rows.shape[0])
    scores[order] = trained
    return TransductivePyodModel(row, rows, scores)


def _learn_inductive(row: PyodRow, settings: Settings, rows: FloatMatrix, seed: int) -> InductivePyodModel:
    columns = row.kept_columns(rows) if row.kept_columns else np.ones(rows.shape[1], dtype=np.bool_)
    treated = rows[:, columns]
    detector, _ = _fit(row, settings, row.treat(treated) if row.treat else treated, seed)
    return InductivePyodModel(row, settings, seed, rows, columns, detector)


def _fit(row: PyodRow, settings: Settings, rows: FloatMatrix, seed: int) -> tuple[Detector, FloatVector]:
    """Return the fitted object and its scores of the rows, which PyOD computes at fit whether asked or not."""
    name = row.description.name
    _check_settings_fit(row, settings, rows.shape[0])
    given = {key: value for key, value in settings.items() if value is not None}
    derived = row.derive(rows, settings) if row.derive else {}
    random = {"random_state": seed % 2**32} if row.is_seeded else {}
    detector = fitted(
        load_class(row.target), {**row.arguments, **given, **derived, **random}, _for_pyod(rows), name=name, seed=seed
    )
    scores = _checked(detector.decision_scores_, rows.shape[0], row)
    if not np.ptp(scores) > 0:
        raise InvalidData(f"{name} gives every one of these rows the same score; try {row.alternative}")
    if row.finish:
        with pyod_session(name):
            row.finish(detector)
    return detector, scores


def _check_table(row: PyodRow, rows: FloatMatrix) -> None:
    columns_that_vary(rows)
    known = row.description
    if known.max_rows is not None and rows.shape[0] > known.max_rows:
        raise InvalidData(
            f"{known.name} takes at most {known.max_rows} rows, its cost grows too fast beyond; here are "
            f"{rows.shape[0]}; use {row.alternative} or a sample"
        )
    if known.max_features is not None and rows.shape[1] > known.max_features:
        raise InvalidData(
            f"{known.name} takes at most {known.max_features} columns; here are {rows.shape[1]}; use {row.alternative}"
        )


def _check_settings_fit(row: PyodRow, settings: Settings, n_rows: int) -> None:
    for name in row.more_rows_than:
        value = settings[name]
        if isinstance(value, int) and n_rows <= value:
            raise TooFewRows(
                f"{row.description.name} with {name}={value} needs more than {value} different rows to learn from; "
                f"here are {n_rows}; set a smaller {name}"
            )


def _checked(scores: FloatVector, n_rows: int, row: PyodRow) -> FloatVector:
    values = np.asarray(scores, dtype=np.float64)
    if values.shape != (n_rows,):
        raise NonFiniteScores(f"{row.description.name} returned scores of shape {values.shape} for {n_rows} rows")
    n_bad = int(values.size - np.count_nonzero(np.isfinite(values)))
    if n_bad:
        raise NonFiniteScores(
            f"{row.description.name} gives {n_bad} of {n_rows} rows no finite score; repeated rows, columns that "
            f"follow from others or very large values do that; try {row.alternative}"
        )
    return values


def _for_pyod(rows: FloatMatrix) -> FloatMatrix:
    """Return an own row-major copy: PyOD may write into it, and its compiled code compiles once per memory layout."""
    return np.array(rows, dtype=np.float64, order="C")
