"""Schedules as rows."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Row

from pynomaly.domain.identifiers import JobId, ScheduleId
from pynomaly.domain.job import JobKind
from pynomaly.domain.schedule import Schedule
from pynomaly.infrastructure.persistence.named_rows import NamedRows
from pynomaly.infrastructure.persistence.transaction import Transaction
from pynomaly.infrastructure.persistence.work_tables import schedules


def schedule_rows(transaction: Transaction) -> NamedRows[Schedule]:
    """Return the schedules of a workspace."""
    return NamedRows(transaction, schedules, "schedule", _to_row, schedule_of_row)


def schedule_of_row(row: Row[Any]) -> Schedule:
    """Return the schedule that a row stands for."""
    return Schedule(
        id=ScheduleId(row.id),
        name=row.name,
        cron=row.cron,
        time_zone=row.time_zone,
        kind=JobKind(row.kind),
        payload=row.payload,
        created_by=row.created_by,
        created_at=row.created_at,
        next_run_at=row.next_run_at,
        is_enabled=row.is_enabled,
        last_job_id=None if row.last_job_id is None else JobId(row.last_job_id),
        revision=row.revision,
    )


def _to_row(schedule: Schedule) -> dict[str, Any]:
    plain = {"kind": schedule.kind.value, "payload": dict(schedule.payload)}
    return asdict(schedule) | plain
