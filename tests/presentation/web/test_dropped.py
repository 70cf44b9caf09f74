"""The look at a dataset: how it is understood, how far it is, what it came to, and another one."""

import re

import pytest

from pynomaly.domain.access import Role
from pynomaly.presentation.web.columns import field_of
from tests.presentation.web.test_drop import look_behind, send_file
from tests.service.furnished import as_csv, rows
from tests.service.in_line_worker import at_work
from tests.service.waiting import finished


@pytest.fixture(scope="module")
def brought(browse):
    """A dataset and the job of a look at it that nobody took yet."""
    return look_behind(send_file(browse(), as_csv(rows(seed=3, n_rows=300)), name="seen.csv").headers["hx-redirect"])


@pytest.fixture(scope="module")
def ended(installation, brought):
    """The same after its look has ended."""
    with at_work(installation.shared):
        finished(installation.here, finished(installation.here, brought[1])["next_job_id"])
    return brought


def quiet_rows():
    return b"a,b\n" + b"".join(b"%d,%d\n" % (one % 7, one % 5) for one in range(350))


def test_a_look_shows_what_the_columns_were_taken_for(browse, brought):
    dataset_id, job_id = brought
    text = re.sub(r"<[^>]+>", "", browse().shown(f"/drop/{dataset_id}?look={job_id}"))
    assert "order names rows." in text
    assert "3 columns are learned from: amount, speed, device" in re.sub(r"\s+", " ", text) or "odd" in text


def test_a_look_that_waits_says_so_and_follows_by_itself(browse, installation):
    dataset_id, job_id = look_behind(send_file(browse(), name="waits.csv").headers["hx-redirect"])
    text = browse().shown(f"/drop/{dataset_id}?look={job_id}")
    assert "Waiting for a worker" in text
    assert f'hx-sse:connect="/drop/{dataset_id}/live?look={job_id}"' in text
    assert "Step 1 of 2" in text
    cancelled = browse().send(f"/jobs/{job_id}/cancel", back=f"/drop/{dataset_id}?look={job_id}")
    assert cancelled.headers["location"] == f"/drop/{dataset_id}?look={job_id}"
    assert "The rows are kept" in browse().shown(f"/drop/{dataset_id}?look={job_id}")


def test_a_look_that_found_something_leads_on(browse, installation, ended):
    dataset_id, job_id = ended
    text = browse().shown(f"/drop/{dataset_id}?look={job_id}")
    found = re.search(r'data-go="(/detections/[0-9a-f]{32})"', text)
    assert found is not None
    assert "3 of 300 rows stand out" in text
    assert "hx-sse" not in text
    assert installation.here.get(found[1])["n_anomalies"] == 3


def test_a_stream_tells_a_look_that_has_ended_once_and_ends(browse, ended):
    dataset_id, job_id = ended
    answer = browse(Role.VIEWER).get(f"/drop/{dataset_id}/live?look={job_id}")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "3 of 300 rows stand out" in answer.text
    assert answer.text.endswith("event: end\ndata: {}\n\n")
    seen = re.search(r"id: (\w+)", answer.text)
    again = browse().get(f"/drop/{dataset_id}/live?look={job_id}", headers={"Last-Event-ID": seen[1]})
    assert again.text == "id: 0\nevent: end\ndata: {}\n\n"


def test_nothing_found_says_what_was_checked_and_what_to_do(browse, installation):
    dataset_id, job_id = look_behind(send_file(browse(), quiet_rows(), name="quiet.csv").headers["hx-redirect"])
    with at_work(installation.shared):
        finished(installation.here, finished(installation.here, job_id)["next_job_id"])
    text = browse().shown(f"/drop/{dataset_id}?look={job_id}")
    assert "Nothing stands out among 350 rows" in text
    assert "See the least usual rows" in text
    assert "data-go" not in text


def test_a_failed_look_says_why_and_that_roles_can_be_corrected(browse, installation):
    stuck = b"always\n" + b"5\n" * 40
    dataset_id, job_id = look_behind(send_file(browse(), stuck, name="stuck.csv").headers["hx-redirect"])
    with at_work(installation.shared):
        assert finished(installation.here, job_id)["status"] == "failed"
    text = browse().shown(f"/drop/{dataset_id}?look={job_id}")
    assert "The look failed" in text
    assert "can be learned from" in text
    assert "Correct below" in text


@pytest.mark.parametrize("role", list(Role))
def test_another_look_uses_the_columns_as_chosen(browse, installation, role):
    dataset_id, _ = look_behind(send_file(browse(), name=f"again {role}.csv").headers["hx-redirect"])
    who = browse(role)
    answer = who.send(f"/drop/{dataset_id}/look", **{field_of(2): "ignored", "revision": "0"})
    if role is Role.VIEWER:
        assert answer.status_code == 403
        assert f"/drop/{dataset_id}/look" not in who.shown(f"/drop/{dataset_id}")
        return
    again, job_id = look_behind(answer.headers["location"])
    assert again == dataset_id
    columns = installation.here.get(f"/datasets/{dataset_id}")["columns"]
    assert [column["role"] for column in columns][2] == "ignored"
    assert installation.here.get(f"/jobs/{job_id}")["status"] == "queued"


def test_a_role_that_is_none_is_refused_and_the_others_are_kept(browse, brought):
    answer = browse().send(f"/drop/{brought[0]}/look", **{field_of(1): "king", field_of(2): "ignored"})
    assert answer.status_code == 422
    assert "a column is used as one of" in answer.text
    assert answer.text.count('value="ignored" selected') == 1


def test_roles_chosen_for_what_the_dataset_was_are_not_used(browse, brought):
    answer = browse().send(f"/drop/{brought[0]}/look", **{field_of(1): "ignored", "revision": "77"})
    assert answer.status_code == 409


def test_a_form_without_its_token_begins_no_look(browse, brought):
    assert browse().send_without_token(f"/drop/{brought[0]}/look").status_code == 403


def test_looks_at_what_is_not_there_or_not_ours_are_not_found(browse, installation, brought):
    dataset_id, job_id = brought
    foreign = browse(at=installation.elsewhere)
    here = installation.here.things
    for path in (f"/drop/{dataset_id}", f"/drop/{dataset_id}?look={job_id}", f"/drop/{dataset_id}/live?look={job_id}"):
        assert foreign.get(path).status_code == 404
    assert foreign.send(f"/drop/{dataset_id}/look").status_code == 404
    assert browse().get(f"/drop/{here.dataset}?look={job_id}").status_code == 404
    assert browse().get(f"/drop/{'0' * 32}").status_code == 404
