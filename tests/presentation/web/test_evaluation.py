"""Evaluation: curves and mistakes by a column of answers, and the states in which there is none."""

import pytest

from pynomaly.domain.access import Role
from tests.presentation.web.drawn import figures, words


def evaluation(detection: str, label: str = "") -> str:
    return f"/detections/{detection}/evaluation" + (f"?label={label}" if label else "")


@pytest.mark.parametrize("role", [*Role, None])
def test_everybody_of_the_workspace_may_evaluate(browse, holdings, role):
    assert browse(role).get(evaluation(holdings.fresh)).status_code == (303 if role is None else 200)


def test_a_detection_of_another_workspace_is_not_there(browse, installation):
    assert browse().get(evaluation(installation.elsewhere.things.detection)).status_code == 404


def test_the_label_of_the_dataset_is_used_without_asking(browse, holdings):
    page = browse().shown(evaluation(holdings.fresh))
    _, measured = holdings.workspace.evaluate_detection(detection=holdings.fresh, label="odd")
    found = round(30 * measured.recall)
    false = measured.n_false_alarms
    assert f"{found} of 30 labelled anomalies found, with {false} false alarm" in words(page)
    assert [kind for kind, _, _ in figures(page)][:2] == ["curve", "curve"]


def test_curves_are_drawn_from_the_numbers_that_their_tables_hold(browse, holdings):
    drawn = figures(browse().shown(evaluation(holdings.fresh)))
    _, curves = holdings.workspace.trace_curves(detection=holdings.fresh, label="odd")
    roc, precise, reliable = drawn
    assert roc[2] == len(roc[1]["lines"][1]["points"]) == curves.roc.thresholds.size
    assert roc[1]["lines"][1]["points"][-1] == [1.0, 1.0]
    assert precise[2] == len(precise[1]["lines"][1]["points"]) == curves.precision_recall.recall.size
    assert reliable[2] == len(reliable[1]["intervals"]) == len(curves.reliability or ())
    assert 0.0 < reliable[1]["x"]["max"] <= 1.0
    mark = roc[1]["marks"][0]
    assert (mark["x"], mark["y"]) == (
        pytest.approx(curves.evaluation.n_false_alarms / 370),
        pytest.approx(curves.evaluation.recall),
    )


def test_mistakes_lead_to_their_rows(browse, holdings):
    page = browse().shown(evaluation(holdings.fresh))
    mistakes = holdings.workspace.find_mistakes(detection=holdings.fresh, label="odd", limit=20)
    assert mistakes.misses
    for row in (*mistakes.false_alarms, *mistakes.misses):
        assert f'<a href="/detections/{holdings.fresh}/rows/{row.row}">' in page
    assert f"showing {len(mistakes.misses)} of {mistakes.n_missed}" in words(page)


def test_another_column_of_answers_may_be_chosen(browse, holdings):
    page = browse().shown(evaluation(holdings.fresh, "spare"))
    assert '<option selected value="spare">' in page
    assert "labelled anomalies found" in words(page)


def test_rows_without_a_label_say_what_to_do(browse, holdings):
    page = browse().shown(evaluation(holdings.bare))
    assert "There is no column of answers beside these rows" in words(page)
    assert "/datasets/" in page
    assert figures(page) == []


@pytest.mark.parametrize(
    ("label", "reason"), [("amount", "learned"), ("order", "labels need exactly two"), ("nothing", "'nothing'")]
)
def test_answers_that_cannot_be_used_say_why(browse, holdings, label, reason):
    answer = browse().get(evaluation(holdings.fresh, label))
    assert 400 <= answer.status_code < 500
    assert "These answers cannot be used" in words(answer.text)
    assert reason in words(answer.text)
    assert f'value="{label}"' in answer.text


def test_hostile_names_are_only_shown(browse, holdings):
    answer = browse().get(evaluation(holdings.fresh, "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"))
    assert answer.status_code >= 400
    assert "<script>alert" not in answer.text
    page = browse().shown(evaluation(holdings.fresh))
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
