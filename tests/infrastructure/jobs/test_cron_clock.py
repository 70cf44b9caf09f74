"""Cron expressions in their own time zone. Times of daylight saving are those of the IANA database for 2026."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.application.ports.work import CronClock
from pynomaly.domain.errors import InvalidRequest
from pynomaly.infrastructure.jobs.cron_clock import CronsimClock

CLOCK: CronClock = CronsimClock()
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca")
CRONS = (
    "* * * * *",
    "*/30 * * * *",
    "0 * * * *",
    "30 2 * * *",
    "15 2-3 * * *",
    "30 1,2 * * *",
    "59 1 * * *",
    "0 0 * * 0",
)


def _times(cron, zone, after, n_times):
    """Return the next times as the zone's own clocks show them, with the hours ahead of UTC."""
    at, found = datetime.fromisoformat(after).replace(tzinfo=UTC), []
    for _ in range(n_times):
        at = CLOCK.next_time(cron, zone, at)
        found.append(at.strftime("%d. %H:%M"))
    return found


def test_times_are_those_of_the_zone_given_in_utc() -> None:
    assert _times("0 6 * * 1-5", "Europe/Berlin", "2026-01-01T12:00", 3) == ["02. 05:00", "05. 05:00", "06. 05:00"]
    assert _times("0 6 1 * *", "America/New_York", "2026-01-01T12:00", 2) == ["01. 11:00", "01. 11:00"]
    assert CLOCK.next_time("0 6 * * *", "UTC", datetime(2026, 1, 1, tzinfo=UTC)).utcoffset() == timedelta(0)


def test_the_moment_itself_is_not_after_itself() -> None:
    assert _times("0 6 * * *", "UTC", "2026-01-01T06:00", 1) == ["02. 06:00"]
    assert _times("0 6 * * *", "UTC", "2026-01-01T05:59:59.999999", 1) == ["01. 06:00"]


def test_an_hour_that_is_skipped_is_run_once_when_it_would_have_been() -> None:
    """Berlin, 29 March: from 2:00 it is 3:00, which is 1:00 in UTC."""
    assert _times("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00", 3) == ["28. 01:30", "29. 01:00", "30. 00:30"]


def test_an_hour_that_is_repeated_is_run_once_the_first_time() -> None:
    """Berlin, 25 October: 2:30 comes at 0:30 and again at 1:30 in UTC."""
    assert _times("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00", 2) == ["25. 00:30", "26. 01:30"]


def test_what_is_done_every_half_hour_is_done_in_the_repeated_hour_too() -> None:
    found = _times("*/30 * * * *", "Europe/Berlin", "2026-10-25T00:00", 5)
    assert found == ["25. 00:30", "25. 01:00", "25. 01:30", "25. 02:00", "25. 02:30"]
    assert _times("*/30 * * * *", "Europe/Berlin", "2026-03-29T00:30", 3) == ["29. 01:00", "29. 01:30", "29. 02:00"]


@pytest.mark.parametrize("minute", range(0, 60, 7))
def test_in_the_middle_of_a_repeated_hour_the_next_time_lies_ahead(minute) -> None:
    assert _times("30 2 * * *", "Europe/Berlin", f"2026-10-25T01:{minute:02}", 1) == ["26. 01:30"]


@given(
    cron=st.sampled_from(CRONS),
    zone=st.sampled_from(ZONES),
    after=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
)
def test_the_next_time_always_lies_ahead_and_nothing_lies_between(cron, zone, after) -> None:
    upcoming = CLOCK.next_time(cron, zone, after)
    assert upcoming > after
    just_before = upcoming - timedelta(microseconds=1)
    if just_before > after:
        assert CLOCK.next_time(cron, zone, just_before) == upcoming


NO_CRONS = ["", "* * * *", "0 6 * * * *", "@daily", "61 * * * *", "* * * * mondays", "0 6 * * 1-5; rm", "\0 * * * *"]
NO_ZONES = ["", "Berlin", "../../etc/passwd", "/etc/localtime", "Europe", "\0", "x" * 500, "Europe/Berlin "]


@pytest.mark.parametrize("cron", [*NO_CRONS, "0 0 30 2 *", "x" * 500])
def test_an_expression_that_means_nothing_is_told_with_one_that_does(cron) -> None:
    with pytest.raises(InvalidRequest, match=r"is no cron expression.* 0 6 \* \* 1-5") as caught:
        CLOCK.next_time(cron, "UTC", datetime(2026, 1, 1, tzinfo=UTC))
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize("zone", NO_ZONES)
def test_a_zone_that_is_none_is_told(zone) -> None:
    with pytest.raises(InvalidRequest, match=r"there is no time zone .*Europe/Berlin or UTC"):
        CLOCK.next_time("0 6 * * *", zone, datetime(2026, 1, 1, tzinfo=UTC))
