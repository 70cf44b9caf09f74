"""Datasets as rows; columns are stored as a JSON list of {name, kind, role, note}."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select

from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.errors import AlreadyExists, NotFound
from pynomaly.domain.identifiers import DatasetId
from pynomaly.infrastructure.persistence.lookup import id_of
from pynomaly.infrastructure.persistence.tables import datasets
from pynomaly.infrastructure.persistence.transaction import Transaction


@dataclass(frozen=True, slots=True)
class DatasetRows:
    """The datasets within one transaction."""

    transaction: Transaction

    def add(self, dataset: Dataset) -> None:
        """Store a new dataset. Raises AlreadyExists if the name is taken."""
        if self._read(select(datasets).where(datasets.c.name == dataset.name)):
            raise AlreadyExists(f"there is a dataset '{dataset.name}' already; choose another name or delete it first")
        self.transaction.write(insert(datasets).values(_to_row(dataset)))

    def get(self, name_or_id: str) -> Dataset:
        """Return a dataset by exact name, else by id or id prefix. Raises NotFound, InvalidRequest."""
        found = id_of(self.transaction, datasets, name_or_id, noun="dataset")
        return self._read(select(datasets).where(datasets.c.id == found))[0]

    def all(self) -> Sequence[Dataset]:
        """Return every dataset, newest first."""
        return self._read(select(datasets).order_by(datasets.c.created_at.desc(), datasets.c.position.desc()))

    def remove(self, dataset: Dataset) -> None:
        """Forget a dataset. Raises NotFound if it is gone already."""
        if not self.transaction.write(delete(datasets).where(datasets.c.id == dataset.id)):
            raise NotFound(f"dataset '{dataset.name}' is gone already")

    def _read(self, query: Select[Any]) -> list[Dataset]:
        return self.transaction.read(query, _from_row)


def _to_row(dataset: Dataset) -> dict[str, Any]:
    return asdict(dataset) | {"columns": [asdict(column) for column in dataset.columns]}


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
    )
