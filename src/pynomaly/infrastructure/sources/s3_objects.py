"""Fetching an object: in pieces, all of one version, so that what changes on the way is noticed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import urllib3
from minio import Minio

from pynomaly.application.ports.sources import SourceBounds
from pynomaly.domain.errors import InvalidRequest, RemoteRefused, RemoteUnavailable

PIECE_BYTES = 16 * 1024**2
_READ_BYTES = 256 * 1024
_RANGE = re.compile(r"bytes \d+-\d+/(\d+)")


def fetch(client: Minio, bucket: str, key: str, stream: BinaryIO, bounds: SourceBounds) -> None:
    """Fetch one version of an object, piece by piece.

    Raises InvalidRequest if it is larger than the bounds, RemoteUnavailable if it is another one meanwhile.
    """
    with _piece(client, bucket, key, 0, {}) as reply:
        n_bytes, version = _size_of(reply), reply.headers.get("etag", "")
        if n_bytes > bounds.n_bytes:
            raise InvalidRequest(f"the object holds {n_bytes} bytes; at most {bounds.n_bytes} are read")
        _copy(reply, stream)
    while stream.tell() < n_bytes:
        before = stream.tell()
        with _piece(client, bucket, key, before, {"If-Match": version}) as reply:
            if _size_of(reply) != n_bytes:
                raise RemoteUnavailable("the object was changed while it was read; read it again")
            _copy(reply, stream)
        if stream.tell() == before:
            raise RemoteUnavailable(f"the object ended after {before} of {n_bytes} bytes")


@contextmanager
def _piece(
    client: Minio, bucket: str, key: str, start: int, headers: dict[str, str]
) -> Iterator[urllib3.BaseHTTPResponse]:
    reply = client.get_object(bucket, key, offset=start, length=PIECE_BYTES, request_headers=dict(headers))
    try:
        yield reply
    finally:
        reply.close()
        reply.release_conn()


def _size_of(reply: urllib3.BaseHTTPResponse) -> int:
    """Return the bytes of the whole object. Raises RemoteRefused where the store does not tell."""
    match = _RANGE.fullmatch(reply.headers.get("content-range", ""))
    if match is None:
        raise RemoteRefused("the store does not give objects in pieces; is the endpoint right?")
    return int(match[1])


def _copy(reply: urllib3.BaseHTTPResponse, stream: BinaryIO) -> None:
    left = PIECE_BYTES
    while left and (part := reply.read(min(left, _READ_BYTES), decode_content=False)):
        stream.write(part)
        left -= len(part)
