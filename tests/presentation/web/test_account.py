"""One's own account: password, look, keys, offline data."""

import pytest

from pynomaly.domain.access import Role
from pynomaly.presentation.web.cookies import KEYS, SESSION, THEME, THEMES
from tests.service.furnished import PASSWORD

BETTER = "another sentence that is long"


def test_everybody_sees_who_they_are_and_what_their_role_allows(browse, installation):
    shown = browse(Role.ANALYST).shown("/account")
    assert installation.here.furniture.emails[Role.ANALYST] in shown
    assert "your role is analyst" in shown
    assert '<li class="no"><span class="sr-only">not:</span> make and revoke API keys' in shown


def test_a_changed_password_opens_the_door_and_this_session_goes_on(browse, newcomer, here):
    somebody, user_id = newcomer()
    answer = somebody.send("/account/password", old_password=PASSWORD, new_password=BETTER, again=BETTER)
    assert answer.status_code == 303, answer.text
    assert SESSION in answer.headers["set-cookie"]
    somebody.client.cookies.set(SESSION, answer.cookies[SESSION])
    email = here.get(f"/users/{user_id}", Role.ADMIN)["email"]
    assert browse(None).send("/sign-in", email=email, password=BETTER).status_code == 303
    assert browse(None).send("/sign-in", email=email, password=PASSWORD).status_code == 401


@pytest.mark.parametrize(
    ("fields", "status", "reason"),
    [
        ({"old_password": "not it at all"}, 401, "the old password is wrong"),
        ({"again": "something else"}, 422, "the two new passwords differ"),
        ({"new_password": "zq7!", "again": "zq7!"}, 422, "8 to 256 characters"),
    ],
)
def test_a_password_that_is_not_changed_says_why(newcomer, fields, status, reason):
    somebody, _ = newcomer()
    given = {"old_password": PASSWORD, "new_password": BETTER, "again": BETTER, **fields}
    answer = somebody.send("/account/password", **given)
    assert answer.status_code == status
    assert reason in answer.text
    for password in given.values():
        assert password not in answer.text


def test_guessing_the_old_password_locks_the_door(newcomer):
    somebody, _ = newcomer()
    given = {"old_password": "wrong every time", "new_password": BETTER, "again": BETTER}
    statuses = [somebody.send("/account/password", **given).status_code for _ in range(7)]
    assert statuses[0] == 401
    assert statuses[-1] == 429


@pytest.mark.parametrize("theme", THEMES)
def test_a_look_is_kept_by_the_browser_and_pages_come_in_it(browse, theme):
    somebody = browse(Role.VIEWER)
    answer = somebody.send("/account/look", theme=theme)
    assert answer.cookies[THEME] == theme
    assert f'data-theme="{theme}"' in somebody.shown("/account")


def test_a_look_that_there_is_not_is_refused(browse):
    assert browse(Role.VIEWER).send("/account/look", theme="pink").status_code == 422


def test_single_keys_can_be_turned_off_and_on(browse):
    somebody = browse(Role.VIEWER)
    assert 'data-keys="on"' in somebody.shown("/account")
    assert somebody.send("/account/keys", keys="off").cookies[KEYS] == "off"
    assert 'data-keys="off"' in somebody.shown("/help")
    assert "Single keys are turned off in this browser." in somebody.shown("/help")
    somebody.send("/account/keys", keys="on")
    assert 'data-keys="on"' in somebody.shown("/account")


def test_offline_data_is_wiped_without_script_too(browse):
    answer = browse(Role.VIEWER).send("/account/offline")
    assert answer.headers["clear-site-data"] == '"storage"'
    assert answer.headers["location"] == "/account"
