"""What a line through stored scores is chosen by: their outline, and the rows that another line would change."""

from dataclasses import dataclass

import numpy as np

from pynomaly.application.model_artifact import calibration_of
from pynomaly.application.ports.recent_outlines import NoEstimate, Outlined
from pynomaly.application.ports.stores import ModelArtifact, ScoredRows
from pynomaly.domain.anomaly_scores import AnomalyScores
from pynomaly.domain.arrays import IntVector
from pynomaly.domain.decision import Decision, DecisionPolicy
from pynomaly.domain.detection import Detection
from pynomaly.domain.score_outline import outline


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row near the new line. is_flagged: by the detection as it stands; would_be_flagged: by the other decision."""

    row: int
    identifier: object
    score: float
    severity: float | None
    is_flagged: bool
    would_be_flagged: bool


@dataclass(frozen=True, slots=True)
class DecisionChange:
    """What another decision about a detection's scores would change; nothing is stored.

    score_threshold: every row it would flag scores at least this; None where it flags none and draws no fixed line.
    above, below: the rows nearest the line that it would flag and would not flag, highest score first.
    """

    detection: Detection
    policy: DecisionPolicy
    score_threshold: float | None
    n_flagged: int
    n_would_be_flagged: int
    n_newly_flagged: int
    n_no_longer_flagged: int
    above: tuple[ChangedRow, ...]
    below: tuple[ChangedRow, ...]
    notes: tuple[str, ...]


def outlined(detection: Detection, rows: ScoredRows, model: ModelArtifact | None) -> Outlined:
    """Draw the outline of a detection's scores. model: None where it is gone. Raises CorruptModel."""
    reference, why_not = None, NoEstimate.DETECTOR_GONE
    if model is not None:
        calibration = calibration_of(model)
        if model.manifest["training_fingerprint"] == detection.fingerprint:
            why_not = NoEstimate.TRAINING_ROWS
        elif calibration.is_rank_only:
            why_not = NoEstimate.RANK_ONLY
        else:
            reference = calibration.reference
    return Outlined(outline(rows.scores, reference), why_not if reference is None else None)


def change_of(detection: Detection, rows: ScoredRows, decision: Decision, *, limit: int) -> DecisionChange:
    """Compare a decision with the one a detection was stored with. limit: rows to show on either side of the line."""
    now, then = rows.is_anomaly, decision.is_anomaly
    inside, outside = np.flatnonzero(then), np.flatnonzero(~then)
    above = inside[_strangest(-rows.scores[inside], limit)].tolist()
    below = outside[_strangest(rows.scores[outside], limit)].tolist()
    return DecisionChange(
        detection=detection,
        policy=decision.policy,
        score_threshold=decision.score_threshold,
        n_flagged=int(np.count_nonzero(now)),
        n_would_be_flagged=decision.n_anomalies,
        n_newly_flagged=int(np.count_nonzero(then & ~now)),
        n_no_longer_flagged=int(np.count_nonzero(now & ~then)),
        above=tuple(
            _changed_row(rows, decision, row) for row in sorted(above, key=lambda row: (-rows.scores[row], row))
        ),
        below=tuple(_changed_row(rows, decision, row) for row in below),
        notes=decision.notes,
    )


def _strangest(scores: np.ndarray, limit: int) -> IntVector:
    return np.array([score.row for score in AnomalyScores(scores).strangest(limit)], dtype=np.intp)


def _changed_row(rows: ScoredRows, decision: Decision, row: int) -> ChangedRow:
    return ChangedRow(
        row=row,
        identifier=None if rows.identifiers is None else rows.identifiers[row],
        score=float(rows.scores[row]),
        severity=None if rows.severities is None else float(rows.severities[row]),
        is_flagged=bool(rows.is_anomaly[row]),
        would_be_flagged=bool(decision.is_anomaly[row]),
    )
