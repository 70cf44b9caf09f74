"""A backup being made: a folder under a temporary name, whose files are vouched for as they are written."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pynomaly.application.ports.backups import Backup, Contents, References
from pynomaly.infrastructure.storage.atomic_files import Unfinished, force_folder_to_disk
from pynomaly.infrastructure.storage.backup_manifest import (
    CHECKSUM,
    FILES,
    KEYS,
    MANIFEST,
    Manifest,
    checksum_line,
    table_file,
)
from pynomaly.infrastructure.storage.file_errors import writing
from pynomaly.infrastructure.storage.stored_names import names_of
from pynomaly.infrastructure.storage.summed_files import pieces_of, write_summed


@dataclass(slots=True)
class FolderDraft:
    """Fills a folder with what lies in `home`, which goes on changing meanwhile.

    keys: the names that files of keys have there.  program: the version at work.
    """

    unfinished: Unfinished
    target: Path
    home: Path
    keys: tuple[str, ...]
    program: str
    _files: dict[str, tuple[int, str]] = field(default_factory=dict, init=False)
    _rows: dict[str, int] = field(default_factory=dict, init=False)

    def put_table(self, name: str, lines: Iterable[bytes]) -> None:
        """Write the rows of a table, in place of those written before. Raises StorageFull, UnreadableFile."""
        self._rows[name] = 0
        self._write(table_file(name), self._counted(name, lines))

    def put_files(self, references: Sequence[References]) -> set[str]:
        """Copy what is referred to and not copied yet, drop all else; return the names of what is not there."""
        together = [names for one in references for names in names_of(one)]
        self._drop_all_but({FILES + name for names in together for name in names})
        gone: set[str] = set()
        for names in together:
            if not all(FILES + name in self._files for name in names) and not self._copy_together(names):
                gone.update(names)
        return gone

    def put_keys(self) -> None:
        """Copy the keys that lie in the home."""
        for name in self.keys:
            self._copy(self.home / name, KEYS + name)

    def publish(self, contents: Contents) -> Backup:
        """Write the manifest, force everything to disk and give the folder its name."""
        manifest = Manifest(contents, self._rows, self._files, self.program)
        folder = self.unfinished.path
        _, digest = write_summed([manifest.as_bytes()], folder / MANIFEST)
        write_summed([checksum_line(digest)], folder / CHECKSUM)
        with writing(self.target):
            for inner in sorted(path for path in folder.rglob("*") if path.is_dir()):
                force_folder_to_disk(inner)
            force_folder_to_disk(folder)
            folder.rename(self.target)
            force_folder_to_disk(self.target.parent)
        return manifest.told(self.target, digest)

    def _copy_together(self, names: Sequence[str]) -> bool:
        """Copy files of which one is of no use without the others; return whether all were there."""
        are_there = [self._copy(self.home / name, FILES + name) for name in names]
        if not all(are_there):
            for name in names:
                self._drop(FILES + name)
        return all(are_there)

    def _copy(self, source: Path, name: str) -> bool:
        pieces = pieces_of(source)
        if pieces is not None:
            self._write(name, pieces)
        return pieces is not None

    def _write(self, name: str, pieces: Iterable[bytes]) -> None:
        path = self.unfinished.path / name
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        self._files[name] = write_summed(pieces, path)

    def _drop_all_but(self, wanted: set[str]) -> None:
        for name in [name for name in self._files if name.startswith(FILES) and name not in wanted]:
            self._drop(name)

    def _drop(self, name: str) -> None:
        with writing(self.unfinished.path):
            (self.unfinished.path / name).unlink(missing_ok=True)
        self._files.pop(name, None)

    def _counted(self, table: str, lines: Iterable[bytes]) -> Iterator[bytes]:
        for line in lines:
            self._rows[table] += 1
            yield line
