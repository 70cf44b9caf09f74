"""The studio: lines that are tried, refused and decided by."""

import numpy as np
import pytest

from pynomaly.domain.access import Role
from tests.presentation.web.drawn import figures, words


def studio(detection: str, query: str = "") -> str:
    return f"/detections/{detection}/studio{query}"


@pytest.mark.parametrize("role", [*Role, None])
def test_everybody_of_the_workspace_may_try_lines(browse, holdings, role):
    for address in (studio(holdings.fresh), studio(holdings.fresh, "/changes?rows=3")):
        assert browse(role).get(address).status_code == (303 if role is None else 200)


@pytest.mark.parametrize(("role", "status"), [(Role.VIEWER, 403), (Role.ANALYST, 303), (Role.ADMIN, 303), (None, 303)])
def test_who_may_score_may_flag(browse, holdings, role, status):
    answer = browse(role).send(studio(holdings.fresh), rows="3", threshold="")
    assert answer.status_code == status
    assert ("/sign-in" in answer.headers.get("location", "")) == (role is None)


def test_who_may_not_flag_is_told_what_is_missing_and_sees_no_button(browse, holdings):
    page = browse(Role.VIEWER).shown(studio(holdings.fresh))
    assert "needs the role analyst, engineer or admin" in page
    assert '<button class="btn btn-primary"' not in page
    assert 'id="decide"' not in page


def test_a_form_that_no_page_made_flags_nothing(browse, holdings):
    before = len(holdings.workspace.queries.detections())
    assert browse().send_without_token(studio(holdings.fresh), rows="3").status_code == 403
    assert len(holdings.workspace.queries.detections()) == before


def test_a_detection_of_another_workspace_is_not_there(browse, installation):
    other = installation.elsewhere.things.detection
    for address in (studio(other), studio(other, "/changes")):
        assert browse().get(address).status_code == 404
    assert browse().send(studio(other), rows="3").status_code == 404


def test_it_opens_with_the_line_as_it_stands(browse, holdings):
    detection = holdings.workspace.queries.detection(holdings.fresh)
    page = words(browse().shown(studio(holdings.fresh)))
    assert f"{detection.n_anomalies} of 400 rows lie past" in page
    assert "Nothing: the same rows are flagged now." in page
    assert f"Flag {detection.n_anomalies} rows" in page


def test_a_budget_in_the_address_moves_the_line(browse, holdings):
    page = browse().shown(studio(holdings.fresh, "?rows=12"))
    scores = np.sort(holdings.workspace.queries.scored_rows(holdings.fresh)[1].scores)
    assert "12 of 400 rows lie past" in words(page)
    assert "Flag 12 rows" in words(page)
    kind, data, _ = figures(page)[0]
    assert kind == "studio"
    assert scores[-13] < data["threshold"] <= scores[-12]


def test_a_threshold_in_the_address_moves_the_line(browse, holdings):
    scores = np.sort(holdings.workspace.queries.scored_rows(holdings.fresh)[1].scores)
    page = words(browse().shown(studio(holdings.fresh, f"?threshold={float(scores[-1])!r}")))
    assert "1 of 400 rows lies past" in page
    assert "Flag 1 row" in page
    nothing = words(browse().shown(studio(holdings.fresh, f"?threshold={float(scores[-1]) + 1}")))
    assert "0 of 400" not in nothing
    assert "None of 400 rows is flagged." in nothing
    assert "Flag no row" in nothing


def test_the_drawing_and_its_table_say_the_same(browse, holdings):
    _, data, n_rows = figures(browse().shown(studio(holdings.fresh)))[0]
    drawn = bool(data["n_below"]) + len(data["counts"]) + bool(data["n_beyond"])
    assert n_rows == drawn
    assert sum(data["counts"]) + data["n_beyond"] + data["n_below"] == 400 == data["n_rows"]
    assert len(data["thresholds"]) == len(data["n_past"]) == len(data["false_alarms"])
    assert data["n_past"][-1] == 400


def test_false_alarms_are_bounded_for_rows_that_were_not_learned_from(browse, holdings):
    bound = words(browse().shown(studio(holdings.fresh, "?rows=20")))
    assert "An upper bound." in bound
    own = words(browse().shown(studio(holdings.own)))
    assert "cannot be told: the detector learned from these very rows" in own
    assert "An upper bound." not in own
    assert figures(browse().shown(studio(holdings.own)))[0][1]["false_alarms"] is None


def test_a_line_is_held_against_the_label_where_there_is_one(browse, holdings):
    told = words(browse().shown(studio(holdings.fresh, "?rows=20")))
    found = holdings.workspace.find_mistakes(detection=holdings.fresh, label="odd", limit=0)
    assert found.n_anomalies == 30
    assert "Of 30 rows that 'odd' calls anomalies it flags" in told
    assert "recall" not in words(browse().shown(studio(holdings.bare)))


def test_a_part_of_the_page_says_what_a_line_changes(browse, holdings):
    part = browse().get(studio(holdings.fresh, "/changes?rows=40"), headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<section id="changes"')
    assert 'data-asked="rows=40"' in part
    assert 'data-flagged="40"' in part
    assert "<html" not in part
    assert part.count("newly flagged") + part.count("flagged, as now") >= 8


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("?threshold=high", "'threshold' is a number, not 'high'"),
        ("?rows=1.5", "'rows' is a whole number, not 1.5"),
        ("?rows=-3", "cannot be negative"),
        ("?threshold=inf", "finite number"),
        ("?threshold=%3Cscript%3E", "is a number, not '<script>'"),
    ],
)
def test_a_line_that_cannot_be_is_refused_on_the_page(browse, holdings, query, reason):
    answer = browse().get(studio(holdings.fresh, query))
    assert 400 <= answer.status_code < 500
    assert reason in words(answer.text)
    assert "<script>" not in answer.text.replace("<script src", "").replace('<script type="application/json">', "")
    assert "rows lie past" in words(answer.text)


def test_flagging_makes_a_detection_of_its_own_and_leads_back(browse, holdings):
    client = browse(Role.ANALYST)
    answer = client.send(studio(holdings.fresh), rows="17", threshold="")
    new, _, former = answer.headers["location"].removeprefix("/detections/").partition("?former=")
    assert former == holdings.fresh
    assert holdings.workspace.queries.detection(new).n_anomalies == 17
    assert holdings.workspace.queries.detection(holdings.fresh).n_anomalies != 17
    shown = client.shown(f"/detections/{new}?former={former}")
    assert "17 rows are flagged now. The former decision is kept as it was." in shown
    assert f'<a href="/detections/{former}">Undo: back to the former decision</a>' in shown


def test_flagging_by_threshold_keeps_the_threshold(browse, holdings):
    answer = browse().send(studio(holdings.fresh), threshold="0.5", rows="")
    new = answer.headers["location"].removeprefix("/detections/").partition("?")[0]
    assert holdings.workspace.queries.detection(new).score_threshold == 0.5


def test_a_form_that_cannot_be_flagged_by_is_refused_and_flags_nothing(browse, holdings):
    before = len(holdings.workspace.queries.detections())
    answer = browse().send(studio(holdings.fresh), rows="many", threshold="")
    assert answer.status_code in (400, 422)
    assert "is a number, not 'many'" in words(answer.text)
    assert len(holdings.workspace.queries.detections()) == before


def test_hostile_names_are_only_shown(browse, holdings):
    page = browse().shown(studio(holdings.fresh, "?rows=400"))
    for address in (studio(holdings.fresh, "?rows=1"), studio(holdings.fresh, "?rows=400")):
        assert "<script>alert" not in browse().shown(address)
    assert "<img src=x>" not in page
