"""The workspace's tables: each a folder with its rows as an Arrow file and that file's checksum."""

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pynomaly.application.ports.tables import Table
from pynomaly.domain.columns import Column
from pynomaly.domain.errors import CorruptModel, NotFound
from pynomaly.infrastructure.storage.arrow_files import file_sha256, read_arrow, write_arrow
from pynomaly.infrastructure.storage.atomic_files import (
    discard_all_but,
    discard_folder,
    ensure_private_folder,
    sweep_abandoned,
    take_into_use,
    unfinished_folder,
)
from pynomaly.infrastructure.storage.file_errors import reading, writing

if TYPE_CHECKING:
    import pyarrow as pa

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
ROWS = "rows.arrow"
CHECKSUM = "rows.sha256"
_REMEDY = "delete the dataset and load it again"


@dataclass(frozen=True, slots=True)
class ArrowTableStore:
    """Keeps tables in `folder`, created when the first one is kept; every Arrow type survives.

    to_arrow, from_arrow: how a table gives up its rows, and how rows become a table of described columns under a name.
    """

    folder: Path
    to_arrow: "Callable[[Table], pa.Table]"
    from_arrow: "Callable[[pa.Table, tuple[Column, ...], str], Table]"

    def keep(self, table: Table) -> str:
        """Store a table and return its fingerprint; rows that are there already and undamaged are left alone.

        Raises UnreadableFile if the place cannot be written, StorageFull.
        """
        fingerprint = table.fingerprint()
        target = self.folder / fingerprint
        with writing(target):
            ensure_private_folder(self.folder)
            sweep_abandoned(self.folder)
            if _is_intact(target):
                take_into_use(target)
            else:
                self._publish(table, target)
        return fingerprint

    def open(self, fingerprint: str, columns: tuple[Column, ...], name: str) -> Table:
        """Return stored rows with the columns described as given.

        Raises NotFound, CorruptModel if damaged, UnreadableFile.
        """
        stored = self.folder / fingerprint
        if not _FINGERPRINT.fullmatch(fingerprint) or not stored.is_dir():
            raise NotFound(f"the rows of '{name}' are not in the workspace any more; {_REMEDY}")
        with reading(stored):
            data = read_arrow(stored / ROWS, sha256=_checksum(stored), remedy=_REMEDY)
        return self.from_arrow(data, columns, name)

    def holds(self, fingerprint: str) -> bool:
        """Whether rows of this fingerprint are there."""
        return bool(_FINGERPRINT.fullmatch(fingerprint)) and (self.folder / fingerprint / ROWS).is_file()

    def discard(self, fingerprint: str) -> None:
        """Delete stored rows; nothing happens if they are gone already. Raises UnreadableFile."""
        if _FINGERPRINT.fullmatch(fingerprint):
            with writing(self.folder / fingerprint):
                discard_folder(self.folder / fingerprint)

    def discard_unused(self, used: AbstractSet[str], *, older_than_seconds: float) -> int:
        """Delete all rows but those in use and those kept a short while ago; return how many tables that were."""
        with writing(self.folder):
            return discard_all_but(used, self.folder, older_than_seconds=older_than_seconds)

    def _publish(self, table: Table, target: Path) -> None:
        with unfinished_folder(self.folder) as draft:
            write_arrow(self.to_arrow(table), draft.path / ROWS, compression="zstd")
            (draft.path / CHECKSUM).write_text(file_sha256(draft.path / ROWS), encoding="ascii")
            try:
                draft.publish(target)
            except OSError:  # something is there: the same rows from another process, or damaged ones
                if not _is_intact(target):
                    discard_folder(target)
                    draft.publish(target)


def _is_intact(stored: Path) -> bool:
    try:
        return file_sha256(stored / ROWS) == _checksum(stored)
    except (OSError, CorruptModel):
        return False


def _checksum(stored: Path) -> str:
    try:
        return (stored / CHECKSUM).read_text(encoding="ascii")
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise CorruptModel(f"{stored} is damaged: it does not say what its rows' checksum is; {_REMEDY}") from error
