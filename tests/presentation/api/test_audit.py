"""The audit log over HTTP: who did what, and a verdict on whether anybody touched the log."""

from itertools import pairwise

import pytest

from pynomaly.domain.access import Role


def test_every_change_is_told_with_who_made_it_and_under_which_request(here):
    assert here.tokens[Role.ADMIN]  # signing in is told in the log too, so it comes first
    headers = {"X-Request-Id": "told-in-the-log"}
    made = here.ask("POST", "/detectors", Role.ENGINEER, json={"name": "told in the log"}, headers=headers).json()
    newest = here.get("/audit", Role.ADMIN, params={"limit": 1})["items"][0]
    assert (newest["type"], newest["request_id"]) == ("DetectorCreated", "told-in-the-log")
    assert newest["actor"] == f"user:{here.furniture.users[Role.ENGINEER]}"
    assert newest["payload"]["detector_id"] == made["id"]


def test_the_log_is_a_chain_without_a_gap(here):
    entries, cursor = [], None
    while True:
        where = {"limit": 9} | ({"cursor": cursor} if cursor else {})
        page = here.get("/audit", Role.ADMIN, params=where)
        entries += page["items"]
        if (cursor := page["next_cursor"]) is None:
            break
    assert [entry["sequence"] for entry in entries] == list(range(len(entries), 0, -1))
    for entry, before in pairwise(entries):
        assert entry["previous_hash"] == before["hash"]


def test_a_log_that_nobody_touched_is_found_intact(everywhere):
    verdict = everywhere.here.get("/audit/verdict", Role.ADMIN)
    newest = everywhere.here.get("/audit", Role.ADMIN, params={"limit": 1})["items"][0]
    assert (verdict["is_intact"], verdict["problem"]) == (True, "")
    assert (verdict["head_sequence"], verdict["head_hash"]) == (newest["sequence"], newest["hash"])


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST, Role.ENGINEER])
def test_the_log_is_for_admins(here, role):
    assert here.ask("GET", "/audit", role).status_code == 403


def test_the_log_is_narrowed_to_one_type_and_one_actor(here):
    here.post("/detectors", Role.ENGINEER, json={"name": "narrowed down in the log"})
    actor = f"user:{here.furniture.users[Role.ENGINEER]}"
    found = here.get("/audit", Role.ADMIN, params={"type": "DetectorCreated", "actor": actor})["items"]
    assert found
    assert {(entry["type"], entry["actor"]) for entry in found} == {("DetectorCreated", actor)}


def test_a_place_in_the_log_belongs_to_its_filter(here):
    cursor = here.get("/audit", Role.ADMIN, params={"limit": 1})["next_cursor"]
    answer = here.ask("GET", "/audit", Role.ADMIN, params={"cursor": cursor, "type": "SignedIn"})
    assert answer.status_code == 422
