"""Say why one row of a detection got its score, whichever row it is."""

from dataclasses import dataclass

from pynomaly.application.detected_rows import kept_rows, require_row
from pynomaly.application.explaining import explain
from pynomaly.application.findings import anomaly_of
from pynomaly.application.model_artifact import from_artifact
from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.application.ports.persistence import BeginReading
from pynomaly.application.ports.stores import ModelStore, ScoreStore, TableStore
from pynomaly.application.ports.tables import Preparer
from pynomaly.domain.detection import Anomaly


@dataclass(frozen=True, slots=True)
class ExplainRow:
    """The stored score, with reasons computed anew from the stored row: the same every time."""

    begin_reading: BeginReading
    tables: TableStore
    models: ModelStore
    scores: ScoreStore
    catalog: AlgorithmCatalog
    preparer: Preparer

    def __call__(self, *, detection: str, row: int) -> Anomaly:
        """Return the row with its reasons.

        Raises NotFound for a row or a model that is not there, Conflict where the scored rows were not kept.
        """
        with self.begin_reading() as work:
            found = work.detections.get(detection)
            version = work.detectors.get(found.detector_id).version(found.detector_version)
        require_row(found, row)
        table = kept_rows(found, self.begin_reading, self.tables)
        model = from_artifact(self.models.load(version.model), self.catalog, self.preparer)
        rows = self.scores.load(found.scores)
        return anomaly_of(model, rows, found.score_threshold, row, explain(model, table, [row])[0])
