"""Comparison: two detections of the same rows, with and without answers, and what cannot be compared."""

import html

import pytest

from pynomaly.domain.access import Role
from pynomaly.domain.decision import AlarmBudget
from tests.presentation.web.drawn import figures, words
from tests.presentation.web.test_code_forms import CODE, check_command, check_curl, check_python


def compare(detection: str, other: str = "") -> str:
    return f"/detections/{detection}/compare" + (f"?other={other}" if other else "")


@pytest.mark.parametrize("role", [*Role, None])
def test_everybody_of_the_workspace_may_compare(browse, holdings, role):
    for address in (compare(holdings.fresh), compare(holdings.fresh, holdings.rival)):
        assert browse(role).get(address).status_code == (303 if role is None else 200)


def test_only_detections_of_the_same_rows_are_offered(browse, holdings):
    page = browse().shown(compare(holdings.fresh))
    assert f'<option value="{holdings.rival}"' in page
    for other in (holdings.own, holdings.bare, holdings.fresh):
        assert f'<option value="{other}"' not in page


def test_two_detections_are_told_apart_in_words(browse, holdings):
    page = browse().shown(compare(holdings.fresh, holdings.rival))
    known = holdings.workspace.compare_detections(detection=holdings.fresh, other=holdings.rival, label="odd")
    text = words(page)
    assert "95 % interval" in text
    assert ("B" if known.roc_auc.difference < 0 else "A") + " " in text
    assert f"both flag {known.found.n_both}" in text
    first, second = (holdings.workspace.queries.detection(one) for one in (holdings.fresh, holdings.rival))
    assert first.n_anomalies != second.n_anomalies
    assert "They disagree about" in text


def test_both_are_drawn_over_each_other(browse, holdings):
    ((kind, data, n_rows),) = figures(browse().shown(compare(holdings.fresh, holdings.rival)))
    assert kind == "overlay"
    assert n_rows == len(data["first"]["counts"]) == len(data["second"]["counts"]) == len(data["edges"]) - 1 == 50
    assert sum(data["first"]["counts"]) == sum(data["second"]["counts"]) == 400
    assert (data["edges"][0], data["edges"][-1]) == (0.0, 100.0)


def test_without_a_label_nobody_can_say_which_is_right(browse, holdings):
    budget = holdings.workspace.decide_detection(detection=holdings.bare, policy=AlarmBudget(rows=3))
    page = browse().shown(compare(holdings.bare, budget.id))
    assert "nobody can say which of the two is right" in words(page)
    assert "ROC AUC" not in words(page)
    assert figures(page)[0][0] == "overlay"


def test_a_detection_that_is_alone_says_how_to_get_another(browse, holdings):
    assert "There is no other detection of these rows" in words(browse().shown(compare(holdings.own)))


@pytest.mark.parametrize(("other", "reason"), [("own", "looked at different rows"), ("fresh", "the same detection")])
def test_what_cannot_be_compared_says_why(browse, holdings, other, reason):
    answer = browse().get(compare(holdings.fresh, getattr(holdings, other)))
    assert answer.status_code == 409
    assert reason in words(answer.text)
    assert figures(answer.text) == []


def test_detections_of_another_workspace_are_not_there(browse, holdings, installation):
    other = installation.elsewhere.things.detection
    assert browse().get(compare(other)).status_code == 404
    assert browse().get(compare(holdings.fresh, other)).status_code == 404
    assert browse().get(compare(holdings.fresh, "no-id")).status_code == 422


def test_its_code_is_true(browse, holdings, here):
    forms = CODE.findall(browse().shown(compare(holdings.fresh, holdings.rival)))
    assert len(forms) == 3
    for form, text in forms:
        (check_curl, check_command, check_python)[int(form) - 1](html.unescape(text), here)
