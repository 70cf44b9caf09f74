"""Workspaces at one moment: a quiet one, and what may be there besides."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pynomaly.application.ports.recent import (
    Alarm,
    DetectorState,
    FailedDelivery,
    FailedJob,
    FailedTraining,
    LastTraining,
    Looked,
    Some,
    Upcoming,
    WorkAtHand,
)
from pynomaly.application.today import Today, Watched
from pynomaly.domain.job import JobKind
from pynomaly.domain.training import TrainingStatus

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
AN_HOUR_AGO = NOON - timedelta(hours=1)
QUIET = Today(
    at=NOON,
    last_day=Looked(n_detections=4),
    last_week=Looked(n_detections=20),
    last_look=AN_HOUR_AGO,
    alarms=(),
    detectors=(),
    overdue=(),
    failed_trainings=Some(),
    failed_jobs=Some(),
    failed_deliveries=Some(),
    work=WorkAtHand(n_running=1, is_anybody_working=True),
    n_datasets=3,
)
ALARM = Alarm("c1", "e1", "Fraud", "may.csv", 100, 7, 91.5, AN_HOUR_AGO)
OLD_ALARM = replace(ALARM, detection_id="c0", at=NOON - timedelta(days=2))
JOB = FailedJob("j1", JobKind.DETECT, AN_HOUR_AGO, "NotFound", "there is no dataset")
TRAINING = FailedTraining("e1", "Fraud", "j2", AN_HOUR_AGO, "too few rows")
DELIVERY = FailedDelivery("d1", "c", "duty", "3 anomalies", AN_HOUR_AGO, "answered 500")
LATE = Upcoming("s1", "mornings", JobKind.DETECT, "e1", AN_HOUR_AGO)
TRAINED = LastTraining("j0", TrainingStatus.SUCCEEDED, AN_HOUR_AGO, AN_HOUR_AGO, "")
WATCHED = Watched(DetectorState("e1", "Fraud", 1, AN_HOUR_AGO, TRAINED), NOON + timedelta(hours=1))
DRAFT = Watched(DetectorState("e2", "Draft", None, None, None), None)
FOUND = {"last_day": Looked(4, 1, 7, 91.5), "alarms": (ALARM, OLD_ALARM)}
NEVER = {"last_day": Looked(), "last_week": Looked(), "last_look": None}

BUSY = replace(
    QUIET,
    last_day=Looked(4, 1, 7, 91.5),
    alarms=(ALARM, replace(OLD_ALARM, detector_name=None, severity=None)),
    detectors=(WATCHED, DRAFT),
    overdue=(LATE,),
    failed_trainings=Some((TRAINING,), 1),
    failed_jobs=Some((JOB,), 40),
    failed_deliveries=Some((DELIVERY,), 1),
    work=WorkAtHand(0, 5, 95.0, False),
)
"""Everything at once."""
