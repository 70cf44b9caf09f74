"""Take rows into the workspace under a name."""

from collections.abc import Mapping
from dataclasses import dataclass

from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.persistence import Begin
from pynomaly.application.ports.stores import TableStore
from pynomaly.application.ports.tables import TableReader
from pynomaly.domain.columns import ColumnKind, ColumnRole, left_out
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.errors import EmptyDataset
from pynomaly.domain.events import DatasetRegistered
from pynomaly.domain.identifiers import DatasetId


@dataclass(frozen=True, slots=True)
class RegisterDataset:
    """Read a source, keep its rows, remember what its columns mean."""

    reader: TableReader
    tables: TableStore
    begin: Begin
    clock: Clock
    new_id: NewId

    def __call__(
        self,
        *,
        source: object,
        name: str,
        source_name: str,
        roles: Mapping[str, ColumnRole] | None = None,
        kinds: Mapping[str, ColumnKind] | None = None,
    ) -> tuple[Dataset, tuple[str, ...]]:
        """Return the dataset and what the reader noticed. Raises AlreadyExists, InvalidData, ColumnMismatch."""
        table = self.reader.read(source).describe(roles=roles or {}, kinds=kinds or {})
        if table.n_rows == 0:
            raise EmptyDataset
        dataset = Dataset(
            id=DatasetId(self.new_id()),
            name=name,
            fingerprint=table.fingerprint(),
            source=source_name,
            n_rows=table.n_rows,
            columns=table.columns,
            created_at=self.clock(),
        )
        with self.begin() as work:
            work.datasets.add(dataset)
            self.tables.keep(table)  # inside, so that nobody discards the same rows meanwhile
            work.record(DatasetRegistered(dataset.id, dataset.n_rows))
            work.commit()
        return dataset, tuple(note for note in (*table.notes, left_out(table.columns)) if note)
