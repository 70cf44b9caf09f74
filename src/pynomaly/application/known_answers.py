"""What is known about the rows of a detection: answers beside them, found again long after the rows were scored."""

from dataclasses import dataclass

from pynomaly.application.fitting import Labels, labels_of
from pynomaly.application.model_artifact import learned_columns
from pynomaly.application.ports.persistence import BeginReading
from pynomaly.application.ports.stores import ModelStore, TableStore
from pynomaly.application.ports.tables import STANDARD_INPUT, Table, TableReader
from pynomaly.domain.columns import ColumnRole, refuse_learned
from pynomaly.domain.detection import Detection
from pynomaly.domain.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class KnownAnswers:
    """Reads a label column of the rows that a detection scored; no detector sees it."""

    reader: TableReader
    begin_reading: BeginReading
    tables: TableStore
    models: ModelStore

    def __call__(
        self, detection: Detection, label: str, *, source: object | None = None, may_read_sources: bool = True
    ) -> Labels:
        """Return the answers.

        source: where the rows lie now; by default the dataset or the path the detection was made from.
        may_read_sources: whether a path that was scored once may be read again; on a server it may not.
        Raises NotFound, ColumnMismatch, InvalidLabels, InvalidRequest if the detector learned from the label, Conflict
        if the rows are not those that were scored.
        """
        table, fingerprint = self._rows_of(detection, source, may_read_sources=may_read_sources)
        if table.n_rows != detection.n_rows or (source is None and fingerprint != detection.fingerprint):
            raise Conflict(
                f"the rows of {detection.source} changed since detection {detection.id[:8]} scored them "
                f"({detection.n_rows:,} rows then, {table.n_rows:,} now); run the detection again"
            )
        table.describe(roles={label: ColumnRole.IGNORED}, kinds={})  # is it there? as a label it would be read twice
        self.refuse_learned(detection, label)
        return labels_of(table, label)

    def refuse_learned(self, detection: Detection, label: str) -> None:
        """Raise InvalidRequest if a detection's detector learned from the label; one that is gone cannot be asked."""
        try:
            with self.begin_reading() as work:
                version = work.detectors.get(detection.detector_id).version_used(detection.detector_version)
            learned = learned_columns(self.models.load(version.model))
        except NotFound:
            return
        refuse_learned({label: ColumnRole.LABEL}, learned)

    def _rows_of(self, detection: Detection, source: object | None, *, may_read_sources: bool) -> tuple[Table, str]:
        """Return the rows and their fingerprint, empty where it does not matter; stored rows are known by theirs."""
        if source is not None:
            return self.reader.read(source), ""
        if detection.dataset_id is None:
            if detection.source in ("", STANDARD_INPUT) or not may_read_sources:
                raise Conflict(
                    f"the rows of detection {detection.id[:8]} were piped in or lay in memory and were not kept; "
                    "say where they lie now with --data"
                )
            table = self.reader.read(detection.source)
            return table, table.fingerprint()
        with self.begin_reading() as work:
            dataset = work.datasets.get(detection.dataset_id)
        return self.tables.open(dataset.fingerprint, dataset.columns, dataset.name), dataset.fingerprint
