"""Detections against known answers: curves of one, and two beside each other."""

import math
from dataclasses import asdict

from pydantic import Field, JsonValue

from pynomaly.application.use_cases.compare_detections import Comparison
from pynomaly.application.use_cases.find_mistakes import Mistake, Mistakes
from pynomaly.application.use_cases.trace_curves import Curves
from pynomaly.domain.curves import PrecisionRecallCurve, RocCurve
from pynomaly.domain.decision import AlarmBudget, ScoreThreshold
from pynomaly.presentation.api.body import Body
from pynomaly.presentation.api.schemas.datasets import cell
from pynomaly.presentation.api.schemas.detections import EvaluationAnswer
from pynomaly.presentation.api.schemas.pages import Answer
from pynomaly.presentation.api.schemas.policies import BudgetRowsPolicy, PolicyAnswer, ScoreThresholdPolicy
from pynomaly.presentation.http.bounds import ColumnName, ObjectId, PageLimit


class RocAnswer(Answer):
    """The ROC curve, from no row flagged to all; straight lines between its points, at most 500."""

    false_positive_rate: list[float] = Field(max_length=500)
    true_positive_rate: list[float] = Field(max_length=500)
    thresholds: list[float | None] = Field(max_length=500, description="Null where no row is flagged.")

    @staticmethod
    def of(curve: RocCurve) -> "RocAnswer":
        """Write a curve."""
        return RocAnswer(
            false_positive_rate=curve.false_positive_rate.tolist(),
            true_positive_rate=curve.true_positive_rate.tolist(),
            thresholds=[line if math.isfinite(line) else None for line in curve.thresholds.tolist()],
        )


class PrecisionRecallAnswer(Answer):
    """Precision where recall grows, from the strangest rows to all, at most 500 points.

    Average precision is the sum of the recall gained at each point times the precision there.
    """

    recall: list[float] = Field(max_length=500)
    precision: list[float] = Field(max_length=500)
    thresholds: list[float] = Field(max_length=500)

    @staticmethod
    def of(curve: PrecisionRecallCurve) -> "PrecisionRecallAnswer":
        """Write a curve."""
        return PrecisionRecallAnswer(
            recall=curve.recall.tolist(), precision=curve.precision.tolist(), thresholds=curve.thresholds.tolist()
        )


class ReliabilityBinAnswer(Answer):
    """Rows of about the same probability: its mean, beside the share of anomalies with its 95 % interval."""

    mean_probability: float
    observed_share: float
    low: float
    high: float
    n_rows: int


class CurvesAnswer(Answer):
    """A detection against known answers at every threshold. `reliability` is null where there are no probabilities."""

    evaluation: EvaluationAnswer
    roc: RocAnswer
    precision_recall: PrecisionRecallAnswer
    reliability: list[ReliabilityBinAnswer] | None = Field(max_length=10)

    @staticmethod
    def of(curves: Curves) -> "CurvesAnswer":
        """Write curves."""
        bins = curves.reliability
        return CurvesAnswer(
            evaluation=EvaluationAnswer.of(curves.evaluation),
            roc=RocAnswer.of(curves.roc),
            precision_recall=PrecisionRecallAnswer.of(curves.precision_recall),
            reliability=None if bins is None else [ReliabilityBinAnswer(**asdict(one)) for one in bins],
        )


class MistakesRequest(Body):
    """A column of known answers, and how to decide: as the detection did, or by one of two other lines."""

    label: ColumnName
    policy: BudgetRowsPolicy | ScoreThresholdPolicy | None = Field(default=None, discriminator="kind")
    limit: PageLimit = Field(default=10, description="Rows to show of either kind.")

    @property
    def line(self) -> AlarmBudget | ScoreThreshold | None:
        """The other line, None for the one that the detection has. Raises InvalidRequest."""
        if self.policy is None:
            return None
        if isinstance(self.policy, ScoreThresholdPolicy):
            return ScoreThreshold(self.policy.score)
        return AlarmBudget(rows=self.policy.rows, share=self.policy.share)


class MistakeAnswer(Answer):
    """A row that was decided otherwise than its label says."""

    row: int = Field(description="Place in the dataset, from 0.")
    identifier: JsonValue
    score: float
    severity: float | None

    @staticmethod
    def of(mistake: Mistake) -> "MistakeAnswer":
        """Write a row."""
        return MistakeAnswer(
            row=mistake.row, identifier=cell(mistake.identifier), score=mistake.score, severity=mistake.severity
        )


class MistakesAnswer(Answer):
    """How a decision stands to known answers; rows without one are not counted."""

    detection_id: str
    policy: PolicyAnswer
    n_labelled: int
    n_anomalies: int = Field(description="Rows labelled as anomalies.")
    n_flagged: int = Field(description="Flagged rows that have a label.")
    n_found: int = Field(description="Flagged rows that are labelled as anomalies.")
    n_false_alarms: int
    n_missed: int
    false_alarms: list[MistakeAnswer] = Field(max_length=500, description="The strangest first.")
    misses: list[MistakeAnswer] = Field(max_length=500, description="The strangest first.")

    @staticmethod
    def of(mistakes: Mistakes) -> "MistakesAnswer":
        """Write mistakes."""
        return MistakesAnswer(
            detection_id=mistakes.detection.id,
            policy=PolicyAnswer.of(mistakes.policy),
            n_labelled=mistakes.n_labelled,
            n_anomalies=mistakes.n_anomalies,
            n_flagged=mistakes.n_flagged,
            n_found=mistakes.n_found,
            n_false_alarms=mistakes.n_false_alarms,
            n_missed=mistakes.n_missed,
            false_alarms=[MistakeAnswer.of(one) for one in mistakes.false_alarms],
            misses=[MistakeAnswer.of(one) for one in mistakes.misses],
        )


class ComparisonRequest(Body):
    """Another detection of the same rows, and the column of known answers."""

    other_id: ObjectId = Field(description="The detection to compare with.")
    label: ColumnName


class DifferenceAnswer(Answer):
    """A measure of both, and the first less the second with its 95 % interval; null where that cannot be told.

    `p_value`: the chance of a difference as large if there is none.
    """

    first: float
    second: float
    difference: float
    low: float | None
    high: float | None
    p_value: float | None


class AgreementAnswer(Answer):
    """How many rows of one class both flagged, one of them, or neither."""

    n_both: int
    n_only_first: int
    n_only_second: int
    n_neither: int


class ComparisonAnswer(Answer):
    """Two detections of the same rows. `found` counts labelled anomalies, `false_alarms` rows labelled normal."""

    first_id: str
    second_id: str
    first: EvaluationAnswer
    second: EvaluationAnswer
    roc_auc: DifferenceAnswer
    average_precision: DifferenceAnswer
    found: AgreementAnswer
    false_alarms: AgreementAnswer

    @staticmethod
    def of(comparison: Comparison) -> "ComparisonAnswer":
        """Write a comparison."""
        first, second = (EvaluationAnswer.of(one) for one in comparison.evaluations)
        return ComparisonAnswer(
            first_id=comparison.first.id,
            second_id=comparison.second.id,
            first=first,
            second=second,
            roc_auc=DifferenceAnswer(**asdict(comparison.roc_auc)),
            average_precision=DifferenceAnswer(**asdict(comparison.average_precision)),
            found=AgreementAnswer(**asdict(comparison.found)),
            false_alarms=AgreementAnswer(**asdict(comparison.false_alarms)),
        )
