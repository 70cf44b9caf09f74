"""One row in depth, and what people say of it."""

import secrets

import pytest

from pynomaly.domain.access import Role
from tests.presentation.web.conftest import FROM_OUR_PAGE
from tests.service.furnished import PLANTED


@pytest.fixture
def row(installation):
    """The address of a row that stands out."""
    return f"/detections/{installation.here.things.detection}/rows/{PLANTED[1]}"


def verdict_on(installation):
    detection = installation.here.things.detection
    given = installation.here.get(f"/detections/{detection}/verdicts")
    return next((one for one in given["items"] if one["row"] == PLANTED[1]), None)


def test_a_row_says_why_it_stands_out_and_what_would_make_it_normal(browse, row):
    page = browse(Role.VIEWER).shown(row)
    assert "stands out because" in page
    for heading in ("What raised its score", "What would make it normal", "The row as it came"):
        assert heading in page


def test_an_answer_is_stored_changed_and_taken_back(browse, installation, row):
    somebody = browse(Role.ANALYST)
    answer = somebody.send(f"{row}/verdict", answer="false_alarm", note="a <test> order")
    assert (answer.status_code, answer.headers["location"]) == (303, row)
    assert (verdict_on(installation)["answer"], "a &lt;test&gt; order" in somebody.shown(row)) == ("false_alarm", True)
    somebody.send(f"{row}/verdict", answer="confirmed")
    assert verdict_on(installation)["answer"] == "confirmed"
    somebody.send(f"{row}/verdict", answer="undo")
    assert verdict_on(installation) is None


def test_an_answer_that_comes_twice_under_one_key_counts_once(browse, installation, row):
    somebody = browse(Role.ANALYST)
    key = {"Idempotency-Key": secrets.token_hex(8), "HX-Request": "true", **FROM_OUR_PAGE}
    fields = {"answer": "expected", "form_token": somebody.token}
    assert somebody.client.post(f"{row}/verdict", data=fields, headers=key).status_code == 200
    somebody.send(f"{row}/verdict", answer="confirmed")
    assert somebody.client.post(f"{row}/verdict", data=fields, headers=key).status_code == 200
    assert verdict_on(installation)["answer"] == "confirmed"
    somebody.send(f"{row}/verdict", answer="undo")


def test_a_viewer_reads_whom_to_ask_and_may_not_answer(browse, row):
    viewer = browse(Role.VIEWER)
    assert "Answering needs the role analyst" in viewer.shown(row)
    assert viewer.send(f"{row}/verdict", answer="confirmed").status_code == 403


@pytest.mark.parametrize("answer", ["", "certainly", "confirmed<script>"])
def test_an_answer_that_is_none_is_refused(browse, row, answer):
    refused = browse(Role.ANALYST).send(f"{row}/verdict", answer=answer)
    assert refused.status_code == 422
    assert "is one of confirmed" in refused.text
    assert "<script>" not in refused.text.replace('<script src="', "")


def test_rows_that_are_not_there_are_not_found(browse, installation, row):
    detection = row.rpartition("/")[0]
    assert browse(Role.VIEWER).get(f"{detection}/999999").status_code == 404
    elsewhere = installation.elsewhere.things.detection
    assert browse(Role.VIEWER).get(f"/detections/{elsewhere}/rows/{PLANTED[0]}").status_code == 404
