from collections.abc import Callable

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.paging import Piece
from pynomaly.application.workspace import Workspace
from pynomaly.assembly.workspace import open_workspace
from pynomaly.domain.access import Role
from pynomaly.domain.errors import NotFound
from pynomaly.domain.job import JobKind
from pynomaly.domain.schedule import Schedule
from tests.presentation.web.conftest import Browsing
from tests.service.installed import Installation

FIELDS = {"kind": "detect", "dataset": "birch orders", "when": "0 6 * * 1-5", "time_zone": "Europe/Berlin"}


@pytest.fixture
def workspace(installation: Installation) -> Workspace:
    furniture = installation.here.furniture
    return open_workspace(installation.shared, Asked(furniture.tenant_id, f"user:{furniture.users[Role.ADMIN]}"))


@pytest.fixture
def spare(workspace: Workspace, here, request: pytest.FixtureRequest) -> Schedule:
    """A schedule that a test may do with what it wants."""
    return workspace.create_schedule(
        name=request.node.name[:200],
        cron="0 3 * * *",
        time_zone="UTC",
        kind=JobKind.TRAIN,
        payload={"detector_id": here.things.detector, "dataset_id": here.things.dataset},
    )


def _at(here, rest: str = "") -> str:
    return f"/detectors/{here.things.detector}/schedules{rest}"


def test_a_detector_is_scheduled_and_its_page_says_when(browse: Callable[..., Browsing], here) -> None:
    browsing = browse(Role.ENGINEER)
    answer = browsing.send(_at(here), **FIELDS, schedule_name="weekday mornings")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/detectors/{here.things.detector}#schedules")
    page = browsing.shown(f"/detectors/{here.things.detector}")
    assert "weekday mornings" in page
    assert "every weekday at 06:00, Europe/Berlin" in page


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"when": "own", "cron": "99 * * * *"}, 422, "is no cron expression"),
        ({"when": "own", "cron": ""}, 422, "&#39;cron&#39; is empty"),
        ({"time_zone": "Mars/Olympus"}, 422, "there is no time zone &#39;Mars/Olympus&#39;"),
        ({"kind": "dance"}, 422, "&#39;kind&#39; is one of"),
        ({"kind": "pull"}, 422, "a detector is trained or asked"),
        ({"schedule_name": ""}, 422, "&#39;schedule name&#39; is empty"),
        ({"dataset": "nothing of that name"}, 404, "nothing of that name"),
        ({"schedule_name": "birch nightly"}, 409, "birch nightly"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused_and_what_was_entered_stays(
    browse: Callable[..., Browsing], here, change: dict[str, str], status: int, sentence: str
) -> None:
    answer = browse(Role.ENGINEER).send(_at(here), **{**FIELDS, "schedule_name": "kept as typed", **change})
    assert answer.status_code == status
    assert sentence in answer.text
    if "schedule_name" not in change:
        assert 'value="kept as typed"' in answer.text


def test_a_schedule_rests_and_is_woken(browse: Callable[..., Browsing], here, workspace: Workspace, spare) -> None:
    browsing = browse(Role.ENGINEER)
    assert browsing.send(_at(here, f"/{spare.id}/rest"), revision=str(spare.revision)).status_code == 303
    resting = workspace.queries.schedule(spare.id)
    assert (resting.is_enabled, resting.next_run_at) == (False, None)
    assert "Resume" in browsing.shown(f"/detectors/{here.things.detector}")
    assert browsing.send(_at(here, f"/{spare.id}/wake"), revision=str(resting.revision)).status_code == 303
    assert workspace.queries.schedule(spare.id).is_enabled


def test_a_stale_form_changes_no_schedule(browse: Callable[..., Browsing], here, workspace: Workspace, spare) -> None:
    workspace.change_schedule(schedule=spare.id, cron="0 4 * * *")
    answer = browse(Role.ENGINEER).send(_at(here, f"/{spare.id}/rest"), revision=str(spare.revision))
    assert answer.status_code == 409
    assert workspace.queries.schedule(spare.id).is_enabled


def test_a_schedule_is_deleted(browse: Callable[..., Browsing], here, workspace: Workspace, spare) -> None:
    answer = browse(Role.ENGINEER).send(_at(here, f"/{spare.id}/delete"), revision=str(spare.revision))
    assert answer.status_code == 303
    with pytest.raises(NotFound):
        workspace.queries.schedule(spare.id)


def test_a_schedule_of_another_detector_is_not_touched(
    browse: Callable[..., Browsing], here, workspace: Workspace
) -> None:
    other = workspace.create_detector(name="has no schedule", algorithm="ecod")
    path = f"/detectors/{other.id}/schedules/{here.things.schedule}/delete"
    assert browse(Role.ENGINEER).send(path).status_code == 404
    assert here.things.schedule in {one.id for one in workspace.queries.schedule_page(Piece(500)).items}


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST])
@pytest.mark.parametrize("rest", ["", "/{schedule}/rest", "/{schedule}/wake", "/{schedule}/delete"])
def test_whoever_may_not_schedule_is_told_so(browse: Callable[..., Browsing], here, role: Role, rest: str) -> None:
    path = _at(here, rest.format(schedule=here.things.schedule))
    assert browse(role).send(path).status_code == 403
    assert browse(Role.ADMIN).send_without_token(path).status_code == 403


def test_schedules_of_another_workspace_are_not_there(
    browse: Callable[..., Browsing], here, installation: Installation
) -> None:
    theirs = installation.elsewhere.things.schedule
    assert browse(Role.ENGINEER).send(_at(here, f"/{theirs}/delete")).status_code == 404
