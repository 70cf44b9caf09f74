"""A disk of a few megabytes that can be filled to the last byte and emptied again."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

BLOCK = 64 * 1024


class NoSmallDisk(Exception):
    """This user may not mount a tmpfs."""


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A mounted file system of its own."""

    folder: Path

    @property
    def _filling(self) -> Path:
        return self.folder / "filling"

    def fill(self) -> None:
        """Write until nothing more fits, not even one byte."""
        with suppress(OSError), self._filling.open("ab", buffering=0) as stream:
            for size in (BLOCK, 1):
                with suppress(OSError):
                    while stream.write(b"\0" * size):
                        pass

    def empty(self) -> None:
        """Make room again."""
        self._filling.unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Lend a disk mounted on an empty folder. Raises NoSmallDisk."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise NoSmallDisk("there is no program `mount`") from None
    if done.returncode:
        raise NoSmallDisk(f"a tmpfs could not be mounted as user {os.geteuid()}: {done.stderr.strip()}")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True, capture_output=True)
