"""What has a name and is edited, as rows: taken by one at a time, and stored by whoever saw it last."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Row, Select, Table, delete, insert, select, update

from pynomaly.application.ports.paging import Page, Piece
from pynomaly.domain.errors import AlreadyExists, NotFound, StaleWrite
from pynomaly.infrastructure.persistence.lookup import id_of, one_of, taking_name
from pynomaly.infrastructure.persistence.transaction import Transaction


class Named(Protocol):
    """Something with a name that two writers may want to change."""

    @property
    def id(self) -> str: ...  # noqa: D102 - see the class
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def revision(self) -> int: ...  # noqa: D102


Subject = TypeVar("Subject", bound=Named)


@dataclass(frozen=True, slots=True)
class NamedRows(Generic[Subject]):
    """The things of one kind in one workspace, within one transaction.

    noun: what people call one.  to_row, from_row: its columns, but for the workspace's.  at_first: columns that only
    others change.
    """

    transaction: Transaction
    table: Table
    noun: str
    to_row: Callable[[Subject], Mapping[str, Any]]
    from_row: Callable[[Row[Any]], Subject]
    at_first: Mapping[str, Any] = field(default_factory=dict)

    def add(self, subject: Subject) -> None:
        """Store something new. Raises AlreadyExists if the name is taken."""
        self._require_free_name(subject)
        with taking_name(self._called(subject)):
            self.transaction.write(insert(self.table).values({**self._values(subject), **self.at_first}))

    def get(self, name_or_id: str) -> Subject:
        """Return what has that name or id; a transaction that may write holds it. Raises NotFound, InvalidRequest."""
        found = id_of(self.transaction, self.table, name_or_id, noun=self.noun)
        query = self._own().where(self.table.c.id == found)
        return one_of(self.transaction.read_held(query, self.from_row), self.noun)

    def all(self) -> Sequence[Subject]:
        """Return everything, newest first, without holding any."""
        return self.transaction.read(self._own().order_by(self.table.c.position.desc()), self.from_row)

    def page(self, piece: Piece) -> Page[Subject]:
        """Return a piece of the list."""
        return self.transaction.page(self.table, piece, self.from_row)

    def save(self, subject: Subject) -> None:
        """Store a change under the next revision. Raises StaleWrite, AlreadyExists."""
        self._require_free_name(subject)
        columns = self.table.c
        unchanged = (columns.id == subject.id) & (columns.revision == subject.revision)
        changed = {**self._values(subject), "revision": subject.revision + 1}
        statement = update(self.table).where(self.transaction.own(self.table), unchanged).values(changed)
        with taking_name(self._called(subject)):
            n_written = self.transaction.write(statement)
        if not n_written:
            raise StaleWrite(f"{self._called(subject)} was changed or deleted meanwhile; read it again and retry")

    def remove(self, subject: Subject) -> None:
        """Forget something. Raises NotFound if it is gone already."""
        mine = self.transaction.own(self.table) & (self.table.c.id == subject.id)
        if not self.transaction.write(delete(self.table).where(mine)):
            raise NotFound(f"{self._called(subject)} is gone already")

    def _own(self) -> Select[Any]:
        return select(self.table).where(self.transaction.own(self.table))

    def _require_free_name(self, subject: Subject) -> None:
        of_others = (self.table.c.name == subject.name) & (self.table.c.id != subject.id)
        if self.transaction.read(self._own().where(of_others), lambda row: row.id):
            raise AlreadyExists(f"there is a {self._called(subject)} already; choose another name")

    def _values(self, subject: Subject) -> dict[str, Any]:
        return {**self.to_row(subject), "tenant_id": self.transaction.tenant_id}

    def _called(self, subject: Subject) -> str:
        return f"{self.noun} '{subject.name}'"
