from pathlib import Path

import pytest

from pynomaly.assembly.outbound import guard_of
from pynomaly.domain.errors import DestinationRefused, InvalidRequest
from pynomaly.infrastructure.outbound.deadline import Deadline
from pynomaly.infrastructure.settings import Settings

HERE = ("127.0.0.0/8", "::1")


def _guard(*allowed: str, **own: str):
    settings = Settings(Path("nowhere"), None, {}, outbound_allow=allowed, **own)
    return guard_of(settings, frozenset({443}))


def _checked(guard, host: str, port: int):
    return guard.checked(host, port, Deadline.within(5.0))


def test_inside_nothing_is_reached_but_what_the_settings_name() -> None:
    with pytest.raises(DestinationRefused, match="PYNOMALY_OUTBOUND_ALLOW"):
        _checked(_guard(), "127.0.0.1", 443)
    assert _checked(_guard(*HERE), "127.0.0.1", 8000) == ["127.0.0.1"]


def test_of_the_outside_world_only_the_ports_that_were_asked_for() -> None:
    assert _checked(_guard(), "1.1.1.1", 443) == ["1.1.1.1"]
    with pytest.raises(DestinationRefused, match="port 587 is none of those"):
        _checked(_guard(), "1.1.1.1", 587)


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("postgresql://ada:hush@127.0.0.1:6543/pynomaly", 6543),
        ("postgresql://ada:hush@127.0.0.1/pynomaly", 5432),
        ("postgresql://localhost/pynomaly", 5432),
        ("postgresql://[::ffff:127.0.0.1]:6543/pynomaly", 6543),
        ("postgresql:///pynomaly?host=127.0.0.1", 5432),
        ("postgresql://ada@/pynomaly?host=no-such-host.invalid:1&host=127.0.0.1:6432", 6432),
    ],
)
def test_our_own_database_is_never_reached(url: str, port: int) -> None:
    guard = _guard(*HERE, database_url=url)
    for host in ("127.0.0.1", "[::ffff:127.0.0.1]", "localhost"):
        with pytest.raises(DestinationRefused, match="must not be connected to"):
            _checked(guard, host, port)
    assert _checked(guard, "127.0.0.1", port + 1) == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("url", "port"), [("redis://:hush@127.0.0.1:6380/0", 6380), ("rediss://localhost", 6379), ("unix:///run/redis", 1)]
)
def test_our_own_cache_is_never_reached(url: str, port: int) -> None:
    guard = _guard(*HERE, redis_url=url)
    if url.startswith("unix"):
        assert guard.closed == frozenset()
        return
    with pytest.raises(DestinationRefused, match="must not be connected to"):
        _checked(guard, "127.0.0.1", port)
    assert _checked(guard, "127.0.0.1", port + 1) == ["127.0.0.1"]


def test_a_network_that_is_none_is_named_with_its_setting() -> None:
    with pytest.raises(InvalidRequest, match=r"^PYNOMALY_OUTBOUND_ALLOW: "):
        _guard("10.0.0.0/33")
