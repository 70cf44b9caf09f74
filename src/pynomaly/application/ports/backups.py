"""What a backup is made of: the database as it stood at one moment, and the files that its rows refer to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Protocol

from pynomaly.application.ports.audit_log import AuditLog
from pynomaly.domain.audit import ChainVerdict
from pynomaly.domain.identifiers import TenantId


@dataclass(frozen=True, slots=True)
class References:
    """The files that the rows of one workspace refer to, by their digests."""

    tenant_id: TenantId
    tables: AbstractSet[str]
    models: AbstractSet[str]
    scores: AbstractSet[str]


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """What is true of a database at one moment.

    schema: the last migration it went through.  references: of every workspace.
    """

    schema: str
    references: Sequence[References]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup says of the database besides its rows.

    logs: what a walk through the audit log of each workspace found.  missing: files that rows refer to but that were
    gone already.
    """

    made_at: datetime
    schema: str
    logs: Mapping[TenantId, ChainVerdict]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Backup:
    """A whole backup.

    digest: SHA-256 of the manifest, which vouches for everything else.  rows: how many each table has.  n_files,
    n_bytes: of tables, models and scores.  keys: the files of keys that are in it.
    """

    path: PurePath
    digest: str
    contents: Contents
    rows: Mapping[str, int]
    n_files: int
    n_bytes: int
    keys: tuple[str, ...]


class DatabaseSnapshot(Protocol):
    """The database at one moment, whatever is written to it meanwhile."""

    @property
    def facts(self) -> DatabaseFacts:
        """What is true at this moment."""
        ...

    @property
    def tables(self) -> Sequence[str]:
        """The tables' names, those that others refer to first."""
        ...

    def lines(self, table: str) -> Iterator[bytes]:
        """Yield a table's rows, each as a line that any database can take in again."""
        ...

    def audit_log(self, tenant_id: TenantId) -> AuditLog:
        """Return the audit log of a workspace."""
        ...


class Refill(Protocol):
    """A transaction that fills an empty database."""

    def fill(self, schema: str, tables: Iterable[tuple[str, Iterable[bytes]]]) -> None:
        """Take in rows as they were under a schema, then bring them up to date. Raises UnreadableFile, Conflict."""
        ...

    def audit_log(self, tenant_id: TenantId) -> AuditLog:
        """Return the audit log of a workspace as it is now."""
        ...

    def commit(self) -> None:
        """Make everything durable."""
        ...


class PortableDatabase(Protocol):
    """A database that can be carried to another place, or to a database of another kind."""

    def snapshot(self) -> AbstractContextManager[DatabaseSnapshot]:
        """Open the database as it stands now. Raises Unavailable, UnreadableFile."""
        ...

    def require_empty(self) -> None:
        """Raise Conflict if anything was ever stored."""
        ...

    def refill(self) -> AbstractContextManager[Refill]:
        """Open a transaction on the empty database; it is undone unless committed. Raises Conflict."""
        ...


class BackupDraft(Protocol):
    """A backup being made; nobody sees it before it is whole."""

    def put_table(self, name: str, lines: Iterable[bytes]) -> None:
        """Write the rows of a table, in place of those written before."""
        ...

    def put_files(self, references: Sequence[References]) -> AbstractSet[str]:
        """Copy what is referred to and not copied yet, drop all else; return the names of what is not there."""
        ...

    def put_keys(self) -> None:
        """Copy the keys that lie beside the database."""
        ...

    def publish(self, contents: Contents) -> Backup:
        """Vouch for everything by checksums, force it to disk and give it its name."""
        ...


class OpenBackup(Protocol):
    """A backup whose every byte was found to be as it was written."""

    @property
    def backup(self) -> Backup:
        """What it holds."""
        ...

    def tables(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield each table's name with its lines, those that others refer to first."""
        ...

    def put_back(self) -> None:
        """Put its files and keys where they belong.

        Raises Conflict where another key lies, StorageFull, UnreadableFile.
        """
        ...


class BackupFolders(Protocol):
    """Backups as folders."""

    def draft(self, path: PurePath) -> AbstractContextManager[BackupDraft]:
        """Begin a backup; it is thrown away unless published. Raises AlreadyExists, StorageFull, UnreadableFile."""
        ...

    def open(self, path: PurePath) -> OpenBackup:
        """Open a backup and verify all of it. Raises NotFound, UnreadableFile if anything is damaged or missing."""
        ...
