"""What is read of detections: what was found, how it scored, what people said of it, what another line would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pynomaly.application.model_artifact import calibration_of
from pynomaly.application.ports.clock import Clock
from pynomaly.application.ports.detector_history import Look
from pynomaly.application.ports.paging import Page, Piece
from pynomaly.application.ports.persistence import BeginReading, UnitOfWork
from pynomaly.application.ports.recent_outlines import Outlined, RecentOutlines
from pynomaly.application.ports.stores import ModelStore, ScoredRows, ScoreStore
from pynomaly.application.stored_scores import DecisionChange, change_of, outlined
from pynomaly.domain.anomaly_scores import AnomalyScores
from pynomaly.domain.decision import AlarmBudget, Decision, DecisionPolicy, ScoreThreshold, decide, decide_alone
from pynomaly.domain.detection import Detection
from pynomaly.domain.detector import DetectorVersion
from pynomaly.domain.errors import NotFound
from pynomaly.domain.verdict import DetectionVerdicts, DetectorVerdicts, known_verdicts, summary_of


@dataclass(frozen=True, slots=True)
class FindingQueries:
    """Read models of the detections of one workspace."""

    begin_reading: BeginReading
    scores: ScoreStore
    models: ModelStore
    outlines: RecentOutlines
    clock: Clock

    def looks_since(self, since: datetime, *, limit: int) -> Sequence[Look]:
        """Return the detections since a moment, without their rows, newest first."""
        with self.begin_reading() as work:
            return work.detector_histories.looks_since(since, limit)

    def detections(self) -> Sequence[Detection]:
        """Return every detection, newest first."""
        with self.begin_reading() as work:
            return work.detections.all()

    def detection(self, detection_id: str) -> Detection:
        """Return one detection by id, id prefix or the word `last`. Raises NotFound."""
        with self.begin_reading() as work:
            return work.detections.get(detection_id)

    def scored_rows(self, detection_id: str) -> tuple[Detection, ScoredRows]:
        """Return a detection with its full result, mapped into memory. Raises NotFound, CorruptModel."""
        detection = self.detection(detection_id)
        return detection, self.scores.load(detection.scores)

    def verdicts(self, detection_id: str) -> DetectionVerdicts:
        """Return the verdicts on a detection's rows, also those given on other detections of the same rows.

        Raises NotFound, CorruptModel.
        """
        with self.begin_reading() as work:
            detection = work.detections.get(detection_id)
            given = work.verdicts.of_rows(detection.fingerprint)
        return known_verdicts(detection.id, given, self.scores.load(detection.scores).is_anomaly)

    def verdict_summary(self, *, days: int = 30) -> Sequence[DetectorVerdicts]:
        """Return what was said of each detector's findings in the last days, the most judged detector first."""
        with self.begin_reading() as work:
            tallies = work.verdicts.tallies(self.clock() - timedelta(days=days))
        told = [DetectorVerdicts(detector_id, summary_of(tally)) for detector_id, tally in tallies.items()]
        return sorted(told, key=lambda one: (-one.summary.n_judged, one.detector_id))

    def score_outline(self, detection_id: str) -> tuple[Detection, Outlined]:
        """Return a detection with the outline of its scores. Raises NotFound, CorruptModel."""
        with self.begin_reading() as work:
            detection = work.detections.get(detection_id)
            version = _version_used(work, detection)
        model = None if version is None else version.model
        return detection, self.outlines.get(
            (detection.scores, model, detection.fingerprint),
            lambda: outlined(
                detection, self.scores.load(detection.scores), None if model is None else self.models.load(model)
            ),
        )

    def changed_rows(self, detection_id: str, policy: DecisionPolicy, *, limit: int = 10) -> DecisionChange:
        """Return what another decision about a detection would change.

        limit: rows to show on either side of the new line, those nearest it.
        Raises NotFound, PolicyNotAvailable, CorruptModel; budgets and score thresholds need no model.
        """
        detection, rows = self.scored_rows(detection_id)
        decision = self._decision(detection, policy, AnomalyScores(rows.scores))
        return change_of(detection, rows, decision, limit=limit)

    def detection_page(self, piece: Piece, *, detector_id: str | None = None) -> Page[Detection]:
        """Return a piece of the detections, of one detector if its id is given."""
        with self.begin_reading() as work:
            return work.detections.page(piece, detector_id=detector_id)

    def _decision(self, detection: Detection, policy: DecisionPolicy, scores: AnomalyScores) -> Decision:
        if isinstance(policy, AlarmBudget | ScoreThreshold):
            return decide_alone(policy, scores)
        with self.begin_reading() as work:
            version = _version_used(work, detection)
        if version is None:
            raise NotFound(
                f"the detector of detection {detection.id[:8]} is gone; decide by a score threshold or an alarm budget"
            )
        return decide(policy, scores, calibration_of(self.models.load(version.model)))


def _version_used(work: UnitOfWork, detection: Detection) -> DetectorVersion | None:
    """Return the version that made a detection, None where its detector has been deleted since."""
    try:
        return work.detectors.get(detection.detector_id).version_used(detection.detector_version)
    except NotFound:
        return None
