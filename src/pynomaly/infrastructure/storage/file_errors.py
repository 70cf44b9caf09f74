"""What the operating system says about files, turned into sentences that say what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pynomaly.domain.errors import StorageFull, UnreadableFile

_DISK_IS_FULL = {errno.ENOSPC, errno.EDQUOT}


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn a failed write to `path` into StorageFull or UnreadableFile; the caller leaves nothing half-written."""
    try:
        yield
    except OSError as error:
        if error.errno in _DISK_IS_FULL:
            raise StorageFull(
                f"{path} cannot be written: the disk is full; free some space or choose another place. "
                "Nothing was stored."
            ) from error
        raise UnreadableFile(f"{path} cannot be written: {_reason(error, path)}. Nothing was stored.") from error


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn a failed read of `path` into UnreadableFile."""
    try:
        yield
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {_reason(error, path)}.") from error


def _reason(error: OSError, path: Path) -> str:
    if error.errno == errno.EFBIG:
        return "it would become larger than a file may be here"
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return "permission denied; choose a place you may use"
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return f"there is no folder {path.parent}; create it first"
    if isinstance(error, IsADirectoryError):
        return "it is a folder; give the name of a file"
    return error.strerror or type(error).__name__
