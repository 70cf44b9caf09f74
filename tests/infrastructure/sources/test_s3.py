import gzip
import io
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pynomaly.application.ports.sources import Source, SourceBounds
from pynomaly.assembly.sources import source_catalog
from pynomaly.domain.errors import (
    DestinationRefused,
    EmptyDataset,
    InvalidRequest,
    RemoteRefused,
    RemoteUnavailable,
    StorageFull,
    UnreadableFile,
)
from pynomaly.infrastructure.outbound.addresses import read_networks
from pynomaly.infrastructure.outbound.guard import OutboundGuard
from pynomaly.infrastructure.outbound.timed_guard import TimedGuard
from pynomaly.infrastructure.settings import Settings
from pynomaly.infrastructure.sources.s3 import Bucket, Endpoint, S3Source, read_endpoint
from pynomaly.infrastructure.sources.s3_errors import in_our_words
from pynomaly.infrastructure.sources.s3_objects import fetch
from pynomaly.infrastructure.sources.store_connections import StoreConnections
from tests.infrastructure.outbound.receivers import Behave, own_certificate, receiver
from tests.infrastructure.sources.catalogs import BOUNDS, catalog, nobody_listens, read
from tests.infrastructure.sources.cutting_relay import cutting_relay
from tests.infrastructure.sources.object_store import BUCKET, REGION, ObjectStore, object_store

CSV = b"id,city,amount\n1,Bonn,2.5\n2,Kiel,\n3,N/A,1e3\n"
LARGE = 17 * 1024**2


@pytest.fixture(scope="module")
def store() -> Iterator[ObjectStore]:
    with object_store() as lent:
        lent.put("orders/today.csv", CSV)
        lent.put("empty", b"")
        lent.put("large.csv", b"id,said\n" + b"1,%s\n" % (b"x" * 97) * (LARGE // 100))
        yield lent


def opened(store: ObjectStore, folder: Path, bounds: SourceBounds = BOUNDS, **other: object) -> Source:
    key = {"access_key": store.access_key, "secret_key": store.secret_key}
    values = {"endpoint": store.endpoint, "bucket": BUCKET, **key, **other}
    return catalog(folder).open("s3", values, bounds)  # type: ignore[arg-type]


def test_the_test_says_that_the_bucket_answers_and_what_is_in_it(store, tmp_path) -> None:
    assert opened(store, tmp_path).test() == "Bucket shop answers; the first object in it is empty."


def test_csv_is_read_as_an_uploaded_file_is(store, tmp_path) -> None:
    told, rows = read(opened(store, tmp_path), {"key": "orders/today.csv"}, tmp_path)
    assert rows.to_pylist() == [
        {"id": 1, "city": "Bonn", "amount": 2.5},
        {"id": 2, "city": "Kiel", "amount": None},
        {"id": 3, "city": None, "amount": 1000.0},
    ]
    assert told.notes == ()
    assert [entry.name for entry in tmp_path.iterdir()] == ["rows.arrow"]


def test_objects_of_other_formats_are_read_too(store, tmp_path) -> None:
    data = pa.table({"id": [1, 2, 3], "said": ["a", None, "N/A"]})
    parquet, arrow = io.BytesIO(), io.BytesIO()
    pq.write_table(data, parquet)
    with pa.ipc.new_file(arrow, data.schema) as writer:
        writer.write_table(data)
    bodies = {"p.parquet": parquet.getvalue(), "a.arrow": arrow.getvalue(), "j.jsonl": b'{"id": 1, "said": "a"}\n'}
    for name, body in {**bodies, "c.csv.gz": gzip.compress(b"id,said\n1,a\n2,b\n")}.items():
        store.put(name, body)
        _, rows = read(opened(store, tmp_path), {"key": name}, tmp_path)
        assert rows.slice(0, 1).to_pylist() == [{"id": 1, "said": "a"}], name


def test_a_large_object_comes_in_pieces_and_whole(store, tmp_path) -> None:
    told, _ = read(opened(store, tmp_path), {"key": "large.csv"}, tmp_path)
    assert told.n_rows == LARGE // 100


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"access_key": "AKIANOBODY"}, r"refuses \(403 InvalidAccessKeyId\): The AWS Access Key Id you provided does"),
        ({"secret_key": "wrong horse"}, r"refuses \(403 SignatureDoesNotMatch\): The request signature we calculated"),
        ({"bucket": "warehouse"}, r"refuses \(404 NoSuchBucket\): The specified bucket does not exist"),
    ],
)
def test_who_is_not_let_in_hears_why_and_no_secret(store, tmp_path, other, says: str) -> None:
    source = opened(store, tmp_path, **other)
    for ask in (source.test, lambda: read(source, {"key": "orders/today.csv"}, tmp_path)):
        with pytest.raises(RemoteRefused, match=says) as refusal:
            ask()
        assert "horse" not in str(refusal.value)
        assert store.secret_key not in str(refusal.value)


@pytest.mark.parametrize(
    ("key", "kind", "says"),
    [
        ("nothing.csv", RemoteRefused, "404 NoSuchKey"),
        ("empty", EmptyDataset, r"empty \(0 bytes\)"),
        ("../other/today.csv", InvalidRequest, "path segment is not supported"),
    ],
)
def test_an_object_that_cannot_be_read_is_said_to_be_so(store, tmp_path, key: str, kind, says: str) -> None:
    with pytest.raises(kind, match=says):
        read(opened(store, tmp_path), {"key": key}, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"bucket": "A B"}, "invalid bucket name"),
        ({"region": "no region"}, "invalid region"),
        ({"buckte": "x"}, "did you mean 'bucket'"),
    ],
)
def test_what_cannot_be_asked_is_refused(store, tmp_path, other, says: str) -> None:
    with pytest.raises(InvalidRequest, match=says):
        opened(store, tmp_path, **other).test()


def test_bytes_that_are_no_table_are_refused_under_the_objects_name(store, tmp_path) -> None:
    store.put("deep/picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 9)
    with pytest.raises(UnreadableFile, match=r"'picture\.png' is neither text nor a known table format"):
        read(opened(store, tmp_path), {"key": "deep/picture.png"}, tmp_path)


def test_more_bytes_or_rows_than_the_bounds_allow_are_refused(store, tmp_path) -> None:
    with pytest.raises(InvalidRequest, match="the object holds 17825708 bytes; at most 1000 are read"):
        read(opened(store, tmp_path, replace(BOUNDS, n_bytes=1000)), {"key": "large.csv"}, tmp_path)
    with pytest.raises(InvalidRequest, match="more than 2 rows, which is the most"):
        read(opened(store, tmp_path, replace(BOUNDS, rows=2)), {"key": "orders/today.csv"}, tmp_path)


def test_a_connection_that_is_cut_in_the_middle_is_said_to_be(store, tmp_path) -> None:
    with cutting_relay(store.port, after_bytes=1_000_000) as port:
        dropped = opened(store, tmp_path, endpoint=f"http://127.0.0.1:{port}")
        with pytest.raises(RemoteUnavailable, match=r"gave no whole answer: IncompleteRead\(\d+ bytes read, \d+ more"):
            read(dropped, {"key": "large.csv"}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_falls_silent_in_the_middle_is_not_waited_for_longer_than_the_bounds(store, tmp_path) -> None:
    with cutting_relay(store.port, after_bytes=1_000_000, is_silent=True) as port:
        silent = opened(store, tmp_path, replace(BOUNDS, seconds=1.0), endpoint=f"http://127.0.0.1:{port}")
        with pytest.raises(RemoteUnavailable, match="did not answer in the time there is for it"):
            read(silent, {"key": "large.csv"}, tmp_path)


class _Meddled(io.BytesIO):
    """A stream whose first bytes make somebody replace the object that is being fetched."""

    def __init__(self, store: ObjectStore, body: bytes) -> None:
        super().__init__()
        self._store = store
        self._body = body

    def write(self, part: object) -> int:
        if not self.tell():
            self._store.put("changing.csv", self._body)
        return super().write(part)  # type: ignore[arg-type]


@pytest.mark.parametrize("n_more", [0, 1])
def test_an_object_that_is_replaced_in_the_middle_is_noticed(store, tmp_path, n_more: int) -> None:
    store.put("changing.csv", b"a" * LARGE)
    endpoint = Endpoint("127.0.0.1", store.port, is_encrypted=False)
    bucket = Bucket(endpoint, REGION, BUCKET, store.access_key, store.secret_key, None, is_path_style=True)
    guard = OutboundGuard(ports=frozenset(), allowed=read_networks(["127.0.0.0/8"], origin="here"))
    exchange = TimedGuard.within(guard, 30.0)
    connections = StoreConnections(exchange, ssl.create_default_context())
    meddled = _Meddled(store, b"b" * (LARGE + n_more))

    def fetch_it() -> None:
        with in_our_words("here", [], exchange):
            fetch(bucket.client(connections), BUCKET, "changing.csv", meddled, BOUNDS)

    with pytest.raises(RemoteUnavailable, match="the object was changed while it was read; read it again"):
        fetch_it()
    connections.close()


def _answering(head: str, body: bytes = b"") -> Behave:
    def answer(client: socket.socket) -> None:
        client.recv(65536)
        client.sendall(f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

    return answer


_XML = "\r\nContent-Type: application/xml"
_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "'
    + b"ha" * 1000
    + b'"><!ENTITY b "'
    + b"&a;" * 1000
    + b'"><!ENTITY c "'
    + b"&b;" * 1000
    + b'">]><Error><Code>&c;</Code></Error>'
)


@pytest.mark.parametrize(
    ("behave", "kind", "says"),
    [
        (_answering("200 OK", b"<html>"), RemoteRefused, "no XML"),
        (_answering("200 OK", b"\xff\xfe\x00"), RemoteRefused, "no XML"),
        (_answering("404 Not Found", b"<html>no</html>"), RemoteRefused, "status 404 and not as an object store does"),
        (_answering("502 Bad Gateway", b"<html>no</html>"), RemoteUnavailable, "answers with status 502"),
        (_answering("403 Forbidden" + _XML, _LAUGHS), RemoteRefused, "no XML"),
        (
            _answering("403 Forbidden" + _XML, b"<Error><Code>Odd\x1b[31m</Code></Error>"),
            RemoteRefused,
            r"no XML|403 Odd\?\[31m",
        ),
        (
            _answering("503 Slow" + _XML, b"<Error><Code>SlowDown</Code><Message>later</Message></Error>"),
            RemoteUnavailable,
            r"503 SlowDown\): later",
        ),
        (
            _answering("400 Bad" + _XML, b"<Error><Code>X</Code><Message>key is hush-hush</Message></Error>"),
            RemoteRefused,
            r"400 X\): key is \(hidden\)$",
        ),
        (lambda client: client.sendall(b"SSH-2.0-OpenSSH\r\n"), RemoteUnavailable, "gave no whole answer"),
        (lambda _client: None, RemoteUnavailable, "gave no whole answer"),
    ],
)
def test_a_reply_of_something_else_is_told_apart(store, tmp_path, behave: Behave, kind, says: str) -> None:
    with receiver(behave) as port:
        source = opened(store, tmp_path, endpoint=f"http://127.0.0.1:{port}", secret_key="hush-hush")
        with pytest.raises(kind, match=says):
            source.test()


def test_an_error_without_an_end_is_cut_off(store, tmp_path) -> None:
    def flood(client: socket.socket) -> None:
        client.recv(65536)
        client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Type: application/xml\r\n\r\n<Error>")
        while True:
            client.sendall(b"x" * 65536)

    with receiver(flood) as port, pytest.raises(RemoteRefused, match="no XML"):
        opened(store, tmp_path, endpoint=f"http://127.0.0.1:{port}").test()


def test_a_reply_that_drips_is_over_when_the_time_is(store, tmp_path) -> None:
    def drip(client: socket.socket) -> None:
        for letter in "HTTP/1.1 200 OK\r\n" + "X-Slow: 1\r\n" * 1000:
            client.sendall(letter.encode())
            threading.Event().wait(0.05)

    with receiver(drip) as port:
        slow = opened(store, tmp_path, replace(BOUNDS, seconds=0.5), endpoint=f"http://127.0.0.1:{port}")
        with pytest.raises(RemoteUnavailable, match=r"127\.0\.0\.1 did not answer in the time there is for it"):
            slow.test()


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
def test_no_redirect_is_followed(store, tmp_path, status: str) -> None:
    led_there: list[socket.socket] = []
    with receiver(led_there.append) as inside:
        answer = _answering(f"{status}\r\nLocation: http://127.0.0.1:{inside}/shop/")
        with receiver(answer) as port, pytest.raises((RemoteRefused, RemoteUnavailable)):
            opened(store, tmp_path, endpoint=f"http://127.0.0.1:{port}").test()
    assert led_there == []


def _encrypted(store: ObjectStore, folder: Path, name: str, tls: ssl.SSLContext, port: int) -> Source:
    """Return a source whose endpoint's name means this machine, as far as the program is told."""
    guard = OutboundGuard(
        ports=frozenset(),
        allowed=read_networks(["127.0.0.0/8"], origin="here"),
        resolve=lambda _host: ["127.0.0.1"],
    )
    settings = Settings(home=folder / "home", threads=None, origins={})
    sources = source_catalog(settings, lambda _ports: guard)
    key = {"access_key": store.access_key, "secret_key": store.secret_key}
    source = sources.open("s3", {"endpoint": f"https://{name}:{port}", "bucket": BUCKET, **key}, BOUNDS)
    assert isinstance(source, S3Source)
    return replace(source, around=replace(source.around, tls=lambda: tls))


def test_over_tls_the_name_decides_whom_to_trust(store, tmp_path) -> None:
    serving, trusting = own_certificate(tmp_path, "store.example")
    listing = b"<ListBucketResult><Name>shop</Name></ListBucketResult>"
    with receiver(_answering("200 OK", listing), serving) as port:
        assert _encrypted(store, tmp_path, "store.example", trusting, port).test().endswith("there is nothing in it.")
        with pytest.raises(RemoteRefused, match="is not trusted: Hostname mismatch"):
            _encrypted(store, tmp_path, "other.example", trusting, port).test()
        with pytest.raises(RemoteRefused, match=r"store\.example is not trusted: self.signed certificate"):
            _encrypted(store, tmp_path, "store.example", ssl.create_default_context(), port).test()


@pytest.mark.parametrize(
    ("endpoint", "meant"),
    [
        ("https://s3.example", ("s3.example", 443, True)),
        ("https://s3.example:9000/", ("s3.example", 9000, True)),
        ("http://[::1]:9000", ("::1", 9000, False)),
    ],
)
def test_an_endpoint_is_a_scheme_a_host_and_perhaps_a_port(endpoint: str, meant) -> None:
    assert read_endpoint(endpoint) == meant


@pytest.mark.parametrize(
    "endpoint", ["s3.example", "https://s3.example/path", "https://u@s3.example", "ftp://x", "https://x:0"]
)
def test_any_other_endpoint_is_refused(endpoint: str) -> None:
    with pytest.raises(DestinationRefused):
        read_endpoint(endpoint)


def test_a_bucket_before_the_hosts_name_is_found_there(store, tmp_path) -> None:
    asked: list[bytes] = []

    def answer(client: socket.socket) -> None:
        asked.append(client.recv(65536))
        body = b"<ListBucketResult><Name>shop</Name></ListBucketResult>"
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    serving, trusting = own_certificate(tmp_path, "shop.store.example")
    with receiver(answer, serving) as port:
        source = _encrypted(store, tmp_path, "store.example", trusting, port)
        assert isinstance(source, S3Source)
        replace(source, bucket=replace(source.bucket, is_path_style=False)).test()
    assert b"Host: shop.store.example:" in asked[0]


def test_nothing_stays_where_the_disk_is_full(store, tmp_path) -> None:
    (tmp_path / "rows.arrow").symlink_to("/dev/full")
    with pytest.raises(StorageFull, match="there is no room for what is read: No space left on device"):
        opened(store, tmp_path).read_into({"key": "large.csv"}, tmp_path / "rows.arrow", nobody_listens)
    assert list(tmp_path.iterdir()) == []
