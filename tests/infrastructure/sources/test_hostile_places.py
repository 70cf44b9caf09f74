"""Nobody is led inside by a source: every hostile place, as a PostgreSQL server and as an object store."""

import socket
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from pynomaly.assembly.sources import source_catalog
from pynomaly.domain.errors import DestinationRefused, InvalidRequest, RemoteUnavailable
from pynomaly.infrastructure.outbound.guard import OutboundGuard
from pynomaly.infrastructure.settings import Settings
from pynomaly.infrastructure.sources.postgresql import PostgresSource
from tests.infrastructure.outbound.hostile_places import HONEST, Names, hostile_hosts, hostile_urls, names
from tests.infrastructure.outbound.test_guard import Wire
from tests.infrastructure.sources.catalogs import BOUNDS

REFUSALS = (DestinationRefused, InvalidRequest, RemoteUnavailable)
LEADING_ELSEWHERE = [
    "honest.example,127.0.0.1",
    "/var/run/postgresql",
    "@abstract",
    "honest.example host=127.0.0.1",
    "honest.example?hostaddr=127.0.0.1",
    "postgresql://127.0.0.1/",
    "honest.example\\ hostaddr=127.0.0.1",
]


class Driver:
    """Connects to nobody and writes down to which address it was to."""

    def __init__(self) -> None:
        self.connected: list[tuple[object, object, object]] = []

    def __call__(self, **given: object) -> "psycopg.Connection[object]":
        self.connected.append((given["hostaddr"], given["host"], given["port"]))
        raise psycopg.OperationalError("connection failed: nobody is there")


class PatientWire(Wire):
    """As the wire is, whatever the deadline."""

    def __call__(self, place: tuple[str, int], seconds: float) -> socket.socket:
        return super().__call__(place, min(seconds, 5.0))


def _database(host: str, driver: Driver, resolve: Names | None = None, **other: object) -> PostgresSource:
    guard = OutboundGuard(ports=frozenset({5432}), resolve=resolve or names(), connect=Wire())
    catalog = source_catalog(_SETTINGS, lambda _ports: guard)
    values = {"host": host, "database": "d", "user": "u", "password": "hush-hush", **other}
    source = catalog.open("postgresql", values, BOUNDS)  # type: ignore[arg-type]
    assert isinstance(source, PostgresSource)
    return replace(source, connect=driver)


_SETTINGS = Settings(home=Path("/nonexistent"), threads=None, origins={})


@pytest.mark.parametrize("sslmode", ["verify-full", "prefer"])
@pytest.mark.parametrize("host", [*hostile_hosts(), *LEADING_ELSEWHERE])
def test_no_hostile_host_is_connected_to_as_a_database(host: str, sslmode: str) -> None:
    driver = Driver()
    with pytest.raises(REFUSALS):
        _database(host, driver, sslmode=sslmode).test()
    assert driver.connected == []


@pytest.mark.parametrize("port", [1, 22, 80, 443, 6379])
def test_no_port_of_something_else_is_connected_to_as_a_database(port: int) -> None:
    driver = Driver()
    with pytest.raises(DestinationRefused, match="is none of those that are connected to"):
        _database("honest.example", driver, port=port).test()
    assert driver.connected == []


def test_a_database_is_connected_to_at_the_address_that_was_checked() -> None:
    driver, rebinding = Driver(), Names(turning=[["1.1.1.1", "8.8.8.8"], ["127.0.0.1"]])
    with pytest.raises(RemoteUnavailable, match="nobody is there"):
        _database("turning.example", driver, rebinding).test()
    assert rebinding.asked == ["turning.example"]
    assert driver.connected == [("1.1.1.1", "turning.example", 5432), ("8.8.8.8", "turning.example", 5432)]


def _ask_store(endpoint: str, wire: Wire, resolve: Names | None = None, **other: object) -> None:
    guard = OutboundGuard(ports=frozenset({443}), resolve=resolve or names(), connect=wire)
    catalog = source_catalog(_SETTINGS, lambda _ports: guard)
    values = {"endpoint": endpoint, "bucket": "bucket", "access_key": "a", "secret_key": "hush-hush", **other}
    catalog.open("s3", values, BOUNDS).test()  # type: ignore[arg-type]


@pytest.mark.parametrize("is_path_style", [True, False])
@pytest.mark.parametrize("endpoint", [url.removesuffix("/hook") for url in hostile_urls()])
def test_no_hostile_endpoint_is_connected_to(endpoint: str, is_path_style: bool) -> None:
    wire = PatientWire()
    with pytest.raises(REFUSALS):
        _ask_store(endpoint, wire, is_path_style=is_path_style)
    assert wire.connected == []


@pytest.mark.parametrize("bucket", ["127.0.0.1", "localhost#", "a@127.0.0.1", "inside.example/", "127.0.0.1:80/x?"])
def test_no_bucket_leads_elsewhere(bucket: str) -> None:
    wire = PatientWire()
    with pytest.raises((*REFUSALS, RemoteUnavailable)):
        _ask_store("https://honest.example", wire, bucket=bucket, is_path_style=False)
    assert {address for address, _ in wire.connected} <= {"1.1.1.1"}


@pytest.mark.parametrize("host", [host for host in HONEST if ":" not in host])
def test_a_store_of_the_outside_world_is_connected_to_once(host: str) -> None:
    wire = PatientWire()
    with pytest.raises(RemoteUnavailable, match="gave no whole answer"):
        _ask_store(f"https://{host}", wire)
    assert len(wire.connected) == 1


def test_a_store_at_an_ipv6_address_is_named_with_its_port() -> None:
    wire = PatientWire()
    with pytest.raises(InvalidRequest, match="in place of its IPv6 address, or with a port of its own"):
        _ask_store("https://[2606:4700:4700::1111]", wire)
    assert wire.connected == []


def test_a_stores_name_that_means_something_else_when_connecting_is_refused() -> None:
    wire, turning = PatientWire(), Names(turning=[["1.1.1.1"], ["127.0.0.1"]])
    with pytest.raises(REFUSALS):
        _ask_store("https://turning.example", wire, turning)
    assert wire.connected == []
