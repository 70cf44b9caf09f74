"""A crew of real processes, which only wait to be told to go."""

import os
import signal
import sys
import time

import pytest

from pynomaly.infrastructure.jobs.crew import Crew

WAITS = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); time.sleep(60)"
IGNORES = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"


@pytest.fixture
def crew():
    started = []

    def start(script, size):
        started.append(Crew([sys.executable, "-c", script], size, lambda place: os.environ, drain_seconds=-4.5))
        started[-1].start()
        return started[-1]

    yield start
    for one in started:
        one.stop()


def _is_alive(process_id):
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.slow
def test_each_process_that_dies_is_replaced_and_all_go_when_told_to(crew) -> None:
    crew = crew(WAITS, 2)
    first, kept = crew.process_ids
    os.kill(first, signal.SIGKILL)
    give_up_at = time.monotonic() + 10.0
    while first in crew.process_ids and time.monotonic() < give_up_at:
        time.sleep(0.05)
    second, still_kept = crew.process_ids
    assert (second != first, still_kept == kept) == (True, True)
    crew.stop()
    assert [_is_alive(process_id) for process_id in (first, second, kept)] == [False] * 3


@pytest.mark.slow
def test_a_process_that_does_not_go_in_time_is_ended(crew) -> None:
    crew = crew(IGNORES, 1)
    time.sleep(0.3)  # until it ignores the signal
    begun = time.monotonic()
    crew.stop()
    assert time.monotonic() - begun < 5.0
    assert not _is_alive(crew.process_ids[0])
