import numpy as np
import pyarrow as pa
import pytest

from pynomaly.domain.columns import ColumnRole
from pynomaly.domain.decision import AlarmBudget, ScoreThreshold
from pynomaly.domain.errors import InvalidLabels, InvalidRequest, NotFound

IS_ODD = np.arange(200) < 8


@pytest.fixture
def detection(workspace):
    """A detection that flags nothing by itself: 8 labelled rows of which 5 are far out, and 2 far ones unlabelled."""
    rng = np.random.default_rng(0)
    speed = rng.normal(size=200)
    speed[:5] += np.array([20.0, 19.0, 18.0, 17.0, 16.0])
    speed[100:102] += np.array([15.0, 14.0])
    labels = [None if row == 101 else "yes" if IS_ODD[row] else "no" for row in range(200)]
    table = pa.table({"trip": [f"t{row}" for row in range(200)], "speed": speed, "odd": labels})
    roles = {"trip": ColumnRole.IDENTIFIER, "odd": ColumnRole.LABEL}
    workspace.register_dataset(source=table, name="trips", source_name="", roles=roles)
    workspace.create_detector(name="Speeding", algorithm="pca")
    workspace.train_detector(detector="Speeding", dataset="trips")
    return workspace.detect_anomalies(detector="Speeding", dataset="trips", policy=AlarmBudget(rows=7)).detection


def test_false_alarms_and_misses_are_told_strangest_first(workspace, detection):
    scores = workspace.queries.scored_rows(detection.id)[1].scores
    mistakes = workspace.find_mistakes(detection="last", label="odd")
    assert mistakes.detection == detection
    assert mistakes.policy == detection.policy
    assert (mistakes.n_labelled, mistakes.n_anomalies, mistakes.n_flagged, mistakes.n_found) == (199, 8, 6, 5)
    assert (mistakes.n_false_alarms, mistakes.n_missed) == (1, 3)
    assert [(row.row, row.identifier) for row in mistakes.false_alarms] == [(100, "t100")]
    assert sorted(row.row for row in mistakes.misses) == [5, 6, 7]
    assert [row.score for row in mistakes.misses] == sorted((float(scores[row]) for row in (5, 6, 7)), reverse=True)
    assert mistakes.false_alarms[0].severity == workspace.queries.scored_rows(detection.id)[1].severities[100]


def test_they_agree_with_the_measures_of_the_same_decision(workspace, detection):
    mistakes = workspace.find_mistakes(detection="last", label="odd")
    _, evaluation = workspace.evaluate_detection(detection="last", label="odd")
    assert mistakes.n_found / mistakes.n_anomalies == pytest.approx(evaluation.recall)
    assert mistakes.n_found / mistakes.n_flagged == pytest.approx(evaluation.precision)
    assert mistakes.n_false_alarms == evaluation.n_false_alarms


def test_another_line_can_be_tried_and_nothing_is_stored(workspace, detection):
    wide = workspace.find_mistakes(detection="last", label="odd", policy=AlarmBudget(rows=200), limit=4)
    assert (wide.n_flagged, wide.n_missed, wide.n_false_alarms) == (199, 0, 191)
    assert len(wide.false_alarms) == 4
    assert wide.misses == ()
    above_all = ScoreThreshold(float(workspace.queries.scored_rows(detection.id)[1].scores.max()) + 1.0)
    none = workspace.find_mistakes(detection="last", label="odd", policy=above_all, limit=0)
    assert (none.n_flagged, none.n_missed, none.misses) == (0, 8, ())
    assert [one.id for one in workspace.queries.detections()] == [detection.id]


def test_what_is_no_label_is_refused(workspace, detection):
    with pytest.raises(InvalidRequest, match="learned"):
        workspace.find_mistakes(detection="last", label="speed")
    with pytest.raises(InvalidLabels):
        workspace.find_mistakes(detection="last", label="trip")
    with pytest.raises(NotFound):
        workspace.find_mistakes(detection="0123456789abcdef", label="odd")
