"""Unpacking gzip and Zstandard, stopped in time when a small file tries to become a huge one."""

import pyarrow as pa

from pynomaly.domain.errors import EmptyDataset, UnreadableFile
from pynomaly.infrastructure.data.content.byte_source import ByteSource
from pynomaly.infrastructure.data.limits import unpacked_limit_bytes

_CODECS = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_CHUNK_BYTES = 4 * 1024**2


def codec_of(head: bytes) -> str | None:
    """Return the codec that the first bytes announce, None for plain bytes."""
    return next((codec for magic, codec in _CODECS.items() if head.startswith(magic)), None)


def unpacked(source: ByteSource) -> ByteSource:
    """Return the source without its compression; plain bytes come back as they are.

    Raises UnreadableFile if the compressed data is damaged, cut short, or grows beyond the bounds in `limits`.
    """
    codec = codec_of(source.head(8))
    if codec is None:
        return source
    try:
        content = _unpack(source, codec)
    except MemoryError:  # which Arrow's own is too, and nothing is damaged then
        raise
    except (pa.ArrowException, OSError) as error:
        problem = "is cut short" if "truncated" in str(error).lower() else "is damaged"
        raise UnreadableFile(f"'{source.name}' {problem} ({codec}); copy or download it again.") from error
    if not content.size:
        raise EmptyDataset(f"'{source.name}' unpacks to nothing.")
    if codec_of(content.slice(0, 8).to_pybytes()) is not None:
        raise UnreadableFile(f"'{source.name}' is compressed twice; unpack it once and try again.")
    return source.with_content(content)


def _unpack(source: ByteSource, codec: str) -> pa.Buffer:
    sink = pa.BufferOutputStream()
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
    return sink.getvalue()
