"""Make an empty installation what another one was when its backup was made."""

from dataclasses import dataclass
from pathlib import PurePath

from pynomaly.application.audit_verification import verified
from pynomaly.application.ports.backups import Backup, BackupFolders, PortableDatabase, Refill
from pynomaly.domain.errors import UnreadableFile


@dataclass(frozen=True, slots=True)
class RestoreBackup:
    """Verifies everything before anything is written, puts files in their places, then fills the database at once.

    Files come first: without rows that refer to them they harm nobody, so a restore that breaks off can be tried again.
    Nothing is recorded: the audit logs are to be what they were.
    """

    database: PortableDatabase
    folders: BackupFolders

    def __call__(self, *, path: PurePath, expected_digest: str | None = None) -> Backup:
        """Restore a backup and return what it held.

        expected_digest: what was written down when it was made.  Raises NotFound, UnreadableFile if the backup is not
        as it was made, Conflict if the installation holds anything or is older than the backup, StorageFull,
        Unavailable.
        """
        self.database.require_empty()
        opened = self.folders.open(path)
        backup = opened.backup
        if expected_digest not in (None, backup.digest):
            raise UnreadableFile(f"{path} is another backup: its digest is {backup.digest}, not {expected_digest}")
        opened.put_back()
        with self.database.refill() as refill:
            refill.fill(backup.contents.schema, opened.tables())
            _require_same_logs(refill, backup)
            refill.commit()
        return backup


def _require_same_logs(refill: Refill, backup: Backup) -> None:
    for tenant_id, verdict in backup.contents.logs.items():
        found = verified(refill.audit_log(tenant_id))
        if found != verdict:
            problem = found.problem or f"it ends at entry {found.head.sequence}, not at {verdict.head.sequence}"
            raise UnreadableFile(f"the audit log of workspace {tenant_id} is not the one that was backed up: {problem}")
