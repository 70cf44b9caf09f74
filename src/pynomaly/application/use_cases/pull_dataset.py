"""Take rows from a source into the workspace under a name."""

from collections.abc import Mapping
from dataclasses import dataclass

from pynomaly.application.dataset_names import name_of_snapshot, require_free_name
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.intake import SourceIntake
from pynomaly.application.ports.opened_source import OpenedSource, Wanted
from pynomaly.application.ports.persistence import Begin, BeginReading
from pynomaly.application.ports.progress import Progress, nobody_listens
from pynomaly.application.ports.stores import TableStore
from pynomaly.application.snapshots import add_snapshot, snapshot_of
from pynomaly.domain.columns import ColumnKind, ColumnRole, left_out
from pynomaly.domain.connection import Value
from pynomaly.domain.dataset import Dataset


@dataclass(frozen=True, slots=True)
class PullDataset:
    """Read a source as it is at this moment, keep its rows, remember what its columns mean."""

    intake: SourceIntake
    tables: TableStore
    begin: Begin
    begin_reading: BeginReading
    clock: Clock
    new_id: NewId

    def __call__(
        self,
        *,
        source: OpenedSource,
        selection: Mapping[str, Value],
        name: str | None = None,
        roles: Mapping[str, ColumnRole] | None = None,
        kinds: Mapping[str, ColumnKind] | None = None,
        progress: Progress = nobody_listens,
    ) -> tuple[Dataset, tuple[str, ...]]:
        """Return the dataset and what was noticed.

        name: by default that of the source and the time.
        Raises AlreadyExists, RemoteRefused, RemoteUnavailable, DestinationRefused, InvalidRequest, InvalidData,
        ColumnMismatch.
        """
        at = self.clock()
        with self.begin_reading() as work:
            if name is None:
                name = name_of_snapshot(work, source.name, at)
            require_free_name(work, name)
        wanted = Wanted(source, selection, roles or {}, kinds or {})
        taken = self.intake.take_in(wanted, progress)
        dataset = snapshot_of(wanted, taken, self.new_id(), name, at)
        notes = tuple(note for note in (*taken.notes, left_out(taken.columns)) if note)
        with self.begin() as work:
            add_snapshot(work, self.tables, dataset)
            work.conclude((dataset, notes))
            work.commit()
        return dataset, notes
