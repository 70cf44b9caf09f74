import pytest

from pynomaly.domain.detector import DetectorStatus
from pynomaly.domain.errors import AlreadyExists, Conflict, InvalidRequest, NotFound, NotTrained, StaleWrite
from tests.application.use_cases.orders import trained
from tests.application.use_cases.told import ALL


def _last(workspace):
    entry = workspace.queries.audit_page(ALL).items[-1]
    return entry.type, dict(entry.payload)


def test_a_detector_gets_another_name_and_keeps_its_versions(workspace) -> None:
    made = trained(workspace)
    renamed = workspace.change_detector(detector="Fraud", name="Theft", revision=made.revision + 1)
    assert (renamed.name, renamed.versions) == ("Theft", made.versions)
    assert workspace.queries.detector("Theft")[0] == renamed
    assert _last(workspace) == ("DetectorChanged", {"detector_id": made.id})


def test_a_retired_detector_scores_nothing_and_stays_retired(workspace) -> None:
    trained(workspace)
    assert workspace.change_detector(detector="Fraud", is_retired=True).status is DetectorStatus.RETIRED
    with pytest.raises(Conflict, match="retired"):
        workspace.detect_anomalies(detector="Fraud", dataset="orders")
    with pytest.raises(Conflict, match="retired for good; create another one"):
        workspace.change_detector(detector="Fraud", is_retired=False)
    assert workspace.change_detector(detector="Fraud", name="Old", is_retired=True).is_retired


def test_an_earlier_version_goes_live_again(workspace) -> None:
    trained(workspace)
    second = workspace.train_detector(detector="Fraud", dataset="orders", seed=1)
    assert second.live_version == 2
    back = workspace.promote_version(detector="Fraud")
    assert (back.live_version, len(back.versions)) == (1, 2)
    assert _last(workspace) == ("VersionPromoted", {"detector_id": back.id, "version": 1})
    assert workspace.promote_version(detector="Fraud", version=2).live_version == 2
    assert workspace.train_detector(detector="Fraud", dataset="orders").live_version == 3


def test_there_is_nothing_to_roll_back_to_before_the_first_version(workspace) -> None:
    trained(workspace)
    with pytest.raises(Conflict, match="version 1 is the first"):
        workspace.promote_version(detector="Fraud")


@pytest.mark.parametrize(
    ("question", "error"),
    [
        ({"detector": "Fraud", "version": 2}, NotFound),
        ({"detector": "Fraud", "version": 1, "revision": 9}, StaleWrite),
        ({"detector": "Draft", "version": 1}, NotTrained),
        ({"detector": "Nobody"}, NotFound),
    ],
    ids=str,
)
def test_only_versions_that_are_there_can_go_live(workspace, question, error) -> None:
    trained(workspace)
    workspace.create_detector(name="Draft", algorithm="ecod")
    with pytest.raises(error):
        workspace.promote_version(**question)


@pytest.mark.parametrize(
    ("question", "error"),
    [
        ({"detector": "Draft", "name": "Fraud"}, AlreadyExists),
        ({"detector": "Draft", "name": "\0"}, InvalidRequest),
        ({"detector": "Draft", "name": "x", "revision": 3}, StaleWrite),
        ({"detector": "Nobody", "name": "x"}, NotFound),
    ],
    ids=str,
)
def test_a_change_that_cannot_be_made_changes_nothing(workspace, question, error) -> None:
    trained(workspace)
    draft = workspace.create_detector(name="Draft", algorithm="ecod")
    with pytest.raises(error):
        workspace.change_detector(**question)
    assert workspace.queries.detector("Draft")[0] == draft
