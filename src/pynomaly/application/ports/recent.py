"""What happened lately in a workspace and what is about to happen, in a few short lists and counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from pynomaly.domain.job import JobKind
from pynomaly.domain.training import TrainingStatus

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class Looked:
    """The detections since some moment, together.

    n_alarms: those that flagged any row.  n_anomalies: rows flagged by all of them.  severity: the highest of these,
    None where none was flagged or only earlier versions did.
    """

    n_detections: int = 0
    n_alarms: int = 0
    n_anomalies: int = 0
    severity: float | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """A detection that flagged rows. detector_name: None if the detector is gone. severity: the highest of its rows."""

    detection_id: str
    detector_id: str
    detector_name: str | None
    source: str
    n_rows: int
    n_anomalies: int
    severity: float | None
    at: datetime


@dataclass(frozen=True, slots=True)
class LastTraining:
    """How the last training of a detector stands or ended. error: why it failed."""

    run_id: str
    status: TrainingStatus
    started_at: datetime
    finished_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class DetectorState:
    """A detector that is not retired. training: the last one, None if there was none."""

    id: str
    name: str
    live_version: int | None
    last_detection_at: datetime | None
    training: LastTraining | None


@dataclass(frozen=True, slots=True)
class FailedTraining:
    """The last training of a detector, where it failed."""

    detector_id: str
    detector_name: str
    run_id: str
    at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A schedule that does not rest, with its next time. detector_id: of what it trains or asks, if any."""

    schedule_id: str
    name: str
    kind: JobKind
    detector_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that ended for good without success."""

    job_id: str
    kind: JobKind
    at: datetime
    failure_kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class FailedDelivery:
    """A message that was given up."""

    delivery_id: str
    channel_id: str
    channel_name: str
    title: str
    at: datetime
    last_error: str | None


@dataclass(frozen=True, slots=True)
class WorkAtHand:
    """The jobs that have not ended.

    n_running: of this workspace, in the hands of a worker.  n_waiting: could be taken now.  oldest_seconds: how long
    the first of them has waited.  is_anybody_working: whether any worker holds a job of any workspace.
    """

    n_running: int = 0
    n_waiting: int = 0
    oldest_seconds: float = 0.0
    is_anybody_working: bool = False


@dataclass(frozen=True, slots=True)
class Some(Generic[Subject]):
    """The first of a list, and how many there are in all."""

    items: tuple[Subject, ...] = ()
    n_total: int = 0


class Recent(Protocol):
    """Each answer is one query whose cost does not grow with what is older than it asks for."""

    def looked(self, since: datetime) -> Looked:
        """Return the detections since a moment, together."""
        ...

    def last_look(self) -> datetime | None:
        """Return when the newest detection was made."""
        ...

    def alarms(self, since: datetime, limit: int) -> Sequence[Alarm]:
        """Return the detections that flagged rows, newest first."""
        ...

    def detectors(self, limit: int) -> Sequence[DetectorState]:
        """Return detectors that are not retired, newest first."""
        ...

    def failed_trainings(self, since: datetime, limit: int) -> Some[FailedTraining]:
        """Return detectors that are not retired and whose last training failed, the latest failure first."""
        ...

    def upcoming(self, limit: int) -> Sequence[Upcoming]:
        """Return schedules that do not rest, those whose time comes first, or has passed, first."""
        ...

    def failed_jobs(self, since: datetime, limit: int) -> Some[FailedJob]:
        """Return jobs that failed for good, newest first."""
        ...

    def work(self) -> WorkAtHand:
        """Return how the jobs stand, by the database's clock."""
        ...

    def failed_deliveries(self, since: datetime, limit: int) -> Some[FailedDelivery]:
        """Return messages that were given up, newest first."""
        ...

    def n_datasets(self) -> int:
        """Return how many datasets there are."""
        ...
