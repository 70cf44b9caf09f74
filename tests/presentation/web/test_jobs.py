"""Jobs in the browser."""

from datetime import timedelta

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.assembly.workspace import open_workspace
from pynomaly.domain.access import Role
from pynomaly.domain.job import JobKind, JobStatus
from pynomaly.presentation.web import jobs
from pynomaly.presentation.web.sign_in import own_address
from tests.service.in_line_worker import at_work
from tests.service.waiting import finished


def queued(installation, role=Role.ANALYST):
    """Return a new job that somebody of a role wants done."""
    things = installation.here.things
    return installation.here.post(f"/datasets/{things.dataset}/look", role, json={"parameters": {"n_trees": 5}})["id"]


@pytest.mark.parametrize("role", list(Role))
def test_everybody_sees_the_jobs_of_the_workspace_and_no_others(browse, installation, role):
    text = browse(role).shown("/jobs")
    assert f'href="/jobs/{installation.here.things.job}"' in text
    assert "Train “birch watch” on “birch orders”" in text
    assert "birch admin" in text
    assert "walrus" not in text


def test_jobs_of_one_state_are_shown_when_asked(browse, installation):
    cancelled = browse().shown("/jobs?status=cancelled")
    assert installation.here.things.job in cancelled
    assert installation.here.things.job not in browse().shown("/jobs?status=queued")
    assert browse().get("/jobs?status=lost").status_code == 422
    assert "No job is in this state" in browse().shown("/jobs?status=cancelling")


@pytest.mark.parametrize("role", list(Role))
def test_a_job_that_waits_can_be_cancelled_by_whoever_wants_it_or_manages_jobs(browse, installation, role):
    own, of_engineer = queued(installation), queued(installation, Role.ENGINEER)
    who = browse(role)
    for job, may in ((own, role is not Role.VIEWER), (of_engineer, role in (Role.ENGINEER, Role.ADMIN))):
        page = who.shown(f"/jobs/{job}")
        assert "Waiting for a worker" in page
        assert (f'action="/jobs/{job}/cancel"' in page) == may
        assert ("It can be steered by birch" in page) == (not may)
        assert who.send(f"/jobs/{job}/cancel").status_code == (303 if may else 403)
        assert installation.here.get(f"/jobs/{job}")["status"] == ("cancelled" if may else "queued")


def test_a_cancelled_job_is_tried_again_and_a_waiting_one_is_not(browse, installation):
    job = queued(installation)
    who = browse(Role.ANALYST)
    assert who.send(f"/jobs/{job}/retry").status_code == 409
    who.send(f"/jobs/{job}/cancel")
    page = who.shown(f"/jobs/{job}")
    assert "Nothing it did is kept." in page
    assert "Try again" in page
    assert who.send(f"/jobs/{job}/retry").headers["location"] == f"/jobs/{job}"
    assert installation.here.get(f"/jobs/{job}")["status"] == "queued"
    who.send(f"/jobs/{job}/cancel")


def test_a_job_that_is_done_says_what_it_came_to(browse, installation):
    job = queued(installation)
    with at_work(installation.shared):
        trained = finished(installation.here, job)
        detected = finished(installation.here, trained["next_job_id"])
    text = browse(Role.VIEWER).shown(f"/jobs/{job}")
    assert f'href="/jobs/{detected["id"]}"' in text
    assert "is live" in text
    text = browse(Role.VIEWER).shown(f"/jobs/{detected['id']}")
    assert "3 rows stand out" in text
    assert f'href="{detected["result_url"].removeprefix("/api/v1")}"' in text
    assert "running" in text
    assert "hx-sse" not in text


def test_a_job_that_failed_says_why(browse, installation):
    here = installation.here
    stuck = here.post(
        "/datasets",
        params={"name": "flat line"},
        content=b"always\n" + b"5\n" * 30,
        headers={"Content-Type": "application/octet-stream"},
    )
    job = here.post(f"/datasets/{stuck['id']}/look", json={})["id"]
    with at_work(installation.shared):
        finished(here, job)
    text = browse().shown(f"/jobs/{job}")
    assert "It failed" in text
    assert "No column of flat line can be learned from" in text
    assert "Try again" in text
    assert "no column of flat line" in browse().shown("/jobs?status=failed")


def test_a_stream_tells_a_job_until_it_has_ended(browse, installation):
    job = installation.here.things.job
    answer = browse(Role.VIEWER).get(f"/jobs/{job}/live")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "Cancelled" in answer.text
    assert answer.text.endswith("event: end\ndata: {}\n\n")


def test_a_job_that_waits_long_says_that_no_worker_may_be_running(browse, installation, monkeypatch):
    job = queued(installation)
    assert "no worker is running" not in browse().shown(f"/jobs/{job}")
    monkeypatch.setattr(jobs, "LONG_WAIT", timedelta(0))
    assert "no worker is running" in browse().shown(f"/jobs/{job}")
    browse().send(f"/jobs/{job}/cancel")


def test_jobs_of_others_are_not_found_and_forms_need_their_token(browse, installation):
    job, foreign = installation.here.things.job, browse(at=installation.elsewhere)
    assert [foreign.get(f"/jobs/{job}{part}").status_code for part in ("", "/live")] == [404, 404]
    for verb in ("cancel", "retry"):
        assert foreign.send(f"/jobs/{job}/{verb}").status_code == 404
        assert browse().send_without_token(f"/jobs/{job}/{verb}").status_code == 403


def test_cancelling_leads_back_to_pages_of_ours_only(browse, installation):
    job = queued(installation)
    assert own_address("https://elsewhere.example/") == "/"
    assert browse().send(f"/jobs/{job}/cancel", back="https://elsewhere.example/").headers["location"] == "/"


def test_every_kind_of_job_has_a_page(browse, installation):
    things = installation.here.things
    payloads = {
        JobKind.TRAIN: {"detector_id": things.detector, "dataset_id": things.dataset},
        JobKind.DETECT: {"detector_id": things.detector, "source_id": things.source, "selection": {"table": "entries"}},
        JobKind.PULL: {"source_id": things.source, "selection": {"table": "entries"}},
    }
    asked = Asked(installation.here.furniture.tenant_id, "schedule:nightly")
    workspace = open_workspace(installation.shared, asked)
    for kind in JobKind:
        job = workspace.submit_job(kind=kind, payload=payloads[kind])
        assert "a schedule" in browse().shown(f"/jobs/{job.id}")
        assert workspace.cancel_job(job=job.id).status is JobStatus.CANCELLED
