"""Backups of an installation: its database, whatever kind that is, with the files of its home."""

from importlib.metadata import version

from pynomaly.application.backups import Backups
from pynomaly.application.ports.asking import BY_LOCAL_USER
from pynomaly.application.use_cases.make_backup import MakeBackup
from pynomaly.application.use_cases.restore_backup import RestoreBackup
from pynomaly.assembly.adapters import Adapters
from pynomaly.assembly.people import SIGNING_KEY
from pynomaly.assembly.sealing import MASTER_KEY
from pynomaly.infrastructure.storage.backup_folders import BackupFolderStore


def backups_of(shared: Adapters) -> Backups:
    """Return what makes and restores backups."""
    from pynomaly.infrastructure.persistence.portable_database import SqlPortableDatabase  # Alembic is slow to import

    database = SqlPortableDatabase(shared.transactions(BY_LOCAL_USER).database)
    folders = BackupFolderStore(shared.settings.home, (MASTER_KEY, SIGNING_KEY), version("pynomaly-platform"))
    return Backups(MakeBackup(database, folders, shared.clock), RestoreBackup(database, folders))
