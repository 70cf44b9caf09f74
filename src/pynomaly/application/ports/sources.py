"""Places outside that rows come from, as the program reads them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol

from pynomaly.domain.connection import ConnectionKind, Field, Value


@dataclass(frozen=True, slots=True)
class ReadIn:
    """How much was read. notes: what was noticed and the user should know, one sentence each."""

    n_rows: int
    n_bytes: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceBounds:
    """What reading may take: seconds from its beginning to its end, rows, and bytes of the file that is written."""

    seconds: float
    rows: int
    n_bytes: int


@dataclass(frozen=True, slots=True)
class SourceKind:
    """One kind of source. connection: what it takes to reach one.  selection: what of it is to be read, as data."""

    connection: ConnectionKind
    selection: tuple[Field, ...]


class Source(Protocol):
    """A source with everything it takes to reach it; nothing is connected to before it is asked for something.

    What goes wrong is said with its exact reason and never with a secret: RemoteRefused, RemoteUnavailable,
    DestinationRefused, InvalidRequest.
    """

    def test(self) -> str:
        """Reach it and return one sentence of what was found."""
        ...

    def read_into(self, selection: Mapping[str, Value], path: PurePath, progress: Callable[[int], None]) -> ReadIn:
        """Stream rows into an uncompressed Arrow IPC file at `path`; progress: hears how many rows were read so far.

        Raises InvalidData, StorageFull too.
        """
        ...


class SourceCatalog(Protocol):
    """The kinds of sources there are."""

    def kinds(self) -> Sequence[SourceKind]:
        """Return every kind."""
        ...

    def kind(self, name: str) -> SourceKind:
        """Return a kind by its name. Raises InvalidRequest with the closest name."""
        ...

    def open(self, kind: str, values: Mapping[str, Value], bounds: SourceBounds) -> Source:
        """Return a source of a kind; values: of every field, secrets included.

        Raises InvalidRequest, ExtraNotInstalled, DestinationRefused.
        """
        ...
