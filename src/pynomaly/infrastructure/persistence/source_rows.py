"""Data sources as rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select, update

from pynomaly.application.ports.paging import Page, Piece
from pynomaly.domain.data_source import DataSource
from pynomaly.domain.errors import AlreadyExists, NotFound, StaleWrite
from pynomaly.domain.identifiers import SourceId
from pynomaly.infrastructure.persistence.lookup import id_of, one_of, taking_name
from pynomaly.infrastructure.persistence.source_tables import data_sources
from pynomaly.infrastructure.persistence.transaction import Transaction


@dataclass(frozen=True, slots=True)
class SourceRows:
    """The data sources of one workspace within one transaction."""

    transaction: Transaction

    def add(self, source: DataSource) -> None:
        """Store a new source. Raises AlreadyExists if the name is taken."""
        self._require_free_name(source)
        with taking_name(f"source '{source.name}'"):
            self.transaction.write(insert(data_sources).values(self._to_row(source)))

    def get(self, name_or_id: str) -> DataSource:
        """Return a source by name or id; a transaction that may write holds it. Raises NotFound, InvalidRequest."""
        found = id_of(self.transaction, data_sources, name_or_id, noun="source")
        return one_of(self.transaction.read_held(self._own().where(data_sources.c.id == found), _from_row), "source")

    def all(self) -> Sequence[DataSource]:
        """Return every source, newest first."""
        return self.transaction.read(self._own().order_by(data_sources.c.position.desc()), _from_row)

    def page(self, piece: Piece) -> Page[DataSource]:
        """Return a piece of the list."""
        return self.transaction.page(data_sources, piece, _from_row)

    def save(self, source: DataSource) -> None:
        """Store a changed source under the next revision. Raises StaleWrite, AlreadyExists."""
        self._require_free_name(source)
        unchanged = (data_sources.c.id == source.id) & (data_sources.c.revision == source.revision)
        changed = self._to_row(source) | {"revision": source.revision + 1}
        statement = update(data_sources).where(self.transaction.own(data_sources), unchanged).values(changed)
        with taking_name(f"source '{source.name}'"):
            n_written = self.transaction.write(statement)
        if not n_written:
            raise StaleWrite(f"source '{source.name}' was changed or deleted meanwhile; read it again and retry")

    def remove(self, source: DataSource) -> None:
        """Forget a source. Raises NotFound if it is gone already."""
        mine = self.transaction.own(data_sources) & (data_sources.c.id == source.id)
        if not self.transaction.write(delete(data_sources).where(mine)):
            raise NotFound(f"source '{source.name}' is gone already")

    def _own(self) -> Select[Any]:
        return select(data_sources).where(self.transaction.own(data_sources))

    def _require_free_name(self, source: DataSource) -> None:
        of_others = (data_sources.c.name == source.name) & (data_sources.c.id != source.id)
        if self.transaction.read(self._own().where(of_others), lambda row: row.id):
            raise AlreadyExists(f"there is a source '{source.name}' already; choose another name")

    def _to_row(self, source: DataSource) -> dict[str, Any]:
        return {
            "tenant_id": self.transaction.tenant_id,
            "id": source.id,
            "name": source.name,
            "kind": source.kind,
            "settings": dict(source.settings),
            "secret_names": list(source.secret_names),
            "created_by": source.created_by,
            "created_at": source.created_at,
            "revision": source.revision,
        }


def _from_row(row: Row[Any]) -> DataSource:
    return DataSource(
        id=SourceId(row.id),
        name=row.name,
        kind=row.kind,
        settings=row.settings,
        secret_names=tuple(row.secret_names),
        created_by=row.created_by,
        created_at=row.created_at,
        revision=row.revision,
    )
