"""Users and keys over HTTP: what was changed holds within seconds, and no secret comes out twice."""

import time

import pytest

from pynomaly.domain.access import Role
from pynomaly.presentation.identity import REMEMBERED_SECONDS
from tests.service.furnished import PASSWORD
from tests.service.installed import signed_in


@pytest.fixture
def person(here):
    """Somebody new."""
    email = f"{time.monotonic_ns()}@example.org"
    return here.post("/users", json={"email": email, "name": "Somebody", "role": "analyst", "password": PASSWORD})


def change(here, person, **fields):
    tag = here.ask("GET", f"/users/{person['id']}").headers["etag"]
    return here.ask("PATCH", f"/users/{person['id']}", json=fields, headers={"If-Match": tag})


def test_a_new_user_is_shown_without_a_trace_of_the_password(here, person):
    assert person.keys() == {"id", "email", "name", "role", "is_active", "created_at", "revision"}
    assert here.get(f"/users/{person['id']}", Role.ADMIN) == person
    assert here.get("/users", Role.ADMIN)["items"][0] == person


def test_an_address_is_taken_once_whatever_its_case(here, person):
    again = {"email": person["email"].upper(), "name": "Another", "password": PASSWORD}
    answer = here.ask("POST", "/users", json=again)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/already-exists")


@pytest.mark.parametrize("password", ["password123", "aaaaaaaaaa"])
def test_a_password_that_is_tried_first_is_refused(here, password):
    weak = {"email": "weak@example.org", "name": "Weak", "password": password}
    answer = here.ask("POST", "/users", json=weak)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")


def test_a_new_role_holds_within_seconds(here, person):
    token = signed_in(here.client, person["email"])
    assert here.ask_with(token, "POST", "/detectors", json={"name": "not mine to make"}).status_code == 403
    assert change(here, person, role="engineer").json()["role"] == "engineer"
    time.sleep(REMEMBERED_SECONDS)
    assert here.ask_with(token, "GET", "/me").status_code == 401
    token = signed_in(here.client, person["email"])
    made = here.ask_with(token, "POST", "/detectors", json={"name": f"made by {person['id']}"})
    assert made.status_code == 201


def test_whoever_is_deactivated_is_out_and_comes_back_with_the_same_password(here, person):
    token = signed_in(here.client, person["email"])
    assert change(here, person, is_active=False).json()["is_active"] is False
    time.sleep(REMEMBERED_SECONDS)
    assert here.ask_with(token, "GET", "/me").status_code == 401
    body = {"email": person["email"], "password": PASSWORD}
    assert here.client.post("/api/v1/sessions", json=body).status_code == 401
    change(here, person, is_active=True)
    assert signed_in(here.client, person["email"])


def test_a_workspace_keeps_an_admin(here):
    admin = here.get(f"/users/{here.furniture.users[Role.ADMIN]}", Role.ADMIN)
    for fields in ({"role": "viewer"}, {"is_active": False}):
        answer = change(here, admin, **fields)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/conflict")


def test_a_key_does_what_it_is_for_until_it_is_revoked(here):
    made = here.post("/api-keys", json={"name": "for a script", "permissions": ["read"], "expires_in_days": 2})
    assert made["key"].startswith(f"pyn_{made['id']}_")
    listed = here.get(f"/api-keys/{made['id']}", Role.ADMIN)
    assert made["key"] not in str(listed)
    assert listed == {name: value for name, value in made.items() if name != "key"}
    me = here.ask_with(made["key"], "GET", "/me").json()
    assert (me["kind"], me["id"], me["permissions"]) == ("api_key", made["id"], ["read"])
    assert here.ask_with(made["key"], "POST", "/detectors", json={"name": "no"}).status_code == 403
    revoked = here.post(f"/api-keys/{made['id']}/revoke")
    assert revoked["revoked_at"] is not None
    assert here.post(f"/api-keys/{made['id']}/revoke") == revoked
    time.sleep(REMEMBERED_SECONDS)
    assert here.ask_with(made["key"], "GET", "/me").status_code == 401
    assert here.get(f"/api-keys/{made['id']}", Role.ADMIN) == revoked


def test_a_repeated_request_for_a_key_does_not_show_it(here):
    order = {"name": "asked for twice", "permissions": ["read"]}
    headers = {"Idempotency-Key": f"key-{time.monotonic_ns()}"}
    first = here.ask("POST", "/api-keys", json=order, headers=headers)
    again = here.ask("POST", "/api-keys", json=order, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json() | {"key": None}
    assert again.headers["idempotent-replayed"] == "true"
