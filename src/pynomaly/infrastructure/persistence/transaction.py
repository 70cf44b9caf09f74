"""One open transaction: statements go in, domain objects come out, and every failure has been translated."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, Table, select
from sqlalchemy.sql.dml import Delete, Insert, Update

from pynomaly.application.ports.paging import Page, Piece
from pynomaly.domain.identifiers import TenantId
from pynomaly.infrastructure.persistence.database_errors import intact, translated

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class Transaction:
    """A connection inside a transaction of one workspace, and the database it belongs to, as people know it.

    is_reading: nothing can be written, and nothing that is read is held.
    """

    connection: Connection
    tenant_id: TenantId
    database: str
    is_reading: bool = False

    def own(self, table: FromClause) -> ColumnElement[bool]:
        """Return the condition that a row belongs to this workspace."""
        return table.c.tenant_id == self.tenant_id

    def read(self, query: Select[Any], to_subject: Callable[[Row[Any]], Subject]) -> list[Subject]:
        """Return what each row stands for. Raises UnreadableFile if a row makes no sense."""
        with translated(self.database), intact(self.database):
            return [to_subject(row) for row in self.connection.execute(query)]

    def read_held(self, query: Select[Any], to_subject: Callable[[Row[Any]], Subject]) -> list[Subject]:
        """Read rows and, in a transaction that may write, keep others from changing them until it ends."""
        return self.read(query if self.is_reading else query.with_for_update(), to_subject)

    def page(
        self,
        table: Table,
        piece: Piece,
        to_subject: Callable[[Row[Any]], Subject],
        *conditions: ColumnElement[bool],
    ) -> Page[Subject]:
        """Return a piece of this workspace's rows, in the order they came or backwards."""
        position = table.c.position
        query = select(table).where(self.own(table), *conditions)
        if piece.after is not None:
            query = query.where(position > piece.after if piece.is_oldest_first else position < piece.after)
        ordered = query.order_by(position if piece.is_oldest_first else position.desc()).limit(piece.limit + 1)
        found = self.read(ordered, lambda row: (int(row.position), to_subject(row)))
        items = found[: piece.limit]
        return Page([item for _, item in items], items[-1][0] if len(found) > piece.limit else None)

    def write(self, statement: Insert | Update | Delete) -> int:
        """Run a statement and return how many rows it touched. Raises StaleWrite if a rule of the tables forbids it."""
        with translated(self.database):
            return self.connection.execute(statement).rowcount

    def write_all(self, statement: Insert, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run an insertion for many rows at once. Raises StaleWrite if a rule of the tables forbids one of them."""
        with translated(self.database):
            self.connection.execute(statement, rows)

    def commit(self) -> None:
        """Make everything durable."""
        with translated(self.database):
            self.connection.commit()
