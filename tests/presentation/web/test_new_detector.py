import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.application.workspace import Workspace
from pynomaly.assembly.workspace import open_workspace
from pynomaly.domain.access import Role
from pynomaly.domain.job import JobKind
from tests.presentation.web.conftest import Browsing
from tests.presentation.web.hostile import HOSTILE, is_shown_harmlessly
from tests.presentation.web.test_code_forms import check_command, check_curl, check_python, code_on
from tests.service.installed import Installation


@pytest.fixture
def workspace(installation: Installation) -> Workspace:
    furniture = installation.here.furniture
    return open_workspace(installation.shared, Asked(furniture.tenant_id, f"user:{furniture.users[Role.ADMIN]}"))


def test_what_is_to_be_found_is_asked_first(browse: Callable[..., Browsing]) -> None:
    page = browse(Role.ENGINEER).shown("/detectors/new")
    assert page.index("What do you want to find?") < page.index("Propose detectors")
    assert "Create and train" not in page


def test_three_are_proposed_with_reason_and_cost_and_the_first_is_filled_in(
    browse: Callable[..., Browsing], here
) -> None:
    page = browse(Role.ENGINEER).shown(f"/detectors/new?intent=table&dataset={here.things.dataset}")
    assert "Three proposals for 300 rows of birch orders" in page
    assert "Copes with anomalies" in page
    assert "under a second" in page
    assert re.search(r'value="birch orders( \d+)?"', page)  # free among the names that other tests gave
    assert 'name="p.n_trees" value="300"' in page


def test_an_algorithm_that_is_not_installed_or_does_not_fit_says_why(browse: Callable[..., Browsing], here) -> None:
    page = browse(Role.ENGINEER).shown(f"/detectors/new?intent=columns&dataset={here.things.dataset}")
    assert "It takes at most 1 columns to learn from." in page or "pip install" in page


def test_an_algorithm_that_cannot_be_kept_offers_no_button(browse: Callable[..., Browsing], here) -> None:
    path = f"/detectors/new?dataset={here.things.dataset}&algorithm=pyod.copod"
    page = browse(Role.ENGINEER).shown(path)
    assert "Create and train" not in page
    assert "cannot be kept as a detector" in page or "is not installed here" in page


def test_an_algorithm_that_there_is_not_is_refused(browse: Callable[..., Browsing], here) -> None:
    answer = browse(Role.ENGINEER).get(f"/detectors/new?dataset={here.things.dataset}&algorithm=magic")
    assert answer.status_code == 422
    assert "there is no algorithm" in answer.text


def test_a_dataset_of_another_workspace_is_not_there(
    browse: Callable[..., Browsing], installation: Installation
) -> None:
    answer = browse(Role.ENGINEER).get(f"/detectors/new?dataset={installation.elsewhere.things.dataset}")
    assert answer.status_code == 404


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST])
def test_whoever_may_not_make_detectors_is_told_whom_to_ask(browse: Callable[..., Browsing], here, role: Role) -> None:
    page = browse(role).shown(f"/detectors/new?dataset={here.things.dataset}")
    assert "needs the role engineer" in page
    assert "Create and train" not in page
    for path in ("/detectors", "/detectors/new/shown"):
        assert browse(role).send(path, name="x").status_code == 403


@pytest.mark.parametrize("then", [True, False])
def test_a_detector_is_made_and_trained_by_a_job(
    browse: Callable[..., Browsing], workspace: Workspace, here, then: bool
) -> None:
    fields = {"name": f"made {then}", "algorithm": "ecod", "p.aggregation": "largest_sum", "dataset": "birch orders"}
    answer = browse(Role.ENGINEER).send("/detectors", **fields, **({"then_detect": "yes"} if then else {}))
    job = workspace.queries.job(answer.headers["location"].removeprefix("/jobs/"))
    detector, _ = workspace.queries.detector(f"made {then}")
    assert (detector.algorithm, detector.parameters) == ("ecod", {"aggregation": "largest_sum"})
    assert (job.kind, job.payload["detector_id"], job.payload["then_detect"]) == (JobKind.TRAIN, detector.id, then)
    assert job.payload["dataset_id"] == here.things.dataset
    workspace.cancel_job(job=job.id)


def test_a_document_makes_the_same_detector(browse: Callable[..., Browsing], workspace: Workspace) -> None:
    document = json.dumps({"name": "from a document", "algorithm": "hbos", "parameters": {"n_bins": 12}})
    answer = browse(Role.ENGINEER).send("/detectors", expert="1", document=document, dataset="birch orders")
    assert answer.status_code == 303
    assert workspace.queries.detector("from a document")[0].parameters == {"n_bins": 12}
    workspace.cancel_job(job=answer.headers["location"].removeprefix("/jobs/"))


def test_a_value_outside_its_range_is_named_beside_its_field_and_stays(
    browse: Callable[..., Browsing], workspace: Workspace, here
) -> None:
    fields = {"name": "kept name", "algorithm": "isolation_forest", "p.n_trees": "0"}
    answer = browse(Role.ENGINEER).send("/detectors", **fields, dataset=here.things.dataset)
    assert answer.status_code == 422
    assert 'class="fault">n_trees must be between 1 and 2000, not 0' in answer.text
    assert 'value="kept name"' in answer.text
    assert 'name="p.n_trees" value="0"' in answer.text
    assert "kept name" not in {one.name for one in workspace.queries.detectors()}


def test_a_broken_document_comes_back_as_it_was_typed(browse: Callable[..., Browsing], here) -> None:
    typed = '{"name": "x", '
    for path in ("/detectors", "/detectors/new/shown"):
        answer = browse(Role.ENGINEER).send(path, expert="1", document=typed, dataset=here.things.dataset)
        assert answer.status_code == 422
        assert "the document is no JSON: line 1" in answer.text
        assert "{&#34;name&#34;: &#34;x&#34;," in answer.text


def test_a_taken_name_makes_no_job(browse: Callable[..., Browsing], here) -> None:
    fields = {"name": "birch watch", "algorithm": "ecod", "dataset": here.things.dataset}
    answer = browse(Role.ENGINEER).send("/detectors", **fields)
    assert answer.status_code == 409
    assert "there is a detector &#39;birch watch&#39; already" in answer.text


def test_form_and_document_lead_to_each_other_through_the_address(browse: Callable[..., Browsing], here) -> None:
    browsing = browse(Role.ENGINEER)
    fields = {"intent": "novelty", "dataset": here.things.dataset, "name": "both ways", "algorithm": "knn"}
    answer = browsing.send("/detectors/new/shown", **fields, **{"p.max_reference_rows": "77"})
    address = answer.headers["location"]
    assert "form_token" not in address
    assert parse_qs(urlsplit(address).query)["expert"] == ["1"]
    page = browsing.shown(address)
    assert "&#34;max_reference_rows&#34;: 77" in page
    document = json.dumps({"name": "both ways", "algorithm": "knn", "parameters": {"max_reference_rows": 78}})
    back = browsing.send("/detectors/new/shown", expert="1", document=document, dataset=here.things.dataset)
    page = browsing.shown(back.headers["location"])
    assert 'name="p.max_reference_rows" value="78"' in page
    assert 'value="both ways"' in page


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_in_the_address_stays_text(browse: Callable[..., Browsing], here, name: str) -> None:
    query = {"dataset": here.things.dataset, "name": name, "algorithm": "isolation_forest", "p.n_trees": name}
    answer = browse(Role.ENGINEER).get("/detectors/new", params=query)
    assert answer.status_code == 200
    assert is_shown_harmlessly(name, answer.text)


def test_the_code_of_a_proposal_is_true(browse: Callable[..., Browsing], here) -> None:
    code = code_on(browse, here, f"/detectors/new?intent=novelty&dataset={here.things.dataset}&name=as+code")
    assert len(code) == 6
    for form, text in code:
        (check_curl, check_command, check_python)[form - 1](text, here)
