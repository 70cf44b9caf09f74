"""Where bytes come from: a file that can be opened again and again, or bytes already in memory."""

import os
import stat
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from pynomaly.domain.errors import EmptyDataset, UnreadableFile, did_you_mean
from pynomaly.infrastructure.data.limits import MAX_UNPACKED_BYTES

_COMPRESSION_SUFFIXES = (".gz", ".gzip", ".zst", ".zstd")
_CHUNK_BYTES = 1024**2


@dataclass(frozen=True, slots=True, eq=False)
class ByteSource:
    """Bytes with a name for messages; exactly one of `path` and `content` is set."""

    name: str
    path: Path | None = None
    content: pa.Buffer | None = None

    def open(self) -> pa.NativeFile:
        """Open for reading from the first byte; the caller closes it."""
        return pa.BufferReader(self.content) if self.path is None else pa.OSFile(os.fspath(self.path), "rb")

    def mapped(self) -> pa.NativeFile:
        """Open for reading; a file is mapped, so that what is not compressed takes no memory of its own."""
        return pa.BufferReader(self.content) if self.path is None else pa.memory_map(os.fspath(self.path))

    @property
    def n_bytes(self) -> int:
        """Number of bytes."""
        return self.path.stat().st_size if self.path is not None else len(self.content or b"")

    @property
    def suffix(self) -> str:
        """The file name's ending in lower case, compression endings left out; empty if there is none."""
        suffixes = [ending.lower() for ending in Path(self.name).suffixes]
        while suffixes and suffixes[-1] in _COMPRESSION_SUFFIXES:
            suffixes.pop()
        return suffixes[-1] if suffixes else ""

    def head(self, n_bytes: int) -> bytes:
        """Return the first bytes, at most `n_bytes`."""
        with self.open() as stream:
            return bytes(stream.read(n_bytes))

    def tail(self, n_bytes: int) -> bytes:
        """Return the last bytes, at most `n_bytes`."""
        with self.open() as stream:
            stream.seek(max(0, self.n_bytes - n_bytes))
            return bytes(stream.read(n_bytes))

    def with_content(self, content: pa.Buffer) -> "ByteSource":
        """Return a source of the same name with other bytes, held in memory."""
        return replace(self, path=None, content=content)


def file_source(path: Path, *, name: str = "") -> ByteSource:
    """Return a file's bytes; messages call them `name`, by default the last part of the path.

    Raises UnreadableFile if it is missing, a folder, forbidden or broken; EmptyDataset if it holds no byte.
    """
    name = name or path.name or str(path)
    try:
        with path.open("rb") as stream:
            status = os.fstat(stream.fileno())
            is_stream = not stat.S_ISREG(status.st_mode)
            source = stream_source(stream, name=name) if is_stream else ByteSource(name=name, path=path)
    except FileNotFoundError:
        raise UnreadableFile(f"there is no file '{path}'{_closest_neighbour(path)}") from None
    except IsADirectoryError:
        raise UnreadableFile(f"'{path}' is a folder; name one file in it.") from None
    except PermissionError:
        raise UnreadableFile(f"'{path}' may not be read; check its permissions (ls -l).") from None
    except (OSError, ValueError) as error:
        raise UnreadableFile(f"'{path}' cannot be opened ({error}).") from error
    if not source.n_bytes:
        raise EmptyDataset(f"'{name}' is empty (0 bytes); was it written completely?")
    return source


def stream_source(stream: BinaryIO, *, name: str) -> ByteSource:
    """Return everything a stream (standard input, a pipe) has to say.

    Raises EmptyDataset if it says nothing, UnreadableFile if it says more than fits.
    """
    sink = pa.BufferOutputStream()
    n_bytes = 0
    while chunk := stream.read(_CHUNK_BYTES):
        n_bytes += len(chunk)
        if n_bytes > MAX_UNPACKED_BYTES:
            limit = MAX_UNPACKED_BYTES // 1024**3
            raise UnreadableFile(f"{name} holds more than {limit} GiB; write it to a Parquet file and read that.")
        sink.write(chunk)
    if not n_bytes:
        raise EmptyDataset(f"{name} is empty (0 bytes); was something piped into it?")
    return ByteSource(name=name, content=sink.getvalue())


def _closest_neighbour(path: Path) -> str:
    try:
        names = [entry.name for entry in path.parent.iterdir() if entry.name != path.name]  # a link leading nowhere
    except OSError:
        return "."
    return did_you_mean(path.name, names) or "."
