"""What the rows of recent events stand for."""

from typing import Any

from sqlalchemy import Row

from pynomaly.application.ports.recent import (
    Alarm,
    DetectorState,
    FailedDelivery,
    FailedJob,
    FailedTraining,
    LastTraining,
    Upcoming,
)
from pynomaly.domain.job import JobKind
from pynomaly.domain.training import TrainingStatus


def alarm(row: Row[Any]) -> Alarm:
    """Return a detection that flagged rows."""
    return Alarm(
        detection_id=row.id,
        detector_id=row.detector_id,
        detector_name=row.detector_name,
        source=row.source,
        n_rows=row.n_rows,
        n_anomalies=row.n_anomalies,
        severity=row.severity,
        at=row.created_at,
    )


def detector_state(row: Row[Any]) -> DetectorState:
    """Return a detector with its last training."""
    training = None
    if row.run_id is not None:
        status = TrainingStatus(row.status)
        training = LastTraining(row.run_id, status, row.started_at, row.finished_at, row.error)
    return DetectorState(row.id, row.name, row.live_version, row.last_detection_at, training)


def failed_training(row: Row[Any]) -> FailedTraining:
    """Return a detector whose last training failed."""
    return FailedTraining(row.id, row.name, row.run_id, row.finished_at, row.error)


def upcoming(row: Row[Any]) -> Upcoming:
    """Return a schedule with its next time."""
    detector = row.payload.get("detector_id")
    return Upcoming(row.id, row.name, JobKind(row.kind), None if detector is None else str(detector), row.next_run_at)


def failed_job(row: Row[Any]) -> FailedJob:
    """Return a job that failed."""
    return FailedJob(row.id, JobKind(row.kind), row.finished_at, row.failure_kind or "", row.failure_detail or "")


def failed_delivery(row: Row[Any]) -> FailedDelivery:
    """Return a message that was given up."""
    return FailedDelivery(row.id, row.channel_id, row.name, row.title, row.ended_at, row.last_error)
