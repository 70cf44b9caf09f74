"""Outlines of stored detections, and what another decision would change, on real stores."""

import numpy as np
import pyarrow as pa
import pytest

from pynomaly.application.ports.recent_outlines import NoEstimate
from pynomaly.application.ports.stores import ScoredRows
from pynomaly.application.stored_scores import change_of
from pynomaly.domain.columns import ColumnRole
from pynomaly.domain.decision import (
    AlarmBudget,
    ContaminationRate,
    Decision,
    ExpectedContamination,
    ProbabilityThreshold,
    ScoreThreshold,
    StandsOut,
)
from pynomaly.domain.errors import NotFound, PolicyNotAvailable
from pynomaly.infrastructure.recent_outlines import OutlineMemory
from tests.application.use_cases.conftest import program, workspace  # noqa: F401 - fixtures
from tests.application.use_cases.orders import LATE_IS_KNOWN, orders, trained


@pytest.fixture
def detection(workspace):  # noqa: F811
    """A detection of rows that are not the training rows, with names."""
    trained(workspace, roles=LATE_IS_KNOWN)
    named = orders(n=200, seed=5).append_column("order", pa.array([f"o{row}" for row in range(200)]))
    workspace.register_dataset(
        source=named, name="may", source_name="", roles={"order": ColumnRole.IDENTIFIER, "is_late": ColumnRole.LABEL}
    )
    return workspace.detect_anomalies(detector="Fraud", dataset="may", policy=AlarmBudget(rows=10)).detection


def test_an_outline_is_that_of_the_stored_scores_with_p_values_of_the_model(workspace, detection):  # noqa: F811
    found, outlined = workspace.queries.score_outline("last")
    rows = workspace.queries.scored_rows(detection.id)[1]
    told = outlined.scores
    assert found == detection
    assert (told.n_rows, told.highest) == (200, rows.scores.max())
    assert outlined.no_estimate is None
    places = [int(np.flatnonzero(rows.scores == line)[0]) for line in told.thresholds]
    assert told.expected_false_alarms == pytest.approx(200 * rows.p_values[places])


def test_nothing_is_estimated_for_the_rows_that_were_learned_from(workspace, detection):  # noqa: F811
    workspace.detect_anomalies(detector="Fraud", dataset="orders")
    outlined = workspace.queries.score_outline("last")[1]
    assert outlined.no_estimate is NoEstimate.TRAINING_ROWS
    assert outlined.scores.expected_false_alarms is None


def test_nothing_is_estimated_where_p_values_are_a_rank(workspace, detection):  # noqa: F811
    workspace.register_dataset(source=orders(n=2).select(["amount", "weight"]), name="tiny", source_name="")
    workspace.create_detector(name="Tiny", algorithm="ecod")
    workspace.train_detector(detector="Tiny", dataset="tiny")
    workspace.detect_anomalies(detector="Tiny", dataset="may")
    outlined = workspace.queries.score_outline("last")[1]
    assert outlined.no_estimate is NoEstimate.RANK_ONLY
    assert outlined.scores.expected_false_alarms is None


def test_an_outline_outlives_the_detector_and_says_what_went_with_it(workspace, detection):  # noqa: F811
    workspace.change_detector(detector="Fraud", is_retired=True)
    assert workspace.queries.score_outline("last")[1].no_estimate is None
    workspace.remove_detector(detector="Fraud")
    outlined = workspace.queries.score_outline("last")[1]
    assert outlined.no_estimate is NoEstimate.DETECTOR_GONE
    assert outlined.scores.n_rows == 200


@pytest.mark.parametrize(
    "policy",
    [ScoreThreshold(3.0), AlarmBudget(rows=25), StandsOut(), ExpectedContamination(ContaminationRate(0.2))],
)
def test_what_a_decision_would_change_is_what_it_changes(workspace, detection, policy):  # noqa: F811
    change = workspace.queries.changed_rows(detection.id, policy, limit=4)
    decided = workspace.decide_detection(detection=detection.id, policy=policy)
    now, then = (workspace.queries.scored_rows(one.id)[1] for one in (detection, decided))
    assert (change.detection, change.policy, change.n_flagged) == (detection, policy, 10)
    assert change.n_would_be_flagged == decided.n_anomalies
    assert change.score_threshold == decided.score_threshold
    assert change.n_newly_flagged == (then.is_anomaly & ~now.is_anomaly).sum()
    assert change.n_no_longer_flagged == (now.is_anomaly & ~then.is_anomaly).sum()
    order = sorted(range(200), key=lambda row: (-now.scores[row], row))
    n = decided.n_anomalies
    assert [one.row for one in change.above] == order[max(0, n - 4) : n]
    assert [one.row for one in change.below] == order[n : n + 4]
    for one in (*change.above, *change.below):
        assert (one.identifier, one.score, one.severity) == (
            f"o{one.row}",
            now.scores[one.row],
            now.severities[one.row],
        )
        assert (one.is_flagged, one.would_be_flagged) == (now.is_anomaly[one.row], then.is_anomaly[one.row])


def test_lines_and_budgets_need_no_detector_and_others_say_that_it_is_gone(workspace, detection):  # noqa: F811
    with pytest.raises(PolicyNotAvailable):
        workspace.queries.changed_rows(detection.id, ProbabilityThreshold(0.5))
    workspace.remove_detector(detector="Fraud")
    assert workspace.queries.changed_rows(detection.id, AlarmBudget(rows=3)).n_would_be_flagged == 3
    assert workspace.queries.changed_rows(detection.id, ScoreThreshold(1e9)).n_no_longer_flagged == 10
    with pytest.raises(NotFound, match="score threshold or an alarm budget"):
        workspace.queries.changed_rows(detection.id, StandsOut())


@pytest.mark.parametrize(("flags", "n_above", "n_below"), [([True] * 3, 2, 0), ([False] * 3, 0, 2)])
def test_a_decision_may_leave_one_side_empty(detection, flags, n_above, n_below):
    rows = ScoredRows(np.array([1.0, 1.0, 1.0]), np.full(3, 0.5), None, np.array([True, False, False]))
    change = change_of(detection, rows, Decision(AlarmBudget(rows=3), np.array(flags), None), limit=2)
    assert (len(change.above), len(change.below)) == (n_above, n_below)
    assert [one.row for one in (*change.above, *change.below)] == [0, 1]


def test_outlines_of_one_workspace_are_not_those_of_another():
    memory, drawn = OutlineMemory(most_kept=2), []

    def draw(word):
        return lambda: drawn.append(word) or word

    here, there = memory.of_tenant("here"), memory.of_tenant("there")
    keys = [("s1", "m", "f"), ("s2", "m", "f"), ("s3", "m", "f")]
    assert [here.get(keys[0], draw("a")), here.get(keys[0], draw("b"))] == ["a", "a"]
    assert there.get(keys[0], draw("c")) == "c"
    here.get(keys[0], draw("not again"))
    here.get(keys[1], draw("d"))
    assert here.get(keys[0], draw("not again")) == "a"  # used last, so the other workspace's went
    there.get(keys[0], draw("e"))
    assert drawn == ["a", "c", "d", "e"]


def test_an_outline_that_could_not_be_drawn_is_tried_again():
    memory = OutlineMemory().of_tenant("here")
    with pytest.raises(NotFound):
        memory.get(("s", None, ""), lambda: (_ for _ in ()).throw(NotFound))
    assert memory.get(("s", None, ""), lambda: "drawn") == "drawn"
