"""Schedules over HTTP: they keep their time, and what they submit is work like any other."""

import time
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.assembly.workspace import open_workspace
from pynomaly.domain.access import Role


@pytest.fixture
def plan(here):
    """What a schedule of a training is made of."""
    used = {"detector_id": here.things.detector, "dataset_id": here.things.dataset, "seed": 4}
    return {"name": f"plan {time.monotonic_ns()}", "cron": "30 6 * * 1-5", "kind": "train", **used}


def test_a_schedule_says_when_it_comes_next_in_its_own_time_zone(here, plan):
    made = here.post("/schedules", Role.ENGINEER, json=plan | {"time_zone": "Europe/Berlin"})
    upcoming = datetime.fromisoformat(made["next_run_at"]).astimezone(ZoneInfo("Europe/Berlin"))
    assert (upcoming.hour, upcoming.minute) == (6, 30)
    assert upcoming.weekday() < 5
    assert made["is_enabled"]
    told = {name: plan[name] for name in ("detector_id", "dataset_id", "seed")}
    assert made["payload"] == told | {"then_detect": False}
    assert here.get(f"/schedules/{plan['name']}") == made


@pytest.mark.parametrize(("field", "value"), [("cron", "61 * * * *"), ("time_zone", "Europe/Atlantis")])
def test_a_time_that_never_comes_is_refused(here, plan, field, value):
    answer = here.ask("POST", "/schedules", json=plan | {field: value})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")


def test_a_schedule_rests_wakes_and_goes(here, plan):
    made = here.ask("POST", "/schedules", json=plan)
    where, tag = f"/schedules/{made.json()['id']}", made.headers["etag"]
    resting = here.ask("PATCH", where, json={"is_enabled": False}, headers={"If-Match": tag})
    assert (resting.json()["is_enabled"], resting.json()["next_run_at"]) == (False, None)
    stale = here.ask("PATCH", where, json={"is_enabled": True}, headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/precondition-failed")
    tag = resting.headers["etag"]
    awake = here.ask("PATCH", where, json={"is_enabled": True, "cron": "0 0 1 1 *"}, headers={"If-Match": tag})
    assert awake.json()["next_run_at"].endswith("-01-01T00:00:00Z")
    assert here.ask("DELETE", where, headers={"If-Match": awake.headers["etag"]}).status_code == 204
    assert here.ask("GET", where).status_code == 404


def test_what_a_schedule_submits_is_a_job_in_its_name(installation, here, plan):
    made = here.post("/schedules", json=plan | {"cron": "* * * * *"})
    furniture = here.furniture
    asked = Asked(furniture.tenant_id, f"schedule:{made['id']}")
    with installation.shared.transactions(asked).begin() as work:
        due = work.schedules.get(made["id"])
        work.schedules.save(_made_due(due))
        work.commit()
    open_workspace(installation.shared, asked).fire_schedule(schedule=made["id"])
    fired = here.get(f"/schedules/{made['id']}")
    job = here.get(f"/jobs/{fired['last_job_id']}")
    assert (job["kind"], job["status"], job["created_by"]) == ("train", "queued", f"schedule:{made['id']}")
    assert fired["next_run_at"] > made["created_at"]


def _made_due(schedule):
    return replace(schedule, next_run_at=schedule.created_at - timedelta(minutes=1))
