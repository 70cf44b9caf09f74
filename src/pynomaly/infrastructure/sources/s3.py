"""Object stores that speak S3: an object is fetched in pieces of one version of it, and then read as a stream."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import urlsplit

from minio import Minio

from pynomaly.application.ports.sources import ReadIn, SourceBounds
from pynomaly.application.redaction import redacted
from pynomaly.domain.connection import Value
from pynomaly.domain.errors import DestinationRefused
from pynomaly.infrastructure.sources.arrow_file import room_to_write, write_blocks
from pynomaly.infrastructure.sources.kinds import S3
from pynomaly.infrastructure.sources.s3_errors import in_our_words
from pynomaly.infrastructure.sources.s3_objects import fetch
from pynomaly.infrastructure.sources.selections import checked_selection
from pynomaly.infrastructure.sources.store_connections import StoreConnections
from pynomaly.infrastructure.sources.surroundings import Surroundings

_PORTS = {"https": 443, "http": 80}


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
        host = self.endpoint.host
        if ":" in host and self.endpoint.port in _PORTS.values():  # the client would leave the brackets out
            raise ValueError("write the store's name in place of its IPv6 address, or with a port of its own")
        host = f"[{host}]" if ":" in host else host
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
        told = redacted(str(first.object_name), self.bucket.secrets())
        return f"Bucket {self.bucket.name} answers; the first object in it is {told}."

    def read_into(self, selection: Mapping[str, Value], path: PurePath, progress: Callable[[int], None]) -> ReadIn:
        """Read an object of any format that files may have.

        Raises DestinationRefused, RemoteUnavailable, RemoteRefused, InvalidRequest, InvalidData, StorageFull.
        """
        key, target = str(checked_selection(S3, selection)["key"]), Path(path)
        with TemporaryDirectory(prefix="object-", dir=target.parent) as folder, room_to_write():
            fetched = Path(folder) / "object"
            with self._client() as client, fetched.open("xb") as stream:
                fetch(client, self.bucket.name, key, stream, self.bounds)
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
