"""Verdicts over HTTP, on each database: the last answer stands, and what the answers say is told with them."""

import time

import pytest

from pynomaly.domain.access import Role
from tests.service.furnished import PLANTED

N_ROWS = 300


@pytest.fixture
def here(everywhere):
    return everywhere.here


@pytest.fixture
def detection(here):
    """A detection of the furnished rows that flags the planted ones alone, with nothing said on it."""
    policy = {"policy": {"kind": "alarm_budget", "rows": len(PLANTED)}}
    made = here.post(f"/detections/{here.things.detection}/decide", Role.ANALYST, json=policy)
    return f"/detections/{made['id']}"


def put(here, where, role=Role.ANALYST, **said):
    answer = here.ask("PUT", where, role, json=said)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_row_is_judged_and_the_verdict_comes_back(here, detection):
    given = put(here, f"{detection}/rows/7/verdict", answer="false_alarm", note="a test order")
    analyst = f"user:{here.furniture.users[Role.ANALYST]}"
    assert (given["row"], given["answer"], given["note"], given["given_by"]) == (
        7,
        "false_alarm",
        "a test order",
        analyst,
    )
    assert (given["is_flagged"], given["revision"], given["replaced"]) == (True, 0, None)
    listed = here.get(f"{detection}/verdicts")["items"]
    assert given in listed


def test_the_last_answer_stands_and_repeating_it_changes_nothing(here, detection):
    where = f"{detection}/rows/7/verdict"
    put(here, where, Role.ADMIN, answer="confirmed")
    second, again = (put(here, where, answer="expected") for _ in range(2))
    assert second == again
    admin = f"user:{here.furniture.users[Role.ADMIN]}"
    assert (second["revision"], second["replaced"]) == (1, {"answer": "confirmed", "given_by": admin})


def test_a_verdict_is_taken_back_once(here, detection):
    where = f"{detection}/rows/99/verdict"
    put(here, where, answer="confirmed")
    assert here.ask("DELETE", where, Role.ANALYST).status_code == 204
    again = here.ask("DELETE", where, Role.ANALYST)
    assert (again.status_code, again.json()["type"]) == (404, "/problems/not-found")


def test_a_row_judged_on_another_detection_comes_with_that_verdict(here, detection):
    earlier = here.get(f"/detections/{here.things.detection}/verdicts")["items"]
    assert [one["row"] for one in earlier if one["note"] == "birch looked"] == [PLANTED[1]]
    known = {one["row"]: one for one in here.get(f"{detection}/verdicts")["items"]}
    assert known[PLANTED[1]]["detection_id"] == here.things.detection


def test_the_summary_counts_flags_called_right_or_wrong(here, detection):
    rows = [*PLANTED, 0, 1]
    said = dict(zip(rows, ("confirmed", "false_alarm", "new_normal", "false_alarm", "not_sure"), strict=True))
    for row, answer in said.items():
        put(here, f"{detection}/rows/{row}/verdict", answer=answer)
    summary = here.get(f"{detection}/verdicts")["summary"]
    assert (summary["n_decisive"], summary["n_false_alarms"]) == (3, 2)
    assert summary["false_alarm_share"]["value"] == pytest.approx(2 / 3)
    assert summary["n_judged"] == sum(summary["n_by_answer"].values())


def test_several_rows_are_judged_under_one_key_once(here, detection):
    key = {"Idempotency-Key": f"judged-{time.monotonic_ns()}"}
    order = {"rows": [30, 20, 10], "answer": "expected", "note": "month-end"}
    first = here.ask("POST", f"{detection}/verdicts", Role.ANALYST, json=order, headers=key)
    again = here.ask("POST", f"{detection}/verdicts", Role.ANALYST, json=order, headers=key)
    assert [one["row"] for one in first.json()["items"]] == [30, 20, 10]
    assert (again.content, again.headers["idempotent-replayed"]) == (first.content, "true")
    back = here.post(f"{detection}/verdicts/take-back", Role.ANALYST, json={"rows": [10, 30]})
    assert [one["row"] for one in back["items"]] == [10, 30]
    own = [one["row"] for one in _own(here, detection)]
    assert own == [20]


def _own(here, detection):
    return [one for one in here.get(f"{detection}/verdicts")["items"] if one["detection_id"] == detection[12:]]


@pytest.mark.parametrize(
    ("order", "status", "slug"),
    [
        ({"rows": [0, N_ROWS], "answer": "confirmed"}, 404, "not-found"),
        ({"rows": [0, 0], "answer": "confirmed"}, 422, "invalid-request"),
        ({"rows": [], "answer": "confirmed"}, 422, "invalid-values"),
        ({"rows": list(range(1001)), "answer": "confirmed"}, 422, "invalid-values"),
        ({"rows": [0], "answer": "maybe"}, 422, "invalid-values"),
        ({"rows": [0], "answer": "confirmed", "note": "x" * 501}, 422, "invalid-values"),
    ],
)
def test_what_cannot_be_judged_is_refused_whole(here, detection, order, status, slug):
    answer = here.ask("POST", f"{detection}/verdicts", Role.ANALYST, json=order)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")
    assert _own(here, detection) == []


def test_viewers_see_verdicts_and_give_none(here, detection):
    refused = here.ask("PUT", f"{detection}/rows/7/verdict", Role.VIEWER, json={"answer": "confirmed"})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/forbidden")
    assert here.ask("GET", f"{detection}/verdicts", Role.VIEWER).status_code == 200


def test_verdicts_come_in_pages_in_the_order_of_the_rows(here, detection):
    here.post(f"{detection}/verdicts", json={"rows": list(range(40, 60)), "answer": "not_sure"})
    everything = here.get(f"{detection}/verdicts", params={"limit": 500})
    seen, cursor = [], None
    while True:
        page = here.get(f"{detection}/verdicts", params={"limit": 7} | ({"cursor": cursor} if cursor else {}))
        assert page["summary"] == everything["summary"]
        seen += page["items"]
        if (cursor := page["next_cursor"]) is None:
            break
    assert seen == everything["items"]
    rows = [one["row"] for one in seen]
    assert rows == sorted(set(rows))
    assert {*range(40, 60)} <= {*rows}


def test_the_summary_of_the_workspace_is_by_detector(here, detection):
    put(here, f"{detection}/rows/250/verdict", answer="false_alarm")
    told = here.get("/verdict-summary", params={"days": 1})
    (mine,) = [one for one in told["items"] if one["detector_id"] == here.things.detector]
    assert told["days"] == 1
    assert mine["summary"]["n_false_alarms"] >= 1
    assert here.ask("GET", "/verdict-summary", params={"days": 0}).status_code == 422
