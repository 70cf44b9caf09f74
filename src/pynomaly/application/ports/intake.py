"""Taking rows in: a source is read, its rows are kept in the table store, and what they are is said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from pynomaly.application.ports.opened_source import Wanted
from pynomaly.application.ports.progress import Progress
from pynomaly.domain.columns import Column, ColumnKind, ColumnRole


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What is known of rows that lie in the table store.

    fingerprint: the store finds them by it.  columns: in source order.
    notes: what the reader noticed and the user should know, one sentence each.
    """

    fingerprint: str
    columns: tuple[Column, ...]
    n_rows: int
    notes: tuple[str, ...] = ()


class TableIntake(Protocol):
    """Reads a source and keeps its rows, wherever that is done."""

    def take_in(
        self, source: object, *, name: str, roles: Mapping[str, ColumnRole], kinds: Mapping[str, ColumnKind]
    ) -> TakenIn:
        """Keep the rows of a source, with some columns' roles or kinds overridden.

        name: what people call the source; messages call it so.
        Raises UnreadableFile, EmptyDataset, InvalidData, ColumnMismatch on unknown names, StorageFull.
        """
        ...


class SourceIntake(Protocol):
    """Reads from a source outside and keeps the rows as they were at that moment."""

    def take_in(self, wanted: Wanted, progress: Progress) -> TakenIn:
        """Keep the rows that are wanted.

        Raises RemoteRefused, RemoteUnavailable, DestinationRefused with the exact reason and no secret in it,
        InvalidRequest, InvalidData, StorageFull.
        """
        ...
