"""Compare two stored detections of the same rows with each other, by labels that lie beside the rows."""

from dataclasses import dataclass

from pynomaly.application.findings import evaluation_of
from pynomaly.application.known_answers import KnownAnswers
from pynomaly.application.ports.persistence import BeginReading
from pynomaly.application.ports.stores import ScoreStore
from pynomaly.domain.detection import Detection
from pynomaly.domain.errors import Conflict
from pynomaly.domain.evaluation import Evaluation
from pynomaly.domain.paired_comparison import (
    Agreement,
    PairedDifference,
    agreement,
    average_precision_difference,
    roc_auc_difference,
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two detections side by side.

    found, false_alarms: how far their decisions agree about rows labelled anomalies, and about rows labelled normal.
    """

    first: Detection
    second: Detection
    evaluations: tuple[Evaluation, Evaluation]
    roc_auc: PairedDifference
    average_precision: PairedDifference
    found: Agreement
    false_alarms: Agreement


@dataclass(frozen=True, slots=True)
class CompareDetections:
    """Compare stored scores and decisions on the rows whose answer is known; nothing is scored again."""

    begin_reading: BeginReading
    answers: KnownAnswers
    scores: ScoreStore

    def __call__(
        self, *, detection: str, other: str, label: str, source: object | None = None, may_read_sources: bool = True
    ) -> Comparison:
        """Return how the detection differs from the other.

        Parameters and errors are those of `KnownAnswers`; Conflict too if the two scored different rows.
        """
        with self.begin_reading() as work:
            first, second = work.detections.get(detection), work.detections.get(other)
        _require_same_rows(first, second)
        self.answers.refuse_learned(second, label)
        labels = self.answers(first, label, source=source, may_read_sources=may_read_sources)
        of_first, of_second = self.scores.load(first.scores), self.scores.load(second.scores)
        evaluations = evaluation_of(labels, of_first), evaluation_of(labels, of_second)
        known, found = labels.is_known, labels.is_known & labels.is_anomaly
        answers, scores = labels.is_anomaly[known], (of_first.scores[known], of_second.scores[known])
        normal = known & ~labels.is_anomaly
        return Comparison(
            first=first,
            second=second,
            evaluations=evaluations,
            roc_auc=roc_auc_difference(answers, *scores),
            average_precision=average_precision_difference(answers, *scores),
            found=agreement(of_first.is_anomaly[found], of_second.is_anomaly[found]),
            false_alarms=agreement(of_first.is_anomaly[normal], of_second.is_anomaly[normal]),
        )


def _require_same_rows(first: Detection, second: Detection) -> None:
    if first.fingerprint == second.fingerprint:
        return
    told = [f"{one.n_rows:,} rows of {one.source or 'an object in memory'}" for one in (first, second)]
    difference = f"{told[0]} and {told[1]}" if told[0] != told[1] else f"{told[0]}, which changed in between"
    raise Conflict(
        f"detections {first.id[:8]} and {second.id[:8]} scored different rows: {difference}; "
        "run both on the same dataset"
    )
