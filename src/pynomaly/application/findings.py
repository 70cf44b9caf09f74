"""From calibrated scores to findings: decide, rank, explain and evaluate one scored table."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pynomaly.application.explaining import explain
from pynomaly.application.fitting import Labels
from pynomaly.application.passed_over import passed_over
from pynomaly.application.ports.stores import ScoredRows
from pynomaly.application.ports.tables import Table
from pynomaly.application.self_test import self_test
from pynomaly.application.trained_model import TrainedModel
from pynomaly.domain.anomaly_scores import AnomalyScores
from pynomaly.domain.arrays import BoolVector, FloatVector
from pynomaly.domain.columns import ColumnRole, identifier_of
from pynomaly.domain.confidence import decision_confidence
from pynomaly.domain.decision import Decision, DecisionPolicy, FalseDiscoveryControl, decide
from pynomaly.domain.detection import Anomaly
from pynomaly.domain.evaluation import Evaluation, evaluate
from pynomaly.domain.explanation import Reason
from pynomaly.domain.severity import severities


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What was found in one table.

    strangest: the rows with the highest scores, flagged or not, highest first; at least every flagged row up
    to the number asked for.  rows: the full result, one entry per input row.
    """

    decision: Decision
    rows: ScoredRows
    strangest: tuple[Anomaly, ...]
    evaluation: Evaluation | None
    notes: tuple[str, ...]

    @property
    def n_rows(self) -> int:
        """Number of rows scored."""
        return int(self.rows.scores.size)

    @property
    def n_anomalies(self) -> int:
        """Number of rows flagged."""
        return self.decision.n_anomalies

    @property
    def severity(self) -> float | None:
        """The highest severity among the flagged rows, None where none is flagged."""
        flagged = None if self.rows.severities is None else self.rows.severities[self.is_anomaly]
        return None if flagged is None or not flagged.size else float(flagged.max())

    @property
    def anomalies(self) -> tuple[Anomaly, ...]:
        """The flagged rows among the strangest, highest score first."""
        return tuple(anomaly for anomaly in self.strangest if anomaly.is_anomaly)

    @property
    def scores(self) -> FloatVector:
        """Every row's score (n_rows,), higher is stranger."""
        return self.rows.scores

    @property
    def is_anomaly(self) -> BoolVector:
        """Every row's decision (n_rows,)."""
        return self.rows.is_anomaly


def find(
    model: TrainedModel,
    table: Table,
    scores: AnomalyScores,
    policy: DecisionPolicy,
    *,
    are_training_rows: bool,
    labels: Labels | None,
    n_strangest: int,
    with_reasons: bool,
) -> Findings:
    """Decide which scored rows are anomalies and say why the strangest are.

    are_training_rows: whether these very rows were learned from.
    labels: only for the evaluation, which is left out with a note where all known answers are the same.
    Raises PolicyNotAvailable.
    """
    decision = decide(policy, scores, model.calibration)
    table = _named_rows(model, table)
    identifier = identifier_of(table.columns)
    rows = ScoredRows(
        scores=scores.values,
        p_values=model.calibration.p_values(scores.values),
        probabilities=model.calibration.probabilities(scores.values),
        is_anomaly=decision.is_anomaly,
        identifier_name=identifier,
        identifiers=None if identifier is None else table.cells(identifier, range(table.n_rows)),
        severities=severities(scores.values, model.calibration.reference),
    )
    strangest = [score.row for score in scores.strangest(n_strangest)]
    reasons = explain(model, table, strangest) if with_reasons else [() for _ in strangest]
    return Findings(
        decision=decision,
        rows=rows,
        strangest=tuple(
            anomaly_of(model, rows, decision.score_threshold, row, why)
            for row, why in zip(strangest, reasons, strict=True)
        ),
        evaluation=evaluation_of(labels, rows) if labels is not None and labels.are_of_both_classes else None,
        notes=_notes(model, table, decision, labels, are_training_rows=are_training_rows),
    )


def _named_rows(model: TrainedModel, table: Table) -> Table:
    """Return the table with its own identifier, else with the column that named the training rows as one."""
    is_there = any(column.name == model.identifier for column in table.columns)
    if model.identifier is None or not is_there or identifier_of(table.columns) is not None:
        return table
    return table.describe(roles={model.identifier: ColumnRole.IDENTIFIER}, kinds={})


def evaluation_of(labels: Labels, rows: ScoredRows) -> Evaluation:
    """Evaluate a result on the rows whose answer is known. Raises InvalidLabels."""
    known = labels.is_known
    return evaluate(labels.is_anomaly[known], rows.scores[known], rows.is_anomaly[known])


def anomaly_of(
    model: TrainedModel, rows: ScoredRows, score_threshold: float | None, row: int, reasons: tuple[Reason, ...]
) -> Anomaly:
    """Return one scored row as it is told of."""
    score = float(rows.scores[row])
    return Anomaly(
        row=row,
        identifier=None if rows.identifiers is None else rows.identifiers[row],
        score=score,
        p_value=float(rows.p_values[row]),
        probability=None if rows.probabilities is None else float(rows.probabilities[row]),
        confidence=_confidence(model, score, score_threshold),
        is_anomaly=bool(rows.is_anomaly[row]),
        reasons=reasons,
        severity=None if rows.severities is None else float(rows.severities[row]),
    )


def decided_anomalies(model: TrainedModel, told: Sequence[Anomaly], decision: Decision) -> tuple[Anomaly, ...]:
    """Return rows that were told of already as another decision has them."""
    return tuple(
        replace(
            anomaly,
            is_anomaly=bool(decision.is_anomaly[anomaly.row]),
            confidence=_confidence(model, anomaly.score, decision.score_threshold),
        )
        for anomaly in told
    )


def _confidence(model: TrainedModel, score: float, score_threshold: float | None) -> float | None:
    if score_threshold is None:
        return None
    return decision_confidence(score, model.calibration.reference, score_threshold)


def _notes(
    model: TrainedModel, table: Table, decision: Decision, labels: Labels | None, *, are_training_rows: bool
) -> tuple[str, ...]:
    notes = [] if are_training_rows else list(model.preparation.notes(table))
    if labels is not None and not labels.are_of_both_classes:
        notes.append("every labelled row has the same answer, so there is nothing to evaluate against")
    if proof := self_test(model, decision):
        notes.append(proof)
    if far := passed_over(model, table, decision):
        notes.append(far)
    if isinstance(decision.policy, FalseDiscoveryControl) and are_training_rows:
        notes.append(
            "false-discovery control compares rows with other rows known to be normal; these rows were compared with "
            "themselves, so hardly any can stand out. Give normal rows with --train"
        )
    return tuple(notes)
