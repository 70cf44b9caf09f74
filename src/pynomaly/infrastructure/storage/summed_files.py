"""Files whose size and SHA-256 are taken while their bytes pass."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from pynomaly.infrastructure.storage.file_errors import reading, writing

BYTES_AT_ONCE = 1024**2


def write_summed(pieces: Iterable[bytes], target: Path) -> tuple[int, str]:
    """Write a file, force it to disk, and return its size and SHA-256 (hex). Raises StorageFull, UnreadableFile."""
    size, digest = 0, hashlib.sha256()
    with writing(target), target.open("wb") as stream:
        for piece in pieces:
            stream.write(piece)
            digest.update(piece)
            size += len(piece)
        stream.flush()
        os.fsync(stream.fileno())
    return size, digest.hexdigest()


def pieces_of(path: Path) -> Iterator[bytes] | None:
    """Return the bytes of a file piece by piece, None if there is no such file. Raises UnreadableFile."""
    with reading(path):
        try:
            stream = path.open("rb")
        except (FileNotFoundError, NotADirectoryError):
            return None

    def pieces() -> Iterator[bytes]:
        with reading(path), stream:
            while piece := stream.read(BYTES_AT_ONCE):
                yield piece

    return pieces()


def sum_of(path: Path) -> tuple[int, str] | None:
    """Return size and SHA-256 of a plain file, None if there is none. Raises UnreadableFile."""
    if not path.is_file():
        return None
    with reading(path), path.open("rb") as stream:
        return path.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest()
