import pytest

from pynomaly.domain.access import Principal
from pynomaly.domain.errors import TooManyRequests
from pynomaly.infrastructure.rate_limits import RateLimits


def principal(name="ada"):
    return Principal("t", "user", name, name, frozenset())


@pytest.fixture
def now():
    return [100.0]


@pytest.fixture
def limits(now):
    return RateLimits(3, 2, clock=lambda: now[0])


def test_who_asks_too_often_is_told_when_to_come_again(limits, now):
    for _ in range(3):
        limits.spend_for_principal(principal())
        now[0] += 1
    with pytest.raises(TooManyRequests) as refused:
        limits.spend_for_principal(principal())
    assert refused.value.retry_after_seconds == 57.0


def test_another_minute_is_another_count(limits, now):
    for _ in range(3):
        limits.spend_for_principal(principal())
    now[0] += 60
    limits.spend_for_principal(principal())


def test_everybody_is_counted_alone(limits):
    for name in ("ada", "bo"):
        for _ in range(3):
            limits.spend_for_principal(principal(name))


def test_strangers_are_counted_by_address_and_apart_from_principals(limits):
    for _ in range(2):
        limits.spend_for_address("192.0.2.1")
    limits.spend_for_address("192.0.2.2")
    limits.spend_for_principal(principal("192.0.2.1"))
    with pytest.raises(TooManyRequests, match="at most 2"):
        limits.spend_for_address("192.0.2.1")
