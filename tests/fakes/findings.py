"""Findings of a small made-up table: 40 orders, one of them far out."""

from types import SimpleNamespace

import numpy as np

from pynomaly.application.findings import Findings
from pynomaly.application.ports.stores import ScoredRows
from pynomaly.application.use_cases.find_anomalies import OneLook
from pynomaly.domain.columns import Column, ColumnKind
from pynomaly.domain.decision import Decision, DecisionPolicy, StandsOut
from pynomaly.domain.detection import Anomaly
from pynomaly.domain.evaluation import Evaluation
from pynomaly.domain.explanation import Reason, Typical

REASONS = (
    Reason("amount", 0.31, 1530.0, Typical(median=70.0, low=1.0, high=140.0)),
    Reason("device", 0.1, "xyz", Typical(most_frequent="ios", share=0.81)),
)
EVALUATION = Evaluation(40, 2, 0.97, 0.8, 0.5, 1.0, 0.5, 2 / 3, 0)


def anomaly(row: int, score: float, *, is_anomaly: bool, reasons: tuple[Reason, ...] = REASONS, identifier=None):
    return Anomaly(row, identifier, score, 0.02, None, 0.9, is_anomaly, reasons, 81.0)


def one_look(
    *,
    n_anomalies: int = 1,
    n_strangest: int = 10,
    reasons: tuple[Reason, ...] = REASONS,
    identifier: object = "c-7",
    policy: DecisionPolicy | None = None,
    evaluation: Evaluation | None = None,
    notes: tuple[str, ...] = ("the separator is ';'",),
) -> OneLook:
    scores = np.linspace(0.9, 0.1, 40)
    flags = np.arange(40) < n_anomalies
    rows = ScoredRows(scores, np.full(40, 0.02), None, flags, severities=np.full(40, 81.0))
    strangest = tuple(
        anomaly(row, float(scores[row]), is_anomaly=bool(flags[row]), reasons=reasons, identifier=identifier)
        for row in range(n_strangest)
    )
    decision = Decision(policy or StandsOut(), flags, 0.645)
    model = SimpleNamespace(
        algorithm="isolation_forest",
        parameters={"n_trees": 100},
        columns=(Column("amount", ColumnKind.NUMBER), Column("device", ColumnKind.CATEGORY)),
    )
    return OneLook(Findings(decision, rows, strangest, evaluation, ()), model, None, notes)
