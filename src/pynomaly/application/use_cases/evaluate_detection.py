"""Compare a stored detection with labels that lie beside its rows."""

from dataclasses import dataclass

from pynomaly.application.findings import evaluation_of
from pynomaly.application.fitting import labels_of
from pynomaly.application.model_artifact import learned_columns
from pynomaly.application.ports.persistence import BeginReading
from pynomaly.application.ports.stores import ModelStore, ScoreStore, TableStore
from pynomaly.application.ports.tables import STANDARD_INPUT, Table, TableReader
from pynomaly.domain.columns import ColumnRole, refuse_learned
from pynomaly.domain.detection import Detection
from pynomaly.domain.errors import Conflict, NotFound
from pynomaly.domain.evaluation import Evaluation


@dataclass(frozen=True, slots=True)
class EvaluateDetection:
    """Evaluate stored scores and decisions; nothing is scored again."""

    reader: TableReader
    begin_reading: BeginReading
    tables: TableStore
    models: ModelStore
    scores: ScoreStore

    def __call__(
        self, *, detection: str, label: str, source: object | None = None, may_read_sources: bool = True
    ) -> tuple[Detection, Evaluation]:
        """Return the detection and its measures.

        source: where the rows lie now; by default the dataset or the path the detection was made from.
        may_read_sources: whether a path that was scored once may be read again; on a server it may not.
        Raises NotFound, ColumnMismatch, InvalidLabels, InvalidRequest if the detector learned from the label, Conflict
        if the rows are not those that were scored.
        """
        with self.begin_reading() as work:
            found = work.detections.get(detection)
        table = self._rows_of(found, source, may_read_sources=may_read_sources)
        if table.n_rows != found.n_rows or (source is None and table.fingerprint() != found.fingerprint):
            raise Conflict(
                f"the rows of {found.source} changed since detection {found.id[:8]} scored them "
                f"({found.n_rows:,} rows then, {table.n_rows:,} now); run the detection again"
            )
        roles = {label: ColumnRole.LABEL}
        labelled = table.describe(roles=roles, kinds={})
        refuse_learned(roles, self._learned_by(found))
        return found, evaluation_of(labels_of(labelled, label), self.scores.load(found.scores))

    def _learned_by(self, detection: Detection) -> list[str]:
        """Return the columns the detector learned from; none where it has been deleted since and nobody can tell."""
        try:
            with self.begin_reading() as work:
                version = work.detectors.get(detection.detector_id).version(detection.detector_version)
            return learned_columns(self.models.load(version.model))
        except NotFound:
            return []

    def _rows_of(self, detection: Detection, source: object | None, *, may_read_sources: bool) -> Table:
        if source is not None:
            return self.reader.read(source)
        if detection.dataset_id is None:
            if detection.source in ("", STANDARD_INPUT) or not may_read_sources:
                raise Conflict(
                    f"the rows of detection {detection.id[:8]} were piped in or lay in memory and were not kept; "
                    "say where they lie now with --data"
                )
            return self.reader.read(detection.source)
        with self.begin_reading() as work:
            dataset = work.datasets.get(detection.dataset_id)
        return self.tables.open(dataset.fingerprint, dataset.columns, dataset.name)
