"""Training: a table and an algorithm become a trained model."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pynomaly.application.cross_fitting import cross_fitted_scores, learned
from pynomaly.application.ports.algorithm import Algorithm, AlgorithmCatalog, FittedModel, TellsProgress
from pynomaly.application.ports.progress import Progress, nobody_listens
from pynomaly.application.ports.tables import Preparation, Preparer, Table
from pynomaly.application.trained_model import TrainedModel, row_blocks, score_blocks
from pynomaly.domain.algorithm import AlgorithmDescription, ParameterValue
from pynomaly.domain.anomaly_scores import AnomalyScores
from pynomaly.domain.arrays import BoolVector, FloatMatrix, FloatVector, IntVector
from pynomaly.domain.calibration import Calibration, learn_probability
from pynomaly.domain.columns import features_of, identifier_of
from pynomaly.domain.errors import InvalidData, TooFewRows
from pynomaly.domain.feature_matrix import FeatureMatrix

N_BACKGROUND_ROWS = (
    64  # an explanation walks from at most 32 of them, the self-test takes their range; 5 KB for 20 columns
)
MAX_TRAINING_QUANTILES = 100_000  # a contamination rate to five digits, for 0.8 MB in the model file
RANK_ONLY = "p-values compare rows with the scores of the training rows themselves, so they are a rank, not a test"


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A trained model, and the scores it gives its own training rows (n,)."""

    model: TrainedModel
    training_scores: AnomalyScores
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Known answers about a table's rows: `is_anomaly` (n,) where `is_known` (n,).

    They teach the calibration a probability; of the detectors, only one that learns from labels is shown them.
    """

    is_anomaly: BoolVector
    is_known: BoolVector

    @property
    def are_of_both_classes(self) -> bool:
        """Whether both an anomaly and a normal row are known."""
        known = self.is_anomaly[self.is_known]
        return bool(known.any() and not known.all())

    @property
    def marks(self) -> NDArray[np.int8]:
        """Return them as detectors learn from them (n,): 1 anomaly, 0 normal, -1 not known."""
        return np.where(self.is_known, self.is_anomaly, -1).astype(np.int8)


def labels_of(table: Table, column: str) -> Labels:
    """Read a label column. Raises InvalidLabels, NotFound."""
    answers = np.array(table.binary_labels(column), dtype=object)
    return Labels((answers == True).astype(bool), (answers != None).astype(bool))  # noqa: E711, E712  # row by row


def fit_model(
    table: Table,
    catalog: AlgorithmCatalog,
    preparer: Preparer,
    *,
    algorithm: str,
    parameters: Mapping[str, ParameterValue],
    seed: int,
    labels: Labels | None = None,
    progress: Progress = nobody_listens,
    fingerprint: str = "",
) -> Fit:
    """Learn preparation, detector and calibration from a table; without labels probabilities stay unknown.

    labels: shown to a detector that learns from them; models that did not know a row's own calibrate it.
    fingerprint: of the table, for a model that will be kept and may meet the same rows again.
    Raises UnknownAlgorithm, InvalidParameter, ExtraNotInstalled, InvalidData.
    """
    description = catalog.describe(algorithm)
    settings = description.settings(parameters)
    chosen = catalog.create(description.name, settings)
    preparation, matrix = _prepared(table, description, preparer, progress)
    progress("fitting", 0.0)
    fitted = learned(_telling(chosen, progress), matrix, _marks(labels), seed=seed)
    scores = _training_scores(fitted, matrix, description, progress)
    held_out = _held_out_scores(chosen, description, matrix, labels, seed, progress)
    model = TrainedModel(
        algorithm=description.name,
        parameters=settings,
        seed=seed,
        columns=features_of(table.columns),
        identifier=identifier_of(table.columns),
        preparation=preparation,
        fitted=fitted,
        calibration=_calibration(scores, held_out, labels),
        background=_unremarkable_rows(matrix, scores, seed),
        n_training_rows=table.n_rows,
        training_fingerprint=fingerprint,
        is_inductive=description.is_inductive,
    )
    return Fit(model, scores, (RANK_ONLY,) if held_out is None else ())


def _prepared(
    table: Table, description: AlgorithmDescription, preparer: Preparer, progress: Progress
) -> tuple[Preparation, FeatureMatrix]:
    _require_size(table, description)
    progress("preparing", 0.0)
    preparation = preparer.learn(table, dtype=description.dtype, scale=description.needs_scaling)
    matrix = preparation.matrix(table)
    _require_width(matrix, description)
    return preparation, matrix


def _require_size(table: Table, description: AlgorithmDescription) -> None:
    if table.n_rows < max(2, description.min_rows):
        raise TooFewRows(
            f"{description.name} needs at least {max(2, description.min_rows)} rows to learn from; this table has "
            f"{table.n_rows}. To score it, use a detector trained on more rows (--train or --detector-name)."
        )
    if description.max_rows is not None and table.n_rows > description.max_rows:
        raise InvalidData(
            f"{description.name} is limited to {description.max_rows:,} rows (its cost grows too fast); this table has "
            f"{table.n_rows:,}. Choose isolation_forest, or train on a sample."
        )


def _require_width(matrix: FeatureMatrix, description: AlgorithmDescription) -> None:
    if description.max_features is not None and matrix.n_features > description.max_features:
        raise InvalidData(
            f"{description.name} takes at most {description.max_features} feature(s); this table gives "
            f"{matrix.n_features}. Leave columns out with --ignore, or choose another algorithm."
        )


def _telling(algorithm: Algorithm, progress: Progress) -> Algorithm:
    """Return the algorithm with somebody to tell how far it is, where it can; cross-fitting tells of its folds only."""
    return algorithm.telling(progress) if isinstance(algorithm, TellsProgress) else algorithm


def _marks(labels: Labels | None) -> NDArray[np.int8] | None:
    return None if labels is None else labels.marks


def _training_scores(
    fitted: FittedModel, matrix: FeatureMatrix, description: AlgorithmDescription, progress: Progress
) -> AnomalyScores:
    """Score the rows learned from; a transductive model wants its table in one piece."""
    blocks = row_blocks(matrix.values) if description.is_inductive else iter([matrix.values])
    return AnomalyScores(score_blocks(fitted, blocks, matrix.n_samples, progress))


def _held_out_scores(
    algorithm: Algorithm,
    description: AlgorithmDescription,
    matrix: FeatureMatrix,
    labels: Labels | None,
    seed: int,
    progress: Progress,
) -> tuple[IntVector, FloatVector] | None:
    """Return rows and their scores by models that did not see them, None where no usable ones can be had."""
    if not description.is_inductive:
        return None
    held_out = cross_fitted_scores(
        algorithm, matrix, min_rows=description.min_rows, seed=seed, progress=progress, labels=_marks(labels)
    )
    return held_out if held_out is not None and np.isfinite(held_out[1]).all() else None


def _calibration(
    training_scores: AnomalyScores, held_out: tuple[IntVector, FloatVector] | None, labels: Labels | None
) -> Calibration:
    training = _thinned(training_scores.values)
    if held_out is None:
        return Calibration(reference=training, training=training)
    rows, scores = held_out
    if labels is None:
        return Calibration(reference=scores, training=training)
    known = labels.is_known[rows]
    probability = learn_probability(scores[known], labels.is_anomaly[rows][known])
    return Calibration(reference=scores, training=training, probability=probability)


def _thinned(scores: np.ndarray) -> np.ndarray:
    """Keep evenly spaced order statistics, at most 100 001 of them, both ends included."""
    if scores.size <= MAX_TRAINING_QUANTILES:
        return scores
    ranks = np.linspace(0, scores.size - 1, MAX_TRAINING_QUANTILES + 1).round().astype(np.int64)
    return np.asarray(np.sort(scores)[ranks])


def _unremarkable_rows(matrix: FeatureMatrix, scores: AnomalyScores, seed: int) -> FloatMatrix:
    """Draw rows whose score is at most the median: what explanations compare with."""
    calm = np.flatnonzero(scores.values <= np.median(scores.values))
    chosen = np.random.default_rng(seed).choice(calm, size=min(N_BACKGROUND_ROWS, calm.size), replace=False)
    return np.ascontiguousarray(matrix.values[np.sort(chosen)])
