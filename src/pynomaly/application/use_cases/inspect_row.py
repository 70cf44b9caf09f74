"""Look at one row of a detection in depth: everything that helps to judge it."""

from dataclasses import dataclass

from pynomaly.application.detected_rows import kept_rows, require_row
from pynomaly.application.inspecting import inspect
from pynomaly.application.model_artifact import from_artifact
from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.application.ports.persistence import BeginReading
from pynomaly.application.ports.stores import ModelStore, ScoreStore, TableStore
from pynomaly.application.ports.tables import Preparer
from pynomaly.domain.inspection import Inspection


@dataclass(frozen=True, slots=True)
class InspectRow:
    """Computed anew from the stored row, model and scores: the same every time, and nothing is stored."""

    begin_reading: BeginReading
    tables: TableStore
    models: ModelStore
    scores: ScoreStore
    catalog: AlgorithmCatalog
    preparer: Preparer

    def __call__(self, *, detection: str, row: int) -> Inspection:
        """Return the row with its cells, its neighbours and what would make it normal.

        Raises NotFound for a row or a model that is not there, Conflict where the scored rows were not kept.
        """
        with self.begin_reading() as work:
            found = work.detections.get(detection)
            version = work.detectors.get(found.detector_id).version(found.detector_version)
        require_row(found, row)
        table = kept_rows(found, self.begin_reading, self.tables)
        model = from_artifact(self.models.load(version.model), self.catalog, self.preparer)
        return inspect(model, table, self.scores.load(found.scores), found, row)
