"""The outline of a detection's scores, and what another line through them would change."""

from typing import Literal

from pydantic import Field, JsonValue

from pynomaly.application.ports.recent_outlines import Outlined
from pynomaly.application.stored_scores import ChangedRow, DecisionChange
from pynomaly.domain.detection import Detection
from pynomaly.domain.score_outline import ScoreHistogram, ScoreOutline
from pynomaly.presentation.api.schemas.datasets import cell, sound
from pynomaly.presentation.api.schemas.pages import Answer
from pynomaly.presentation.api.schemas.policies import PolicyAnswer


class HistogramAnswer(Answer):
    """How many rows score about so much, in bins of equal width; a bin holds its lower edge, the last one both."""

    edges: list[float] = Field(max_length=121, description="One more than there are bins, ascending.")
    counts: list[int] = Field(max_length=120)
    n_below: int = Field(description="Rows too far below the first edge to be drawn to the same scale.")
    n_beyond: int = Field(description="Rows too far above the last edge to be drawn to the same scale.")

    @staticmethod
    def of(histogram: ScoreHistogram) -> "HistogramAnswer":
        """Write a histogram."""
        return HistogramAnswer(
            edges=histogram.edges.tolist(),
            counts=histogram.counts.tolist(),
            n_below=histogram.n_below,
            n_beyond=histogram.n_beyond,
        )


class TailAnswer(Answer):
    """How many rows each of some thresholds would flag: every score of the 500 strangest rows, then wider steps."""

    thresholds: list[float] = Field(max_length=2000, description="Strictly descending.")
    n_past: list[int] = Field(max_length=2000, description="Rows scoring at least the threshold in the same place.")
    expected_false_alarms: list[float] | None = Field(
        max_length=2000,
        description="How many normal rows score past such a line on average, at most, if the training rows are normal "
        "and the normal rows of this batch are of the same kind; null where nothing can be said.",
    )

    @staticmethod
    def of(outline: ScoreOutline) -> "TailAnswer":
        """Write the curve of an outline."""
        expected = outline.expected_false_alarms
        return TailAnswer(
            thresholds=outline.thresholds.tolist(),
            n_past=outline.n_past.tolist(),
            expected_false_alarms=None if expected is None else expected.tolist(),
        )


class OutlineAnswer(Answer):
    """The scores of a detection in a few hundred numbers: what to choose a threshold by.

    `no_estimate` says why there are no expected false alarms: the rows are the training rows, p-values are only a rank,
    or the detector has been deleted.
    """

    detection_id: str
    n_rows: int
    n_anomalies: int
    score_threshold: float | None = Field(description="The line that was drawn; null where nothing was flagged.")
    lowest: float
    highest: float
    histogram: HistogramAnswer
    tail: TailAnswer
    no_estimate: Literal["training_rows", "rank_only", "detector_gone"] | None

    @staticmethod
    def of(detection: Detection, outlined: Outlined) -> "OutlineAnswer":
        """Write an outline."""
        return OutlineAnswer(
            detection_id=detection.id,
            n_rows=outlined.scores.n_rows,
            n_anomalies=detection.n_anomalies,
            score_threshold=detection.score_threshold,
            lowest=outlined.scores.lowest,
            highest=outlined.scores.highest,
            histogram=HistogramAnswer.of(outlined.scores.histogram),
            tail=TailAnswer.of(outlined.scores),
            no_estimate=None if outlined.no_estimate is None else outlined.no_estimate.value,
        )


class ChangedRowAnswer(Answer):
    """A row near the line: whether it is flagged, and whether it would be."""

    row: int = Field(description="Place in the dataset, from 0.")
    identifier: JsonValue
    score: float
    severity: float | None
    is_flagged: bool
    would_be_flagged: bool

    @staticmethod
    def of(changed: ChangedRow) -> "ChangedRowAnswer":
        """Write a row."""
        return ChangedRowAnswer(
            row=changed.row,
            identifier=cell(changed.identifier),
            score=changed.score,
            severity=changed.severity,
            is_flagged=changed.is_flagged,
            would_be_flagged=changed.would_be_flagged,
        )


class ChangeAnswer(Answer):
    """What another decision would change; nothing is stored. `POST /detections/{id}/decide` makes it so."""

    detection_id: str
    policy: PolicyAnswer
    score_threshold: float | None = Field(description="Every row that would be flagged scores at least this.")
    n_flagged: int = Field(description="As the detection stands.")
    n_would_be_flagged: int
    n_newly_flagged: int
    n_no_longer_flagged: int
    above: list[ChangedRowAnswer] = Field(
        max_length=500, description="The rows nearest the line that would be flagged, highest score first."
    )
    below: list[ChangedRowAnswer] = Field(
        max_length=500, description="The rows nearest the line that would not be flagged, highest score first."
    )
    notes: list[str]

    @staticmethod
    def of(change: DecisionChange) -> "ChangeAnswer":
        """Write a change."""
        return ChangeAnswer(
            detection_id=change.detection.id,
            policy=PolicyAnswer.of(change.policy),
            score_threshold=change.score_threshold,
            n_flagged=change.n_flagged,
            n_would_be_flagged=change.n_would_be_flagged,
            n_newly_flagged=change.n_newly_flagged,
            n_no_longer_flagged=change.n_no_longer_flagged,
            above=[ChangedRowAnswer.of(row) for row in change.above],
            below=[ChangedRowAnswer.of(row) for row in change.below],
            notes=[sound(note) for note in change.notes],
        )
