"""A detection: one table scored by one detector version, decided by one policy, its strangest rows explained."""

from dataclasses import dataclass
from datetime import datetime

from pynomaly.domain.decision import DecisionPolicy
from pynomaly.domain.explanation import Reason
from pynomaly.domain.identifiers import DatasetId, DetectionId, DetectorId, ScoresDigest


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One strange row. `row` counts data rows from 0; what is None is unknown.

    severity: 0..100, see `severity.py`; rows stored by earlier versions have none.
    """

    row: int
    identifier: object
    score: float
    p_value: float | None
    probability: float | None
    confidence: float | None
    is_anomaly: bool
    reasons: tuple[Reason, ...] = ()
    severity: float | None = None


@dataclass(frozen=True, slots=True)
class Detection:
    """The stored outcome of scoring a table; the full score vector lies in the score file `scores`.

    source: where the rows came from; fingerprint: of their content, so that they can be found again unchanged.
    strangest: the most unusual rows, flagged or not, highest score first.
    """

    id: DetectionId
    detector_id: DetectorId
    detector_version: int
    dataset_id: DatasetId | None
    source: str
    fingerprint: str
    policy: DecisionPolicy
    score_threshold: float | None
    n_rows: int
    n_anomalies: int
    strangest: tuple[Anomaly, ...]
    notes: tuple[str, ...]
    scores: ScoresDigest
    created_at: datetime

    @property
    def worst_severity(self) -> float | None:
        """The highest severity among the flagged rows that are told of, None where none is flagged or known."""
        known = [one.severity for one in self.strangest if one.is_anomaly and one.severity is not None]
        return max(known, default=None)
