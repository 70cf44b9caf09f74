from pynomaly.infrastructure.cache.breaker import Breaker
from tests.fakes.clocks import StandingClock


def test_while_all_is_well_everybody_is_let_through():
    breaker = Breaker(2.0, StandingClock())
    assert all(breaker.lets_through() for _ in range(3))


def test_after_a_failure_one_tries_every_few_seconds_and_the_others_go_on_without():
    clock = StandingClock()
    breaker = Breaker(2.0, clock)
    breaker.failed()
    assert [breaker.lets_through() for _ in range(3)] == [False, False, False]
    clock.now += 2.0
    assert [breaker.lets_through() for _ in range(3)] == [True, False, False]
    clock.now += 1.9
    assert not breaker.lets_through()


def test_one_success_lets_everybody_through_again():
    clock = StandingClock()
    breaker = Breaker(2.0, clock)
    breaker.failed()
    clock.now += 2.0
    assert breaker.lets_through()
    breaker.succeeded()
    assert all(breaker.lets_through() for _ in range(3))


def test_a_failure_is_news_once_until_there_was_a_success():
    breaker = Breaker(2.0, StandingClock())
    assert [breaker.failed(), breaker.failed()] == [True, False]
    breaker.succeeded()
    assert breaker.failed()
