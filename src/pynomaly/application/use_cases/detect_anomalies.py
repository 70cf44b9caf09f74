"""Score a table with a trained detector, decide, explain, and keep the result."""

from collections.abc import Mapping
from dataclasses import dataclass

from pynomaly.application.findings import Findings, find
from pynomaly.application.fitting import labels_of
from pynomaly.application.model_artifact import from_artifact
from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.persistence import Begin, BeginReading
from pynomaly.application.ports.progress import Progress, nobody_listens
from pynomaly.application.ports.stores import ModelStore, ScoreStore, TableStore
from pynomaly.application.ports.tables import Preparer, TableReader
from pynomaly.domain.columns import ColumnRole
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


@dataclass(frozen=True, slots=True)
class DetectAnomalies:
    """Run a stored detector version over a file, an object in memory or a stored dataset."""

    reader: TableReader
    begin: Begin
    begin_reading: BeginReading
    tables: TableStore
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
        version: int | None = None,
        policy: DecisionPolicy | None = None,
        roles: Mapping[str, ColumnRole] | None = None,
        label: str | None = None,
        n_strangest: int = 10,
        with_reasons: bool = True,
        progress: Progress = nobody_listens,
    ) -> StoredLook:
        """Return the stored detection.

        source: a path or an object in memory; or `dataset`: the name or id of a stored dataset.
        Raises NotFound, NotTrained, InvalidData, ColumnMismatch, PolicyNotAvailable.
        """
        with self.begin_reading() as work:
            found = work.detectors.get(detector)
            stored = None if dataset is None else work.datasets.get(dataset)
        used = found.version(version)
        if stored is None:
            table, dataset_id = self.reader.read(source), None
        else:
            table, dataset_id = self.tables.open(stored.fingerprint, stored.columns, stored.name), stored.id
            source_name = source_name or stored.name
        table = table.describe(roles=dict(roles or {}) | ({label: ColumnRole.LABEL} if label else {}), kinds={})
        model = from_artifact(self.models.load(used.model), self.catalog, self.preparer)
        fingerprint = table.fingerprint()
        findings = find(
            model,
            table,
            model.score(table, progress),
            policy or StandsOut(),
            are_training_rows=fingerprint == model.training_fingerprint,
            labels=labels_of(table, label) if label else None,
            n_strangest=n_strangest,
            with_reasons=with_reasons,
        )
        detection = self._keep(found, used, fingerprint, dataset_id, source_name, findings)
        return StoredLook(detection, found, findings, (*table.notes, *findings.notes))

    def _keep(
        self,
        detector: Detector,
        version: DetectorVersion,
        fingerprint: str,
        dataset_id: DatasetId | None,
        source_name: str,
        findings: Findings,
    ) -> Detection:
        digest = self.scores.save(findings.rows)
        detection = Detection(
            id=DetectionId(self.new_id()),
            detector_id=detector.id,
            detector_version=version.number,
            dataset_id=dataset_id,
            source=source_name,
            fingerprint=fingerprint,
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
            work.detections.add(detection)
            work.record(AnomaliesDetected(detection.id, detection.n_rows, detection.n_anomalies))
            work.commit()
        return detection
