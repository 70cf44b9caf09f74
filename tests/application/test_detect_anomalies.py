"""A stored detector and a stored detection, asked about columns the detector learned from."""

import numpy as np
import pyarrow as pa
import pytest

from pynomaly import open_workspace
from pynomaly.domain.columns import ColumnRole
from pynomaly.domain.errors import Conflict, InvalidRequest


def orders(n=120, seed=0):
    rng = np.random.default_rng(seed)
    return pa.table(
        {
            "order": [f"K{row:04d}" for row in range(n)],
            "amount": rng.normal(100.0, 10.0, n),
            "weight": rng.normal(5.0, 1.0, n),
            "late": rng.random(n) < 0.2,
        }
    )


@pytest.fixture
def workspace(tmp_path):
    opened = open_workspace(tmp_path)
    opened.register_dataset(source=orders(), name="orders", source_name="orders", roles={}, kinds={})
    opened.create_detector(name="Careless", algorithm="ecod")
    opened.train_detector(detector="Careless", dataset="orders")
    return opened


def test_a_label_the_detector_learned_from_is_refused(workspace):
    with pytest.raises(InvalidRequest, match="'late' cannot be label any more: this detector learned from it"):
        workspace.detect_anomalies(detector="Careless", source=orders(), label="late")
    assert workspace.queries.detections() == []


def test_a_column_the_detector_needs_cannot_be_ignored(workspace):
    with pytest.raises(InvalidRequest, match="'weight' cannot be ignored any more"):
        workspace.detect_anomalies(detector="Careless", source=orders(), roles={"weight": ColumnRole.IGNORED})


def test_a_detection_is_not_evaluated_against_what_its_detector_learned_from(workspace):
    workspace.detect_anomalies(detector="Careless", dataset="orders")
    with pytest.raises(InvalidRequest, match="learned from it"):
        workspace.evaluate_detection(detection="last", label="late")


def test_a_detection_whose_detector_is_gone_can_still_be_evaluated(workspace):
    workspace.detect_anomalies(detector="Careless", dataset="orders")
    workspace.remove_detector(detector="Careless")
    _, evaluation = workspace.evaluate_detection(detection="last", label="late")
    assert evaluation.n_rows == 120


def test_the_column_that_named_the_training_rows_names_the_new_ones_and_is_not_called_ignored(workspace):
    few = orders().slice(0, 20)  # too few rows to see by themselves that 'order' is a key
    found = workspace.detect_anomalies(detector="Careless", source=few).findings
    assert found.rows.identifier_name == "order"
    assert not any("ignored" in note for note in found.notes)


@pytest.mark.parametrize("source_name", ["-", ""])
def test_rows_that_were_not_kept_are_asked_for_instead_of_read_again(workspace, source_name):
    workspace.detect_anomalies(detector="Careless", source=orders(), source_name=source_name)
    with pytest.raises(Conflict, match="--data"):
        workspace.evaluate_detection(detection="last", label="order")
