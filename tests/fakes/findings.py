"""Findings of a small made-up table: 40 orders, one of them far out."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from pynomaly.application.findings import Findings
from pynomaly.application.ports.stores import ScoredRows
from pynomaly.application.use_cases.find_anomalies import OneLook
from pynomaly.application.use_cases.trace_curves import Curves
from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
from pynomaly.domain.curves import ReliabilityBin, precision_recall_curve, roc_curve
from pynomaly.domain.decision import Decision, DecisionPolicy, StandsOut
from pynomaly.domain.detection import Anomaly
from pynomaly.domain.evaluation import Evaluation
from pynomaly.domain.explanation import Reason, Typical
from pynomaly.domain.inspection import (
    Bound,
    Change,
    ComparedCell,
    Counterfactual,
    InspectedCell,
    Inspection,
    NearRow,
    Neighbourhood,
    SimilarRow,
)

REASONS = (
    Reason("amount", 0.31, 1530.0, Typical(median=70.0, low=1.0, high=140.0)),
    Reason("device", 0.1, "xyz", Typical(most_frequent="ios", share=0.81)),
)
EVALUATION = Evaluation(40, 2, 0.97, 0.8, 0.5, 1.0, 0.5, 2 / 3, 0)
_SCORES, _ANSWERS = np.linspace(0.9, 0.1, 40), np.arange(40) % 20 == 0
CURVES = Curves(
    EVALUATION,
    roc_curve(_ANSWERS, _SCORES),
    precision_recall_curve(_ANSWERS, _SCORES),
    (ReliabilityBin(0.04, 0.05, 0.01, 0.16, 38), ReliabilityBin(0.9, 1.0, 0.34, 1.0, 2)),
)


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


def inspection(row: int = 0, **changes: Any) -> Inspection:
    """An order whose amount is far out, near an ordinary one and like another anomaly."""
    amount, device = REASONS
    cells = (
        InspectedCell(Column("order", ColumnKind.IDENTIFIER, ColumnRole.IDENTIFIER), "c-7", Typical(), None),
        InspectedCell(Column("device", ColumnKind.CATEGORY), device.value, device.typical, 0.1, is_new=True),
        InspectedCell(Column("amount", ColumnKind.NUMBER), amount.value, amount.typical, amount.contribution),
    )
    near = NearRow(8, "c-9", 0.4, 0.55, (ComparedCell("amount", 120.0, 1.0), ComparedCell("device", "xyz", 0.0)))
    like = SimilarRow(3, "c-4", 0.8, 77.0, 0.2, ("amount",))
    settings: dict[str, Any] = {
        "anomaly": anomaly(row, 0.9, is_anomaly=True, identifier="c-7"),
        "n_rows": 40,
        "rank": 1,
        "score_threshold": 0.645,
        "cells": cells,
        "typical_score": 0.49,
        "around": Neighbourhood((near,), (like,), 38, 38),
        "counterfactual": Counterfactual((Change("amount", 1530.0, 231.0, Bound.AT_MOST, 70.0),), 0.64),
    }
    return Inspection(**(settings | changes))
