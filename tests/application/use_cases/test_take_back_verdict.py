import pytest

from pynomaly.domain.decision import AlarmBudget
from pynomaly.domain.errors import InvalidRequest, NotFound
from pynomaly.domain.verdict import VerdictAnswer
from tests.application.use_cases.orders import trained
from tests.application.use_cases.told import ALL


@pytest.fixture
def judged(workspace):
    """A detection of which three rows are judged."""
    trained(workspace)
    detection = workspace.detect_anomalies(detector="Fraud", dataset="orders").detection
    workspace.give_verdict(detection=detection.id, rows=[0, 1, 2], answer=VerdictAnswer.CONFIRMED)
    return detection


def test_a_row_is_unjudged_again(workspace, judged) -> None:
    taken_back = workspace.take_back_verdict(detection=judged.id, row=1)
    assert (taken_back.row, taken_back.answer) == (1, VerdictAnswer.CONFIRMED)
    assert list(workspace.queries.verdicts(judged.id).by_row) == [0, 2]
    entry = workspace.queries.audit_page(ALL).items[-1]
    assert (entry.type, entry.payload) == ("VerdictTakenBack", {"detection_id": judged.id, "rows": [1]})


def test_several_are_taken_back_in_the_order_they_were_named(workspace, judged) -> None:
    taken_back = workspace.take_back_verdict(detection=judged.id, rows=[2, 0])
    assert [one.row for one in taken_back] == [2, 0]
    assert list(workspace.queries.verdicts(judged.id).by_row) == [1]


@pytest.mark.parametrize(
    ("rows", "error"),
    [([0, 5], NotFound), ([0, 120], NotFound), ([], InvalidRequest), ([0, 0], InvalidRequest)],
)
def test_all_are_taken_back_or_none(workspace, judged, rows, error) -> None:
    with pytest.raises(error):
        workspace.take_back_verdict(detection=judged.id, rows=rows)
    assert list(workspace.queries.verdicts(judged.id).by_row) == [0, 1, 2]


def test_what_was_said_on_another_detection_is_taken_back_there(workspace, judged) -> None:
    decided = workspace.decide_detection(detection=judged.id, policy=AlarmBudget(rows=1))
    with pytest.raises(NotFound, match=f"row 0 was not judged on detection {decided.id[:8]}"):
        workspace.take_back_verdict(detection=decided.id, row=0)
    workspace.give_verdict(detection=decided.id, row=0, answer=VerdictAnswer.EXPECTED)
    workspace.take_back_verdict(detection=decided.id, row=0)
    assert workspace.queries.verdicts(decided.id).by_row[0].answer is VerdictAnswer.CONFIRMED


def test_after_it_an_answer_is_a_first_one_again(workspace, judged) -> None:
    workspace.take_back_verdict(detection=judged.id, row=0)
    again = workspace.give_verdict(detection=judged.id, row=0, answer=VerdictAnswer.CONFIRMED)
    assert (again.revision, again.replaced) == (0, None)
