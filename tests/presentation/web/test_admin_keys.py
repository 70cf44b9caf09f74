"""Keys for programs: shown once, good for what they name, revoked at once."""

import re
import secrets

import pytest

from pynomaly.domain.access import Role

TEXT = re.compile(r'<pre id="new-key"[^>]*>(pyn_[^<]+)</pre>')


@pytest.fixture
def admin(browse):
    return browse(Role.ADMIN)


def made(admin, **more):
    fields = {"name": f"key {secrets.token_hex(4)}", "permission": ["read", "score"], "days": "30", **more}
    answer = admin.send("/admin/keys/new", **fields)
    return fields, answer


def test_a_key_is_shown_once_and_opens_what_it_names(admin, here):
    fields, answer = made(admin)
    text = TEXT.search(answer.text)[1]
    me = here.ask_with(text, "GET", "/me").json()
    assert (me["name"], me["permissions"]) == (fields["name"], ["read", "score"])
    assert here.ask_with(text, "GET", "/users").status_code == 403
    listed = admin.shown("/admin/keys")
    assert fields["name"] in listed
    assert text not in listed
    assert text.rpartition("_")[2] not in listed


def test_a_page_that_shows_a_key_is_stored_nowhere(admin):
    _, answer = made(admin)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"permission": []}, "name at least one"),
        ({"permission": ["fly"]}, "there is no permission"),
        ({"days": "0"}, "1 to 3,650 days"),
        ({"days": "9999"}, "1 to 3,650 days"),
        ({"days": ""}, "1 to 3,650 days"),
        ({"name": ""}, "fill it in"),
    ],
)
def test_a_refused_key_says_why_and_keeps_what_was_entered(admin, more, reason):
    fields, answer = made(admin, **more)
    assert answer.status_code == 422
    assert reason in answer.text
    assert f'value="{fields["name"]}"' in answer.text
    assert TEXT.search(answer.text) is None


def test_a_revoked_key_opens_nothing_and_stays_listed(admin, here):
    fields, answer = made(admin)
    text = TEXT.search(answer.text)[1]
    keys = here.get("/api-keys", Role.ADMIN, params={"limit": 500})["items"]
    key_id = next(key["id"] for key in keys if key["name"] == fields["name"])
    assert admin.send(f"/admin/keys/{key_id}/revoke").headers["location"] == "/admin/keys"
    assert here.ask_with(text, "GET", "/me").status_code == 401
    assert "revoked" in admin.shown("/admin/keys")


def test_a_key_of_another_workspace_cannot_be_revoked(admin, installation):
    assert admin.send(f"/admin/keys/{installation.elsewhere.furniture.key}/revoke").status_code == 404
