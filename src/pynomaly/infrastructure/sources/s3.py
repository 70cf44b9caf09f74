"""Object stores that speak S3: an object is fetched in pieces of one version of it, and then read as a stream."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import BinaryIO, NamedTuple
from urllib.parse import urlsplit

import urllib3
from minio import Minio

from pynomaly.application.ports.sources import ReadIn, SourceBounds
from pynomaly.domain.connection import Value
from pynomaly.domain.errors import DestinationRefused, InvalidRequest, RemoteRefused, RemoteUnavailable
from pynomaly.infrastructure.sources.arrow_file import room_to_write, write_blocks
from pynomaly.infrastructure.sources.kinds import S3
from pynomaly.infrastructure.sources.remote_words import repeatable
from pynomaly.infrastructure.sources.s3_errors import in_our_words
from pynomaly.infrastructure.sources.selections import checked_selection
from pynomaly.infrastructure.sources.store_connections import StoreConnections
from pynomaly.infrastructure.sources.surroundings import Surroundings

PIECE_BYTES = 16 * 1024**2
_READ_BYTES = 256 * 1024
_PORTS = {"https": 443, "http": 80}
_RANGE = re.compile(r"bytes \d+-\d+/(\d+)")


class Endpoint(NamedTuple):
    """Where a store is."""

    host: str
    port: int
    is_encrypted: bool


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket and the key to it."""

    endpoint: Endpoint
    region: str
    name: str
    access_key: str
    secret_key: str = field(repr=False)
    session_token: str | None = field(repr=False)
    is_path_style: bool

    def secrets(self) -> list[str]:
        """Return what no message may hold."""
        return [self.secret_key, self.session_token or ""]

    def client(self, connections: StoreConnections) -> Minio:
        """Return a client of the store. Raises ValueError for what cannot be asked."""
        host = f"[{self.endpoint.host}]" if ":" in self.endpoint.host else self.endpoint.host
        client = Minio(
            f"{host}:{self.endpoint.port}",
            access_key=self.access_key,
            secret_key=self.secret_key,
            session_token=self.session_token,
            secure=self.endpoint.is_encrypted,
            region=self.region,
            http_client=connections,
        )
        choose = client.disable_virtual_style_endpoint if self.is_path_style else client.enable_virtual_style_endpoint
        choose()  # type: ignore[no-untyped-call]
        return client


@dataclass(frozen=True, slots=True)
class S3Source:
    """One bucket."""

    bucket: Bucket
    bounds: SourceBounds
    around: Surroundings

    def test(self) -> str:
        """List one object, and say what was found. Raises DestinationRefused, RemoteUnavailable, RemoteRefused."""
        with self._client() as client:
            listed = client.list_objects(self.bucket.name, recursive=True, extra_query_params={"max-keys": "1"})
            first = next(iter(listed), None)
        if first is None:
            return f"Bucket {self.bucket.name} answers; there is nothing in it."
        told = repeatable(str(first.object_name), self.bucket.secrets())
        return f"Bucket {self.bucket.name} answers; the first object in it is {told}."

    def read_into(self, selection: Mapping[str, Value], path: PurePath, progress: Callable[[int], None]) -> ReadIn:
        """Read an object of any format that files may have.

        Raises DestinationRefused, RemoteUnavailable, RemoteRefused, InvalidRequest, InvalidData, StorageFull.
        """
        key, target = str(checked_selection(S3, selection)["key"]), Path(path)
        with TemporaryDirectory(prefix="object-", dir=target.parent) as folder, room_to_write():
            fetched = Path(folder) / "object"
            with self._client() as client, fetched.open("xb") as stream:
                _fetch(client, self.bucket.name, key, stream, self.bounds)
            name = key.rstrip("/").rpartition("/")[-1] or key
            with self.around.blocks_of(fetched, name, Path(folder)) as blocks:
                return write_blocks(blocks, target, self.bounds, progress)

    @contextmanager
    def _client(self) -> Iterator[Minio]:
        endpoint, secrets = self.bucket.endpoint, self.bucket.secrets()
        exchange = self.around.reach_store(self.bounds.seconds)
        connections = StoreConnections(exchange, self.around.tls())
        try:
            exchange.checked(endpoint.host, endpoint.port, is_encrypted=endpoint.is_encrypted)
            with in_our_words(endpoint.host, secrets, exchange), exchange.over(connections.connection):
                yield self.bucket.client(connections)
        finally:
            connections.close()


def open_s3(values: Mapping[str, Value], bounds: SourceBounds, around: Surroundings) -> S3Source:
    """Return a source that was described completely. Raises DestinationRefused for an endpoint that is none."""
    token = values.get("session_token")
    bucket = Bucket(
        endpoint=read_endpoint(str(values["endpoint"])),
        region=str(values["region"]),
        name=str(values["bucket"]),
        access_key=str(values["access_key"]),
        secret_key=str(values["secret_key"]),
        session_token=None if token is None else str(token),
        is_path_style=bool(values["is_path_style"]),
    )
    return S3Source(bucket, bounds, around)


def read_endpoint(text: str) -> Endpoint:
    """Take an endpoint apart that is a scheme, a host and perhaps a port. Raises DestinationRefused for any other."""
    try:
        place = urlsplit(text)
        port = place.port
    except ValueError:
        raise DestinationRefused("the endpoint is no URL") from None
    is_plain = text.isascii() and text.isprintable() and not set(text) & set(' \\"<>^`{|}%@?#')
    if not is_plain or place.scheme not in _PORTS or not place.hostname or port == 0 or place.path not in ("", "/"):
        raise DestinationRefused(
            "an endpoint is https:// and a host, with a port where it is unusual, and nothing else"
        )
    return Endpoint(place.hostname, port or _PORTS[place.scheme], place.scheme == "https")


def _fetch(client: Minio, bucket: str, key: str, stream: BinaryIO, bounds: SourceBounds) -> None:
    """Fetch one version of an object, piece by piece. Raises InvalidRequest if it is larger than the bounds."""
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
