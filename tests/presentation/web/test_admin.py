"""Admins let people in, change what they may do, and end their access."""

import secrets

import pytest

from pynomaly.domain.access import Permission, Role
from pynomaly.presentation.web.role_words import PERMISSIONS, ROLES
from tests.presentation.web.hostile import HOSTILE, is_shown_harmlessly
from tests.service.furnished import PASSWORD


@pytest.fixture
def admin(browse):
    return browse(Role.ADMIN)


def entered(**more):
    word = secrets.token_hex(4)
    return {"name": f"new {word}", "email": f"{word}@example.org", "role": "analyst", "password": PASSWORD, **more}


def stored(here, user_id):
    return here.get(f"/users/{user_id}", Role.ADMIN)


def test_every_role_and_permission_is_explained(admin):
    assert set(PERMISSIONS) == set(Permission)
    assert set(ROLES) == set(Role)
    shown = admin.shown("/admin")
    for words in PERMISSIONS.values():
        assert words in shown


def test_who_is_let_in_can_sign_in(admin, browse):
    fields = entered()
    assert admin.send("/admin/users/new", **fields).headers["location"] == "/admin"
    answer = browse(None).send("/sign-in", email=fields["email"], password=PASSWORD)
    assert answer.status_code == 303
    assert fields["name"] in admin.shown("/admin")


@pytest.mark.parametrize(
    ("more", "status", "reason"),
    [
        ({"password": "password123"}, 422, "among the first that are tried"),
        ({"password": "zq7!"}, 422, "8 to 256 characters"),
        ({"email": "no address"}, 422, "is no e-mail address"),
        ({"role": "king"}, 422, "is one of"),
        ({"name": " "}, 422, "fill it in"),
    ],
)
def test_who_cannot_be_let_in_is_told_why_and_the_input_stays(admin, more, status, reason):
    fields = entered(**more)
    answer = admin.send("/admin/users/new", **fields)
    assert answer.status_code == status
    assert reason in answer.text
    assert f'value="{fields["email"]}"' in answer.text
    assert fields["password"] not in answer.text


def test_an_address_that_is_known_already_is_refused(admin, installation):
    email = installation.here.furniture.emails[Role.VIEWER]
    assert admin.send("/admin/users/new", **entered(email=email)).status_code == 409


def test_another_role_is_stored_and_ends_the_sessions(admin, here, newcomer):
    _, user_id = newcomer(Role.VIEWER)
    answer = admin.send(f"/admin/users/{user_id}", name="Bo", role="engineer", is_active="yes", revision="0")
    assert answer.status_code == 303, answer.text
    assert (stored(here, user_id)["role"], stored(here, user_id)["name"]) == ("engineer", "Bo")


def test_access_ends_where_the_box_is_not_ticked_and_is_restored(admin, here, newcomer):
    _, user_id = newcomer()
    admin.send(f"/admin/users/{user_id}", name="Bo", role="viewer")
    assert not stored(here, user_id)["is_active"]
    assert "May not sign in any more." in admin.shown(f"/admin/users/{user_id}")
    admin.send(f"/admin/users/{user_id}", name="Bo", role="viewer", is_active="yes")
    assert stored(here, user_id)["is_active"]


def test_a_change_on_what_somebody_else_changed_says_so_and_keeps_the_input(admin, here, newcomer):
    _, user_id = newcomer()
    here.ask("PATCH", f"/users/{user_id}", json={"name": "by somebody"}, headers={"If-Match": "*"})
    answer = admin.send(f"/admin/users/{user_id}", name="mine", role="viewer", is_active="yes", revision="0")
    assert answer.status_code == 409
    assert "What you entered still stands below" in answer.text
    assert 'value="mine"' in answer.text


def test_the_last_admin_cannot_be_let_go(installation, browse):
    admin = browse(Role.ADMIN, at=installation.elsewhere)
    user_id = installation.elsewhere.furniture.users[Role.ADMIN]
    answer = admin.send(f"/admin/users/{user_id}", name="walrus admin", role="viewer", is_active="yes")
    assert answer.status_code == 409
    assert "is the last active admin" in answer.text


def test_somebody_of_another_workspace_is_not_there(admin, installation):
    user_id = installation.elsewhere.furniture.users[Role.VIEWER]
    assert admin.get(f"/admin/users/{user_id}").status_code == 404
    assert admin.send(f"/admin/users/{user_id}", name="x", role="viewer").status_code == 404


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text(admin, here, name):
    fields = entered(name=f"{name[:180]}{secrets.token_hex(4)}")
    assert admin.send("/admin/users/new", **fields).status_code == 303
    assert is_shown_harmlessly(name[:180], admin.shown("/admin"))
