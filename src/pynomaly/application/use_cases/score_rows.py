"""Score a few rows with a detector that is kept warm, and decide; nothing is stored."""

from dataclasses import dataclass

from pynomaly.application.ports.number_rows import NumberRows
from pynomaly.application.ports.persistence import BeginReading
from pynomaly.application.ports.stores import ScoredRows
from pynomaly.application.ports.tables import RowReader, Table
from pynomaly.application.ports.warm_models import RecentDetectors, WarmModels
from pynomaly.application.trained_model import TrainedModel
from pynomaly.domain.anomaly_scores import AnomalyScores
from pynomaly.domain.decision import DecisionPolicy, StandsOut, decide
from pynomaly.domain.detector import Detector, DetectorVersion
from pynomaly.domain.errors import Conflict, EmptyDataset, NotFound
from pynomaly.domain.identifiers import DetectorId
from pynomaly.domain.severity import severities


@dataclass(frozen=True, slots=True, eq=False)
class ScoredBatch:
    """What one version of a detector says of some rows, in their order.

    score_threshold: the line the decision drew, None where it drew none.
    notes: what a reader must know of the decision and of the rows.
    """

    detector_id: DetectorId
    version: int
    rows: ScoredRows
    score_threshold: float | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoreRows:
    """Answer at once what a detector thinks of some rows."""

    begin_reading: BeginReading
    detectors: RecentDetectors
    models: WarmModels[TrainedModel]
    reader: RowReader

    def __call__(
        self,
        *,
        detector: str,
        rows: Table | NumberRows,
        version: int | None = None,
        policy: DecisionPolicy | None = None,
    ) -> ScoredBatch:
        """Return the scores, and the decisions by `policy`: who stands out, where none is given.

        version: of the detector, the live one by default; a change of it is seen within a second.
        Raises NotFound, NotTrained, Conflict, EmptyDataset, ColumnMismatch, PolicyNotAvailable.
        """
        if rows.n_rows == 0:
            raise EmptyDataset
        found, used = self._version(detector, version)
        model = self.models.get(used.model)
        scores, notes = self._scores(model, rows)
        decision = decide(policy or StandsOut(), scores, model.calibration)
        scored = ScoredRows(
            scores=scores.values,
            p_values=model.calibration.p_values(scores.values),
            probabilities=model.calibration.probabilities(scores.values),
            is_anomaly=decision.is_anomaly,
            severities=severities(scores.values, model.calibration.reference),
        )
        return ScoredBatch(found.id, used.number, scored, decision.score_threshold, (*decision.notes, *notes))

    def is_warm(self, detector: str, version: int | None = None) -> bool:
        """Whether an answer needs neither the database nor the disk."""
        found = self.detectors.recent(detector)
        if found is None or found.live_version is None:
            return False
        number = found.live_version if version is None else version
        return any(one.number == number and self.models.has(one.model) for one in found.versions)

    def _version(self, detector: str, number: int | None) -> tuple[Detector, DetectorVersion]:
        found = self.detectors.get(detector, lambda: self._read(detector))
        try:
            return found, found.version(number)
        except (NotFound, Conflict):  # what is remembered may be older than what is asked for
            found = self.detectors.get(detector, lambda: self._read(detector), fresh=True)
            return found, found.version(number)

    def _read(self, detector: str) -> Detector:
        with self.begin_reading() as work:
            return work.detectors.get(detector)

    def _scores(self, model: TrainedModel, rows: Table | NumberRows) -> tuple[AnomalyScores, tuple[str, ...]]:
        if isinstance(rows, NumberRows):
            matrix = model.preparation.number_matrix(rows)
            if matrix is not None:
                return AnomalyScores(model.fitted.score(matrix.values)), model.preparation.notes(rows)
            rows = self.reader.of_numbers(rows)
        return model.score(rows), (*rows.notes, *model.preparation.notes(rows))
