"""Datasets in the browser."""

import re

import pytest

from pynomaly.domain.access import Role
from pynomaly.presentation.web.columns import field_of
from tests.presentation.web.test_drop import look_behind, send_file


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def dataset_id(browse, request):
    """A dataset that a test may change."""
    name = f"{request.node.name[:40]}.csv"
    return look_behind(send_file(browse(), name=name).headers["hx-redirect"])[0]


@pytest.mark.parametrize("role", list(Role))
def test_everybody_sees_the_datasets_and_who_learned_from_them(browse, installation, role):
    text = browse(role).shown("/datasets")
    here = installation.here.things
    assert f'href="/datasets/{here.dataset}"' in text
    assert "birch orders" in text
    assert "one detector" in text
    assert "walrus" not in text
    assert ('class="btn btn-primary" href="/drop"' in text) == (role is not Role.VIEWER)


@pytest.mark.parametrize("role", list(Role))
def test_everybody_sees_a_dataset_and_whoever_may_can_change_it(browse, installation, role):
    here = installation.here.things
    text = browse(role).shown(f"/datasets/{here.dataset}")
    told = text_of(text)
    assert "birch_order names rows." in told
    assert "birch_odd is a label and is not learned from." in told
    assert f'href="/detections/{here.detection}"' in text
    assert f'href="/detectors/{here.detector}"' in text
    assert "Showing 20 of 300 rows" in told
    assert "A-00000" in told
    for change in (f"/drop/{here.dataset}/look", "Delete this dataset", "Rename"):
        assert (change in text) == (role is not Role.VIEWER)


def test_what_the_columns_hold_comes_as_a_part_and_as_a_page(browse, installation):
    here = installation.here.things
    page = browse().shown(f"/datasets/{here.dataset}/columns")
    part = browse().get(f"/datasets/{here.dataset}/columns", headers={"HX-Request": "true"}).text
    for text in (page, part):
        assert "birch_amount" in text
        assert 'aria-label="What birch_speed is used as"' in text
    assert ("<html" in page, "<html" in part) == (True, False)
    seen = browse(Role.VIEWER).get(f"/datasets/{here.dataset}/columns", headers={"HX-Request": "true"}).text
    assert "<select" not in seen


def test_columns_are_used_as_chosen(browse, installation, dataset_id):
    answer = browse(Role.ANALYST).send(f"/datasets/{dataset_id}/columns", **{field_of(1): "ignored", "revision": "0"})
    assert answer.headers["location"] == f"/datasets/{dataset_id}"
    assert installation.here.get(f"/datasets/{dataset_id}")["columns"][1]["role"] == "ignored"
    stale = browse().send(f"/datasets/{dataset_id}/columns", **{field_of(2): "ignored", "revision": "0"})
    assert stale.status_code == 409
    assert "Not done." in stale.text


def test_a_dataset_is_renamed_unless_the_name_is_taken(browse, installation, dataset_id):
    who = browse(Role.ANALYST)
    taken = who.send(f"/datasets/{dataset_id}/name", name="birch orders", revision="0")
    assert (taken.status_code, "already" in taken.text) == (409, True)
    assert 'value="birch orders"' in taken.text
    assert who.send(f"/datasets/{dataset_id}/name", name=" ").status_code == 422
    assert who.send(f"/datasets/{dataset_id}/name", name='<b>"new"</b>', revision="0").status_code == 303
    shown = who.shown(f"/datasets/{dataset_id}")
    assert "<b>&#34;" not in shown
    assert "&lt;b&gt;&#34;new&#34;&lt;/b&gt;" in shown


def test_a_dataset_is_deleted_once_its_name_was_typed(browse, installation, dataset_id):
    who = browse(Role.ANALYST)
    name = installation.here.get(f"/datasets/{dataset_id}")["name"]
    refused = who.send(f"/datasets/{dataset_id}/delete", confirmed="yes", revision="0")
    assert (refused.status_code, "nothing was deleted" in refused.text) == (422, True)
    assert who.send(f"/datasets/{dataset_id}/delete", confirmed=name, revision="0").headers["location"] == "/datasets"
    assert who.get(f"/datasets/{dataset_id}").status_code == 404


@pytest.mark.parametrize("what", ["columns", "name", "delete"])
def test_nobody_changes_a_dataset_without_right_or_token(browse, installation, what):
    address = f"/datasets/{installation.here.things.dataset}/{what}"
    assert browse(Role.VIEWER).send(address).status_code == 403
    assert browse().send_without_token(address).status_code == 403
    assert browse(at=installation.elsewhere).send(address, confirmed="birch orders", name="x").status_code == 404


def test_datasets_of_others_are_not_found(browse, installation):
    foreign, here = browse(at=installation.elsewhere), installation.here.things
    for path in (f"/datasets/{here.dataset}", f"/datasets/{here.dataset}/columns"):
        assert foreign.get(path).status_code == 404
    assert foreign.get("/datasets?cursor=forged").status_code == 422


def test_long_lists_lead_on(browse, installation, monkeypatch):
    monkeypatch.setattr("pynomaly.presentation.web.datasets.DEFAULT_LIMIT", 1)
    send_file(browse(), name="one more.csv")
    first = browse().shown("/datasets")
    older = re.search(r'href="(/datasets\?cursor=[^"]+)" rel="next"', first)
    assert older is not None
    second = browse().shown(older[1])
    assert "Back to the newest" in second
    names = [re.search(r'href="/datasets/([0-9a-f]{32})"', text)[1] for text in (first, second)]
    assert len(set(names)) == 2
