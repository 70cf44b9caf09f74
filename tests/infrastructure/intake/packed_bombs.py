"""Archives and streams that unfold to far more than they are, built without unfolding them here."""

import gzip
import struct
import zlib
from dataclasses import dataclass

MEBIBYTE = 1024**2


@dataclass(frozen=True)
class Deflated:
    """A deflate stream and what it unfolds to."""

    packed: bytes
    n_bytes: int
    crc: int


def deflated(head: bytes, repeated: bytes, times: int, tail: bytes) -> Deflated:
    """Return `head`, `repeated` so many times and `tail` as one deflate stream; the repetition is packed once."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(repeated) + packer.flush(zlib.Z_FULL_FLUSH)
    last = packer.compress(tail) + packer.flush()
    crc = zlib.crc32(head)
    for _ in range(times):
        crc = zlib.crc32(repeated, crc)
    n_bytes = len(head) + times * len(repeated) + len(tail)
    return Deflated(first + again * times + last, n_bytes, zlib.crc32(tail, crc))


def whole(content: bytes) -> Deflated:
    return deflated(content, b"", 0, b"")


def gzip_of(body: Deflated) -> bytes:
    header = gzip.compress(b"", mtime=0)[:10]
    return header + body.packed + struct.pack("<II", body.crc, body.n_bytes % 2**32)


def zip_of(members: dict[str, Deflated], *, said_bytes: dict[str, int] | None = None) -> bytes:
    """Return a zip archive; `said_bytes` is what its directory claims of some members' size."""
    content, directory = bytearray(), bytearray()
    for name, body in members.items():
        n_bytes = (said_bytes or {}).get(name, body.n_bytes)
        sizes = struct.pack("<HHHIIIHH", 8, 0, 33, body.crc, len(body.packed), n_bytes, len(name), 0)
        start = len(content)
        content += b"PK\x03\x04" + struct.pack("<HH", 20, 0) + sizes + name.encode() + body.packed
        directory += b"PK\x01\x02" + struct.pack("<HHH", 20, 20, 0) + sizes
        directory += struct.pack("<HHHII", 0, 0, 0, 0, start) + name.encode()
    end = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(directory), len(content), 0)
    return bytes(content + directory + b"PK\x05\x06" + end)
