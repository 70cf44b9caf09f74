"""Channels over HTTP: from a detection to a message that arrived, and secrets that no answer holds."""

import itertools
import json
import sqlite3

import pytest

from pynomaly.domain.access import Role
from pynomaly.domain.errors import RemoteRefused, RemoteUnavailable
from tests.service.in_line_worker import at_work
from tests.service.waiting import until

_NUMBERS = itertools.count()


@pytest.fixture
def url():
    """An address that holds a secret, as incoming webhooks have it."""
    return f"https://hooks.example.org/planted-{next(_NUMBERS)}-token"


@pytest.fixture
def receiver(installation):
    return installation.shared.notifiers.receiver


@pytest.fixture
def duty(here, url):
    """A channel of an engineer's."""
    body = {"name": f"duty {url[-8:]} {id(url)}", "kind": "hook"}
    body |= {"settings": {"level": "loud", "host": "relay.example.org"}, "secrets": {"url": url}}
    return here.post("/channels", Role.ENGINEER, json=body)


def _detected(here):
    used = {"detector_id": here.things.detector, "dataset_id": here.things.dataset}
    return here.post("/detections", json=used)


def _deliveries(here, channel, **params):
    return here.get("/deliveries", Role.ENGINEER, params={"channel": channel["id"], **params})["items"]


def _rule(here, channel, **changes):
    rule = {"name": f"rule {next(_NUMBERS)}", "occasion": "anomalies_found", "channel_ids": [channel["id"]]}
    return here.post("/notification-rules", Role.ENGINEER, json=rule | changes)


def test_a_detection_becomes_a_message_that_arrives(installation, here, duty, url, receiver):
    _rule(here, duty, least_severity=50, detector_id=here.things.detector)
    with at_work(installation.shared):
        _detected(here)
        (delivered,) = until(lambda: _deliveries(here, duty, status="delivered"))
    (message,) = receiver.of(url)
    assert message.id == delivered["id"]
    assert message.title.startswith(f"{here.furniture.word} watch: {delivered['data']['n_anomalies']} of ")
    assert message.data["detector_id"] == here.things.detector
    assert 50.0 <= message.data["severity"] <= 100.0
    assert (delivered["attempt"], delivered["last_error"]) == (1, None)
    assert delivered["ended_at"] is not None


def test_a_message_that_was_refused_is_seen_and_sent_again_by_hand(installation, here, duty, url, receiver):
    receiver.moods[url] = RemoteRefused(f"{url} answered 404")
    _rule(here, duty)
    with at_work(installation.shared):
        _detected(here)
        (failed,) = until(lambda: _deliveries(here, duty, status="failed"))
        assert failed["last_error"] == "(hidden) answered 404"
        del receiver.moods[url]
        again = here.ask("POST", f"/deliveries/{failed['id']}/retry", Role.ENGINEER)
        assert (again.status_code, again.json()["status"]) == (202, "waiting")
        assert again.headers["location"] == f"/api/v1/deliveries/{failed['id']}"
        until(lambda: _deliveries(here, duty, status="delivered"))
    assert [message.id for message in receiver.of(url)] == [failed["id"]]
    refused = here.ask("POST", f"/deliveries/{failed['id']}/retry", Role.ENGINEER)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/conflict")


def test_a_test_message_says_exactly_what_stands_in_the_way(here, duty, url, receiver):
    where = f"/channels/{duty['id']}/test"
    assert here.ask("POST", where, Role.ENGINEER).status_code == 204
    assert [message.type for message in receiver.of(url)] == ["channel.test"]
    for error, slug in ((RemoteRefused, "remote-refused"), (RemoteUnavailable, "remote-unavailable")):
        receiver.moods[url] = error(f"no hook at {url}")
        answer = here.ask("POST", where, Role.ENGINEER)
        assert (answer.status_code, answer.json()["type"]) == (424, f"/problems/{slug}")
        assert answer.json()["detail"] == "no hook at (hidden)"


def test_a_channel_tells_which_secrets_it_has_and_none_of_them(here, duty, url):
    where = f"/channels/{duty['id']}"
    assert (duty["secrets"], duty["settings"]["level"]) == (["url"], "loud")
    told = [here.get(where, Role.ENGINEER), here.get("/channels", Role.ENGINEER)]
    changed = here.ask("PATCH", where, json={"secrets": {"password": "planted-word"}}, headers={"If-Match": "*"})
    assert changed.json()["secrets"] == ["url", "password"]
    key = {"Idempotency-Key": f"key {url[-8:]}".replace(" ", "-")}
    again = {"name": f"again {next(_NUMBERS)}", "kind": "hook", "secrets": {"url": url}}
    told += [here.ask("POST", "/channels", json=again, headers=key).json() for _ in range(2)]
    assert told[2] == told[3]
    told += [changed.json(), here.get("/audit", Role.ADMIN, params={"limit": 500})]
    assert "planted" not in json.dumps(told)


def test_a_refused_value_is_not_repeated_in_the_answer(here):
    body = {"name": f"bad {next(_NUMBERS)}", "kind": "hook", "secrets": {"url": "planted\nwith a second line"}}
    answer = here.ask("POST", "/channels", json=body)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")
    assert "planted" not in answer.text
    assert "'url' is one line" in answer.json()["detail"]


def test_the_database_holds_no_secret_in_plain(installation, here, duty, url):
    here.ask(
        "PATCH", f"/channels/{duty['id']}", json={"secrets": {"password": "planted-word"}}, headers={"If-Match": "*"}
    )
    path = installation.shared.settings.home / "workspace.db"
    with sqlite3.connect(path) as connection:
        everything = "\n".join(connection.iterdump())
    assert "birch" in everything
    assert "planted" not in everything


def test_a_channel_is_edited_by_those_who_saw_it_last(here, duty):
    where = f"/channels/{duty['id']}"
    tag = here.ask("GET", where, Role.ENGINEER).headers["etag"]
    assert here.ask("PATCH", where, json={"is_enabled": False}).status_code == 428
    resting = here.ask("PATCH", where, Role.ENGINEER, json={"is_enabled": False}, headers={"If-Match": tag})
    assert resting.json()["is_enabled"] is False
    assert resting.json()["secrets"] == ["url"]
    assert here.ask("PATCH", where, json={"is_enabled": True}, headers={"If-Match": tag}).status_code == 412
    assert here.ask("GET", where, Role.ENGINEER, headers={"If-None-Match": resting.headers["etag"]}).status_code == 304


def test_a_channel_that_a_rule_names_cannot_go(here, duty):
    rule = _rule(here, duty)
    anyway = {"headers": {"If-Match": "*"}}
    refused = here.ask("DELETE", f"/channels/{duty['id']}", Role.ENGINEER, **anyway)
    assert (refused.status_code, rule["name"] in refused.json()["detail"]) == (409, True)
    assert here.ask("DELETE", f"/notification-rules/{rule['id']}", Role.ENGINEER, **anyway).status_code == 204
    assert here.ask("DELETE", f"/channels/{duty['id']}", Role.ENGINEER, **anyway).status_code == 204
    assert here.ask("GET", f"/channels/{duty['id']}", Role.ENGINEER).status_code == 404


def test_a_rule_is_narrowed_and_widened_again(here, duty):
    rule = _rule(here, duty, detector_id=here.things.detector, least_anomalies=2)
    where, anyway = f"/notification-rules/{rule['id']}", {"headers": {"If-Match": "*"}}
    renamed = here.ask("PATCH", where, json={"least_severity": 90}, **anyway).json()
    assert (renamed["least_severity"], renamed["detector_id"]) == (90.0, here.things.detector)
    widened = here.ask("PATCH", where, json={"detector_id": None}, **anyway).json()
    assert (widened["detector_id"], widened["least_anomalies"]) == (None, 2)
    refused = here.ask("PATCH", where, json={"least_severity": 101}, **anyway)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/invalid-values")


def test_kinds_say_what_they_want_to_know(here):
    kinds = {kind["name"]: kind for kind in here.get("/channel-kinds")["items"]}
    url, *_ = kinds["hook"]["fields"]
    assert (url["name"], url["is_secret"], url["is_required"], url["type"]) == ("url", True, True, "text")
    level = next(field for field in kinds["hook"]["fields"] if field["name"] == "level")
    assert (level["choices"], level["default"]) == (["calm", "loud"], "calm")
