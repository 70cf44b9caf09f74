"""Today: a workspace at one moment, and whether anything is wrong."""

from datetime import datetime

from pydantic import Field

from pynomaly.application.today import ReasonKind, Today, Verdict
from pynomaly.domain.job import JobKind
from pynomaly.domain.training import TrainingStatus
from pynomaly.presentation.api.schemas.pages import Answer


class ReasonAnswer(Answer):
    """Why the verdict is what it is: how many of what, which ones (20 at most), and how long or how bad."""

    kind: ReasonKind
    n: int
    ids: list[str]
    seconds: float | None
    severity: float | None


class LookedAnswer(Answer):
    """The detections of some days together. `severity` is the highest among their flagged rows."""

    n_detections: int
    n_alarms: int = Field(description="Detections that flagged any row.")
    n_anomalies: int
    severity: float | None


class AlarmAnswer(Answer):
    """A detection that flagged rows; `detector_name` is null if the detector is gone."""

    detection_id: str
    detector_id: str
    detector_name: str | None
    source: str
    n_rows: int
    n_anomalies: int
    severity: float | None
    at: datetime


class LastTrainingAnswer(Answer):
    """How the last training of a detector stands or ended."""

    run_id: str
    status: TrainingStatus
    started_at: datetime
    finished_at: datetime | None
    error: str


class DetectorStateAnswer(Answer):
    """A detector that is not retired; `next_run_at` is when a schedule trains or asks it next."""

    id: str
    name: str
    live_version: int | None
    last_detection_at: datetime | None
    training: LastTrainingAnswer | None
    next_run_at: datetime | None


class OverdueScheduleAnswer(Answer):
    """A schedule whose time has passed without a job."""

    schedule_id: str
    name: str
    kind: JobKind
    detector_id: str | None
    at: datetime


class FailedTrainingAnswer(Answer):
    """A detector whose last training failed."""

    detector_id: str
    detector_name: str
    run_id: str
    at: datetime
    error: str


class FailedJobAnswer(Answer):
    """A job that failed for good."""

    job_id: str
    kind: JobKind
    at: datetime
    failure_kind: str
    detail: str


class FailedDeliveryAnswer(Answer):
    """A message that was given up."""

    delivery_id: str
    channel_id: str
    channel_name: str
    title: str
    at: datetime
    last_error: str | None


class WorkAnswer(Answer):
    """The jobs that have not ended. `is_anybody_working`: whether any worker holds a job of any workspace."""

    n_running: int
    n_waiting: int
    oldest_seconds: float = Field(description="How long the first that waits has waited.")
    is_anybody_working: bool


class TodayAnswer(Answer):
    """A workspace now. Lists hold 20 at most, detectors 100; the reasons count all."""

    at: datetime
    verdict: Verdict
    reasons: list[ReasonAnswer] = Field(description="The gravest first.")
    last_day: LookedAnswer
    last_week: LookedAnswer
    last_look: datetime | None
    alarms: list[AlarmAnswer] = Field(description="Of the last seven days, newest first.")
    detectors: list[DetectorStateAnswer]
    overdue: list[OverdueScheduleAnswer]
    failed_trainings: list[FailedTrainingAnswer] = Field(description="Of the last seven days.")
    failed_jobs: list[FailedJobAnswer] = Field(description="Of the last 24 hours.")
    failed_deliveries: list[FailedDeliveryAnswer] = Field(description="Of the last 24 hours.")
    work: WorkAnswer
    n_datasets: int

    @staticmethod
    def of(today: Today) -> "TodayAnswer":
        """Describe a workspace."""
        return TodayAnswer.model_validate(today.as_data())
