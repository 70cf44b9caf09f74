import pytest
from sqlalchemy import func, select

from pynomaly.application.ports.asking import Asked
from pynomaly.assembly.workspace import open_workspace
from pynomaly.bootstrap import adapters
from pynomaly.domain.decision import AlarmBudget
from pynomaly.domain.errors import InvalidRequest, NotFound
from pynomaly.domain.identifiers import LOCAL_TENANT
from pynomaly.domain.verdict import Replaced, VerdictAnswer
from pynomaly.infrastructure.persistence.verdict_tables import verdicts
from pynomaly.infrastructure.settings import Settings
from tests.application.use_cases.orders import trained
from tests.application.use_cases.told import ALL
from tests.at_once import at_once
from tests.databases import KINDS, fresh_url

FALSE_ALARM, CONFIRMED = VerdictAnswer.FALSE_ALARM, VerdictAnswer.CONFIRMED
N_ROWS = 120


@pytest.fixture
def first(workspace):
    trained(workspace)
    return workspace.detect_anomalies(detector="Fraud", dataset="orders").detection


def _events(workspace):
    entries = workspace.queries.audit_page(ALL).items
    return [(one.type, dict(one.payload)) for one in entries if one.type.startswith("Verdict")]


def test_a_verdict_stands_on_its_row_with_who_gave_it(workspace, first) -> None:
    given = workspace.give_verdict(detection="last", row=1, answer=CONFIRMED, note="rang them up")
    assert (given.detection_id, given.fingerprint, given.row) == (first.id, first.fingerprint, 1)
    assert (given.answer, given.note, given.given_by, given.is_flagged) == (CONFIRMED, "rang them up", "local", True)
    assert workspace.queries.verdicts(first.id).by_row == {1: given}
    told = {"detection_id": first.id, "rows": [1], "answer": "confirmed"}
    assert _events(workspace) == [("VerdictGiven", told)]


def test_a_row_that_was_not_flagged_may_be_judged_too(workspace, first) -> None:
    missed = workspace.give_verdict(detection=first.id, row=N_ROWS - 1, answer=CONFIRMED)
    assert not missed.is_flagged


def test_the_last_answer_stands_and_tells_what_it_took_the_place_of(workspace, first) -> None:
    workspace.give_verdict(detection=first.id, row=0, answer=CONFIRMED)
    second = workspace.give_verdict(detection=first.id, row=0, answer=FALSE_ALARM)
    assert (second.revision, second.replaced) == (1, Replaced(CONFIRMED, "local"))
    assert workspace.queries.verdicts(first.id).by_row == {0: second}
    assert [payload["answer"] for _, payload in _events(workspace)] == ["confirmed", "false_alarm"]


def test_saying_the_same_again_changes_nothing_and_is_not_recorded(workspace, first) -> None:
    once = workspace.give_verdict(detection=first.id, row=0, answer=CONFIRMED)
    assert workspace.give_verdict(detection=first.id, row=0, answer=CONFIRMED) == once
    assert len(_events(workspace)) == 1


def test_several_rows_get_one_answer_in_the_order_they_were_named(workspace, first) -> None:
    workspace.give_verdict(detection=first.id, row=7, answer=FALSE_ALARM)
    given = workspace.give_verdict(detection=first.id, rows=[9, 7, 1], answer=FALSE_ALARM)
    assert [one.row for one in given] == [9, 7, 1]
    assert _events(workspace)[-1][1]["rows"] == [9, 1]  # row 7 had that answer
    assert list(workspace.queries.verdicts(first.id).by_row) == [1, 7, 9]


@pytest.mark.parametrize(
    ("rows", "error", "words"),
    [
        ([], InvalidRequest, "up to 1,000 at once"),
        ([1, 2, 1], InvalidRequest, "each named once"),
        (list(range(1001)), InvalidRequest, "up to 1,000 at once"),
        ([0, N_ROWS], NotFound, "has rows 0 to 119, not 120"),
        ([0, -1], NotFound, "has rows 0 to 119, not -1"),
    ],
)
def test_all_rows_are_judged_or_none(workspace, first, rows, error, words) -> None:
    with pytest.raises(error, match=words):
        workspace.give_verdict(detection=first.id, rows=rows, answer=CONFIRMED)
    assert workspace.queries.verdicts(first.id).by_row == {}
    assert _events(workspace) == []


def test_one_row_or_several_are_named_not_both(workspace, first) -> None:
    with pytest.raises(InvalidRequest, match="not both"):
        workspace.give_verdict(detection=first.id, row=1, rows=[2], answer=CONFIRMED)


def test_a_detection_or_its_scores_that_are_gone_cannot_be_judged(workspace, first, program, tmp_path) -> None:
    with pytest.raises(NotFound):
        workspace.give_verdict(detection="0" * 32, row=1, answer=CONFIRMED)
    for file in tmp_path.rglob(f"{first.scores}*"):
        file.unlink()
    with pytest.raises(NotFound, match="run the detection again"):
        workspace.give_verdict(detection=first.id, row=1, answer=CONFIRMED)


def test_a_note_stays_out_of_the_audit_log(workspace, first) -> None:
    workspace.give_verdict(detection=first.id, row=1, answer=CONFIRMED, note="planted words")
    assert "planted" not in repr(workspace.queries.audit_page(ALL).items)
    with pytest.raises(InvalidRequest, match="at most 500"):
        workspace.give_verdict(detection=first.id, row=1, answer=CONFIRMED, note="x" * 501)


def test_a_row_is_known_again_in_every_detection_of_the_same_rows(workspace, first) -> None:
    workspace.give_verdict(detection=first.id, row=0, answer=FALSE_ALARM)
    workspace.give_verdict(detection=first.id, row=1, answer=CONFIRMED)
    decided = workspace.decide_detection(detection=first.id, policy=AlarmBudget(rows=1))
    known = workspace.queries.verdicts(decided.id)
    assert [(row, one.detection_id) for row, one in known.by_row.items()] == [(0, first.id), (1, first.id)]
    assert known.summary.n_judged == 2
    assert known.summary.n_decisive == 1  # of the two rows the new decision flags one
    own = workspace.give_verdict(detection=decided.id, row=0, answer=CONFIRMED)
    assert workspace.queries.verdicts(decided.id).by_row[0] == own
    assert workspace.queries.verdicts(first.id).by_row[0].answer is FALSE_ALARM


@pytest.mark.parametrize("kind", KINDS)
def test_of_many_who_judge_a_row_at_once_one_answer_stands_and_each_replaced_the_one_before(kind, tmp_path) -> None:
    with fresh_url(kind) as url:
        shared = adapters(Settings(home=tmp_path / "home", threads=1, origins={}, database_url=url))
        people = [open_workspace(shared, Asked(LOCAL_TENANT, f"user:{number}")) for number in range(8)]
        trained(people[0])
        judged = people[0].detect_anomalies(detector="Fraud", dataset="orders").detection
        given = at_once(
            8, lambda number: people[number].give_verdict(detection=judged.id, rows=[3, 1], answer=CONFIRMED)
        )
        assert sorted(one.revision for one, _ in given) == list(range(8))
        by_revision = {one.revision: one for one, _ in given}
        assert [by_revision[n].replaced.given_by for n in range(1, 8)] == [by_revision[n].given_by for n in range(7)]
        assert people[0].queries.verdicts(judged.id).by_row[3] == by_revision[7]
        database = shared.transactions(Asked(LOCAL_TENANT, "the tests")).database
        with database.engine().connect() as connection:
            assert connection.execute(select(func.count()).select_from(verdicts)).scalar() == 2
        database.close()
