"""Score a table with a trained detector, decide, explain, and keep the result."""

from collections.abc import Mapping
from dataclasses import dataclass

from pynomaly.application.dataset_names import name_of_snapshot
from pynomaly.application.findings import Findings, find
from pynomaly.application.fitting import labels_of
from pynomaly.application.model_artifact import from_artifact
from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.intake import SourceIntake
from pynomaly.application.ports.opened_source import Wanted
from pynomaly.application.ports.persistence import Begin, BeginReading
from pynomaly.application.ports.progress import Progress, nobody_listens
from pynomaly.application.ports.stores import ModelStore, ScoreStore, TableStore
from pynomaly.application.ports.tables import Preparer, Table, TableReader
from pynomaly.application.snapshots import add_snapshot, snapshot_of
from pynomaly.domain.columns import ColumnRole, refuse_learned
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.decision import DecisionPolicy, StandsOut
from pynomaly.domain.detection import Detection
from pynomaly.domain.detector import Detector, DetectorVersion
from pynomaly.domain.events import AnomaliesDetected
from pynomaly.domain.identifiers import DatasetId, DetectionId


@dataclass(frozen=True, slots=True, eq=False)
class StoredLook:
    """A detection as it was stored, with the findings behind it and what the reader noticed."""

    detection: Detection
    detector: Detector
    findings: Findings
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """The rows to score, and how they are found again. snapshot: a dataset that is to be stored with the detection."""

    table: Table
    fingerprint: str
    name: str
    dataset_id: DatasetId | None = None
    snapshot: Dataset | None = None


@dataclass(frozen=True, slots=True)
class DetectAnomalies:
    """Run a stored detector version over a file, an object in memory, a stored dataset or a source outside."""

    reader: TableReader
    begin: Begin
    begin_reading: BeginReading
    tables: TableStore
    intake: SourceIntake
    models: ModelStore
    scores: ScoreStore
    catalog: AlgorithmCatalog
    preparer: Preparer
    clock: Clock
    new_id: NewId

    def __call__(
        self,
        *,
        detector: str,
        source: object | None = None,
        source_name: str = "",
        dataset: str | None = None,
        wanted: Wanted | None = None,
        version: int | None = None,
        policy: DecisionPolicy | None = None,
        roles: Mapping[str, ColumnRole] | None = None,
        label: str | None = None,
        n_strangest: int = 10,
        with_reasons: bool = True,
        progress: Progress = nobody_listens,
    ) -> StoredLook:
        """Return the stored detection.

        source: a path or an object; or `dataset`: the name or id of one; or `wanted`: of a source, kept as a dataset.
        Raises what reading raises, NotFound, NotTrained, InvalidRequest, ColumnMismatch, PolicyNotAvailable.
        """
        with self.begin_reading() as work:
            found = work.detectors.get(detector)
            stored = None if dataset is None else work.datasets.get(dataset)
        used = found.version(version)
        rows = self._rows(source, source_name, stored) if wanted is None else self._pulled(wanted, progress)
        given_roles = dict(roles or {}) | ({label: ColumnRole.LABEL} if label else {})
        table = rows.table.describe(roles=given_roles, kinds={})
        model = from_artifact(self.models.load(used.model), self.catalog, self.preparer)
        refuse_learned(given_roles, [column.name for column in model.columns])
        findings = find(
            model,
            table,
            model.score(table, progress),
            policy or StandsOut(),
            are_training_rows=rows.fingerprint == model.training_fingerprint,
            labels=labels_of(table, label) if label else None,
            n_strangest=n_strangest,
            with_reasons=with_reasons,
        )
        kept = self._keep(found, used, rows, findings)
        return StoredLook(kept, found, findings, (*table.notes, *findings.notes))

    def _rows(self, source: object, source_name: str, stored: Dataset | None) -> _Rows:
        if stored is None:
            table = self.reader.read(source)
            return _Rows(table, table.fingerprint(), source_name)
        table = self.tables.open(stored.fingerprint, stored.columns, stored.name)
        return _Rows(table, stored.fingerprint, source_name or stored.name, stored.id)

    def _pulled(self, wanted: Wanted, progress: Progress) -> _Rows:
        """Take the rows in as they are now; they are scored as they will be found again."""
        at = self.clock()
        taken = self.intake.take_in(wanted, progress)
        with self.begin_reading() as work:
            name = name_of_snapshot(work, wanted.source.name, at)
        snapshot = snapshot_of(wanted, taken, self.new_id(), name, at)
        table = self.tables.open(snapshot.fingerprint, snapshot.columns, snapshot.name)
        return _Rows(table, snapshot.fingerprint, snapshot.name, snapshot.id, snapshot)

    def _keep(self, detector: Detector, version: DetectorVersion, rows: _Rows, findings: Findings) -> Detection:
        digest = self.scores.save(findings.rows)
        detection = Detection(
            id=DetectionId(self.new_id()),
            detector_id=detector.id,
            detector_version=version.number,
            dataset_id=rows.dataset_id,
            source=rows.name,
            fingerprint=rows.fingerprint,
            policy=findings.decision.policy,
            score_threshold=findings.decision.score_threshold,
            n_rows=findings.n_rows,
            n_anomalies=findings.decision.n_anomalies,
            strangest=findings.strangest,
            notes=(*findings.decision.notes, *findings.notes),
            scores=digest,
            created_at=self.clock(),
        )
        with self.begin() as work:
            if rows.snapshot is not None:
                add_snapshot(work, self.tables, rows.snapshot)
            work.detections.add(detection)
            work.record(
                AnomaliesDetected(detection.id, detection.n_rows, detection.n_anomalies, detector.id, findings.severity)
            )
            work.conclude(detection)
            work.commit()
        return detection
