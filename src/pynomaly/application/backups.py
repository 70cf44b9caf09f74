"""Backups of the whole installation, as the doors of the house receive them."""

from dataclasses import dataclass

from pynomaly.application.use_cases.make_backup import MakeBackup
from pynomaly.application.use_cases.restore_backup import RestoreBackup


@dataclass(frozen=True, slots=True)
class Backups:
    """What is done about all workspaces at once."""

    make: MakeBackup
    restore: RestoreBackup
