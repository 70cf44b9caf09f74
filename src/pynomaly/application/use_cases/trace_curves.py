"""Hold a stored detection against labels at every threshold, not only the one it was decided by."""

from dataclasses import dataclass

from pynomaly.application.findings import evaluation_of
from pynomaly.application.known_answers import KnownAnswers
from pynomaly.application.ports.persistence import BeginReading
from pynomaly.application.ports.stores import ScoreStore
from pynomaly.domain.curves import (
    PrecisionRecallCurve,
    ReliabilityBin,
    RocCurve,
    precision_recall_curve,
    reliability,
    roc_curve,
)
from pynomaly.domain.detection import Detection
from pynomaly.domain.evaluation import Evaluation


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """A detection's measures, and the curves that two of them are the areas of.

    reliability: None where the detector gives no probabilities.
    """

    evaluation: Evaluation
    roc: RocCurve
    precision_recall: PrecisionRecallCurve
    reliability: tuple[ReliabilityBin, ...] | None


@dataclass(frozen=True, slots=True)
class TraceCurves:
    """Trace the curves of stored scores on the rows whose answer is known; nothing is scored again."""

    begin_reading: BeginReading
    answers: KnownAnswers
    scores: ScoreStore

    def __call__(
        self, *, detection: str, label: str, source: object | None = None, may_read_sources: bool = True
    ) -> tuple[Detection, Curves]:
        """Return the detection and its curves. Parameters and errors are those of `KnownAnswers`."""
        with self.begin_reading() as work:
            found = work.detections.get(detection)
        labels = self.answers(found, label, source=source, may_read_sources=may_read_sources)
        rows, known = self.scores.load(found.scores), labels.is_known
        is_anomaly, scores = labels.is_anomaly[known], rows.scores[known]
        return found, Curves(
            evaluation=evaluation_of(labels, rows),
            roc=roc_curve(is_anomaly, scores),
            precision_recall=precision_recall_curve(is_anomaly, scores),
            reliability=None if rows.probabilities is None else reliability(is_anomaly, rows.probabilities[known]),
        )
