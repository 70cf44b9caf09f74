"""Read models that put together what lies in several places."""

from datetime import timedelta

import pytest

from pynomaly.bootstrap import build
from pynomaly.domain.errors import NotFound
from pynomaly.domain.verdict import VerdictAnswer
from pynomaly.infrastructure.settings import Settings
from tests.application.use_cases.orders import trained
from tests.infrastructure.persistence.examples import NOON, ready_workspace


class Calendar:
    """A clock that stands until somebody turns it."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def calendar():
    return Calendar()


@pytest.fixture
def workspace(tmp_path, calendar):
    ready_workspace(tmp_path / "home").close()
    return build(Settings(home=tmp_path / "home", threads=None, origins={}), clock=calendar).open_workspace()


def _detected(workspace, detector="Fraud"):
    return workspace.detect_anomalies(detector=detector, dataset="orders").detection


def test_nothing_judged_is_an_empty_summary(workspace) -> None:
    trained(workspace)
    known = workspace.queries.verdicts(_detected(workspace).id)
    assert (dict(known.by_row), known.summary.n_judged, known.summary.false_alarm_share) == ({}, 0, None)
    assert list(workspace.queries.verdict_summary()) == []
    with pytest.raises(NotFound):
        workspace.queries.verdicts("0" * 32)


def test_a_summary_of_the_workspace_tells_of_the_last_days_by_detector(workspace, calendar) -> None:
    trained(workspace)
    workspace.create_detector(name="Theft", algorithm="hbos")
    workspace.train_detector(detector="Theft", dataset="orders")
    fraud, theft = _detected(workspace), _detected(workspace, "Theft")
    workspace.give_verdict(detection=theft.id, row=0, answer=VerdictAnswer.CONFIRMED)
    calendar.now += timedelta(days=10)
    workspace.give_verdict(detection=fraud.id, row=0, answer=VerdictAnswer.CONFIRMED)
    workspace.give_verdict(detection=fraud.id, row=1, answer=VerdictAnswer.FALSE_ALARM)
    both, recent = workspace.queries.verdict_summary(days=10), workspace.queries.verdict_summary(days=9)
    assert [one.detector_id for one in both] == [fraud.detector_id, theft.detector_id]
    assert [one.detector_id for one in recent] == [fraud.detector_id]
    summary = recent[0].summary
    assert (summary.n_judged, summary.n_decisive, summary.n_false_alarms) == (2, 2, 1)
    assert summary.false_alarm_share.value == 0.5
