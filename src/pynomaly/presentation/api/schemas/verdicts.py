"""Verdicts: what somebody answers to "is this row an anomaly?", and what the answers say."""

from datetime import datetime

from pydantic import Field

from pynomaly.domain.estimated_share import EstimatedShare
from pynomaly.domain.verdict import (
    MOST_ROWS,
    DetectorVerdicts,
    Replaced,
    Verdict,
    VerdictAnswer,
    VerdictSummary,
)
from pynomaly.presentation.api.body import Body, Chosen
from pynomaly.presentation.api.schemas.datasets import sound
from pynomaly.presentation.api.schemas.pages import Answer
from pynomaly.presentation.http.bounds import BOUNDS, JudgedRows, VerdictNote

_NOTE = "For whoever looks at the row later; kept out of the audit log."


class NewVerdict(Body):
    """Whether a row is an anomaly.

    `confirmed`: it is, and worth acting on. `expected`: it is, with a known, harmless reason. `false_alarm`: it is not.
    `new_normal`: unusual until now, normal from now on. `not_sure`: looked at, and still open.
    """

    answer: Chosen[VerdictAnswer]
    note: VerdictNote = Field(default="", description=_NOTE)


class NewVerdicts(NewVerdict):
    """One answer for several rows, such as those that resemble each other."""

    rows: JudgedRows = Field(description="Places in the dataset, from 0, each once.", examples=[[7, 12]])


class RowsToTakeBack(Body):
    """Rows whose verdicts are taken back."""

    rows: JudgedRows = Field(description="Places in the dataset, from 0, each once.", examples=[[7, 12]])


class ReplacedAnswer(Answer):
    """The answer that was given before, and by whom."""

    answer: VerdictAnswer
    given_by: str

    @staticmethod
    def of(replaced: Replaced) -> "ReplacedAnswer":
        """Write what was replaced."""
        return ReplacedAnswer(answer=replaced.answer, given_by=replaced.given_by)


class RowVerdictAnswer(Answer):
    """The verdict that stands on a row."""

    row: int = Field(description="Place in the dataset, from 0.")
    detection_id: str = Field(description="Where it was given: this detection, or another one of the same rows.")
    is_flagged: bool = Field(description="Whether the detection that it was given on had flagged the row.")
    answer: VerdictAnswer
    note: str
    given_by: str = Field(description="As the audit log names people and programs.")
    given_at: datetime
    revision: int = Field(description="How often the answer was changed.")
    replaced: ReplacedAnswer | None = Field(description="What the last change took the place of; null for a first one.")

    @staticmethod
    def of(verdict: Verdict) -> "RowVerdictAnswer":
        """Write a verdict."""
        return RowVerdictAnswer(
            row=verdict.row,
            detection_id=verdict.detection_id,
            is_flagged=verdict.is_flagged,
            answer=verdict.answer,
            note=sound(verdict.note),
            given_by=verdict.given_by,
            given_at=verdict.given_at,
            revision=verdict.revision,
            replaced=None if verdict.replaced is None else ReplacedAnswer.of(verdict.replaced),
        )


class SeveralVerdictsAnswer(Answer):
    """The verdicts on several rows, in the order they were asked for."""

    items: list[RowVerdictAnswer] = Field(max_length=MOST_ROWS)


class EstimatedShareAnswer(Answer):
    """A share (0..1) and its 95 % interval, as Wilson (1927) has it: how far chance may be off."""

    value: float
    low: float
    high: float

    @staticmethod
    def of(share: EstimatedShare) -> "EstimatedShareAnswer":
        """Write a share."""
        return EstimatedShareAnswer(value=share.value, low=share.low, high=share.high)


class VerdictSummaryAnswer(Answer):
    """What the judged rows say of the flags. They are no random sample: people look at the strangest first."""

    n_judged: int = Field(description="Flagged or not.")
    n_by_answer: dict[VerdictAnswer, int] = Field(description="Of all judged rows; every answer is there.")
    n_decisive: int = Field(
        description="Flagged rows whose flag was called right (`confirmed`) or wrong (`false_alarm`, `new_normal`)."
    )
    n_false_alarms: int = Field(description="Of these, the wrong ones.")
    false_alarm_share: EstimatedShareAnswer | None = Field(description="Null where no flag was called right or wrong.")

    @staticmethod
    def of(summary: VerdictSummary) -> "VerdictSummaryAnswer":
        """Write a summary."""
        share = summary.false_alarm_share
        return VerdictSummaryAnswer(
            n_judged=summary.n_judged,
            n_by_answer=dict(summary.n_by_answer),
            n_decisive=summary.n_decisive,
            n_false_alarms=summary.n_false_alarms,
            false_alarm_share=None if share is None else EstimatedShareAnswer.of(share),
        )


class DetectionVerdictsAnswer(Answer):
    """A page of the verdicts on a detection's rows, and the summary of all of them."""

    items: list[RowVerdictAnswer] = Field(max_length=BOUNDS.page.most)
    next_cursor: str | None
    summary: VerdictSummaryAnswer


class DetectorVerdictsAnswer(Answer):
    """What was said of a detector's findings. The detector may have been deleted since."""

    detector_id: str
    summary: VerdictSummaryAnswer

    @staticmethod
    def of(told: DetectorVerdicts) -> "DetectorVerdictsAnswer":
        """Write what was said of one detector."""
        return DetectorVerdictsAnswer(detector_id=told.detector_id, summary=VerdictSummaryAnswer.of(told.summary))


class WorkspaceVerdictsAnswer(Answer):
    """What was said in the last days, by detector, the most judged first."""

    days: int
    items: list[DetectorVerdictsAnswer]
