"""What happened lately in a workspace, each answer by one query over an index that has what it needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, exists, func, or_, select

from pynomaly.application.ports.recent import (
    Alarm,
    DetectorState,
    FailedDelivery,
    FailedJob,
    FailedTraining,
    Looked,
    Some,
    Upcoming,
    WorkAtHand,
)
from pynomaly.domain.delivery import DeliveryStatus
from pynomaly.domain.job import JobKind, JobStatus
from pynomaly.domain.training import TrainingStatus
from pynomaly.infrastructure.persistence.channel_tables import channels, deliveries
from pynomaly.infrastructure.persistence.database_clock import DatabaseNow
from pynomaly.infrastructure.persistence.recent_subjects import (
    alarm,
    detector_state,
    failed_delivery,
    failed_job,
    failed_training,
    upcoming,
)
from pynomaly.infrastructure.persistence.tables import datasets, detections, detectors, training_runs
from pynomaly.infrastructure.persistence.transaction import Subject, Transaction
from pynomaly.infrastructure.persistence.work_tables import jobs, schedules

_HELD = (JobStatus.RUNNING.value, JobStatus.CANCELLING.value)
_N_TOTAL = func.count().over().label("n_total")


@dataclass(frozen=True, slots=True)
class RecentRows:
    """The recent past and the near future of one workspace within one transaction."""

    transaction: Transaction

    def looked(self, since: datetime) -> Looked:
        """Return the detections since a moment, together."""
        told = select(
            func.count().label("n_detections"),
            func.coalesce(func.sum(case((detections.c.n_anomalies > 0, 1), else_=0)), 0).label("n_alarms"),
            func.coalesce(func.sum(detections.c.n_anomalies), 0).label("n_anomalies"),
            func.max(detections.c.severity).label("severity"),
        ).where(self._own(detections), detections.c.created_at >= since)
        (found,) = self.transaction.read(
            told, lambda row: Looked(row.n_detections, int(row.n_alarms), int(row.n_anomalies), row.severity)
        )
        return found

    def last_look(self) -> datetime | None:
        """Return when the newest detection was made."""
        newest: datetime | None
        query = select(func.max(detections.c.created_at)).where(self._own(detections))
        (newest,) = self.transaction.read(query, lambda row: row[0])
        return newest

    def alarms(self, since: datetime, limit: int) -> Sequence[Alarm]:
        """Return the detections that flagged rows, newest first."""
        told = detections.c
        wanted = (told.id, told.detector_id, told.source, told.n_rows, told.n_anomalies, told.severity, told.created_at)
        query = (
            select(*wanted, detectors.c.name.label("detector_name"))
            .select_from(detections.outerjoin(detectors, self._own(detectors) & (detectors.c.id == told.detector_id)))
            .where(self._own(detections), told.created_at >= since, told.n_anomalies > 0)
        )
        return self.transaction.read(query.order_by(told.created_at.desc(), told.position.desc()).limit(limit), alarm)

    def detectors(self, limit: int) -> Sequence[DetectorState]:
        """Return detectors that are not retired, newest first."""
        of_detector = (detections.c.tenant_id == detectors.c.tenant_id) & (detections.c.detector_id == detectors.c.id)
        last_look = select(func.max(detections.c.created_at)).where(of_detector).scalar_subquery()
        own, run = detectors.c, training_runs.c
        query = (
            select(own.id, own.name, own.live_version, last_look.label("last_detection_at"))
            .add_columns(run.id.label("run_id"), run.status, run.started_at, run.finished_at, run.error)
            .select_from(detectors.outerjoin(training_runs, run.position == _last_run()))
            .where(self._own(detectors), own.is_retired.is_(False))
        )
        return self.transaction.read(query.order_by(own.position.desc()).limit(limit), detector_state)

    def failed_trainings(self, since: datetime, limit: int) -> Some[FailedTraining]:
        """Return detectors that are not retired and whose last training failed, the latest failure first."""
        run = training_runs.c
        later = training_runs.alias("later")
        is_last = ~exists().where(later.c.detector_id == run.detector_id, later.c.position > run.position)
        query = (
            select(detectors.c.id, detectors.c.name, run.id.label("run_id"), run.finished_at, run.error, _N_TOTAL)
            .select_from(detectors.join(training_runs, run.detector_id == detectors.c.id))
            .where(self._own(detectors), detectors.c.is_retired.is_(False))
            .where(run.status == TrainingStatus.FAILED.value, run.finished_at >= since, is_last)
        )
        return self._some(query.order_by(run.finished_at.desc(), run.position.desc()).limit(limit), failed_training)

    def upcoming(self, limit: int) -> Sequence[Upcoming]:
        """Return schedules that do not rest, those whose time comes first, or has passed, first."""
        told = schedules.c
        query = select(told.id, told.name, told.kind, told.payload, told.next_run_at).where(
            self._own(schedules), told.is_enabled.is_(True), told.next_run_at.is_not(None)
        )
        return self.transaction.read(query.order_by(told.next_run_at, told.position).limit(limit), upcoming)

    def failed_jobs(self, since: datetime, limit: int) -> Some[FailedJob]:
        """Return jobs that failed for good, newest first. Jobs of kinds of a newer version are not told of."""
        told = jobs.c
        query = select(told.id, told.kind, told.finished_at, told.failure_kind, told.failure_detail, _N_TOTAL).where(
            self._own(jobs),
            told.status == JobStatus.FAILED.value,
            told.finished_at >= since,
            told.kind.in_([kind.value for kind in JobKind]),
        )
        return self._some(query.order_by(told.finished_at.desc(), told.position.desc()).limit(limit), failed_job)

    def work(self) -> WorkAtHand:
        """Return how the jobs stand, by the database's clock."""
        is_held = jobs.c.status.in_(_HELD) & (jobs.c.lease_until >= DatabaseNow())
        is_due = (jobs.c.status == JobStatus.QUEUED.value) & (jobs.c.run_at <= DatabaseNow())
        is_orphan = jobs.c.status.in_(_HELD) & (jobs.c.lease_until < DatabaseNow())
        waits = or_(is_due, is_orphan)
        since = case((is_due, jobs.c.run_at), (is_orphan, jobs.c.lease_until))
        told = select(
            _n(is_held).label("n_running"),
            _n(waits).label("n_waiting"),
            func.coalesce(DatabaseNow() - func.min(since), 0.0).label("seconds"),
            select(exists().where(_running_anywhere())).scalar_subquery().label("is_anybody_working"),
        ).where(self._own(jobs), jobs.c.status.in_((JobStatus.QUEUED.value, *_HELD)))
        (found,) = self.transaction.read(told, _work)
        return found

    def failed_deliveries(self, since: datetime, limit: int) -> Some[FailedDelivery]:
        """Return messages that were given up, newest first."""
        told = deliveries.c
        query = (
            select(told.id, told.channel_id, channels.c.name, told.title, told.ended_at, told.last_error, _N_TOTAL)
            .select_from(deliveries.join(channels, channels.c.id == told.channel_id))
            .where(self._own(deliveries), told.status == DeliveryStatus.FAILED.value, told.ended_at >= since)
        )
        return self._some(query.order_by(told.ended_at.desc(), told.position.desc()).limit(limit), failed_delivery)

    def n_datasets(self) -> int:
        """Return how many datasets there are."""
        counted = select(func.count()).select_from(datasets).where(self._own(datasets))
        return self.transaction.read(counted, lambda row: int(row[0]))[0]

    def _own(self, table: Any) -> ColumnElement[bool]:
        return self.transaction.own(table)

    def _some(self, query: Select[Any], to_subject: Any) -> "Some[Subject]":
        found = self.transaction.read(query, lambda row: (to_subject(row), int(row.n_total)))
        return Some(tuple(one for one, _ in found), found[0][1] if found else 0)


def _last_run() -> Any:
    run = training_runs.alias("run")
    return (
        select(func.max(run.c.position))
        .where(run.c.detector_id == detectors.c.id)
        .correlate(detectors)
        .scalar_subquery()
    )


def _running_anywhere() -> ColumnElement[bool]:
    other = jobs.alias("other")
    return other.c.status.in_(_HELD) & (other.c.lease_until >= DatabaseNow())


def _n(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _work(row: Row[Any]) -> WorkAtHand:
    return WorkAtHand(
        int(row.n_running), int(row.n_waiting), max(0.0, float(row.seconds)), bool(row.is_anybody_working)
    )
