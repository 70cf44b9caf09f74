"""Workers sign in a book that everybody reads: a queue that grows while nobody works is not the same as a busy one."""

from dataclasses import dataclass

from sqlalchemy import delete, insert, update

from pynomaly.infrastructure.persistence.across_workspaces import across_workspaces
from pynomaly.infrastructure.persistence.database import Database
from pynomaly.infrastructure.persistence.database_clock import DatabaseNow
from pynomaly.infrastructure.persistence.worker_tables import workers

SIGN_SECONDS = 10.0
FORGOTTEN_AFTER_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class SqlWorkerBook:
    """The book of an installation."""

    database: Database

    def sign(self, worker: str) -> None:
        """Note that a worker is there, and forget who has not been for a day."""
        with across_workspaces(self.database) as transaction:
            seen = {"seen_at": DatabaseNow()}
            if not transaction.write(update(workers).where(workers.c.name == worker).values(seen)):
                transaction.write(insert(workers).values(seen | {"name": worker}))
            transaction.write(delete(workers).where(workers.c.seen_at < DatabaseNow() - FORGOTTEN_AFTER_SECONDS))
            transaction.commit()
