import pytest

from pynomaly.domain.errors import InvalidRequest
from pynomaly.infrastructure.cache.server_address import client_of


@pytest.mark.parametrize(
    ("url", "database"),
    [
        ("redis://localhost", 0),
        ("redis://localhost:6380/3", 3),
        ("rediss://user:pass%2Fword@cache.example:6380/1?ssl_ca_certs=/etc/ca.pem", 1),
        ("redis://:secret@[::1]:6379/", 0),
        ("unix:///run/redis.sock?db=2", 2),
    ],
)
def test_addresses_of_every_kind_are_understood(url, database):
    assert client_of(url, patience_seconds=0.1).connection_pool.connection_kwargs.get("db", 0) == database


@pytest.mark.parametrize("url", ["redis://localhost", "rediss://localhost?ssl_cert_reqs=required", "unix:///r.sock"])
def test_nobody_waits_long_or_tries_twice(url):
    choices = client_of(url, patience_seconds=0.1).connection_pool.connection_kwargs
    assert (choices["socket_connect_timeout"], choices["socket_timeout"]) == (0.1, 0.1)
    assert choices["retry"].get_retries() == 0


@pytest.mark.parametrize(
    "url",
    [
        "localhost:6379",
        "http://:hush@localhost",
        "redis://",
        "redis://:hush@localhost:port/0",
        "redis://:hush@localhost/zero",
        "redis://:hush@localhost/0?socket_timeout=3600",
        "redis://:hush@localhost/0?decode_responses=true",
        "unix://?db=hush",
        "redis://:hush@localhost:99999999/0",
    ],
)
def test_anything_else_is_refused_without_its_password(url):
    with pytest.raises(InvalidRequest, match="redis_url is no address such as") as told:
        client_of(url, patience_seconds=0.1)
    assert "hush" not in str(told.value)
