"""Unpacking gzip and Zstandard, stopped in time when a small file tries to become a huge one."""

import errno
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from pynomaly.domain.errors import EmptyDataset, UnreadableFile
from pynomaly.infrastructure.data.content.byte_source import ByteSource
from pynomaly.infrastructure.data.limits import unpacked_limit_bytes

_CODECS = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_CHUNK_BYTES = 4 * 1024**2


def codec_of(head: bytes) -> str | None:
    """Return the codec that the first bytes announce, None for plain bytes."""
    return next((codec for magic, codec in _CODECS.items() if head.startswith(magic)), None)


def unpacked(source: ByteSource, into: Path | None = None) -> ByteSource:
    """Return the source without its compression; plain bytes come back as they are.

    into: a file for what is unpacked, which is held in memory without one.
    Raises UnreadableFile if the compressed data is damaged, cut short, or grows beyond the bounds in `limits`.
    """
    codec = codec_of(source.head(8))
    if codec is None:
        return source
    try:
        content = _content(source, codec) if into is None else _file(source, codec, into)
    except MemoryError:  # which Arrow's own is too, and nothing is damaged then
        raise
    except (pa.ArrowException, OSError) as error:
        if getattr(error, "errno", None) in _NO_ROOM:
            raise
        problem = "is cut short" if "truncated" in str(error).lower() else "is damaged"
        raise UnreadableFile(f"'{source.name}' {problem} ({codec}); copy or download it again.") from error
    if not content.n_bytes:
        raise EmptyDataset(f"'{source.name}' unpacks to nothing.")
    if codec_of(content.head(8)) is not None:
        raise UnreadableFile(f"'{source.name}' is compressed twice; unpack it once and try again.")
    return content


def _content(source: ByteSource, codec: str) -> ByteSource:
    sink = pa.BufferOutputStream()
    _unpack(source, codec, sink)
    return source.with_content(sink.getvalue())


def _file(source: ByteSource, codec: str, into: Path) -> ByteSource:
    with pa.OSFile(str(into), "wb") as sink:
        _unpack(source, codec, sink)
    return replace(source, path=into, content=None)


def _unpack(source: ByteSource, codec: str, sink: pa.NativeFile) -> None:
    n_bytes = 0
    with source.open() as packed, pa.CompressedInputStream(packed, codec) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            n_bytes += len(chunk)
            limit = unpacked_limit_bytes(packed.tell())  # of what was taken in: a bomb is known by its beginning
            if n_bytes > limit:
                raise UnreadableFile(
                    f"'{source.name}' unpacks to more than {limit // 1024**2} MiB from {packed.tell()} bytes; "
                    "if that is right, unpack it yourself and read the result."
                )
            sink.write(chunk)
