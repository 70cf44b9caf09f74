"""Detections: a dataset scored by a detector version and decided by a policy."""

from datetime import datetime
from typing import Literal

from pydantic import Field, JsonValue

from pynomaly.domain.columns import ColumnKind, ColumnRole
from pynomaly.domain.detection import Anomaly, Detection
from pynomaly.domain.evaluation import Evaluation
from pynomaly.domain.explanation import Reason
from pynomaly.presentation.api.body import Body, Chosen
from pynomaly.presentation.api.schemas.datasets import TypicalAnswer, cell, sound
from pynomaly.presentation.api.schemas.pages import Answer
from pynomaly.presentation.api.schemas.policies import Policy, PolicyAnswer
from pynomaly.presentation.http.bounds import (
    ByColumn,
    ColumnName,
    Fields,
    FieldValue,
    Name,
    Priority,
    Share,
    VersionNumber,
)


class NewDetection(Body):
    """A detector, rows, and how to decide; by default rows that stand far out are flagged.

    The rows are those of a dataset, or of a source as it is now: those are kept as a dataset of their own.
    """

    detector_id: Name = Field(description="Id or name of a trained detector.")
    dataset_id: Name | None = Field(default=None, description="Id or name of a dataset.")
    source_id: Name | None = Field(default=None, description="Id or name of a source, instead of a dataset.")
    selection: Fields[FieldValue] | None = Field(default=None, description="What to read of the source.")
    roles: ByColumn[Chosen[ColumnRole]] | None = Field(default=None, description="With a source.")
    kinds: ByColumn[Chosen[ColumnKind]] | None = Field(default=None, description="With a source.")
    version: VersionNumber | None = Field(default=None, description="Another version than the live one.")
    policy: Policy | None = None
    priority: Priority = 5


class ReasonAnswer(Answer):
    """One column's part in a row's score, beside what is usual for it."""

    feature: str
    contribution: float
    value: JsonValue
    typical: TypicalAnswer

    @staticmethod
    def of(reason: Reason) -> "ReasonAnswer":
        """Write a reason."""
        return ReasonAnswer(
            feature=sound(reason.feature),
            contribution=reason.contribution,
            value=cell(reason.value),
            typical=TypicalAnswer.of(reason.typical),
        )


class AnomalyAnswer(Answer):
    """One row, higher scores being stranger; what is unknown is null, never invented."""

    row: int = Field(description="Place in the dataset, from 0.")
    identifier: JsonValue
    score: float
    severity: float | None = Field(description="0 to 100: 50 where the default decision draws its line.")
    p_value: float | None
    probability: float | None
    confidence: float | None
    is_anomaly: bool
    reasons: list[ReasonAnswer]

    @staticmethod
    def of(anomaly: Anomaly) -> "AnomalyAnswer":
        """Write a row."""
        return AnomalyAnswer(
            row=anomaly.row,
            identifier=cell(anomaly.identifier),
            score=anomaly.score,
            severity=anomaly.severity,
            p_value=anomaly.p_value,
            probability=anomaly.probability,
            confidence=anomaly.confidence,
            is_anomaly=anomaly.is_anomaly,
            reasons=[ReasonAnswer.of(reason) for reason in anomaly.reasons],
        )


class DetectionAnswer(Answer):
    """A detection; its rows are at `/detections/{id}/anomalies`."""

    id: str
    detector_id: str
    detector_version: int
    dataset_id: str | None
    source: str
    fingerprint: str
    policy: PolicyAnswer
    score_threshold: float | None = Field(description="Every flagged row scores at least this; null where none is.")
    n_rows: int
    n_anomalies: int
    notes: list[str]
    created_at: datetime

    @staticmethod
    def of(detection: Detection) -> "DetectionAnswer":
        """Describe a detection."""
        return DetectionAnswer(
            id=detection.id,
            detector_id=detection.detector_id,
            detector_version=detection.detector_version,
            dataset_id=detection.dataset_id,
            source=sound(detection.source),
            fingerprint=detection.fingerprint,
            policy=PolicyAnswer.of(detection.policy),
            score_threshold=detection.score_threshold,
            n_rows=detection.n_rows,
            n_anomalies=detection.n_anomalies,
            notes=[sound(note) for note in detection.notes],
            created_at=detection.created_at,
        )


class DecisionRequest(Body):
    """How to decide the stored scores anew."""

    policy: Policy


class EvaluationRequest(Body):
    """The column of known answers to hold the detection against."""

    label: ColumnName


class EvaluationAnswer(Answer):
    """How well the scores rank the known anomalies, and how good the decision is; all shares 0..1."""

    n_rows: int
    n_labelled_anomalies: int
    roc_auc: float
    average_precision: float
    precision_at_n: float
    precision: float | None
    recall: float
    f1: float
    n_false_alarms: int

    @staticmethod
    def of(evaluation: Evaluation) -> "EvaluationAnswer":
        """Write the measures."""
        names = EvaluationAnswer.model_fields
        return EvaluationAnswer(**{name: getattr(evaluation, name) for name in names})


class DetectRequest(Body):
    """A detector, a dataset, and the probability from which a row is called an anomaly.

    Without a threshold rows are flagged that stand far out. A threshold needs a detector trained with labels.
    """

    detector_id: Name
    dataset_id: Name
    threshold: Share | None = None


class FoundAnomaly(Answer):
    """A flagged row: `confidence` is the chance that it would be decided the same with other training rows."""

    score: float
    severity: float | None
    confidence: float | None
    sample_index: int


class DetectMetrics(Answer):
    """How much was looked at, and how long it took."""

    total_samples: int
    anomalies_detected: int
    processing_time_ms: float


class DetectAnswer(Answer):
    """What was found; at most 1000 anomalies, the strangest. All are at `/detections/{detection_id}/anomalies`."""

    detection_id: str
    anomalies: list[FoundAnomaly] = Field(max_length=1000)
    metrics: DetectMetrics


ExportFormat = Literal["csv", "jsonl", "parquet", "arrow"]
