"""A schedule: work that is to be done again and again, at times written as a cron expression in a time zone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.dataset import require_name
from pynomaly.domain.identifiers import JobId, ScheduleId
from pynomaly.domain.job import JobKind


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a job of some kind is to be submitted.

    cron: five fields, such as "0 6 * * 1-5".  time_zone: of the IANA database, such as "Europe/Berlin"; an hour that
    daylight saving skips or repeats is run once.  next_run_at: None while the schedule rests.
    """

    id: ScheduleId
    name: str
    cron: str
    time_zone: str
    kind: JobKind
    payload: Mapping[str, JsonValue]
    created_by: str
    created_at: datetime
    next_run_at: datetime | None
    is_enabled: bool = True
    last_job_id: JobId | None = None
    revision: int = 0

    def __post_init__(self) -> None:
        require_name(self.name)

    def fired(self, job_id: JobId | None, next_run_at: datetime | None) -> "Schedule":
        """Return the schedule after its time has come; job_id: the last job it submitted."""
        return replace(self, last_job_id=job_id, next_run_at=next_run_at)
