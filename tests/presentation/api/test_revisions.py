"""ETag, If-Match and If-None-Match on everything that can be edited."""

import time

import pytest

EDITS = {
    "datasets": {"name": "another name"},
    "detectors": {"name": "another name"},
    "schedules": {"is_enabled": False},
    "users": {"name": "another name"},
}


@pytest.fixture(params=EDITS)
def subject(request, here):
    """An object to edit: its address, and an edit."""
    number = time.monotonic_ns()
    used = {"detector_id": here.things.detector, "dataset_id": here.things.dataset}
    order = {
        "detectors": {"name": f"edited {number}"},
        "schedules": {"name": f"edited {number}", "cron": "0 6 * * *", "kind": "train", **used},
        "users": {"email": f"{number}@example.org", "name": "Edited", "password": "a sentence to keep"},
    }.get(request.param)
    if order is None:
        headers = {"Content-Type": "application/octet-stream"}
        made = here.post("/datasets", params={"name": f"edited {number}"}, content=b"a,b\n1,2\n3,4\n", headers=headers)
    else:
        made = here.post(f"/{request.param}", json=order)
    edit = {name: f"{value} {number}" if name == "name" else value for name, value in EDITS[request.param].items()}
    return f"/{request.param}/{made['id']}", edit


def test_an_edit_without_the_tag_of_what_was_read_is_refused(here, subject):
    address, edit = subject
    answer = here.ask("PATCH", address, json=edit)
    assert (answer.status_code, answer.json()["type"]) == (428, "/problems/precondition-required")
    if not address.startswith("/users"):
        assert here.ask("DELETE", address).status_code == 428


def test_an_edit_of_what_was_changed_since_is_refused_and_changes_nothing(here, subject):
    address, edit = subject
    tag = here.ask("GET", address).headers["etag"]
    changed = here.ask("PATCH", address, json=edit, headers={"If-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag
    late = here.ask("PATCH", address, json={**edit, "name": "too late"}, headers={"If-Match": tag})
    assert (late.status_code, late.json()["type"]) == (412, "/problems/precondition-failed")
    now = here.ask("GET", address)
    assert now.json() == changed.json()
    assert now.headers["etag"] == changed.headers["etag"]
    if not address.startswith("/users"):
        assert here.ask("DELETE", address, headers={"If-Match": tag}).status_code == 412


def test_whoever_has_the_newest_is_not_sent_it_again(here, subject):
    address, edit = subject
    first = here.ask("GET", address)
    same = here.ask("GET", address, headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", first.headers["etag"])
    among = here.ask("GET", address, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert among.status_code == 304
    here.ask("PATCH", address, json=edit, headers={"If-Match": first.headers["etag"]})
    assert here.ask("GET", address, headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def test_a_star_or_one_of_several_tags_matches_and_a_weak_or_garbled_one_does_not(here, subject):
    address, edit = subject
    tag = here.ask("GET", address).headers["etag"]
    for wrong in (f"W/{tag}", tag.strip('"'), '"', tag[:-1] + 'x"', '""'):
        assert here.ask("PATCH", address, json=edit, headers={"If-Match": wrong}).status_code == 412
    assert here.ask("PATCH", address, json=edit, headers={"If-Match": f'"other", {tag}'}).status_code == 200
    assert here.ask("PATCH", address, json=edit, headers={"If-Match": "*"}).status_code == 200
