"""Datasets at a glance: what each column holds, and what that does to detection."""

from pydantic import Field

from pynomaly.application.profiling import ColumnProfile
from pynomaly.domain.quality import Gravity, QualityFinding, QualityKind
from pynomaly.presentation.api.schemas.datasets import ColumnAnswer, TypicalAnswer, sound
from pynomaly.presentation.api.schemas.pages import Answer
from pynomaly.presentation.api.schemas.shapes import ShapeAnswer, shape_answer


class ColumnProfileAnswer(ColumnAnswer):
    """A column at a glance; `n_distinct` is null for lists and structs."""

    n_missing: int
    missing_share: float
    n_distinct: int | None
    typical: TypicalAnswer
    shape: ShapeAnswer | None = Field(description="How its values are spread; null for keys and lists.")

    @staticmethod
    def of_profile(profile: ColumnProfile) -> "ColumnProfileAnswer":
        """Write a profile."""
        return ColumnProfileAnswer(
            **ColumnAnswer.of(profile.column).model_dump(),
            n_missing=profile.n_missing,
            missing_share=profile.missing_share,
            n_distinct=profile.n_distinct,
            typical=TypicalAnswer.of(profile.typical),
            shape=shape_answer(profile.shape),
        )


class ProfileAnswer(Answer):
    """Every column at a glance."""

    n_rows: int
    columns: list[ColumnProfileAnswer]


class QualityFindingAnswer(Answer):
    """Something to know about a table before looking for anomalies in it."""

    kind: QualityKind
    severity: Gravity
    column: str | None = Field(description="The column it is about; null where it is about the table.")
    sentence: str
    effect: str = Field(description="What it does to detection.")
    advice: str = Field(description="What can be done; empty where there is nothing to do.")

    @staticmethod
    def of(finding: QualityFinding) -> "QualityFindingAnswer":
        """Write a finding."""
        return QualityFindingAnswer(
            kind=finding.kind,
            severity=finding.severity,
            column=None if finding.column is None else sound(finding.column),
            sentence=sound(finding.sentence),
            effect=sound(finding.effect),
            advice=sound(finding.advice),
        )


class QualityAnswer(Answer):
    """Findings, problems first and notes last."""

    findings: list[QualityFindingAnswer]
