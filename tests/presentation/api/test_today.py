"""Whether anything is wrong now, as it is on each database."""

from datetime import UTC, datetime, timedelta

from pynomaly.domain.access import Role
from tests.service.furnished import PLANTED


def test_a_workspace_in_which_rows_were_flagged_says_where_to_look(everywhere):
    here = everywhere.here
    today = here.get("/today", Role.VIEWER)
    assert abs(datetime.fromisoformat(today["at"]) - datetime.now(UTC)) < timedelta(minutes=1)
    found = next(reason for reason in today["reasons"] if reason["kind"] == "anomalies")
    assert here.things.detection in found["ids"]
    alarm = next(one for one in today["alarms"] if one["detection_id"] == here.things.detection)
    assert (alarm["detector_id"], alarm["detector_name"]) == (here.things.detector, "birch watch")
    assert alarm["n_anomalies"] >= len(PLANTED)
    strangest = here.get(f"/detections/{here.things.detection}/anomalies", params={"limit": 1})["items"][0]
    assert alarm["severity"] == strangest["severity"]
    watched = next(one for one in today["detectors"] if one["id"] == here.things.detector)
    schedule = here.get(f"/schedules/{here.things.schedule}")
    assert (watched["next_run_at"], watched["training"]["status"]) == (schedule["next_run_at"], "succeeded")


def test_nothing_of_another_workspace_is_told(everywhere):
    there = everywhere.elsewhere.furniture
    text = everywhere.here.ask("GET", "/today").text
    assert not [word for word in (there.word, *there.ids.values()) if word in text]
