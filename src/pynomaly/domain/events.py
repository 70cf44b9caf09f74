"""What happened, in the past tense, for whoever wants to react."""

from dataclasses import dataclass
from typing import TypeAlias

from pynomaly.domain.connection_events import (
    ChannelChanged,
    ChannelCreated,
    ChannelRemoved,
    DeliveryRetried,
    KeysRotated,
    RuleChanged,
    RuleCreated,
    RuleRemoved,
    SourceChanged,
    SourceCreated,
    SourceRemoved,
)
from pynomaly.domain.identifiers import DatasetId, DetectionId, DetectorId, JobId, ScheduleId, UserId
from pynomaly.domain.verdict_events import VerdictGiven, VerdictTakenBack


@dataclass(frozen=True, slots=True)
class DatasetRegistered:
    """Rows were taken into the workspace."""

    dataset_id: DatasetId
    n_rows: int


@dataclass(frozen=True, slots=True)
class DetectorTrained:
    """A detector got a new version."""

    detector_id: DetectorId
    version: int


@dataclass(frozen=True, slots=True)
class TrainingFailed:
    """A training run ended without a model."""

    detector_id: DetectorId
    reason: str


@dataclass(frozen=True, slots=True)
class AnomaliesDetected:
    """A table was scored and decided; n_anomalies may be 0.

    severity: the highest of the flagged rows.  Events of earlier versions lack it and the detector.
    """

    detection_id: DetectionId
    n_rows: int
    n_anomalies: int
    detector_id: DetectorId
    severity: float | None


@dataclass(frozen=True, slots=True)
class DatasetChanged:
    """A dataset got another name or other column roles."""

    dataset_id: DatasetId


@dataclass(frozen=True, slots=True)
class DatasetRemoved:
    """A dataset was forgotten."""

    dataset_id: DatasetId


@dataclass(frozen=True, slots=True)
class DetectorCreated:
    """A draft was made."""

    detector_id: DetectorId
    algorithm: str


@dataclass(frozen=True, slots=True)
class DetectorChanged:
    """A detector got another name, or was retired."""

    detector_id: DetectorId


@dataclass(frozen=True, slots=True)
class DetectorRemoved:
    """A detector was forgotten with its versions."""

    detector_id: DetectorId


@dataclass(frozen=True, slots=True)
class VersionPromoted:
    """Another trained version of a detector went live."""

    detector_id: DetectorId
    version: int


@dataclass(frozen=True, slots=True)
class DetectionDecided:
    """Stored scores were decided anew under another policy, as a detection of their own."""

    detection_id: DetectionId
    decided_from: DetectionId
    n_anomalies: int


@dataclass(frozen=True, slots=True)
class JobSubmitted:
    """Work was taken."""

    job_id: JobId
    kind: str


@dataclass(frozen=True, slots=True)
class JobRetried:
    """A job that had ended without success was started anew."""

    job_id: JobId


@dataclass(frozen=True, slots=True)
class JobCancellationRequested:
    """Somebody wants a job to stop."""

    job_id: JobId


@dataclass(frozen=True, slots=True)
class JobEnded:
    """A job succeeded, failed or was cancelled. Events of earlier versions lack its kind."""

    job_id: JobId
    status: str
    kind: str


@dataclass(frozen=True, slots=True)
class ScheduleCreated:
    """Work is to be done again and again."""

    schedule_id: ScheduleId


@dataclass(frozen=True, slots=True)
class ScheduleChanged:
    """A schedule got another time, another work, or a rest."""

    schedule_id: ScheduleId


@dataclass(frozen=True, slots=True)
class ScheduleRemoved:
    """A schedule was forgotten."""

    schedule_id: ScheduleId


@dataclass(frozen=True, slots=True)
class TenantCreated:
    """There is a new workspace."""

    name: str


@dataclass(frozen=True, slots=True)
class UserCreated:
    """Somebody may sign in from now on."""

    user_id: UserId
    role: str


@dataclass(frozen=True, slots=True)
class UserChanged:
    """A user got another name or role, was deactivated or activated."""

    user_id: UserId
    role: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class PasswordChanged:
    """A user has another password; every session of theirs ended."""

    user_id: UserId


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody gave the right password."""

    user_id: UserId


@dataclass(frozen=True, slots=True)
class SignInRefused:
    """Somebody gave a wrong password, or came while the user was locked or deactivated."""

    user_id: UserId
    reason: str


@dataclass(frozen=True, slots=True)
class SignedOut:
    """A user ended every session of theirs."""

    user_id: UserId


@dataclass(frozen=True, slots=True)
class RefreshTokenReused:
    """A token that had been used up came again: it was copied, so its whole family was revoked."""

    user_id: UserId
    family: str


@dataclass(frozen=True, slots=True)
class ApiKeyCreated:
    """There is a new API key."""

    key_id: str


@dataclass(frozen=True, slots=True)
class ApiKeyRevoked:
    """An API key opens nothing any more."""

    key_id: str


Event: TypeAlias = (
    DatasetRegistered
    | DatasetChanged
    | DatasetRemoved
    | DetectorCreated
    | DetectorChanged
    | DetectorRemoved
    | DetectorTrained
    | TrainingFailed
    | VersionPromoted
    | AnomaliesDetected
    | DetectionDecided
    | VerdictGiven
    | VerdictTakenBack
    | JobSubmitted
    | JobRetried
    | JobCancellationRequested
    | JobEnded
    | ScheduleCreated
    | ScheduleChanged
    | ScheduleRemoved
    | SourceCreated
    | SourceChanged
    | SourceRemoved
    | TenantCreated
    | UserCreated
    | UserChanged
    | PasswordChanged
    | SignedIn
    | SignInRefused
    | SignedOut
    | RefreshTokenReused
    | ApiKeyCreated
    | ApiKeyRevoked
    | KeysRotated
    | ChannelCreated
    | ChannelChanged
    | ChannelRemoved
    | RuleCreated
    | RuleChanged
    | RuleRemoved
    | DeliveryRetried
)
