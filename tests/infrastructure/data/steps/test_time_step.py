import json
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from pynomaly.domain.errors import ColumnMismatch, CorruptModel
from pynomaly.infrastructure.data.steps.time_step import TimeStep, learn_time_step, restore_time_step

START = datetime(2024, 1, 1)  # a Monday
HOURLY = [START + timedelta(hours=n) for n in range(24 * 14)]
DAILY = [START + timedelta(days=n) for n in range(14)]


def learned(cells: object) -> TimeStep:
    step = learn_time_step("when", pa.chunked_array([pa.array(cells)]))
    assert step is not None
    return step


def filled(step: TimeStep, cells: object) -> np.ndarray:
    read = step.read(pa.chunked_array([pa.array(cells)]))
    out = np.empty((len(read), len(step.features)))
    step.fill(read.combine_chunks(), out)
    return out


def test_hour_and_weekday_are_points_on_circles() -> None:
    step = learned(HOURLY)
    assert step.features == ("when: hour sin", "when: hour cos", "when: weekday sin", "when: weekday cos")
    np.testing.assert_allclose(filled(step, [datetime(2024, 1, 1, 6)])[0], [1, 0, 0, 1], atol=1e-12)


def test_a_column_of_days_has_no_hours() -> None:
    assert learned(DAILY).features == ("when: weekday sin", "when: weekday cos")


def test_times_within_one_day_have_no_weekdays() -> None:
    assert learned(HOURLY[:24]).features == ("when: hour sin", "when: hour cos")


def test_a_later_year_is_not_strange() -> None:
    step = learned(HOURLY)
    later = HOURLY[0] + timedelta(days=7 * 1000)
    assert filled(step, [later]).tobytes() == filled(step, [HOURLY[0]]).tobytes()


def test_a_missing_time_is_the_middle_of_the_circle_where_times_were_missing() -> None:
    step = learned([*HOURLY, None])
    assert filled(step, [None, HOURLY[0]])[:, -1].tolist() == [1.0, 0.0]
    assert filled(step, pa.array([None], pa.timestamp("us")))[0, :-1].tolist() == [0.0] * 4


def test_a_missing_time_is_off_the_circle_and_reported_where_none_was_missing() -> None:
    step = learned(HOURLY)
    nothing = pa.array([None], pa.timestamp("s"))
    assert filled(step, nothing).tolist() == [[2.0] * 4]
    assert "1 cells hold no time" in step.surprises(pa.chunked_array([nothing]))[0]


def test_the_order_of_day_and_month_is_frozen() -> None:
    step = learned([f"{day:02d}/02/2024" for day in range(1, 29)])
    assert filled(step, ["03/02/2024"]).tobytes() == filled(step, [datetime(2024, 2, 3)]).tobytes()


def test_the_busiest_hour_is_typical() -> None:
    typical = learned([START.replace(hour=14, minute=5)] * 3 + [START]).typical
    assert (typical.most_frequent, typical.share) == ("14:00–15:00", 0.75)


def test_the_busiest_weekday_is_typical_of_days() -> None:
    assert learned([START, START, START + timedelta(days=1)]).typical.most_frequent == "Monday"


def test_no_time_at_all_teaches_nothing() -> None:
    assert learn_time_step("when", pa.chunked_array([pa.array([None], pa.timestamp("s"))])) is None


def test_numbers_where_times_were_learned_are_refused() -> None:
    with pytest.raises(ColumnMismatch, match="column 'when' should hold dates or times"):
        filled(learned(HOURLY), [1.5])


def test_a_stored_step_fills_the_same_bits() -> None:
    step = learned([*HOURLY, None])
    again = restore_time_step(json.loads(json.dumps(step.state())))
    assert filled(again, HOURLY).tobytes() == filled(step, HOURLY).tobytes()
    assert again == step


def test_a_damaged_step_is_refused() -> None:
    with pytest.raises(CorruptModel):
        restore_time_step(learned(HOURLY).state() | {"has_hours": "yes"})
