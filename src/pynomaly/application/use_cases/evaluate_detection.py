"""Compare a stored detection with labels that lie beside its rows."""

from dataclasses import dataclass

from pynomaly.application.findings import evaluation_of
from pynomaly.application.known_answers import KnownAnswers
from pynomaly.application.ports.persistence import BeginReading
from pynomaly.application.ports.stores import ScoreStore
from pynomaly.domain.detection import Detection
from pynomaly.domain.evaluation import Evaluation


@dataclass(frozen=True, slots=True)
class EvaluateDetection:
    """Evaluate stored scores and decisions; nothing is scored again."""

    begin_reading: BeginReading
    answers: KnownAnswers
    scores: ScoreStore

    def __call__(
        self, *, detection: str, label: str, source: object | None = None, may_read_sources: bool = True
    ) -> tuple[Detection, Evaluation]:
        """Return the detection and its measures. Parameters and errors are those of `KnownAnswers`."""
        with self.begin_reading() as work:
            found = work.detections.get(detection)
        labels = self.answers(found, label, source=source, may_read_sources=may_read_sources)
        return found, evaluation_of(labels, self.scores.load(found.scores))
