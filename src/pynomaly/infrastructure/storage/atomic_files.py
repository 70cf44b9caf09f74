"""Files that appear whole or not at all: written beside their place, forced to disk, then renamed into it."""

import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_DIGEST = re.compile(r"[0-9a-f]{64}")
UNFINISHED = ".unfinished"
ABANDONED_AFTER_SECONDS = 24 * 3600.0  # no write takes a day; whatever is older was left by a process that died


def ensure_private_folder(folder: Path) -> Path:
    """Create a folder for this user alone, with its parents; an existing one is left as it is."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@dataclass(slots=True)
class Unfinished:
    """Something being written under a temporary name; nobody sees it before `publish`."""

    path: Path

    def publish(self, target: Path) -> None:
        """Force the content to disk and give it its name; a file already there is replaced in one step.

        Raises OSError, also where `target` is a folder that is not empty.
        """
        if self.path.is_dir():
            for file in self.path.iterdir():
                _force_to_disk(file)
            force_folder_to_disk(self.path)
        else:
            _force_to_disk(self.path)
        self.path.replace(target)
        force_folder_to_disk(target.parent)


@contextmanager
def unfinished_file(folder: Path) -> Iterator[Unfinished]:
    """Offer an empty temporary file in `folder`; it is deleted unless published."""
    path = _fresh_path(folder)
    path.touch(exist_ok=False)
    try:
        yield Unfinished(path)
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def unfinished_folder(folder: Path) -> Iterator[Unfinished]:
    """Offer an empty temporary folder in `folder`, to be filled with plain files; it is deleted unless published."""
    path = _fresh_path(folder)
    path.mkdir()
    try:
        yield Unfinished(path)
    finally:
        shutil.rmtree(path, ignore_errors=True)


def discard_folder(folder: Path) -> None:
    """Delete a folder so that nobody ever sees half of it; nothing happens if it is gone already."""
    try:
        with unfinished_folder(folder.parent) as grave:
            folder.rename(grave.path / folder.name)
    except FileNotFoundError:
        return


def take_into_use(path: Path) -> None:
    """Make a file or folder that is there already as young as if it had been written now."""
    os.utime(path)


def discard_all_but(used: AbstractSet[str], folder: Path, *, suffix: str = "", older_than_seconds: float) -> int:
    """Delete what lies in a folder under the name of a digest, but for digests in use and what is young yet.

    suffix: what follows the digest in a name.  Returns how many files or folders were deleted.
    """
    named = [path for path in folder.glob(f"*{suffix}") if _DIGEST.fullmatch(path.name.removesuffix(suffix))]
    unused = [path for path in named if path.name.removesuffix(suffix) not in used]
    return discard_old(unused, older_than_seconds=older_than_seconds)


def discard_old(paths: Iterable[Path], *, older_than_seconds: float) -> int:
    """Delete files or folders of one folder that were last taken into use long ago, and return how many.

    One that somebody takes into use at the same moment stays: its age is looked at once more where nobody finds it.
    """
    horizon = time.time() - older_than_seconds
    return sum(_discard_older(path, horizon) for path in paths)


def sweep_abandoned(folder: Path, *, older_than_seconds: float = ABANDONED_AFTER_SECONDS) -> None:
    """Delete what crashed processes left unfinished in `folder`, once it is old enough to be nobody's."""
    horizon = time.time() - older_than_seconds
    for path in folder.glob(f".*{UNFINISHED}"):
        try:
            status = path.lstat()
            if status.st_mtime >= horizon:
                continue
            if stat.S_ISDIR(status.st_mode):
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
        except FileNotFoundError:  # another process swept it first
            continue


def force_folder_to_disk(folder: Path) -> None:
    """Make names in a folder durable."""
    if os.name == "nt":  # Windows has no way to flush a folder
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _discard_older(path: Path, horizon: float) -> bool:
    try:
        if path.lstat().st_mtime >= horizon:
            return False
        with unfinished_folder(path.parent) as grave:
            buried = grave.path / path.name
            path.rename(buried)
            if buried.lstat().st_mtime < horizon:
                return True
            with suppress(OSError):  # it has been written anew already
                buried.rename(path)
    except FileNotFoundError:  # another process discarded it first
        pass
    return False


def _fresh_path(folder: Path) -> Path:
    return folder / f".{secrets.token_hex(8)}{UNFINISHED}"


def _force_to_disk(file: Path) -> None:
    handle = os.open(file, os.O_RDWR | getattr(os, "O_BINARY", 0))  # Windows refuses to flush a read-only handle
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
