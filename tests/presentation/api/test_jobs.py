"""Jobs over HTTP: what waits is cancelled at once, what failed is tried again, and others' jobs are left alone."""

import pytest

from pynomaly.domain.access import Role
from tests.service.in_line_worker import at_work
from tests.service.waiting import finished


@pytest.fixture
def queued(here):
    """A training that nobody has taken yet, submitted by an engineer."""
    training = {"dataset_id": here.things.dataset, "priority": 7}
    return here.post(f"/detectors/{here.things.detector}/train", Role.ENGINEER, json=training)


def test_taken_work_is_answered_with_its_place(here):
    training = {"dataset_id": here.things.dataset}
    answer = here.ask("POST", f"/detectors/{here.things.detector}/train", json=training)
    assert answer.status_code == 202
    job = answer.json()
    assert answer.headers["location"] == f"/api/v1/jobs/{job['id']}"
    assert job["events_url"] == f"/api/v1/jobs/{job['id']}/events"
    assert (job["status"], job["attempt"], job["progress"], job["result_url"]) == ("queued", 0, 0.0, None)


def test_a_waiting_job_is_cancelled_at_once_and_again_does_no_harm(here, queued):
    for _ in range(2):
        answer = here.ask("POST", f"/jobs/{queued['id']}/cancel", Role.ENGINEER)
        assert (answer.status_code, answer.json()["status"]) == (202, "cancelled")
    assert (
        here.get("/jobs", params={"status": "cancelled", "kind": "train", "limit": 1})["items"][0]["id"] == queued["id"]
    )


def test_a_cancelled_job_is_queued_anew_under_its_id(installation, here, queued):
    here.post(f"/jobs/{queued['id']}/cancel")
    assert here.post(f"/jobs/{queued['id']}/retry", Role.ENGINEER)["status"] == "queued"
    refused = here.ask("POST", f"/jobs/{queued['id']}/retry", Role.ENGINEER)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/conflict")
    with at_work(installation.shared):
        assert finished(here, queued["id"])["status"] == "succeeded"
    assert here.ask("POST", f"/jobs/{queued['id']}/retry").status_code == 409


def test_an_analyst_steers_only_what_they_submitted(here, queued):
    for verb in ("cancel", "retry"):
        refused = here.ask("POST", f"/jobs/{queued['id']}/{verb}", Role.ANALYST)
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/forbidden")
    assert here.get(f"/jobs/{queued['id']}")["status"] == "queued"


def test_a_job_that_fails_says_why_as_a_problem(installation, here):
    tiny = here.post(
        "/datasets",
        params={"name": "too few to learn from"},
        content=b"a,b\n1,2\n",
        headers={"Content-Type": "application/octet-stream"},
    )
    job = here.post(f"/detectors/{here.things.detector}/train", json={"dataset_id": tiny["id"]})
    with at_work(installation.shared):
        ended = finished(here, job["id"])
    assert ended["status"] == "failed"
    assert ended["error"]["type"] == "/problems/too-few-rows"
    assert ended["error"]["detail"]


def test_what_is_more_than_one_answer_can_hold_becomes_a_job(installation, here):
    large = b"a,b\n" + b"".join(b"%d,%d\n" % (number % 97, number % 89) for number in range(10_001))
    octets = {"Content-Type": "application/octet-stream"}
    dataset = here.post("/datasets", params={"name": "ten thousand and one"}, content=large, headers=octets)
    detector = here.post("/detectors", json={"name": "of the large", "parameters": {"n_trees": 5}})
    train = here.post(f"/detectors/{detector['id']}/train", json={"dataset_id": dataset["id"]})
    used = {"detector_id": detector["id"], "dataset_id": dataset["id"]}
    with at_work(installation.shared):
        finished(here, train["id"])
        for path in ("/detect", "/detections"):
            answer = here.ask("POST", path, Role.ANALYST, json=used)
            assert answer.status_code == 202, answer.text
            assert answer.headers["location"] == f"/api/v1/jobs/{answer.json()['id']}"
            job = finished(here, answer.json()["id"])
            assert job["status"] == "succeeded"
            assert here.get(job["result_url"].removeprefix("/api/v1"))["n_rows"] == 10_001
