"""Names of things of several kinds, found by a part of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, Table, func, literal, or_, select

from pynomaly.application.ports.names import Name
from pynomaly.infrastructure.persistence.channel_tables import channels
from pynomaly.infrastructure.persistence.column_types import Text
from pynomaly.infrastructure.persistence.tables import datasets, detections, detectors
from pynomaly.infrastructure.persistence.transaction import Transaction
from pynomaly.infrastructure.persistence.work_tables import jobs

TABLES: Mapping[str, Table] = {
    "dataset": datasets,
    "detector": detectors,
    "channel": channels,
    "detection": detections,
    "job": jobs,
}


@dataclass(frozen=True, slots=True)
class NameRows:
    """The names of one workspace within one transaction."""

    transaction: Transaction

    def like(self, text: str, nouns: Collection[str], *, limit: int) -> Sequence[Name]:
        """Return what has a text in its name, whatever the case, or an id that begins with it.

        SQLite knows upper and lower case of the English alphabet only.
        """
        chosen = [(noun, table) for noun, table in TABLES.items() if noun in nouns]
        return [name for noun, table in chosen for name in self._of(noun, table, text, limit)]

    def _of(self, noun: str, table: Table, text: str, limit: int) -> Sequence[Name]:
        wanted = or_(*_fits(table, text))
        name = table.c.name if "name" in table.c else literal("").label("name")
        query: Select[tuple[str, str]] = select(table.c.id, name).where(self.transaction.own(table), wanted)
        newest = query.order_by(table.c.position.desc()).limit(limit)
        return self.transaction.read(newest, lambda row: Name(noun, row.id, row.name))


def _fits(table: Table, text: str) -> Iterator[ColumnElement[bool]]:
    start = text.lower()
    yield func.substr(table.c.id, 1, len(start), type_=Text) == start
    if "name" in table.c:
        yield func.lower(table.c.name, type_=Text).contains(start, autoescape=True)
