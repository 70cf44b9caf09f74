"""Create, change and forget schedules."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.persistence import Begin
from pynomaly.application.ports.sources import SourceCatalog
from pynomaly.application.ports.work import CronClock
from pynomaly.application.revisions import require_revision
from pynomaly.application.written_jobs import checked_payload
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.errors import InvalidRequest
from pynomaly.domain.events import ScheduleChanged, ScheduleCreated, ScheduleRemoved
from pynomaly.domain.identifiers import ScheduleId
from pynomaly.domain.job import JobKind
from pynomaly.domain.schedule import Schedule


@dataclass(frozen=True, slots=True)
class CreateSchedule:
    """Have a job submitted again and again."""

    begin: Begin
    asked: Asked
    sources: SourceCatalog
    cron_clock: CronClock
    clock: Clock
    new_id: NewId

    def __call__(
        self, *, name: str, cron: str, time_zone: str, kind: JobKind, payload: Mapping[str, JsonValue]
    ) -> Schedule:
        """Return the new schedule, its first time set.

        Raises InvalidRequest for a cron expression or time zone that means nothing, and what `SubmitJob` raises.
        """
        now = self.clock()
        with self.begin() as work:
            schedule = Schedule(
                id=ScheduleId(self.new_id()),
                name=name,
                cron=cron,
                time_zone=time_zone,
                kind=kind,
                payload=_repeatable(kind, checked_payload(work, kind, payload, self.sources)),
                created_by=self.asked.actor,
                created_at=now,
                next_run_at=self.cron_clock.next_time(cron, time_zone, now),
            )
            work.schedules.add(schedule)
            work.record(ScheduleCreated(schedule.id))
            work.conclude(schedule)
            work.commit()
        return schedule


@dataclass(frozen=True, slots=True)
class ChangeSchedule:
    """Give a schedule another name or time, let it rest, or wake it."""

    begin: Begin
    cron_clock: CronClock
    clock: Clock

    def __call__(
        self,
        *,
        schedule: str,
        name: str | None = None,
        cron: str | None = None,
        time_zone: str | None = None,
        is_enabled: bool | None = None,
        revision: int | None = None,
    ) -> Schedule:
        """Return the schedule as it is now; times missed while it rested are not made up for.

        revision: the one the caller last saw.  Raises NotFound, StaleWrite, AlreadyExists, InvalidRequest.
        """
        with self.begin() as work:
            found = work.schedules.get(schedule)
            require_revision(found, revision)
            changed = replace(
                found,
                name=found.name if name is None else name,
                cron=found.cron if cron is None else cron,
                time_zone=found.time_zone if time_zone is None else time_zone,
                is_enabled=found.is_enabled if is_enabled is None else is_enabled,
            )
            upcoming = self.cron_clock.next_time(changed.cron, changed.time_zone, self.clock())
            work.schedules.save(replace(changed, next_run_at=upcoming if changed.is_enabled else None))
            stored = work.schedules.get(found.id)
            work.record(ScheduleChanged(stored.id))
            work.conclude(stored)
            work.commit()
        return stored


@dataclass(frozen=True, slots=True)
class RemoveSchedule:
    """Forget a schedule; the jobs it submitted stay."""

    begin: Begin

    def __call__(self, *, schedule: str, revision: int | None = None) -> Schedule:
        """Return what was removed. Raises NotFound, StaleWrite."""
        with self.begin() as work:
            found = work.schedules.get(schedule)
            require_revision(found, revision)
            work.schedules.remove(found)
            work.record(ScheduleRemoved(found.id))
            work.conclude(found)
            work.commit()
        return found


def _repeatable(kind: JobKind, payload: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the payload of work that can be done again. Raises InvalidRequest for what can be done once."""
    if kind is JobKind.PULL and payload["name"] is not None:
        raise InvalidRequest("a dataset's name is taken once: what a schedule pulls is named after its source and time")
    return payload
