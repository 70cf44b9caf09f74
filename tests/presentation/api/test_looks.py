"""From rows to anomalies in one request, on each database."""

import itertools

import pytest

from pynomaly.domain.access import Permission, Role
from tests.service.furnished import PLANTED
from tests.service.in_line_worker import at_work
from tests.service.waiting import finished

NUMBERS = itertools.count()


@pytest.fixture
def name():
    """A name that no other detector has."""
    return f"a look {next(NUMBERS)}"


def look(here, role=Role.ANALYST, headers=None, **body):
    path = f"/datasets/{here.things.dataset}/look"
    return here.ask("POST", path, role, json=body | {"parameters": {"n_trees": 30}}, headers=headers or {})


def test_one_look_of_an_analyst_leads_to_the_anomalies(everywhere, name):
    here = everywhere.here
    taken = look(here, name=name)
    assert (taken.status_code, taken.json()["kind"]) == (202, "train")
    assert taken.headers["location"] == f"/api/v1/jobs/{taken.json()['id']}"
    with at_work(everywhere.shared):
        trained = finished(here, taken.json()["id"])
        detected = finished(here, trained["next_job_id"])
    assert (detected["kind"], detected["status"], detected["next_job_id"]) == ("detect", "succeeded", None)
    assert trained["created_by"] == detected["created_by"] == f"user:{here.furniture.users[Role.ANALYST]}"
    found = here.get(detected["result_url"].removeprefix("/api/v1"))
    detector = here.get(f"/detectors/{name}")
    assert (found["detector_id"], found["dataset_id"]) == (detector["id"], here.things.dataset)
    strangest = here.get(f"/detections/{found['id']}/anomalies", params={"limit": 3})["items"]
    assert {one["row"] for one in strangest} == set(PLANTED)


def test_a_look_under_one_key_is_taken_once(everywhere, name):
    key = {"Idempotency-Key": name.replace(" ", "-")}
    first, again = (look(everywhere.here, name=name, headers=key) for _ in range(2))
    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["idempotent-replayed"] == "true"


def test_a_look_needs_the_right_to_score_too(everywhere, name):
    here = everywhere.here
    path, keys = f"/datasets/{here.things.dataset}/look", here.keys
    for given, missing in ((Permission.WRITE_DATASETS, "score"), (Permission.SCORE, "write_datasets")):
        refused = here.ask_with(keys[given], "POST", path, json={"name": name})
        assert (refused.status_code, f"'{missing}'" in refused.json()["detail"]) == (403, True)
    assert look(here, Role.VIEWER, name=name).status_code == 403
    assert here.ask("GET", f"/detectors/{name}").status_code == 404


def test_a_name_that_was_asked_for_and_is_taken_is_told(everywhere, name):
    assert look(everywhere.here, name=name).status_code == 202
    refused = look(everywhere.here, name=name)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/already-exists")


def test_a_training_may_be_asked_to_be_followed_by_a_detection(everywhere):
    here = everywhere.here
    path, dataset = f"/detectors/{here.things.detector}/train", here.things.dataset
    with at_work(everywhere.shared):
        plain = finished(here, here.post(path, json={"dataset_id": dataset})["id"])
        followed = finished(here, here.post(path, json={"dataset_id": dataset, "then_detect": True})["id"])
        assert finished(here, followed["next_job_id"])["status"] == "succeeded"
    assert plain["next_job_id"] is None
    version = here.get(followed["result_url"].removeprefix("/api/v1"))["number"]
    newest = here.get("/detections", params={"detector": here.things.detector, "limit": 1})["items"][0]
    assert newest["detector_version"] == version


def test_whoever_may_not_score_has_no_training_followed_by_a_detection(everywhere):
    here = everywhere.here
    path, body = f"/detectors/{here.things.detector}/train", {"dataset_id": here.things.dataset, "then_detect": True}
    refused = here.ask_with(here.keys[Permission.WRITE_DETECTORS], "POST", path, json=body)
    assert (refused.status_code, "'score'" in refused.json()["detail"]) == (403, True)


def test_a_schedule_may_train_and_look(everywhere, name):
    here = everywhere.here
    used = {"detector_id": here.things.detector, "dataset_id": here.things.dataset}
    plan = {"name": name, "cron": "0 6 * * *", "kind": "train", "then_detect": True}
    assert here.post("/schedules", json=plan | used)["payload"] == used | {"seed": 0, "then_detect": True}
