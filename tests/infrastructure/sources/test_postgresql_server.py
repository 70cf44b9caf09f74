from collections.abc import Iterator
from pathlib import Path

import pytest

from pynomaly.application.ports.sources import Source
from pynomaly.assembly.sources import source_catalog
from pynomaly.domain.errors import RemoteRefused
from pynomaly.infrastructure.outbound.addresses import read_networks
from pynomaly.infrastructure.outbound.guard import OutboundGuard
from pynomaly.infrastructure.settings import Settings
from tests.infrastructure.sources.catalogs import BOUNDS, read
from tests.infrastructure.sources.guarded_postgres import NAME, PASSWORD, GuardedPostgres, guarded_postgres


@pytest.fixture(scope="module")
def postgres(tmp_path_factory) -> Iterator[GuardedPostgres]:
    with guarded_postgres(tmp_path_factory.mktemp("tls")) as server:
        yield server


def opened(server: GuardedPostgres, folder: Path, **other: object) -> Source:
    """Return the source under a name that means this machine, as far as the program is told."""
    guard = OutboundGuard(
        ports=frozenset(),
        allowed=read_networks(["127.0.0.0/8"], origin="here"),
        resolve=lambda _host: ["127.0.0.1"],
    )
    catalog = source_catalog(Settings(home=folder / "home", threads=None, origins={}), lambda _ports: guard)
    given = {"host": NAME, "port": server.port, "database": "storm", "user": "reader", "password": PASSWORD}
    values = {name: value for name, value in {**given, **other}.items() if value is not None}
    return catalog.open("postgresql", values, BOUNDS)  # type: ignore[arg-type]


@pytest.fixture
def trusted(postgres, monkeypatch) -> GuardedPostgres:
    monkeypatch.setenv("SSL_CERT_FILE", str(postgres.authority))
    return postgres


@pytest.mark.parametrize("sslmode", ["verify-full", "require", "prefer"])
def test_a_server_is_read_with_its_password_over_tls(trusted, tmp_path, sslmode: str) -> None:
    assert read(opened(trusted, tmp_path, sslmode=sslmode), {"table": "orders"}, tmp_path)[0].n_rows == 3
    encrypted = {"query": "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"}
    assert read(opened(trusted, tmp_path, sslmode=sslmode), encrypted, tmp_path)[1].to_pylist() == [{"ssl": True}]


@pytest.mark.parametrize("password", ["wrong horse", " "])
def test_a_wrong_password_is_said_to_be_one_and_not_repeated(trusted, tmp_path, password: str) -> None:
    with pytest.raises(RemoteRefused, match='password authentication failed for user "reader"') as refusal:
        opened(trusted, tmp_path, password=password).test()
    assert password.strip() == "" or password not in str(refusal.value)


def test_a_password_that_is_missing_is_not_looked_for_elsewhere(trusted, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    passwords = tmp_path / "passwords"
    passwords.write_text(f"*:*:*:*:{PASSWORD}\n")
    passwords.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(passwords))
    with pytest.raises(RemoteRefused, match="no password supplied"):
        opened(trusted, tmp_path, password=None).test()


def test_a_server_that_nobody_vouches_for_is_not_trusted(postgres, tmp_path) -> None:
    with pytest.raises(RemoteRefused, match="certificate verify failed"):
        opened(postgres, tmp_path).test()


def test_a_server_that_is_vouched_for_under_another_name_is_not_trusted(trusted, tmp_path) -> None:
    with pytest.raises(RemoteRefused, match=r'certificate for "db\.example" does not match host name "other\.example"'):
        opened(trusted, tmp_path, host="other.example").test()


@pytest.mark.parametrize("sslmode", ["require", "prefer"])
def test_who_may_be_anybody_gets_no_password_in_the_open(postgres, tmp_path, sslmode: str) -> None:
    with pytest.raises(RemoteRefused, match="server requested a cleartext password"):
        opened(postgres, tmp_path, user="trusting", password="said in the open", sslmode=sslmode).test()


def test_what_the_user_may_not_read_is_said_in_the_servers_words(trusted, tmp_path) -> None:
    with pytest.raises(RemoteRefused, match="permission denied for table pg_authid"):
        read(opened(trusted, tmp_path), {"table": "pg_catalog.pg_authid"}, tmp_path)
