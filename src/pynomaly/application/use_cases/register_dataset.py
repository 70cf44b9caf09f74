"""Take rows into the workspace under a name."""

from collections.abc import Mapping
from dataclasses import dataclass

from pynomaly.application.dataset_names import require_free_name
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.intake import TableIntake, TakenIn
from pynomaly.application.ports.persistence import Begin, BeginReading
from pynomaly.application.ports.stores import TableStore
from pynomaly.domain.columns import ColumnKind, ColumnRole, left_out
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.errors import Unavailable
from pynomaly.domain.events import DatasetRegistered
from pynomaly.domain.identifiers import DatasetId

ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class RegisterDataset:
    """Read a source, keep its rows, remember what its columns mean."""

    intake: TableIntake
    tables: TableStore
    begin: Begin
    begin_reading: BeginReading
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
        with self.begin_reading() as work:
            require_free_name(work, name)
        for _ in range(ATTEMPTS):
            taken = self.intake.take_in(source, name=source_name or name, roles=roles or {}, kinds=kinds or {})
            notes = tuple(note for note in (*taken.notes, left_out(taken.columns)) if note)
            kept = self._keep(taken, name, source_name, notes)
            if kept is not None:
                return kept
        raise Unavailable("the same rows are being deleted again and again meanwhile; try again in a moment")

    def _keep(
        self, taken: TakenIn, name: str, source_name: str, notes: tuple[str, ...]
    ) -> tuple[Dataset, tuple[str, ...]] | None:
        """Store the dataset; None if somebody discarded the same rows since they were taken in."""
        dataset = Dataset(
            id=DatasetId(self.new_id()),
            name=name,
            fingerprint=taken.fingerprint,
            source=source_name,
            n_rows=taken.n_rows,
            columns=taken.columns,
            created_at=self.clock(),
        )
        with self.begin() as work:
            work.datasets.hold_rows(taken.fingerprint)
            if not self.tables.holds(taken.fingerprint):
                return None
            work.datasets.add(dataset)
            work.record(DatasetRegistered(dataset.id, dataset.n_rows))
            work.conclude((dataset, notes))
            work.commit()
        return dataset, notes
