"""One open transaction: statements go in, domain objects come out, and every failure has been translated."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select
from sqlalchemy.sql.dml import Delete, Insert, Update

from pynomaly.infrastructure.persistence.database_errors import intact, translated

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class Transaction:
    """A connection inside a transaction, and the file it belongs to."""

    connection: Connection
    database: Path

    def read(self, query: Select[Any], to_subject: Callable[[Row[Any]], Subject]) -> list[Subject]:
        """Return what each row stands for. Raises UnreadableFile if a row makes no sense."""
        with translated(self.database), intact(self.database):
            return [to_subject(row) for row in self.connection.execute(query)]

    def write(self, statement: Insert | Update | Delete) -> int:
        """Run a statement and return how many rows it touched. Raises StaleWrite if a rule of the tables forbids it."""
        with translated(self.database):
            return self.connection.execute(statement).rowcount

    def commit(self) -> None:
        """Make everything durable."""
        with translated(self.database):
            self.connection.commit()
