"""Copy the whole installation, while it runs, into a folder that any other one can be made from."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import PurePath

from pynomaly.application.audit_verification import verified
from pynomaly.application.ports.backups import (
    Backup,
    BackupDraft,
    BackupFolders,
    Contents,
    DatabaseFacts,
    PortableDatabase,
)
from pynomaly.application.ports.clock import Clock
from pynomaly.domain.audit import ChainVerdict
from pynomaly.domain.errors import Conflict
from pynomaly.domain.identifiers import TenantId

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class MakeBackup:
    """Copies the database as it stands at one moment, then the files that its rows refer to.

    A file can go between the two, with the dataset it belonged to. Then the database is read once more: what is
    referred to and not there at two moments was lost before, and the backup says so instead of failing. So it
    does of an audit log that was tampered with.
    """

    database: PortableDatabase
    folders: BackupFolders
    clock: Clock

    def __call__(self, *, path: PurePath, with_keys: bool = False) -> Backup:
        """Make a backup and return what it holds.

        Raises AlreadyExists, Conflict if datasets go faster than they are copied, StorageFull, UnreadableFile,
        Unavailable.
        """
        with self.folders.draft(path) as draft:
            if with_keys:
                draft.put_keys()
            return draft.publish(self._copy(draft))

    def _copy(self, draft: BackupDraft) -> Contents:
        gone_before: AbstractSet[str] = frozenset()
        for _ in range(ROUNDS):
            facts, logs = self._copy_database(draft)
            gone = draft.put_files(facts.references)
            if gone <= gone_before:
                return Contents(self.clock(), facts.schema, logs, tuple(sorted(gone)))
            gone_before = gone_before | gone
        raise Conflict("datasets are removed faster than they can be copied; make the backup at a quieter time")

    def _copy_database(self, draft: BackupDraft) -> tuple[DatabaseFacts, Mapping[TenantId, ChainVerdict]]:
        with self.database.snapshot() as snapshot:
            for table in snapshot.tables:
                draft.put_table(table, snapshot.lines(table))
            facts = snapshot.facts
            tenants = [workspace.tenant_id for workspace in facts.references]
            return facts, {tenant_id: verified(snapshot.audit_log(tenant_id)) for tenant_id in tenants}
