"""Rules are sentences: made, changed, rested and deleted on their pages, and looked at before they are kept."""

import secrets

import pytest

from pynomaly.domain.access import Role
from tests.presentation.web.hostile import HOSTILE, is_shown_harmlessly


@pytest.fixture
def engineer(browse):
    return browse(Role.ENGINEER)


def entered(installation, **more):
    return {
        "name": f"rule {secrets.token_hex(4)}",
        "occasion": "anomalies_found",
        "least_anomalies": "2",
        "least_severity": "60",
        "channel": [installation.here.things.channel],
        **more,
    }


def made(engineer, here, installation, **more):
    """Make a rule through the form, and return its id."""
    fields = entered(installation, **more)
    answer = engineer.send("/rules/new", **fields)
    assert (answer.status_code, answer.headers.get("location")) == (303, "/rules"), answer.text
    rules = here.get("/notification-rules", Role.ENGINEER, params={"limit": 500})["items"]
    return next(rule["id"] for rule in rules if rule["name"] == fields["name"])


def stored(here, rule):
    return here.get(f"/notification-rules/{rule}", Role.ENGINEER)


def test_a_rule_is_kept_as_it_was_entered_and_read_as_a_sentence(engineer, here, installation):
    rule = made(engineer, here, installation, detector=installation.here.things.detector)
    assert stored(here, rule)["least_anomalies"] == 2
    assert stored(here, rule)["least_severity"] == 60
    sentence = (
        "When a detection by birch watch finds at least 2 anomalies, one of them of severity 60 (medium) or more, "
        "tell birch duty."
    )
    assert sentence in engineer.shown("/rules")
    assert sentence in engineer.shown(f"/rules/{rule}")


def test_what_narrows_down_findings_is_left_out_where_jobs_are_told_of(engineer, here, installation):
    rule = made(engineer, here, installation, occasion="job_failed")
    assert (stored(here, rule)["least_anomalies"], stored(here, rule)["least_severity"]) == (1, 0)
    assert "When a job fails, tell birch duty." in engineer.shown(f"/rules/{rule}")


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"name": ""}, "fill it in"),
        ({"channel": []}, "a rule names 1 to 20 channels"),
        ({"least_anomalies": "0"}, "at least 1 anomaly"),
        ({"least_anomalies": "1.5"}, "whole number"),
        ({"least_severity": "101"}, "between 0 and 100"),
        ({"least_severity": "much"}, "is a number"),
        ({"occasion": "full_moon"}, "is one of"),
    ],
)
def test_a_refused_rule_says_why(engineer, installation, more, reason):
    answer = engineer.send("/rules/new", **entered(installation, **more))
    assert answer.status_code == 422
    assert reason in answer.text


def test_a_refused_rule_keeps_what_was_entered(engineer, installation):
    answer = engineer.send("/rules/new", **entered(installation, name="", least_severity="42"))
    assert 'value="42"' in answer.text
    assert f'value="{installation.here.things.channel}" checked' in answer.text.replace("  ", " ")


def test_a_channel_of_another_workspace_cannot_be_told(engineer, installation):
    answer = engineer.send("/rules/new", **entered(installation, channel=[installation.elsewhere.things.channel]))
    assert answer.status_code == 404
    assert installation.elsewhere.furniture.word not in answer.text


def test_before_it_is_kept_a_rule_says_when_it_would_have_told(engineer, installation):
    answer = engineer.send("/rules/preview", **entered(installation, least_anomalies="1", least_severity="0"))
    assert answer.status_code == 200
    assert "When a detection by any detector finds an anomaly, tell birch duty." in answer.text
    assert "It would have told" in answer.text
    assert 'name="least_severity" value="0"' in answer.text


def test_a_condition_that_nothing_meets_says_what_it_was_held_against(engineer, installation):
    answer = engineer.send("/rules/preview", **entered(installation, least_anomalies="9999"))
    assert "it would have told of none" in answer.text or "it would not have told of it" in answer.text


def test_a_preview_is_a_part_for_a_page_that_is_there(engineer, installation):
    headers = {"HX-Request": "true", "Sec-Fetch-Site": "same-origin", "X-Form-Token": engineer.token}
    answer = engineer.client.post("/rules/preview", data=entered(installation), headers=headers)
    assert answer.text.strip().startswith('<div id="preview"')
    refused = engineer.client.post("/rules/preview", data=entered(installation, channel=[]), headers=headers)
    assert "a rule names 1 to 20 channels" in refused.text


def test_a_preview_keeps_nothing(engineer, here, installation):
    before = here.get("/notification-rules", Role.ENGINEER, params={"limit": 500})["items"]
    engineer.send("/rules/preview", **entered(installation))
    assert here.get("/notification-rules", Role.ENGINEER, params={"limit": 500})["items"] == before


def test_a_rule_is_changed_and_tells_of_any_detector_again(engineer, here, installation):
    rule = made(engineer, here, installation, detector=installation.here.things.detector)
    change = entered(installation, name=f"changed {rule[:6]}", detector="", revision="0")
    assert engineer.send(f"/rules/{rule}", **change).status_code == 303
    assert stored(here, rule)["detector_id"] is None


def test_a_change_on_what_somebody_else_changed_is_refused(engineer, here, installation):
    rule = made(engineer, here, installation)
    engineer.send(f"/rules/{rule}/enabled", enabled="no")
    answer = engineer.send(f"/rules/{rule}", **entered(installation, revision="0"))
    assert answer.status_code == 409
    assert "changed since you read it" in answer.text


def test_a_rule_rests_is_woken_and_deleted(engineer, here, installation):
    rule = made(engineer, here, installation)
    engineer.send(f"/rules/{rule}/enabled", enabled="no")
    assert not stored(here, rule)["is_enabled"]
    engineer.send(f"/rules/{rule}/enabled", enabled="yes")
    assert stored(here, rule)["is_enabled"]
    assert engineer.send(f"/rules/{rule}/delete", revision="1").status_code == 409
    assert engineer.send(f"/rules/{rule}/delete", revision="2").headers["location"] == "/rules"
    assert engineer.get(f"/rules/{rule}").status_code == 404


def test_a_new_rule_for_a_channel_begins_with_it_ticked(engineer, installation):
    channel = installation.here.things.channel
    shown = engineer.shown(f"/rules/new?channel={channel}")
    assert f'value="{channel}" checked' in shown


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text(engineer, here, installation, name):
    rule = made(engineer, here, installation, name=f"{name[:180]}{secrets.token_hex(4)}")
    for page in (f"/rules/{rule}", "/rules"):
        assert is_shown_harmlessly(name[:180], engineer.shown(page))
