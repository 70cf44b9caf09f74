"""Datasets as rows; columns are stored as a JSON list of {name, kind, role, note}."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select, update

from pynomaly.application.ports.paging import Page, Piece
from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.errors import AlreadyExists, NotFound, StaleWrite
from pynomaly.domain.identifiers import DatasetId
from pynomaly.infrastructure.persistence.locks import hold_subject
from pynomaly.infrastructure.persistence.lookup import id_of, one_of, taking_name
from pynomaly.infrastructure.persistence.tables import datasets
from pynomaly.infrastructure.persistence.transaction import Transaction


@dataclass(frozen=True, slots=True)
class DatasetRows:
    """The datasets within one transaction."""

    transaction: Transaction

    def add(self, dataset: Dataset) -> None:
        """Store a new dataset. Raises AlreadyExists if the name is taken."""
        self._require_free_name(dataset)
        with taking_name(f"dataset '{dataset.name}'"):
            self.transaction.write(insert(datasets).values(self._to_row(dataset)))

    def get(self, name_or_id: str) -> Dataset:
        """Return a dataset by id, else by exact name or id prefix. Raises NotFound, InvalidRequest."""
        found = id_of(self.transaction, datasets, name_or_id, noun="dataset")
        return one_of(self.transaction.read_held(self._own().where(datasets.c.id == found), _from_row), "dataset")

    def all(self) -> Sequence[Dataset]:
        """Return every dataset, newest first."""
        newest_first = self._own().order_by(datasets.c.created_at.desc(), datasets.c.position.desc())
        return self.transaction.read(newest_first, _from_row)

    def page(self, piece: Piece) -> Page[Dataset]:
        """Return a piece of the list."""
        return self.transaction.page(datasets, piece, _from_row)

    def save(self, dataset: Dataset) -> None:
        """Store a changed dataset under the next revision. Raises StaleWrite, AlreadyExists if its name is taken."""
        self._require_free_name(dataset)
        unchanged = (datasets.c.id == dataset.id) & (datasets.c.revision == dataset.revision)
        changed = self._to_row(dataset) | {"revision": dataset.revision + 1}
        statement = update(datasets).where(self.transaction.own(datasets), unchanged).values(changed)
        with taking_name(f"dataset '{dataset.name}'"):
            n_written = self.transaction.write(statement)
        if not n_written:
            raise StaleWrite(f"dataset '{dataset.name}' was changed or deleted meanwhile; read it again and retry")

    def remove(self, dataset: Dataset) -> None:
        """Forget a dataset. Raises NotFound if it is gone already."""
        if not self.transaction.write(
            delete(datasets).where(self.transaction.own(datasets), datasets.c.id == dataset.id)
        ):
            raise NotFound(f"dataset '{dataset.name}' is gone already")

    def hold_rows(self, fingerprint: str) -> None:
        """Keep everybody else from keeping or discarding the same rows until this transaction ends."""
        hold_subject(self.transaction, f"rows:{self.transaction.tenant_id}:{fingerprint}")

    def fingerprints(self) -> set[str]:
        """Return the fingerprints of all stored rows that datasets refer to."""
        query = select(datasets.c.fingerprint).where(self.transaction.own(datasets))
        return set(self.transaction.read(query, lambda row: str(row.fingerprint)))

    def _own(self) -> Select[Any]:
        return select(datasets).where(self.transaction.own(datasets))

    def _require_free_name(self, dataset: Dataset) -> None:
        of_others = (datasets.c.name == dataset.name) & (datasets.c.id != dataset.id)
        if self.transaction.read(self._own().where(of_others), lambda row: row.id):
            raise AlreadyExists(f"there is a dataset '{dataset.name}' already; choose another name or delete it first")

    def _to_row(self, dataset: Dataset) -> dict[str, Any]:
        columns = [asdict(column) for column in dataset.columns]
        return asdict(dataset) | {"columns": columns, "tenant_id": self.transaction.tenant_id}


def _from_row(row: Row[Any]) -> Dataset:
    return Dataset(
        id=DatasetId(row.id),
        name=row.name,
        fingerprint=row.fingerprint,
        source=row.source,
        n_rows=row.n_rows,
        columns=tuple(
            Column(form["name"], ColumnKind(form["kind"]), ColumnRole(form["role"]), form["note"])
            for form in row.columns
        ),
        created_at=row.created_at,
        revision=row.revision,
    )
