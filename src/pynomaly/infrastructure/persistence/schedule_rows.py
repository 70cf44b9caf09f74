"""Schedules as rows."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select, update

from pynomaly.application.ports.paging import Page, Piece
from pynomaly.domain.errors import AlreadyExists, NotFound, StaleWrite
from pynomaly.domain.identifiers import JobId, ScheduleId
from pynomaly.domain.job import JobKind
from pynomaly.domain.schedule import Schedule
from pynomaly.infrastructure.persistence.lookup import id_of, one_of, taking_name
from pynomaly.infrastructure.persistence.transaction import Transaction
from pynomaly.infrastructure.persistence.work_tables import schedules


@dataclass(frozen=True, slots=True)
class ScheduleRows:
    """The schedules of one workspace within one transaction."""

    transaction: Transaction

    def add(self, schedule: Schedule) -> None:
        """Store a new schedule. Raises AlreadyExists if the name is taken."""
        self._require_free_name(schedule)
        with taking_name(f"schedule '{schedule.name}'"):
            self.transaction.write(insert(schedules).values(self._to_row(schedule)))

    def get(self, name_or_id: str) -> Schedule:
        """Return a schedule by name or id; a transaction that may write holds it. Raises NotFound, InvalidRequest."""
        found = id_of(self.transaction, schedules, name_or_id, noun="schedule")
        return one_of(self.transaction.read_held(self._own().where(schedules.c.id == found), _from_row), "schedule")

    def page(self, piece: Piece) -> Page[Schedule]:
        """Return a piece of the list."""
        return self.transaction.page(schedules, piece, _from_row)

    def save(self, schedule: Schedule) -> None:
        """Store a changed schedule under the next revision. Raises StaleWrite, AlreadyExists."""
        self._require_free_name(schedule)
        unchanged = (schedules.c.id == schedule.id) & (schedules.c.revision == schedule.revision)
        changed = self._to_row(schedule) | {"revision": schedule.revision + 1}
        statement = update(schedules).where(self.transaction.own(schedules), unchanged).values(changed)
        with taking_name(f"schedule '{schedule.name}'"):
            n_written = self.transaction.write(statement)
        if not n_written:
            raise StaleWrite(f"schedule '{schedule.name}' was changed or deleted meanwhile; read it again and retry")

    def remove(self, schedule: Schedule) -> None:
        """Forget a schedule. Raises NotFound if it is gone already."""
        mine = self.transaction.own(schedules) & (schedules.c.id == schedule.id)
        if not self.transaction.write(delete(schedules).where(mine)):
            raise NotFound(f"schedule '{schedule.name}' is gone already")

    def _own(self) -> Select[Any]:
        return select(schedules).where(self.transaction.own(schedules))

    def _require_free_name(self, schedule: Schedule) -> None:
        of_others = (schedules.c.name == schedule.name) & (schedules.c.id != schedule.id)
        if self.transaction.read(self._own().where(of_others), lambda row: row.id):
            raise AlreadyExists(f"there is a schedule '{schedule.name}' already; choose another name")

    def _to_row(self, schedule: Schedule) -> dict[str, Any]:
        plain = {"kind": schedule.kind.value, "payload": dict(schedule.payload)}
        return asdict(schedule) | plain | {"tenant_id": self.transaction.tenant_id}


def _from_row(row: Row[Any]) -> Schedule:
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
