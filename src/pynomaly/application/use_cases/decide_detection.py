"""Decide stored scores anew under another policy: nothing is scored again."""

from dataclasses import dataclass, replace

from pynomaly.application.findings import decided_anomalies
from pynomaly.application.model_artifact import from_artifact
from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.persistence import Begin, BeginReading
from pynomaly.application.ports.stores import ModelStore, ScoreStore
from pynomaly.application.ports.tables import Preparer
from pynomaly.domain.anomaly_scores import AnomalyScores
from pynomaly.domain.decision import DecisionPolicy, decide
from pynomaly.domain.detection import Detection
from pynomaly.domain.events import DetectionDecided
from pynomaly.domain.identifiers import DetectionId


@dataclass(frozen=True, slots=True)
class DecideDetection:
    """A detection of its own comes of it; the one it was decided from stays as it was."""

    begin: Begin
    begin_reading: BeginReading
    models: ModelStore
    scores: ScoreStore
    catalog: AlgorithmCatalog
    preparer: Preparer
    clock: Clock
    new_id: NewId

    def __call__(self, *, detection: str, policy: DecisionPolicy) -> Detection:
        """Return the new detection. Raises NotFound, PolicyNotAvailable, CorruptModel."""
        with self.begin_reading() as work:
            found = work.detections.get(detection)
            version = work.detectors.get(found.detector_id).version(found.detector_version)
        model = from_artifact(self.models.load(version.model), self.catalog, self.preparer)
        rows = self.scores.load(found.scores)
        decision = decide(policy, AnomalyScores(rows.scores), model.calibration)
        decided = replace(
            found,
            id=DetectionId(self.new_id()),
            policy=decision.policy,
            score_threshold=decision.score_threshold,
            n_anomalies=decision.n_anomalies,
            strangest=decided_anomalies(model, found.strangest, decision),
            notes=decision.notes,
            scores=self.scores.save(replace(rows, is_anomaly=decision.is_anomaly)),
            created_at=self.clock(),
        )
        with self.begin() as work:
            work.detections.add(decided)
            work.record(DetectionDecided(decided.id, found.id, decided.n_anomalies))
            work.conclude(decided)
            work.commit()
        return decided
