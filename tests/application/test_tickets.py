"""Tickets: good once, for ten minutes, for one person."""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from pynomaly.application.tickets import GOOD_FOR, MOST_KEPT, Tickets
from pynomaly.domain.errors import NotSignedIn
from tests.at_once import at_once

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tickets(clock):
    numbers = itertools.count()
    return Tickets(clock, lambda: f"secret {next(numbers)}")


def test_a_ticket_lets_in_whom_it_was_issued_for(tickets) -> None:
    ada, bob = tickets.issue("ada", "local"), tickets.issue("bob", "risk")
    assert tickets.redeem(bob) == ("risk", "bob")
    assert tickets.redeem(ada) == ("local", "ada")


def test_a_ticket_is_good_once(tickets) -> None:
    ticket = tickets.issue("ada", "local")
    tickets.redeem(ticket)
    with pytest.raises(NotSignedIn, match="used already or is too old"):
        tickets.redeem(ticket)


def test_of_many_who_bring_one_ticket_at_once_one_is_let_in(tickets) -> None:
    ticket = tickets.issue("ada", "local")
    outcomes = at_once(16, lambda _: tickets.redeem(ticket))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NotSignedIn"] * 15 + ["tuple"]


@pytest.mark.parametrize(("after", "is_good"), [(GOOD_FOR - timedelta(seconds=1), True), (GOOD_FOR, False)])
def test_a_ticket_is_good_for_ten_minutes(tickets, clock, after, is_good) -> None:
    ticket = tickets.issue("ada", "local")
    clock.now += after
    if is_good:
        assert tickets.redeem(ticket) == ("local", "ada")
        return
    for moment in (clock.now, NOON):  # also where a clock is set back, it was used up
        clock.now = moment
        with pytest.raises(NotSignedIn):
            tickets.redeem(ticket)


@pytest.mark.parametrize("text", ["", "secret 1", "secret 0 ", "\udc80", "secret 0\0"])
def test_what_was_not_issued_lets_nobody_in_and_uses_nothing_up(tickets, text) -> None:
    ticket = tickets.issue("ada", "local")
    with pytest.raises(NotSignedIn):
        tickets.redeem(text)
    assert tickets.redeem(ticket) == ("local", "ada")


def test_no_ticket_is_kept_as_it_was_issued_and_not_too_many_are(tickets) -> None:
    issued = [tickets.issue("ada", "local") for _ in range(MOST_KEPT + 1)]
    assert not [ticket for ticket in issued if ticket in repr(tickets)]
    with pytest.raises(NotSignedIn):
        tickets.redeem(issued[0])
    assert tickets.redeem(issued[1]) == ("local", "ada")
