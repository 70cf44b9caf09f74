"""Arrow IPC files that are published whole, vouched for by a SHA-256 and mapped into memory when read."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from pynomaly.domain.errors import CorruptModel

if TYPE_CHECKING:
    import pyarrow as pa


def write_arrow(data: "pa.Table", path: Path, *, compression: str | None = None) -> None:
    """Write a table as an Arrow IPC file. Raises OSError."""
    import pyarrow as pa

    options = pa.ipc.IpcWriteOptions(compression=compression, unify_dictionaries=True)
    with path.open("wb") as stream, pa.ipc.new_file(stream, data.schema, options=options) as writer:
        writer.write_table(data)


def read_arrow(path: Path, *, sha256: str, remedy: str) -> "pa.Table":
    """Return a file's table, mapped into memory where it is not compressed.

    The checksum is verified first: the parser trusts its input.  remedy: what to do about a damaged file.
    Raises CorruptModel, OSError.
    """
    import pyarrow as pa

    if file_sha256(path) != sha256:
        raise CorruptModel(f"{path} was damaged after it was stored; its checksum differs; {remedy}")
    try:
        with pa.memory_map(str(path)) as source:
            return pa.ipc.open_file(source).read_all()
    except pa.ArrowException as error:
        raise CorruptModel(f"{path} is not an Arrow file this version can read ({error}); {remedy}") from error


def file_sha256(path: Path) -> str:
    """Return the SHA-256 (hex) of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
