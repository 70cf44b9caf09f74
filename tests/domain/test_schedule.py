from datetime import UTC, datetime, timedelta

import pytest

from pynomaly.domain.errors import InvalidRequest
from pynomaly.domain.job import JobKind
from pynomaly.domain.schedule import Schedule

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def _schedule(name="mornings"):
    return Schedule("s", name, "0 6 * * *", "UTC", JobKind.TRAIN, {}, "user:ada", NOON, NOON)


def test_a_schedule_that_fired_knows_its_last_job_and_its_next_time() -> None:
    fired = _schedule().fired("j", NOON + timedelta(days=1))
    assert (fired.last_job_id, fired.next_run_at) == ("j", NOON + timedelta(days=1))
    assert fired.is_enabled


@pytest.mark.parametrize("name", ["", " ", "a\n", "x" * 201])
def test_a_schedule_has_a_name_like_everything_else(name) -> None:
    with pytest.raises(InvalidRequest, match="a name has 1 to 200"):
        _schedule(name)
