"""Sessions over HTTP: tokens rotate, a copied one ends its family, and whoever signs out is out within seconds."""

import time

import pytest

from pynomaly.domain.access import Role
from pynomaly.presentation.identity import REMEMBERED_SECONDS
from tests.service.furnished import PASSWORD
from tests.service.installed import PREFIX


@pytest.fixture
def person(here):
    """Somebody new with a password: nobody else's sessions are ended with theirs."""
    email = f"{time.monotonic_ns()}@example.org"
    here.post("/users", json={"email": email, "name": "A person", "role": "analyst", "password": PASSWORD})
    return email


def sign_in(here, email, password=PASSWORD):
    return here.client.post(f"{PREFIX}/sessions", json={"email": email, "password": password})


def renew(here, token):
    return here.client.post(f"{PREFIX}/sessions/renew", json={"refresh_token": token})


def is_in(here, session):
    return here.ask_with(session["access_token"], "GET", "/me").status_code == 200


def test_a_password_is_exchanged_for_tokens_that_say_who_one_is(here, person):
    answer = sign_in(here, person)
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    session = answer.json()
    assert session["token_type"] == "Bearer"
    me = here.ask_with(session["access_token"], "GET", "/me").json()
    assert (me["kind"], me["name"], me["workspace_id"]) == ("user", "A person", here.furniture.tenant_id)
    assert me["permissions"] == ["judge", "read", "score", "write_datasets"]


def test_what_was_wrong_about_a_sign_in_is_not_told(here, person):
    wrong, unknown = sign_in(here, person, "not the password"), sign_in(here, "nobody@example.org")
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert wrong.json() | {"request_id": ""} == unknown.json() | {"request_id": ""}


def test_after_some_wrong_passwords_not_even_the_right_one_is_looked_at_and_nobody_is_told(here, person):
    wrong = [sign_in(here, person, f"wrong guess {number}") for number in range(6)]
    right = sign_in(here, person)
    assert {answer.status_code for answer in (*wrong, right)} == {401}
    assert len({answer.json()["detail"] for answer in (*wrong, right)}) == 1


def test_a_refresh_token_is_good_once(here, person):
    first = sign_in(here, person).json()
    second = renew(here, first["refresh_token"])
    assert second.status_code == 201
    assert is_in(here, second.json())
    assert renew(here, second.json()["refresh_token"]).status_code == 201


def test_a_refresh_token_that_comes_twice_ends_all_that_descend_from_it(here, person):
    first = sign_in(here, person).json()
    other = sign_in(here, person).json()
    second = renew(here, first["refresh_token"]).json()
    assert renew(here, first["refresh_token"]).status_code == 401
    assert renew(here, second["refresh_token"]).status_code == 401
    assert renew(here, other["refresh_token"]).status_code == 201
    told = [entry["type"] for entry in here.get("/audit", Role.ADMIN, params={"limit": 5})["items"]]
    assert "RefreshTokenReused" in told


def test_an_access_token_renews_nothing_and_a_refresh_token_opens_nothing(here, person):
    session = sign_in(here, person).json()
    assert renew(here, session["access_token"]).status_code == 401
    assert here.ask_with(session["refresh_token"], "GET", "/me").status_code == 401


def test_whoever_signs_out_is_out_within_seconds_everywhere(here, person):
    one, other = sign_in(here, person).json(), sign_in(here, person).json()
    assert is_in(here, one)
    assert is_in(here, other)
    assert here.ask_with(one["access_token"], "DELETE", "/sessions").status_code == 204
    time.sleep(REMEMBERED_SECONDS)
    assert not is_in(here, one)
    assert not is_in(here, other)
    assert renew(here, one["refresh_token"]).status_code == 401
    assert is_in(here, sign_in(here, person).json())


def test_another_password_ends_every_session(here, person):
    session = sign_in(here, person).json()
    change = {"old_password": PASSWORD, "new_password": "an entirely new sentence"}
    wrong = here.ask_with(session["access_token"], "POST", "/me/password", json=change | {"old_password": "no, this"})
    assert (wrong.status_code, wrong.json()["detail"]) == (401, "the old password is wrong")
    weak = here.ask_with(session["access_token"], "POST", "/me/password", json=change | {"new_password": "password1"})
    assert (weak.status_code, weak.json()["type"]) == (422, "/problems/invalid-request")
    assert here.ask_with(session["access_token"], "POST", "/me/password", json=change).status_code == 204
    assert renew(here, session["refresh_token"]).status_code == 401
    assert sign_in(here, person).status_code == 401
    assert sign_in(here, person, "an entirely new sentence").status_code == 201
