"""What readers of sources are given: ways to the outside, and what this program makes of columns and files."""

import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from pynomaly.domain.errors import RemoteUnavailable

if TYPE_CHECKING:
    import pyarrow as pa


class Exchange(Protocol):
    """One conversation with a place outside: whom it may reach, and until when."""

    def open(self, host: str, port: int, *, is_encrypted: bool) -> socket.socket:
        """Connect to a host. Raises DestinationRefused, RemoteUnavailable."""
        ...

    def checked(self, host: str, port: int, *, is_encrypted: bool) -> Sequence[str]:
        """Return the addresses of a host, all of them allowed. Raises DestinationRefused, RemoteUnavailable."""
        ...

    def left(self) -> float:
        """Return the seconds left, more than 0. Raises RemoteUnavailable if there are none."""
        ...

    def over(self, connection: Callable[[], socket.socket]) -> AbstractContextManager[None]:
        """Cut what is open by then when the time is over. Raises RemoteUnavailable if it is."""
        ...


def is_over(exchange: Exchange) -> bool:
    """Whether there is no time left."""
    try:
        exchange.left()
    except RemoteUnavailable:
        return True
    return False


Reach: TypeAlias = Callable[[float], Exchange]
"""Begins an exchange that may take so many seconds."""


class Blocks(Protocol):
    """Rows as a stream of small tables of one schema: plain columns, unique names."""

    @property
    def schema(self) -> "pa.Schema":
        """The columns of every table."""
        ...

    @property
    def tables(self) -> "Iterator[pa.Table]":
        """The rows, once."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know, one sentence each."""
        ...


@dataclass(frozen=True, slots=True)
class RowBlocks:
    """Blocks of this package's own."""

    schema: "pa.Schema"
    tables: "Iterator[pa.Table]"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every reader is given.

    reach_database, reach_store: how either is connected to.  own_tables: a database that holds all of these is one of
    this program's own, and nobody's source.  sqlite_folder: below it lie the files that may be read, nowhere if None.
    private_folder: whose files are nobody's source.  unique_names: a name for each column, and notes.
    without_missing_words: text in which no word means "missing" any more.  tls: whom stores are
    trusted by.  blocks_of: the rows of a file, under a name for messages; what has to be unpacked goes to the folder.
    """

    reach_database: Reach
    reach_store: Reach
    own_tables: frozenset[str]
    sqlite_folder: Path | None
    private_folder: Path
    unique_names: Callable[[Sequence[str]], tuple[list[str], list[str]]]
    without_missing_words: "Callable[[pa.Table], pa.Table]"
    tls: Callable[[], ssl.SSLContext]
    blocks_of: Callable[[Path, str, Path], AbstractContextManager[Blocks]]
