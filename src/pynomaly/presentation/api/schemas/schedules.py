"""Schedules: work that is to be done again and again."""

from datetime import datetime
from typing import Any

from pydantic import Field, JsonValue

from pynomaly.domain.columns import ColumnKind, ColumnRole
from pynomaly.domain.job import JobKind
from pynomaly.domain.schedule import Schedule
from pynomaly.presentation.api.body import Body, Chosen
from pynomaly.presentation.api.schemas.pages import Answer
from pynomaly.presentation.api.schemas.policies import Policy
from pynomaly.presentation.http.bounds import ByColumn, Cron, Fields, FieldValue, Name, Seed, TimeZone, VersionNumber


class NewSchedule(Body):
    """When to train, detect or pull: five cron fields in a time zone, such as "0 6 * * 1-5" in "Europe/Berlin".

    To train takes a detector and a dataset; to detect a detector and a dataset or a source; to pull a source.
    """

    name: Name
    cron: Cron
    time_zone: TimeZone = "UTC"
    kind: Chosen[JobKind]
    detector_id: Name | None = None
    dataset_id: Name | None = None
    source_id: Name | None = Field(default=None, description="Read anew each time, and kept as a dataset.")
    selection: Fields[FieldValue] | None = Field(default=None, description="What to read of the source.")
    roles: ByColumn[Chosen[ColumnRole]] | None = Field(default=None, description="With a source.")
    kinds: ByColumn[Chosen[ColumnKind]] | None = Field(default=None, description="With a source.")
    seed: Seed | None = Field(default=None, description="For training.")
    then_detect: bool | None = Field(default=None, description="For training: look at the same rows next.")
    version: VersionNumber | None = Field(default=None, description="For detecting; the live version by default.")
    policy: Policy | None = Field(default=None, description="For detecting.")

    def payload(self) -> dict[str, Any]:
        """Return what a job of this schedule is submitted with."""
        return self.model_dump(mode="json", exclude={"name", "cron", "time_zone", "kind"}, exclude_none=True)


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
