"""What came of detectors, read from detections, training runs, schedules and the audit log."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from pynomaly.application.ports.detector_history import Look, WentLive
from pynomaly.domain.events import DetectorTrained, VersionPromoted
from pynomaly.domain.identifiers import DatasetId, DetectionId, DetectorId
from pynomaly.domain.schedule import Schedule
from pynomaly.domain.training import TrainingRun
from pynomaly.infrastructure.persistence.audit_tables import events
from pynomaly.infrastructure.persistence.schedule_rows import schedule_of_row
from pynomaly.infrastructure.persistence.tables import datasets, detections, detectors, training_runs
from pynomaly.infrastructure.persistence.training_rows import run_of_row
from pynomaly.infrastructure.persistence.transaction import Transaction
from pynomaly.infrastructure.persistence.work_tables import schedules

_LIVE_EVENTS = (DetectorTrained.__name__, VersionPromoted.__name__)


@dataclass(frozen=True, slots=True)
class DetectorHistoryRows:
    """The histories of detectors within one transaction."""

    transaction: Transaction

    def n_detectors(self) -> int:
        """Return how many detectors there are."""
        counted = select(func.count()).select_from(detectors).where(self.transaction.own(detectors))
        return self.transaction.read(counted, lambda row: int(row[0]))[0]

    def last_looks(self, detector_ids: Collection[str]) -> Mapping[str, Look]:
        """Return the newest detection of each detector that has one."""
        told = detections.c
        newest = select(func.max(told.position)).where(self.transaction.own(detections))
        newest = newest.where(told.detector_id.in_(detector_ids)).group_by(told.detector_id)
        found = self.transaction.read(self._looks().where(told.position.in_(newest)), _look)
        return {look.detector_id: look for look in found}

    def last_runs(self, detector_ids: Collection[str]) -> Mapping[str, TrainingRun]:
        """Return the newest training run of each detector that has one."""
        told = training_runs.c
        own = select(detectors.c.id).where(self.transaction.own(detectors), detectors.c.id.in_(detector_ids))
        newest = select(func.max(told.position)).where(told.detector_id.in_(own)).group_by(told.detector_id)
        found = self.transaction.read(select(training_runs).where(told.position.in_(newest)), run_of_row)
        return {run.detector_id: run for run in found}

    def looks(self, detector_id: str, limit: int) -> Sequence[Look]:
        """Return the detections of one detector, newest first."""
        query = self._looks().where(detections.c.detector_id == detector_id)
        return self.transaction.read(query.order_by(detections.c.position.desc()).limit(limit), _look)

    def looks_since(self, since: datetime, limit: int) -> Sequence[Look]:
        """Return the detections of every detector since a moment, newest first."""
        told = detections.c
        query = self._looks().where(told.created_at >= since)
        return self.transaction.read(query.order_by(told.created_at.desc(), told.position.desc()).limit(limit), _look)

    def went_live(self, detector_id: str) -> Sequence[WentLive]:
        """Return which version went live when, oldest first."""
        payload = events.c.payload
        query = select(payload, events.c.at).where(
            self.transaction.own(events),
            events.c.type.in_(_LIVE_EVENTS),
            payload["detector_id"].as_string() == detector_id,
        )
        return self.transaction.read(query.order_by(events.c.sequence), _went_live)

    def schedules(self, detector_id: str) -> Sequence[Schedule]:
        """Return the schedules that train or ask a detector, newest first."""
        query = select(schedules).where(
            self.transaction.own(schedules), schedules.c.payload["detector_id"].as_string() == detector_id
        )
        return self.transaction.read(query.order_by(schedules.c.position.desc()), schedule_of_row)

    def dataset_names(self, dataset_ids: Collection[str]) -> Mapping[str, str]:
        """Return the names of those datasets that are still there, by id."""
        told = datasets.c
        query = select(told.id, told.name).where(self.transaction.own(datasets), told.id.in_(dataset_ids))
        return dict(self.transaction.read(query, lambda row: (str(row.id), str(row.name))))

    def _looks(self) -> Select[Any]:
        """Select detections without what is heavy in them: their strangest rows with reasons."""
        told = detections.c
        light = (
            told.id,
            told.detector_id,
            told.detector_version,
            told.dataset_id,
            told.source,
            told.fingerprint,
            told.n_rows,
        )
        return select(*light, told.n_anomalies, told.severity, told.notes, told.created_at).where(
            self.transaction.own(detections)
        )


def _look(row: Row[Any]) -> Look:
    return Look(
        detection_id=DetectionId(row.id),
        detector_id=DetectorId(row.detector_id),
        detector_version=row.detector_version,
        dataset_id=None if row.dataset_id is None else DatasetId(row.dataset_id),
        source=row.source,
        fingerprint=row.fingerprint,
        n_rows=row.n_rows,
        n_anomalies=row.n_anomalies,
        severity=row.severity,
        notes=tuple(row.notes),
        at=row.created_at,
    )


def _went_live(row: Row[Any]) -> WentLive:
    return WentLive(int(row.payload["version"]), row.at)
