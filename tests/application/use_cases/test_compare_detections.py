import pyarrow.csv
import pytest

from pynomaly.domain.decision import AlarmBudget
from pynomaly.domain.errors import Conflict, InvalidRequest, NotFound
from pynomaly.domain.paired_comparison import Agreement
from tests.application.use_cases.orders import LATE_IS_KNOWN, orders, trained


@pytest.fixture
def two(workspace):
    """Two detections of the same orders: by a detector of both columns, and by one of the weight alone."""
    trained(workspace, roles=LATE_IS_KNOWN)
    first = workspace.detect_anomalies(detector="Fraud", dataset="orders", policy=AlarmBudget(rows=5)).detection
    workspace.register_dataset(source=orders().select(["weight"]), name="weights", source_name="")
    workspace.create_detector(name="Scales", algorithm="ecod")
    workspace.train_detector(detector="Scales", dataset="weights")
    second = workspace.detect_anomalies(detector="Scales", dataset="orders", policy=AlarmBudget(rows=5)).detection
    return first, second


def test_both_are_measured_as_they_are_alone(workspace, two):
    told = workspace.compare_detections(detection=two[0].id, other=two[1].id, label="is_late")
    assert (told.first, told.second) == two
    alone = tuple(workspace.evaluate_detection(detection=one.id, label="is_late")[1] for one in two)
    assert told.evaluations == alone
    assert (told.roc_auc.first, told.roc_auc.second) == pytest.approx((alone[0].roc_auc, alone[1].roc_auc))
    assert told.average_precision.difference == pytest.approx(alone[0].average_precision - alone[1].average_precision)
    assert told.roc_auc.low <= told.roc_auc.difference <= told.roc_auc.high


def test_decisions_are_counted_row_by_row(workspace, two):
    told = workspace.compare_detections(detection=two[0].id, other=two[1].id, label="is_late")
    flagged = [set(workspace.queries.scored_rows(one.id)[1].is_anomaly.nonzero()[0].tolist()) for one in two]
    late = {0, 1}
    assert told.found == Agreement(
        len(late & flagged[0] & flagged[1]),
        len(late & flagged[0] - flagged[1]),
        len(late & flagged[1] - flagged[0]),
        len(late - flagged[0] - flagged[1]),
    )
    assert told.false_alarms.n_both == len(flagged[0] & flagged[1] - late)
    assert told.false_alarms.n_only_second == len(flagged[1] - flagged[0] - late)
    counts = told.false_alarms
    assert counts.n_both + counts.n_only_first + counts.n_only_second + counts.n_neither == 118


def test_a_detection_does_not_differ_from_itself(workspace, two):
    told = workspace.compare_detections(detection=two[0].id, other=two[0].id, label="is_late")
    assert (told.roc_auc.difference, told.average_precision.difference) == (0.0, 0.0)
    assert told.found.n_only_first == told.found.n_only_second == 0


def test_detections_of_different_rows_are_not_compared(workspace, two):
    workspace.register_dataset(source=orders(n=80), name="fewer", source_name="")
    fewer = workspace.detect_anomalies(detector="Fraud", dataset="fewer").detection
    with pytest.raises(Conflict, match=r"120 rows of orders and 80 rows of fewer; run both on the same dataset"):
        workspace.compare_detections(detection=two[0].id, other=fewer.id, label="is_late")


def test_a_file_that_changed_in_between_is_told_as_such(workspace, two, tmp_path):
    file = tmp_path / "orders.csv"
    made = []
    for seed in (1, 2):
        pyarrow.csv.write_csv(orders(seed=seed), file)
        look = workspace.detect_anomalies(detector="Fraud", source=str(file), source_name=str(file))
        made.append(look.detection.id)
    with pytest.raises(Conflict, match="which changed in between"):
        workspace.compare_detections(detection=made[0], other=made[1], label="is_late")


def test_neither_detector_may_have_learned_from_the_label(workspace, two):
    for detection, other in (two, two[::-1]):
        with pytest.raises(InvalidRequest, match="learned from"):
            workspace.compare_detections(detection=detection.id, other=other.id, label="weight")
    with pytest.raises(InvalidRequest, match="learned from"):
        workspace.compare_detections(detection=two[1].id, other=two[0].id, label="amount")
    with pytest.raises(NotFound):
        workspace.compare_detections(detection=two[0].id, other="0123456789", label="is_late")
