"""What lies in the shared cache, sealed so that only what we put there, under that key and still in time, is believed.

Bytes: "PYNC", version (1), until (milliseconds, 8), length (8), HMAC-SHA256 (32), content; numbers are big-endian. The
HMAC is over the key's length (4) and the key, the bytes before it, and the content.
"""

import hashlib
import hmac
import struct

_HEAD = struct.Struct(">4sBQQ")
_MAGIC, _VERSION = b"PYNC", 1
_MAC_BYTES = 32
OVERHEAD_BYTES = _HEAD.size + _MAC_BYTES


def sealed(secret: bytes, key: bytes, content: bytes, *, until_ms: int) -> bytes:
    """Return content in its envelope."""
    head = _HEAD.pack(_MAGIC, _VERSION, until_ms, len(content))
    return b"".join((head, _mac(secret, key, head, content), content))


def unsealed(secret: bytes, key: bytes, raw: bytes) -> tuple[bytes, int] | None:
    """Return the content and until when it holds; None for anything that was not sealed under this key."""
    if len(raw) < OVERHEAD_BYTES:
        return None
    head, content = raw[: _HEAD.size], raw[OVERHEAD_BYTES:]
    magic, version, until_ms, n_bytes = _HEAD.unpack(head)
    if (magic, version, n_bytes) != (_MAGIC, _VERSION, len(content)):
        return None
    if not hmac.compare_digest(raw[_HEAD.size : OVERHEAD_BYTES], _mac(secret, key, head, content)):
        return None
    return content, until_ms


def _mac(secret: bytes, key: bytes, head: bytes, content: bytes) -> bytes:
    mac = hmac.new(secret, len(key).to_bytes(4, "big") + key + head, hashlib.sha256)
    mac.update(content)
    return mac.digest()
