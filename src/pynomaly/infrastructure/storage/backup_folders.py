"""Backups as folders: made beside their place and renamed into it, verified as a whole before anything is taken out."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath

from pynomaly.application.ports.backups import Backup
from pynomaly.domain.errors import AlreadyExists, Conflict, NotFound, UnreadableFile
from pynomaly.infrastructure.storage.atomic_files import unfinished_file, unfinished_folder
from pynomaly.infrastructure.storage.backup_draft import FolderDraft
from pynomaly.infrastructure.storage.backup_manifest import (
    CHECKSUM,
    FILES,
    KEYS,
    MANIFEST,
    Manifest,
    checksum_line,
    read_manifest,
    table_file,
)
from pynomaly.infrastructure.storage.file_errors import reading, writing
from pynomaly.infrastructure.storage.summed_files import pieces_of, sum_of, write_summed


@dataclass(frozen=True, slots=True)
class BackupFolderStore:
    """Makes backups of what lies in `home`, and puts it back there.

    keys: the names that files of keys have in the home.  program: the version at work.
    """

    home: Path
    keys: tuple[str, ...]
    program: str

    @contextmanager
    def draft(self, path: PurePath) -> Iterator[FolderDraft]:
        """Begin a backup; it is thrown away unless published. Raises AlreadyExists, StorageFull, UnreadableFile."""
        target = Path(path)
        if os.path.lexists(target):
            raise AlreadyExists(f"{target} is there already; choose another place")
        with ExitStack() as held:
            with writing(target):
                unfinished = held.enter_context(unfinished_folder(target.parent))
                unfinished.path.chmod(0o700)
            yield FolderDraft(unfinished, target, self.home, self.keys, self.program)

    def open(self, path: PurePath) -> "FoundBackup":
        """Open a backup and verify all of it.

        Raises NotFound, UnreadableFile if anything is damaged or missing, Conflict if a newer program wrote it.
        """
        folder = Path(path)
        if not folder.is_dir():
            raise NotFound(f"there is no backup at {folder}")
        text = _vouched_manifest(folder)
        manifest = read_manifest(text, known_keys=self.keys)
        for name, expected in manifest.files.items():
            found = sum_of(folder / name)
            if found != expected:
                raise UnreadableFile(
                    f"the backup {folder} is damaged: {name} is {'missing' if found is None else 'not as written'}"
                )
        return FoundBackup(folder, manifest, hashlib.sha256(text).hexdigest(), self.home)


@dataclass(frozen=True, slots=True)
class FoundBackup:
    """A backup whose every byte was found to be as it was written, and the home that it is put back into."""

    folder: Path
    manifest: Manifest
    digest: str
    home: Path

    @property
    def backup(self) -> Backup:
        """What it holds."""
        return self.manifest.told(self.folder, self.digest)

    def tables(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield each table's name with its lines, those that others refer to first."""
        for table in self.manifest.rows:
            yield table, _lines(self.folder / table_file(table))

    def put_back(self) -> None:
        """Put files and keys where they belong; what is there already and the same is left alone.

        Raises Conflict where another key lies, StorageFull, UnreadableFile.
        """
        self._require_no_other_keys()
        for name in self.manifest.files:
            place = self._place(name)
            if place is not None and sum_of(place) != self.manifest.files[name]:
                self._put(name, place)

    def _put(self, name: str, place: Path) -> None:
        with writing(place):
            self._make_folders(place.parent)
            with unfinished_file(place.parent) as draft:
                draft.path.chmod(0o600)
                written = write_summed(pieces_of(self.folder / name) or (), draft.path)
                if written != self.manifest.files[name]:
                    raise UnreadableFile(f"the backup {self.folder} changed while it was read: {name}")
                draft.publish(place)

    def _place(self, name: str) -> Path | None:
        for beginning in (FILES, KEYS):
            if name.startswith(beginning):
                return self.home / name.removeprefix(beginning)
        return None

    def _require_no_other_keys(self) -> None:
        for name, expected in self.manifest.files.items():
            key = self.home / name.removeprefix(KEYS)
            if name.startswith(KEYS) and sum_of(key) not in (None, expected):
                raise Conflict(f"another key lies at {key}; move it away to restore the one in the backup")

    def _make_folders(self, folder: Path) -> None:
        """Make the folders on the way, for this user alone."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        for inner in reversed([folder, *folder.parents]):
            if inner.is_relative_to(self.home):
                inner.mkdir(mode=0o700, exist_ok=True)


def _vouched_manifest(folder: Path) -> bytes:
    try:
        with reading(folder):
            text, checksum = (folder / MANIFEST).read_bytes(), (folder / CHECKSUM).read_bytes()
    except UnreadableFile as error:
        raise UnreadableFile(f"{folder} is no whole backup: {MANIFEST} or {CHECKSUM} cannot be read") from error
    if checksum != checksum_line(hashlib.sha256(text).hexdigest()):
        raise UnreadableFile(f"the backup {folder} is damaged: {MANIFEST} is not as written")
    return text


def _lines(path: Path) -> Iterator[bytes]:
    with reading(path), path.open("rb") as stream:
        yield from stream
