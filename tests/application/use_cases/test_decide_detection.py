import pytest

from pynomaly.domain.decision import AlarmBudget, FalseDiscoveryControl, ProbabilityThreshold
from pynomaly.domain.errors import Conflict, NotFound, PolicyNotAvailable
from tests.application.use_cases.orders import trained
from tests.application.use_cases.told import ALL


@pytest.fixture
def first(workspace):
    trained(workspace)
    return workspace.detect_anomalies(detector="Fraud", dataset="orders", n_strangest=10).detection


def test_a_detection_of_its_own_comes_of_it_and_the_first_stays_as_it_was(workspace, first) -> None:
    decided = workspace.decide_detection(detection=first.id, policy=AlarmBudget(rows=5))
    assert (decided.n_anomalies, decided.policy) == (5, AlarmBudget(rows=5))
    assert decided.id != first.id
    assert workspace.queries.detection(first.id) == first
    assert workspace.queries.detection("last") == decided
    entry = workspace.queries.audit_page(ALL).items[-1]
    assert entry.type == "DetectionDecided"
    assert entry.payload == {"detection_id": decided.id, "decided_from": first.id, "n_anomalies": 5}


def test_it_decides_as_if_it_had_been_asked_so_from_the_beginning(workspace, first) -> None:
    policy = AlarmBudget(rows=3)
    fresh = workspace.detect_anomalies(detector="Fraud", dataset="orders", policy=policy, n_strangest=10).detection
    decided = workspace.decide_detection(detection=first.id, policy=policy)
    assert decided.score_threshold == fresh.score_threshold
    assert decided.strangest == fresh.strangest
    assert decided.scores == fresh.scores  # the same rows, flags and all, are the same file


@pytest.mark.parametrize("policy", [ProbabilityThreshold(0.5)], ids=["no labels were learned from"])
def test_a_policy_that_the_model_cannot_support_is_refused(workspace, first, policy) -> None:
    with pytest.raises(PolicyNotAvailable):
        workspace.decide_detection(detection=first.id, policy=policy)
    assert workspace.queries.detections() == [first]


def test_a_detection_whose_detector_scores_no_more_cannot_be_decided_anew(workspace, first) -> None:
    with pytest.raises(NotFound):
        workspace.decide_detection(detection="unknown-id", policy=AlarmBudget(rows=1))
    workspace.change_detector(detector="Fraud", is_retired=True)
    with pytest.raises(Conflict):
        workspace.decide_detection(detection=first.id, policy=AlarmBudget(rows=1))
    workspace.remove_detector(detector="Fraud")
    with pytest.raises(NotFound):
        workspace.decide_detection(detection=first.id, policy=FalseDiscoveryControl(0.1))
