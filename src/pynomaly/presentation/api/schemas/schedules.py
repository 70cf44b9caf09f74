"""Schedules: work that is to be done again and again."""

from datetime import datetime
from typing import Any

from pydantic import Field, JsonValue

from pynomaly.domain.job import JobKind
from pynomaly.domain.schedule import Schedule
from pynomaly.presentation.api.body import Body, Chosen
from pynomaly.presentation.api.bounds import Cron, Name, Seed, TimeZone, VersionNumber
from pynomaly.presentation.api.schemas.pages import Answer
from pynomaly.presentation.api.schemas.policies import Policy


class NewSchedule(Body):
    """When to train or detect: five cron fields in a time zone, such as "0 6 * * 1-5" in "Europe/Berlin"."""

    name: Name
    cron: Cron
    time_zone: TimeZone = "UTC"
    kind: Chosen[JobKind]
    detector_id: Name
    dataset_id: Name
    seed: Seed | None = Field(default=None, description="For training.")
    version: VersionNumber | None = Field(default=None, description="For detecting; the live version by default.")
    policy: Policy | None = Field(default=None, description="For detecting.")

    def payload(self) -> dict[str, Any]:
        """Return what a job of this schedule is submitted with."""
        given = self.model_dump(include={"detector_id", "dataset_id", "seed", "version"}, exclude_none=True)
        return given | ({} if self.policy is None else {"policy": self.policy.model_dump(exclude_none=True)})


class ScheduleChange(Body):
    """What is to change (RFC 7396: what is left out stays)."""

    name: Name | None = None
    cron: Cron | None = None
    time_zone: TimeZone | None = None
    is_enabled: bool | None = None


class ScheduleAnswer(Answer):
    """A schedule; `next_run_at` is null while it rests."""

    id: str
    name: str
    cron: str
    time_zone: str
    kind: JobKind
    payload: dict[str, JsonValue]
    is_enabled: bool
    next_run_at: datetime | None
    last_job_id: str | None
    created_by: str
    created_at: datetime
    revision: int

    @staticmethod
    def of(schedule: Schedule) -> "ScheduleAnswer":
        """Describe a schedule."""
        names = ScheduleAnswer.model_fields.keys() - {"payload"}
        return ScheduleAnswer(payload=dict(schedule.payload), **{name: getattr(schedule, name) for name in names})
