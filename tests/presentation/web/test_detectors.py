import re
from collections.abc import Callable

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.paging import Piece
from pynomaly.application.workspace import Workspace
from pynomaly.assembly.workspace import open_workspace
from pynomaly.domain.access import Role
from pynomaly.domain.errors import NotFound, PynomalyError
from pynomaly.domain.job import JobKind
from tests.presentation.web.conftest import Browsing
from tests.presentation.web.hostile import HOSTILE, is_shown_harmlessly
from tests.service.furnished import rows
from tests.service.installed import Installation

PATHS = ("/detectors", "/detectors/new", "/detectors/{detector}")
CHANGES = (
    "/detectors/{detector}/train",
    "/detectors/{detector}/promote",
    "/detectors/{detector}/rename",
    "/detectors/{detector}/retire",
    "/detectors/{detector}/delete",
)


@pytest.fixture
def workspace(installation: Installation) -> Workspace:
    furniture = installation.here.furniture
    return open_workspace(installation.shared, Asked(furniture.tenant_id, f"user:{furniture.users[Role.ADMIN]}"))


@pytest.fixture
def spare(workspace: Workspace, request: pytest.FixtureRequest) -> str:
    """A detector with two versions that a test may do with what it wants."""
    detector = workspace.create_detector(
        name=f"{request.node.name[:150]}", algorithm="isolation_forest", parameters={"n_trees": 10}
    )
    for seed in (0, 1):
        workspace.train_detector(detector=detector.id, dataset="birch orders", seed=seed)
    return detector.id


def _revision(workspace: Workspace, detector: str) -> dict[str, str]:
    found, _ = workspace.queries.detector(detector)
    return {
        "revision": str(found.revision),
        "seen_name": found.name,
        "seen_version": str(found.live_version or ""),
    }


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("path", PATHS)
def test_every_role_may_look(browse: Callable[..., Browsing], here, role: Role, path: str) -> None:
    assert browse(role).get(path.format(detector=here.things.detector)).status_code == 200


@pytest.mark.parametrize("path", [*PATHS, "/detectors/new?intent=peers"])
def test_whoever_is_not_signed_in_is_led_to_the_door(browse: Callable[..., Browsing], here, path: str) -> None:
    answer = browse(None).get(path.format(detector=here.things.detector))
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST])
@pytest.mark.parametrize("path", CHANGES)
def test_whoever_may_not_change_detectors_is_told_so(
    browse: Callable[..., Browsing], here, role: Role, path: str
) -> None:
    assert browse(role).send(path.format(detector=here.things.detector)).status_code == 403


def test_a_viewer_may_not_have_a_detector_look(browse: Callable[..., Browsing], here) -> None:
    answer = browse(Role.VIEWER).send(f"/detectors/{here.things.detector}/detect", dataset=here.things.dataset)
    assert answer.status_code == 403


@pytest.mark.parametrize("path", [*CHANGES, "/detectors/{detector}/detect", "/detectors", "/detectors/new/shown"])
def test_a_form_without_its_token_changes_nothing(browse: Callable[..., Browsing], here, path: str) -> None:
    answer = browse(Role.ADMIN).send_without_token(path.format(detector=here.things.detector))
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/detectors/{detector}", *CHANGES])
def test_a_detector_of_another_workspace_is_not_there(
    browse: Callable[..., Browsing], installation: Installation, path: str
) -> None:
    theirs = path.format(detector=installation.elsewhere.things.detector)
    browsing = browse(Role.ADMIN)
    answer = browsing.get(theirs) if path.endswith("{detector}") else browsing.send(theirs, dataset="x", name="y")
    assert answer.status_code == 404
    assert "walrus" not in answer.text


def test_what_a_viewer_may_not_do_is_said_instead_of_offered(browse: Callable[..., Browsing], here) -> None:
    page = browse(Role.VIEWER).shown(f"/detectors/{here.things.detector}")
    assert "<form" not in page.partition('<main id="content"')[2].partition("as-code")[0]
    assert "needs the role engineer" in page
    assert "needs the role analyst" in page


def test_the_list_tells_what_each_found_last(browse: Callable[..., Browsing]) -> None:
    page = browse(Role.VIEWER).shown("/detectors")
    assert "birch watch" in page
    assert "Isolation forest" in page
    assert re.search(r"\d+ of 300 rows", page)


def test_a_list_in_which_there_is_more_leads_on(
    browse: Callable[..., Browsing], workspace: Workspace, monkeypatch: pytest.MonkeyPatch, spare: str
) -> None:
    monkeypatch.setattr("pynomaly.presentation.web.detectors.AT_ONCE", 1)
    browsing = browse(Role.VIEWER)
    page = browsing.shown("/detectors")
    assert "showing 1 of" in page
    older = re.search(r'href="(/detectors\?cursor=[^"]+)"', page)
    assert older is not None
    assert spare not in browsing.shown(older[1])
    assert browsing.get("/detectors?cursor=forged").status_code == 422


def test_a_page_says_how_a_detector_stands_and_since_when(browse: Callable[..., Browsing], here) -> None:
    page = browse(Role.VIEWER).shown(f"/detectors/{here.things.detector}")
    assert re.search(r"\d+ of 300 rows stood out when it last looked", page)
    assert "Version 2 of 2 is live" in page
    assert "birch nightly" in page
    assert "every day at 03:00" in page


def test_a_version_is_promoted_and_its_times_are_told(
    browse: Callable[..., Browsing], workspace: Workspace, spare: str
) -> None:
    browsing = browse(Role.ENGINEER)
    answer = browsing.send(f"/detectors/{spare}/promote", version="1", **_revision(workspace, spare))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/detectors/{spare}")
    page = browsing.shown(f"/detectors/{spare}")
    assert "Version 1 of 2 is live" in page
    assert "Make 2 live" in page
    spans = workspace.queries.detector_history(spare).live_spans
    assert [span.until is None for span in spans[1]] == [False, True]
    assert [span.until is None for span in spans[2]] == [False]


def test_a_version_that_is_not_there_is_refused(
    browse: Callable[..., Browsing], workspace: Workspace, spare: str
) -> None:
    answer = browse(Role.ENGINEER).send(f"/detectors/{spare}/promote", version="9", **_revision(workspace, spare))
    assert answer.status_code == 404
    assert "has no version 9" in answer.text


def test_a_detector_is_renamed(browse: Callable[..., Browsing], workspace: Workspace, spare: str) -> None:
    browsing = browse(Role.ENGINEER)
    answer = browsing.send(f"/detectors/{spare}/rename", **_revision(workspace, spare), name="another name")
    assert answer.status_code == 303
    assert "The detector is called" in browsing.shown(f"/detectors/{spare}")
    assert workspace.queries.detector(spare)[0].name == "another name"
    workspace.change_detector(detector=spare, name=f"was another {spare}")


def test_a_taken_name_is_refused_and_what_was_entered_stays(
    browse: Callable[..., Browsing], workspace: Workspace, spare: str
) -> None:
    answer = browse(Role.ENGINEER).send(f"/detectors/{spare}/rename", **_revision(workspace, spare), name="birch watch")
    assert answer.status_code == 409
    assert "there is a detector &#39;birch watch&#39; already" in answer.text
    assert 'value="birch watch"' in answer.text


def test_a_stale_form_is_refused_and_says_what_changed(
    browse: Callable[..., Browsing], workspace: Workspace, spare: str
) -> None:
    seen = _revision(workspace, spare)
    workspace.change_detector(detector=spare, name=f"meanwhile {spare}")
    workspace.promote_version(detector=spare, version=1)
    answer = browse(Role.ENGINEER).send(f"/detectors/{spare}/rename", **seen, name="mine")
    assert answer.status_code == 409
    assert "changed since you read it" in answer.text
    assert f"It is called &#39;meanwhile {spare}&#39; now." in answer.text
    assert "Version 1 is live now." in answer.text
    assert workspace.queries.detector(spare)[0].name == f"meanwhile {spare}"


def test_a_retired_detector_offers_nothing_but_its_history(
    browse: Callable[..., Browsing], workspace: Workspace, spare: str
) -> None:
    browsing = browse(Role.ENGINEER)
    assert browsing.send(f"/detectors/{spare}/retire", **_revision(workspace, spare)).status_code == 303
    page = browsing.shown(f"/detectors/{spare}")
    assert "scores nothing any more" in page
    assert "Find anomalies" not in page.partition('<details class="as-code"')[0]
    refused = browsing.send(f"/detectors/{spare}/train", dataset="birch orders")
    assert refused.status_code == 409
    assert "takes no new versions" in refused.text


def test_a_detector_is_deleted_when_its_name_was_typed(
    browse: Callable[..., Browsing], workspace: Workspace, spare: str
) -> None:
    browsing, seen = browse(Role.ENGINEER), _revision(workspace, spare)
    refused = browsing.send(f"/detectors/{spare}/delete", **seen, confirmation="something else")
    assert refused.status_code == 422
    assert "type the detector&#39;s name" in refused.text
    answer = browsing.send(f"/detectors/{spare}/delete", **seen, confirmation=seen["seen_name"])
    assert (answer.status_code, answer.headers["location"]) == (303, "/detectors")
    with pytest.raises(NotFound):
        workspace.queries.detector(spare)


def test_training_again_is_a_job(browse: Callable[..., Browsing], workspace: Workspace, spare: str) -> None:
    answer = browse(Role.ENGINEER).send(f"/detectors/{spare}/train", dataset="birch orders", seed="7")
    job = workspace.queries.job(answer.headers["location"].rpartition("/")[2])
    assert (job.kind, job.payload["seed"], job.payload["then_detect"]) == (JobKind.TRAIN, 7, False)


def test_a_seed_that_is_no_number_is_refused_with_the_page(browse: Callable[..., Browsing], spare: str) -> None:
    answer = browse(Role.ENGINEER).send(f"/detectors/{spare}/train", dataset="birch orders", seed="seven")
    assert answer.status_code == 422
    assert "&#39;seed&#39; is a number" in answer.text
    assert 'value="seven"' in answer.text


def test_few_rows_are_looked_at_at_once(browse: Callable[..., Browsing], workspace: Workspace, spare: str) -> None:
    answer = browse(Role.ANALYST).send(f"/detectors/{spare}/detect", dataset="birch orders")
    where, _, detection = answer.headers["location"].rpartition("/")
    assert where == "/detections"
    assert workspace.queries.detection(detection).detector_id == spare


def test_many_rows_are_looked_at_by_a_job(browse: Callable[..., Browsing], workspace: Workspace, spare: str) -> None:
    dataset, _ = workspace.register_dataset(
        source=rows(prefix="birch_", n_rows=10_001), name=f"many {spare}", source_name=""
    )
    answer = browse(Role.ANALYST).send(f"/detectors/{spare}/detect", dataset=dataset.id)
    job = workspace.queries.job(answer.headers["location"].rpartition("/")[2])
    assert (job.kind, job.payload["dataset_id"]) == (JobKind.DETECT, dataset.id)
    workspace.cancel_job(job=job.id)


def test_a_dataset_of_another_workspace_cannot_be_looked_at(
    browse: Callable[..., Browsing], installation: Installation, spare: str
) -> None:
    theirs = installation.elsewhere.things.dataset
    for act in ("detect", "train"):
        assert browse(Role.ENGINEER).send(f"/detectors/{spare}/{act}", dataset=theirs).status_code == 404


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_text(browse: Callable[..., Browsing], workspace: Workspace, name: str) -> None:
    detector = workspace.create_detector(name=name, algorithm="ecod")
    for path in ("/detectors", f"/detectors/{detector.id}"):
        assert is_shown_harmlessly(name, browse(Role.ADMIN).shown(path))
    workspace.remove_detector(detector=detector.id)


def test_a_failed_training_is_told_with_its_reason(
    browse: Callable[..., Browsing], workspace: Workspace, installation: Installation
) -> None:
    few, _ = workspace.register_dataset(source=rows(prefix="birch_", n_rows=1), name="a single row", source_name="")
    detector = workspace.create_detector(name="from a single row", algorithm="ecod")
    with pytest.raises(PynomalyError):
        workspace.train_detector(detector=detector.id, dataset=few.id)
    page = browse(Role.ENGINEER).shown(f"/detectors/{detector.id}")
    run = workspace.queries.detector(detector.id)[1][0]
    assert "its training failed" in page
    assert run.error.partition("'")[0] in page
    assert "training failed" in browse(Role.VIEWER).shown("/detectors")


def test_queries_for_the_list_do_not_grow_with_it(workspace: Workspace) -> None:
    page, n_total = workspace.queries.detector_overviews(Piece(2))
    assert len(page.items) == min(2, n_total)
