"""One trained model, asked about rows the short way, through a table, and as everybody else asks it."""

import tracemalloc
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from pynomaly.application.findings import find
from pynomaly.application.fitting import fit_model
from pynomaly.application.model_artifact import from_artifact, to_artifact, weighed_model
from pynomaly.application.ports.number_rows import NumberRows
from pynomaly.application.trained_model import TrainedModel
from pynomaly.application.use_cases.score_rows import ScoredBatch, ScoreRows
from pynomaly.domain.columns import ColumnKind
from pynomaly.domain.decision import (
    AlarmBudget,
    ContaminationRate,
    ExpectedContamination,
    FalseDiscoveryControl,
    ProbabilityThreshold,
    StandsOut,
)
from pynomaly.domain.detector import Detector, DetectorVersion
from pynomaly.domain.errors import ColumnMismatch, Conflict, EmptyDataset, NotFound, NotTrained, PolicyNotAvailable
from pynomaly.infrastructure.algorithms.catalog import Catalog
from pynomaly.infrastructure.data.matrix_builder import ArrowPreparer
from pynomaly.infrastructure.data.row_reader import RowReader
from pynomaly.infrastructure.data.table_reader import TableReader
from pynomaly.infrastructure.storage.model_codec import digest_of, encode_model, packed, unpacked
from pynomaly.infrastructure.warm_models import LEAST_BYTES
from tests.fakes.programs import NOON, detector

RNG = np.random.default_rng(11)
NAMES = ("a", "b", "c")
TRAINING = RNG.normal(size=(400, 3))
CATALOG, PREPARER, READER = Catalog(plugins=()), ArrowPreparer(), RowReader()


def table_of(values: np.ndarray, **more: list[object]) -> pa.Table:
    return pa.table({name: values[:, place] for place, name in enumerate(NAMES)} | more)


def trained(table: pa.Table, algorithm: str = "isolation_forest") -> TrainedModel:
    described = (
        TableReader()
        .read(table)
        .describe(roles={}, kinds={name: ColumnKind.CATEGORY for name in table.column_names if name not in NAMES})
    )
    return fit_model(described, CATALOG, PREPARER, algorithm=algorithm, parameters={}, seed=0).model


FOREST = trained(table_of(TRAINING))


def numbers(values: np.ndarray, columns: tuple[str, ...] = NAMES) -> NumberRows:
    return NumberRows(columns, values, np.zeros(len(columns), dtype=bool))


@dataclass
class Workspace:
    """A detector, read by `reading`, kept as long as nobody asks for a fresh one, and its models by digest."""

    stored: Detector
    kept: Detector | None = None
    models_of: dict[str, TrainedModel] = field(default_factory=lambda: {"a" * 64: FOREST})
    n_reads: int = 0

    def score(self, **question: object) -> ScoredBatch:
        reads = SimpleNamespace(get=self._get)
        models = SimpleNamespace(get=self.models_of.__getitem__)
        return ScoreRows(self.reading, reads, models, READER)(detector="Fraud", **question)  # type: ignore[arg-type]

    def reading(self) -> "Workspace":
        return self

    @property
    def detectors(self) -> SimpleNamespace:
        return SimpleNamespace(get=self._read)

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def _read(self, name: str) -> Detector:
        self.n_reads += 1
        if name != self.stored.name:
            raise NotFound
        return self.stored

    def _get(self, name: str, read, *, fresh: bool = False) -> Detector:
        if self.kept is None or fresh:
            self.kept = read()
        return self.kept


@pytest.fixture
def workspace() -> Workspace:
    return Workspace(detector())


@pytest.mark.parametrize(
    "policy",
    [
        *(
            None,
            StandsOut(),
            ExpectedContamination(ContaminationRate(0.1)),
            AlarmBudget(rows=3),
            AlarmBudget(share=0.2),
        ),
        FalseDiscoveryControl(0.2),
    ],
)
@pytest.mark.parametrize("n_rows", [1, 50])
def test_rows_get_the_scores_and_decisions_that_a_detection_gives_them(workspace, policy, n_rows):
    values = RNG.normal(scale=3, size=(n_rows, 3))
    table = TableReader().read(table_of(values))
    expected = find(
        FOREST,
        table,
        FOREST.score(table),
        policy or StandsOut(),
        are_training_rows=False,
        labels=None,
        n_strangest=0,
        with_reasons=False,
    )
    for rows in (numbers(values), table):
        batch = workspace.score(rows=rows, policy=policy)
        assert batch.rows.scores.tobytes() == expected.rows.scores.tobytes()
        assert batch.rows.p_values.tobytes() == expected.rows.p_values.tobytes()
        assert batch.rows.is_anomaly.tolist() == expected.rows.is_anomaly.tolist()
        assert batch.rows.probabilities is None
        assert batch.score_threshold == expected.decision.score_threshold
        assert (batch.detector_id, batch.version) == ("e" * 32, 1)


def test_a_budget_holds_for_the_batch_and_says_what_it_left_out(workspace):
    batch = workspace.score(rows=numbers(np.zeros((5, 3))), policy=AlarmBudget(rows=2))
    assert batch.rows.is_anomaly.sum() == 0
    assert "5 rows share the score at the edge of the budget" in batch.notes[0]


def test_what_the_rows_lack_and_what_is_ignored_of_them_is_noted(workspace):
    rows = numbers(np.array([[0.0, np.nan, 0.0, 1.0]]), (*NAMES, "surplus"))
    assert workspace.score(rows=rows).notes == (
        "ignored, not in training: surplus",
        "column 'b': 1 cells hold no number; at training none was missing",
    )


@pytest.mark.parametrize("algorithm", ["ecod", "pca", "knn"])
def test_a_detector_that_learned_words_too_is_asked_through_a_table(workspace, algorithm):
    words = ["red", "green", "blue", "7"]
    model = trained(table_of(TRAINING, colour=[words[row % 4] for row in range(400)]), algorithm)
    workspace.models_of["a" * 64] = model
    rows = NumberRows((*NAMES, "colour"), np.array([[0.0, 1.0, 2.0, 7.0]]), np.array([False, False, False, True]))
    table = TableReader().read(table_of(rows.values, colour=["7"]))
    assert workspace.score(rows=rows).rows.scores.tobytes() == model.score(table).values.tobytes()


def test_a_threshold_needs_probabilities(workspace):
    with pytest.raises(PolicyNotAvailable):
        workspace.score(rows=numbers(np.zeros((1, 3))), policy=ProbabilityThreshold(0.5))


def test_no_rows_and_missing_columns_are_refused(workspace):
    with pytest.raises(EmptyDataset):
        workspace.score(rows=numbers(np.zeros((0, 3))))
    with pytest.raises(EmptyDataset):
        workspace.score(rows=READER.of_cells((), []))
    with pytest.raises(ColumnMismatch, match="column 'b' missing"):
        workspace.score(rows=numbers(np.zeros((1, 2)), ("a", "c")))


def with_second_version(stored: Detector) -> Detector:
    return stored.with_version(DetectorVersion(2, "b" * 64, None, 400, NOON))


def test_another_version_is_scored_by_its_own_model(workspace):
    workspace.stored = with_second_version(workspace.stored)
    workspace.models_of["b" * 64] = trained(table_of(TRAINING + 5.0))
    rows = numbers(np.full((1, 3), 5.0))
    live, first = workspace.score(rows=rows), workspace.score(rows=rows, version=1)
    assert (live.version, first.version) == (2, 1)
    assert first.rows.scores[0] > live.rows.scores[0]


def test_a_version_trained_a_moment_ago_is_found_although_an_older_detector_is_remembered(workspace):
    rows = numbers(np.zeros((1, 3)))
    workspace.score(rows=rows)
    workspace.stored = with_second_version(workspace.stored)
    workspace.models_of["b" * 64] = FOREST
    assert workspace.score(rows=rows).version == 1
    assert workspace.score(rows=rows, version=2).version == 2
    assert workspace.score(rows=rows).version == 2


def test_a_draft_that_was_trained_a_moment_ago_scores():
    draft = detector(is_trained=False)
    workspace = Workspace(draft)
    rows = numbers(np.zeros((1, 3)))
    with pytest.raises(NotTrained):
        workspace.score(rows=rows)
    workspace.stored = detector()
    assert workspace.score(rows=rows).version == 1


def test_what_is_not_there_or_retired_is_refused_after_a_second_look(workspace):
    rows = numbers(np.zeros((1, 3)))
    with pytest.raises(NotFound, match="no version 9"):
        workspace.score(rows=rows, version=9)
    assert workspace.n_reads == 2
    workspace.stored = replace(workspace.stored, is_retired=True)
    with pytest.raises(Conflict, match="retired"):
        Workspace(workspace.stored).score(rows=rows)
    with pytest.raises(NotFound):
        Workspace(detector("Other")).score(rows=rows)


def test_one_detector_is_read_for_many_questions(workspace):
    for _ in range(5):
        workspace.score(rows=numbers(np.zeros((1, 3))))
    assert workspace.n_reads == 1


def test_a_model_weighs_at_least_its_arrays_and_scores_as_before():
    artifact = to_artifact(FOREST)
    weighed = weighed_model(artifact, CATALOG, PREPARER)
    assert weighed.n_bytes > 2 * sum(array.nbytes for array in artifact.arrays.values())
    rows = FOREST.preparation.number_matrix(numbers(TRAINING))
    assert rows is not None
    again = from_artifact(artifact, CATALOG, PREPARER)
    assert weighed.model.fitted.score(rows.values).tobytes() == again.fitted.score(rows.values).tobytes()


@pytest.mark.parametrize("algorithm", ["isolation_forest", "ecod", "hbos", "knn", "pca"])
def test_a_model_that_is_kept_takes_about_the_memory_that_it_weighs(algorithm):
    """Against tracemalloc, once it has scored: some detectors lay out their arrays anew, which counts too."""
    values = RNG.normal(size=(5000, 3))
    artifact = to_artifact(trained(table_of(values), algorithm))
    raw = packed(encode_model(artifact))
    tracemalloc.start()
    try:
        kept = weighed_model(unpacked(raw, expected=digest_of(encode_model(artifact).manifest)), CATALOG, PREPARER)
        matrix = kept.model.preparation.number_matrix(numbers(values[:10]))
        assert matrix is not None
        kept.model.fitted.score(matrix.values)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken < 1.25 * max(kept.n_bytes, LEAST_BYTES)
