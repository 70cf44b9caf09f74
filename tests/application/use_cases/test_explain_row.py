import pytest

from pynomaly.domain.errors import Conflict, NotFound
from tests.application.use_cases.orders import orders, trained


@pytest.fixture
def detection(workspace):
    trained(workspace)
    return workspace.detect_anomalies(detector="Fraud", dataset="orders", n_strangest=2).detection


def test_a_row_that_was_told_of_is_explained_as_it_was_then(workspace, detection) -> None:
    for told in detection.strangest:
        assert workspace.explain_row(detection=detection.id, row=told.row) == told


def test_a_row_that_nobody_told_of_is_explained_the_same_every_time(workspace, detection) -> None:
    explained = workspace.explain_row(detection="last", row=77)
    assert (explained.row, explained.is_anomaly) == (77, False)
    assert {reason.feature for reason in explained.reasons} <= {"amount", "weight", "is_late"}
    assert workspace.explain_row(detection="last", row=77) == explained


@pytest.mark.parametrize("row", [-1, 120, 10**12])
def test_a_row_that_is_not_there_is_not_found(workspace, detection, row) -> None:
    with pytest.raises(NotFound, match=f"has rows 0 to 119, not {row}"):
        workspace.explain_row(detection=detection.id, row=row)


def test_rows_that_were_not_kept_cannot_be_explained_later(workspace, detection) -> None:
    passing = workspace.detect_anomalies(detector="Fraud", source=orders()).detection
    with pytest.raises(Conflict, match="were not kept; detect on a stored dataset instead"):
        workspace.explain_row(detection=passing.id, row=0)


def test_without_its_dataset_or_detector_nothing_can_be_explained(workspace, detection) -> None:
    workspace.remove_dataset(dataset="orders")
    with pytest.raises(NotFound):
        workspace.explain_row(detection=detection.id, row=0)
    workspace.remove_detector(detector="Fraud")
    with pytest.raises(NotFound):
        workspace.explain_row(detection=detection.id, row=0)
