import numpy as np
import pyarrow as pa
import pytest

from pynomaly.domain.columns import ColumnRole
from pynomaly.domain.errors import ColumnMismatch, Conflict, InvalidLabels, InvalidRequest
from tests.application.use_cases.orders import LATE_IS_KNOWN, trained


@pytest.fixture
def detection(workspace):
    trained(workspace, roles=LATE_IS_KNOWN)
    return workspace.detect_anomalies(detector="Fraud", dataset="orders").detection


def learned_with_labels(workspace):
    """Return a detection by a detector that labels taught probabilities."""
    rng = np.random.default_rng(0)
    is_odd = np.arange(400) < 40
    table = pa.table({"speed": rng.normal(size=400) + 4 * is_odd, "size": rng.normal(size=400), "odd": is_odd})
    workspace.register_dataset(source=table, name="trips", source_name="", roles={"odd": ColumnRole.LABEL})
    workspace.create_detector(name="Speeding", algorithm="ecod")
    workspace.train_detector(detector="Speeding", dataset="trips")
    return workspace.detect_anomalies(detector="Speeding", dataset="trips").detection


def test_curves_come_with_the_measures_that_are_their_areas(workspace, detection):
    told, curves = workspace.trace_curves(detection="last", label="is_late")
    assert told == detection
    assert curves.evaluation == workspace.evaluate_detection(detection="last", label="is_late")[1]
    roc, precise = curves.roc, curves.precision_recall
    assert np.trapezoid(roc.true_positive_rate, roc.false_positive_rate) == pytest.approx(curves.evaluation.roc_auc)
    steps = np.diff(precise.recall, prepend=0.0)
    assert (steps * precise.precision).sum() == pytest.approx(curves.evaluation.average_precision)


def test_reliability_is_told_only_where_labels_taught_probabilities(workspace, detection):
    assert workspace.trace_curves(detection=detection.id, label="is_late")[1].reliability is None
    taught = learned_with_labels(workspace)
    bins = workspace.trace_curves(detection=taught.id, label="odd")[1].reliability
    assert sum(one.n_rows for one in bins) == 400
    assert sum(one.observed_share * one.n_rows for one in bins) == pytest.approx(40)
    assert bins[-1].observed_share > 0.3 > bins[0].observed_share


def test_rows_without_an_answer_are_left_out(workspace, detection):
    answers = [True, False, *[None] * 118]
    rows = pa.table({"amount": np.zeros(120), "weight": np.zeros(120), "asked": pa.array(answers)})
    _, curves = workspace.trace_curves(detection="last", label="asked", source=rows)
    assert (curves.evaluation.n_rows, curves.evaluation.n_labelled_anomalies) == (2, 1)
    assert curves.roc.thresholds.size <= 3


def test_what_evaluation_refuses_curves_refuse_too(workspace, detection):
    with pytest.raises(InvalidRequest, match="learned from"):
        workspace.trace_curves(detection="last", label="weight")
    with pytest.raises(ColumnMismatch):
        workspace.trace_curves(detection="last", label="nothing")
    with pytest.raises(Conflict, match="120 rows then, 1 now"):
        workspace.trace_curves(detection="last", label="x", source=pa.table({"x": [True]}))
    with pytest.raises(InvalidLabels, match="one class"):
        workspace.trace_curves(detection="last", label="x", source=pa.table({"x": [True] * 120}))


def test_what_a_retired_detector_found_can_still_be_judged(workspace, detection):
    before = workspace.trace_curves(detection="last", label="is_late")[1].evaluation
    workspace.change_detector(detector="Fraud", is_retired=True)
    assert workspace.trace_curves(detection="last", label="is_late")[1].evaluation == before
    workspace.remove_detector(detector="Fraud")
    assert workspace.trace_curves(detection="last", label="is_late")[1].evaluation == before
