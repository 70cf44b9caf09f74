"""Sources in the browser: their secrets go in and never out."""

import re

import pytest

from pynomaly.domain.access import Role
from tests.fakes.sources import PASSWORD, SHOP, WRONG_PASSWORD

KEEPERS = (Role.ENGINEER, Role.ADMIN)
SECRET = "field.password"


def entered(name, **changes):
    """Return what a form of a database server says."""
    settings = {f"field.{one}": value for one, value in SHOP.items()}
    return {"name": name, **settings, "field.port": "5432", SECRET: PASSWORD, **changes}


@pytest.fixture
def source_id(browse, request):
    """A source that a test may change."""
    made = browse(Role.ENGINEER).send("/sources/new?kind=postgresql", **entered(request.node.name[:60]))
    return made.headers["location"].removeprefix("/sources/")


@pytest.mark.parametrize("role", list(Role))
def test_everybody_sees_the_sources_and_keepers_may_make_one(browse, role):
    text = browse(role).shown("/sources")
    assert "birch shop" in text
    assert "walrus" not in text
    assert ('href="/sources/new"' in text) == (role in KEEPERS)
    assert browse(role).get("/sources/new").status_code == (200 if role in KEEPERS else 403)


def test_a_source_is_made_by_kind_and_its_secret_is_never_shown(browse, installation):
    who = browse(Role.ENGINEER)
    assert "/sources/new?kind=postgresql" in who.shown("/sources/new")
    made = who.send("/sources/new?kind=postgresql", **entered("by hand"))
    source = installation.here.get(made.headers["location"])
    assert (source["settings"]["host"], source["secrets"]) == (SHOP["host"], ["password"])
    for page in (made.headers["location"], "/sources"):
        assert PASSWORD not in who.shown(page)


def test_a_form_that_lacks_something_keeps_what_was_entered_but_for_secrets(browse):
    refused = browse().send("/sources/new?kind=postgresql", **entered("half", **{"field.host": ""}))
    assert refused.status_code == 422
    assert "needs &#39;host&#39;" in refused.text or "'host'" in refused.text
    assert 'value="half"' in refused.text
    assert PASSWORD not in refused.text
    assert browse().get("/sources/new?kind=teapot").status_code == 422


@pytest.mark.parametrize("role", list(Role))
def test_everybody_sees_what_a_source_is_and_what_they_may_do_with_it(browse, installation, role):
    one = installation.here.things.source
    text = browse(role).shown(f"/sources/{one}")
    assert SHOP["host"] in text
    assert ("Test the connection" in text) == (role in KEEPERS)
    assert ("Delete this source" in text) == (role in KEEPERS)
    assert ("Read the rows" in text) == (role is not Role.VIEWER)


def test_a_source_is_tested_and_says_what_it_found_or_why_not(browse, source_id):
    who = browse(Role.ENGINEER)
    reached = who.send(f"/sources/{source_id}/test")
    assert reached.headers["location"] == f"/sources/{source_id}"
    assert "It can be reached" in who.shown(f"/sources/{source_id}")
    changed = who.send(f"/sources/{source_id}", **entered("wrong", **{SECRET: WRONG_PASSWORD, "revision": "0"}))
    assert changed.status_code == 303
    refused = who.send(f"/sources/{source_id}/test")
    assert refused.status_code == 424
    assert "Not done." in refused.text
    assert WRONG_PASSWORD not in refused.text


def test_rows_are_read_by_a_job(browse, installation, source_id):
    who = browse(Role.ANALYST)
    begun = who.send(f"/sources/{source_id}/pull", **{"field.table": "entries", "dataset_name": "pulled by hand"})
    job = installation.here.get(begun.headers["location"])
    assert (job["kind"], job["status"]) == ("pull", "queued")
    assert "Read rows from" in who.shown(begun.headers["location"])
    taken = who.send(f"/sources/{source_id}/pull", **{"field.table": "entries", "dataset_name": "birch orders"})
    assert (taken.status_code, 'value="entries"' in taken.text) == (409, True)
    browse().send(f"{begun.headers['location']}/cancel")


def test_a_source_is_changed_as_it_was_seen_and_deleted(browse, source_id):
    who = browse()
    assert who.send(f"/sources/{source_id}", **entered("renamed", revision="0")).status_code == 303
    stale = who.send(f"/sources/{source_id}", **entered("again", revision="0"))
    assert (stale.status_code, 'value="again"' in stale.text) == (409, True)
    assert who.send(f"/sources/{source_id}/delete", revision="0").status_code == 409
    assert who.send(f"/sources/{source_id}/delete", revision="1").headers["location"] == "/sources"
    assert who.get(f"/sources/{source_id}").status_code == 404


def test_sources_of_others_are_not_found(browse, installation):
    foreign, one = browse(at=installation.elsewhere), installation.here.things.source
    assert foreign.get(f"/sources/{one}").status_code == 404
    for verb in ("", "/test", "/pull", "/delete"):
        assert foreign.send(f"/sources/{one}{verb}", name="x").status_code == 404


def test_a_hostile_name_does_no_harm(browse):
    who = browse()
    made = who.send("/sources/new?kind=postgresql", **entered('<script>alert(1)</script>"><img src=x>'))
    for page in (made.headers["location"], "/sources"):
        text = who.shown(page)
        assert "<script>alert" not in text
        assert re.search(r"<img\b", text) is None
