"""What one request for scores costs between its body and its answer, without HTTP, and which step takes how much.

Usage: OMP_NUM_THREADS=1 python tests/benchmarks/scoring_road.py [--columns D] [--trees N]
Beside it, in the same run: the same forest asked through an Arrow table, as files are; and pydantic with scikit-learn's
forest of as many trees, as a service is often written. CPU time of one thread, the best of several runs.
"""

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import orjson
import pyarrow as pa
from pydantic import BaseModel
from sklearn.ensemble import IsolationForest

from pynomaly.application.fitting import fit_model
from pynomaly.application.ports.warm_models import Weighed
from pynomaly.application.trained_model import TrainedModel
from pynomaly.application.use_cases.score_rows import ScoredBatch, ScoreRows
from pynomaly.domain.anomaly_scores import AnomalyScores
from pynomaly.domain.decision import StandsOut, decide
from pynomaly.domain.detector import Detector, DetectorVersion
from pynomaly.infrastructure.algorithms.catalog import Catalog
from pynomaly.infrastructure.data.json_rows import find_number_rows
from pynomaly.infrastructure.data.matrix_builder import ArrowPreparer
from pynomaly.infrastructure.data.row_reader import RowReader
from pynomaly.infrastructure.data.table_reader import TableReader
from pynomaly.infrastructure.recent_detectors import DetectorMemory
from pynomaly.infrastructure.storage.result_bytes import arrow_stream
from pynomaly.infrastructure.warm_models import ModelMemory
from pynomaly.presentation.api.score_answers import about, json_answer
from pynomaly.presentation.api.score_bodies import ScoreBodies

N_TRAINING_ROWS = 20_000
ROWS = {1: 2000, 100: 300, 1000: 30}
"""Rows of a JSON body, and how often it is asked in one run."""
ARROW_ROWS = 100_000


class Request(BaseModel):
    """The usual request model."""

    columns: list[str]
    rows: list[list[float | None]]


class Answer(BaseModel):
    """The usual answer model."""

    scores: list[float]
    is_anomaly: list[bool]


def microseconds(action: Callable[[], object], repeats: int, runs: int = 7) -> float:
    """Return the CPU time of one call in the best run; the first call only warms up."""
    action()
    best = float("inf")
    for _ in range(runs):
        start = time.process_time()
        for _ in range(repeats):
            action()
        best = min(best, (time.process_time() - start) / repeats)
    return 1e6 * best


class Service:
    """One detector kept warm, and a peer that learned the same rows."""

    def __init__(self, n_columns: int, n_trees: int) -> None:
        self.names = [f"f{column}" for column in range(n_columns)]
        self.rng = np.random.default_rng(0)
        rows = self.rows(N_TRAINING_ROWS)
        table = TableReader().read(self.table(rows))
        fit = fit_model(
            table, Catalog(), ArrowPreparer(), algorithm="isolation_forest", parameters={"n_trees": n_trees}, seed=0
        )
        self.model: TrainedModel = fit.model
        self.peer = IsolationForest(n_estimators=n_trees, random_state=0).fit(rows)
        self.bodies = ScoreBodies(find_number_rows, RowReader())
        self.score = ScoreRows(
            lambda: _Reading(n_trees),
            DetectorMemory().of_tenant("local"),
            ModelMemory[TrainedModel](2**30).of_tenant("local", lambda _digest: Weighed(self.model, 0)),
            RowReader(),
        )

    def rows(self, n: int) -> np.ndarray:
        """Return Gaussian rows."""
        return self.rng.normal(size=(n, len(self.names)))

    def table(self, rows: np.ndarray) -> pa.Table:
        """Return rows as an Arrow table."""
        return pa.table({name: rows[:, column] for column, name in enumerate(self.names)})

    def answer(self, body: bytes) -> bytes:
        """Answer a JSON body."""
        read = self.bodies.read(body)
        return json_answer(self.score(detector=read.options.detector, rows=read.rows, policy=read.options.policy))

    def answer_arrow(self, body: bytes) -> bytes:
        """Answer an Arrow body."""
        batch = self.score(detector="bench", rows=RowReader().of_arrow(body))
        return arrow_stream(batch.rows, about(batch))

    def answer_through_a_table(self, body: bytes) -> bytes:
        """Answer a JSON body as files are answered: parse, make an Arrow table, describe it, prepare it."""
        document = orjson.loads(body)
        columns = dict(zip(document["columns"], zip(*document["rows"], strict=True), strict=True))
        table = TableReader().read(pa.table({name: list(cells) for name, cells in columns.items()}))
        return json_answer(self.score(detector="bench", rows=table))

    def answer_of_the_peer(self, body: bytes) -> bytes:
        """Answer a JSON body with pydantic and scikit-learn."""
        request = Request.model_validate_json(body)
        scores = -self.peer.decision_function(np.array(request.rows, dtype=float))
        return Answer(scores=scores.tolist(), is_anomaly=(scores > 0).tolist()).model_dump_json().encode()


class _Reading(SimpleNamespace):
    """A transaction that finds the one detector."""

    def __init__(self, n_trees: int) -> None:
        now = datetime.now(UTC)
        draft = Detector("e" * 32, "bench", "isolation_forest", {"n_trees": n_trees}, now)
        found = draft.with_version(DetectorVersion(1, "a" * 64, None, N_TRAINING_ROWS, now))
        super().__init__(detectors=SimpleNamespace(get=lambda _name: found))

    def __enter__(self) -> "_Reading":
        return self

    def __exit__(self, *_: object) -> None:
        pass


def shares(service: Service, body: bytes, repeats: int) -> str:
    """Return what each step costs."""
    rows = service.bodies.read(body).rows
    model = service.model
    matrix = model.preparation.number_matrix(rows).values
    scores = AnomalyScores(model.fitted.score(matrix))
    batch: ScoredBatch = service.score(detector="bench", rows=rows)
    steps = {
        "parse": lambda: service.bodies.read(body),
        "prepare": lambda: model.preparation.number_matrix(rows),
        "score": lambda: model.fitted.score(matrix),
        "p-values": lambda: model.calibration.p_values(scores.values),
        "decide": lambda: decide(StandsOut(), scores, model.calibration),
        "write": lambda: json_answer(batch),
    }
    return "  ".join(f"{name} {microseconds(step, repeats):.0f}" for name, step in steps.items())


def main() -> None:
    """Print a line for each size of body."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--columns", type=int, default=20)
    options.add_argument("--trees", type=int, default=100)
    given = options.parse_args()
    service = Service(given.columns, given.trees)
    print(f"microseconds of CPU, {given.columns} columns, {given.trees} trees")
    for n_rows, repeats in ROWS.items():
        rows = service.rows(n_rows).tolist()
        body = orjson.dumps({"detector": "bench", "columns": service.names, "rows": rows})
        ours = microseconds(lambda body=body: service.answer(body), repeats)
        table = microseconds(lambda body=body: service.answer_through_a_table(body), max(1, repeats // 10))
        peer = microseconds(lambda body=body: service.answer_of_the_peer(body), max(1, repeats // 100), runs=5)
        print(f"{n_rows:7,} rows as JSON   {ours:8.0f}   {shares(service, body, repeats)}")
        print(f"{'':20} through a table {table / ours:5.1f} x   pydantic + scikit-learn {peer / ours:6.1f} x")
    sent = service.table(service.rows(ARROW_ROWS))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, sent.schema) as writer:
        writer.write_table(sent)
    body, table = sink.getvalue().to_pybytes(), TableReader().read(sent)
    ours = microseconds(lambda: service.answer_arrow(body), 1)
    in_process = microseconds(lambda: service.model.score(table), 1)
    print(f"{ARROW_ROWS:7,} rows as Arrow  {ours:8.0f}   {ours / in_process:.2f} x the detector called in process")


if __name__ == "__main__":
    main()
