"""Requests that wait for other systems: those that hang leave threads for everybody else."""

from contextlib import ExitStack

import pytest

from pynomaly.domain.access import Role
from pynomaly.presentation.http.slow_calls import AT_ONCE, waiting_for_others


@pytest.mark.parametrize("where", ["/channels/nobody/test", "/sources/nobody/test"])
def test_where_all_places_are_taken_others_are_asked_to_come_again(here, where):
    with ExitStack() as hanging:
        for _ in range(AT_ONCE):
            hanging.enter_context(waiting_for_others())
        answer = here.ask("POST", where, Role.ENGINEER)
        assert answer.status_code == 429
        assert answer.json()["type"] == "/problems/too-many-requests"
        assert int(answer.headers["Retry-After"]) >= 1
    assert here.ask("POST", where, Role.ENGINEER).status_code == 404


def test_a_place_is_given_back_by_those_that_fail(here):
    for _ in range(AT_ONCE + 1):
        assert here.ask("POST", "/sources/nobody/test", Role.ENGINEER).status_code == 404
