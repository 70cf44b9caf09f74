from dataclasses import replace
from datetime import timedelta

import pytest

from pynomaly.application.ports.asking import Asked, KeyClaim, Reply, RequestKey
from pynomaly.domain.access import Permission, Role
from pynomaly.domain.errors import (
    AlreadyExists,
    Conflict,
    Forbidden,
    InvalidRequest,
    NotFound,
    NotSignedIn,
    StaleWrite,
    TooManyRequests,
)
from tests.application.use_cases.people import BY_ADMIN, PASSWORD
from tests.application.use_cases.told import events_of
from tests.at_once import at_once

ELSEWHERE = Asked("elsewhere", "user:bo")
KEY = {"name": "nightly", "permissions": {Permission.SCORE}, "days": 30, "of_creator": {Permission.SCORE}}


def _last(house):
    return events_of(house.transactions)[-1]


def test_a_workspace_is_made_once(house) -> None:
    made = house.people.create_tenant(name="risk")
    assert _last(house) == ("TenantCreated", {"name": "risk"})
    with house.transactions.begin_reading() as work:
        assert work.tenants.get("risk") == work.tenants.get(made.id) == made
    for name, error in (("risk", AlreadyExists), ("", InvalidRequest), ("local", AlreadyExists)):
        with pytest.raises(error):
            house.people.create_tenant(name=name)


def test_a_user_is_made_with_a_hashed_password(house) -> None:
    ada = house.create(" Ada@Example.org ", Role.ENGINEER)
    assert (ada.email, ada.role, ada.password_hash, ada.tenant_id) == (
        "ada@example.org",
        Role.ENGINEER,
        f"hash of {PASSWORD}",
        "local",
    )
    assert house.user(ada.id) == ada
    assert _last(house) == ("UserCreated", {"user_id": ada.id, "role": "engineer"})


def test_an_address_is_used_once_in_the_whole_installation(house) -> None:
    house.create()
    for asked in (BY_ADMIN, ELSEWHERE):
        with pytest.raises(AlreadyExists, match=r"'ada@example\.org'"):
            house.create("ADA@example.org", asked=asked)


@pytest.mark.parametrize(
    "question", [{"password": "short"}, {"password": "ada@example.org"}, {"email": "ada"}, {"name": "\n"}], ids=str
)
def test_a_user_that_makes_no_sense_is_not_made(house, question) -> None:
    asked = {"email": "ada@example.org", "name": "Ada", "role": Role.VIEWER, "password": PASSWORD}
    with pytest.raises(InvalidRequest):
        house.membership().create_user(**(asked | question))
    assert events_of(house.transactions) == []


def test_only_what_was_said_about_a_user_is_changed(house) -> None:
    ada = house.create()
    renamed = house.membership().change_user(user=ada.id, name="Ada L.", revision=0)
    assert renamed == replace(ada, name="Ada L.", revision=1)
    promoted = house.membership().change_user(user=ada.id, role=Role.ADMIN)
    assert (promoted.name, promoted.role, promoted.login_version) == ("Ada L.", Role.ADMIN, 2)
    assert _last(house) == ("UserChanged", {"user_id": ada.id, "role": "admin", "is_active": True})
    with pytest.raises(StaleWrite):
        house.membership().change_user(user=ada.id, name="x", revision=0)
    with pytest.raises(NotFound):
        house.membership(ELSEWHERE).change_user(user=ada.id, name="x")


@pytest.mark.parametrize("change", [{"role": Role.ENGINEER}, {"is_active": False}], ids=str)
def test_the_last_active_admin_stays_one(house, change) -> None:
    first, second = house.create("a@example.org", Role.ADMIN), house.create("b@example.org", Role.ADMIN)
    house.membership().change_user(user=first.id, **change)
    with pytest.raises(Conflict, match=r"b@example\.org is the last active admin"):
        house.membership().change_user(user=second.id, **change)
    house.membership().change_user(user=second.id, name="Still admin")


def test_two_admins_who_remove_each_other_at_once_leave_one(house) -> None:
    admins = [house.create(f"{name}@example.org", Role.ADMIN) for name in "ab"]
    outcomes = at_once(2, lambda n: house.membership().change_user(user=admins[1 - n].id, role=Role.VIEWER))
    assert sorted(isinstance(outcome, Conflict) for outcome in outcomes) == [False, True]


def test_a_workspace_that_never_had_an_admin_may_do_without(house) -> None:
    ada = house.create()
    assert not house.membership().change_user(user=ada.id, is_active=False).is_active


def test_a_password_is_changed_by_whoever_knows_the_old_one(house) -> None:
    ada = house.create()
    change = house.membership().change_password
    with pytest.raises(NotSignedIn, match="old password is wrong"):
        change(user=ada.id, new_password="another sentence", old_password="wrong")
    with pytest.raises(InvalidRequest):
        change(user=ada.id, new_password="short", old_password=PASSWORD)
    changed = change(user=ada.id, new_password="another sentence", old_password=PASSWORD)
    assert (changed.password_hash, changed.login_version) == ("hash of another sentence", 2)
    assert _last(house) == ("PasswordChanged", {"user_id": ada.id})


def test_an_admin_at_the_machine_needs_no_old_password_and_unlocks(house) -> None:
    ada = house.create()
    for _ in range(7):
        with pytest.raises(NotSignedIn):
            house.people.sign_in(email=ada.email, password="wrong")
        house.wait(minutes=1)
    house.membership().change_password(user=ada.id, new_password="another sentence")
    assert house.people.sign_in(email=ada.email, password="another sentence").user.id == ada.id


def test_of_two_who_change_a_password_at_once_the_second_has_to_know_the_first_ones(house) -> None:
    ada = house.create()
    change = house.membership().change_password
    house.passwords.meanwhile = lambda: change(user=ada.id, new_password="of the first one")
    with pytest.raises(StaleWrite, match="changed meanwhile"):
        change(user=ada.id, new_password="of the second", old_password=PASSWORD)
    assert house.user(ada.id).password_hash == "hash of of the first one"


def test_a_key_is_shown_once_and_stored_as_its_hash(house) -> None:
    key, text = house.membership().create_api_key(**KEY)
    secret = text.split(":")[2]
    assert key.secret_hash == house.secrets.hash(secret)
    assert (key.created_by, key.tenant_id, key.permissions) == ("user:admin", "local", {Permission.SCORE})
    with house.transactions.begin_reading() as work:
        assert work.api_keys.get(key.id) == key
    assert _last(house) == ("ApiKeyCreated", {"key_id": key.id})


def test_nobody_gives_away_what_they_do_not_have(house) -> None:
    wanted = {"permissions": {Permission.SCORE, Permission.MANAGE_USERS, Permission.READ_AUDIT}}
    with pytest.raises(Forbidden, match="what you do not have: manage_users, read_audit"):
        house.membership().create_api_key(**(KEY | wanted))
    for change in ({"permissions": set()}, {"name": ""}):
        with pytest.raises(InvalidRequest):
            house.membership().create_api_key(**(KEY | change))
    assert events_of(house.transactions) == []


def test_a_key_is_revoked_once(house) -> None:
    key, _ = house.membership().create_api_key(**KEY)
    revoked = house.membership().revoke_api_key(key=key.id)
    house.wait(days=1)
    assert house.membership().revoke_api_key(key=key.id) == revoked
    assert [name for name, _ in events_of(house.transactions)] == ["ApiKeyCreated", "ApiKeyRevoked"]
    with pytest.raises(NotFound):
        house.membership(ELSEWHERE).revoke_api_key(key=key.id)


def test_wrong_old_passwords_count_like_wrong_sign_ins(house) -> None:
    ada = house.create()
    for _ in range(6):
        with pytest.raises(NotSignedIn, match="old password is wrong"):
            house.membership().change_password(user=ada.id, old_password="a guess", new_password="another sentence")
    assert _last(house) == ("SignInRefused", {"user_id": ada.id, "reason": "wrong old password"})
    with pytest.raises(TooManyRequests):
        house.membership().change_password(user=ada.id, old_password=PASSWORD, new_password="another sentence")
    assert house.passwords.n_looked_at == 6


@pytest.mark.parametrize("old_password", [PASSWORD, "a guess"])
def test_a_lock_that_came_meanwhile_hides_whether_the_old_password_was_right(house, old_password) -> None:
    ada = house.create()

    def lock():
        with house.transactions.begin() as work:
            locked = {"failed_sign_ins": 9, "locked_until": house.now + timedelta(seconds=16)}
            work.users.save(replace(work.users.get(ada.id), **locked))
            work.commit()

    house.passwords.meanwhile = lock
    with pytest.raises(TooManyRequests):
        house.membership().change_password(user=ada.id, old_password=old_password, new_password="short")
    assert house.user(ada.id).failed_sign_ins == 9


def test_the_answer_about_a_new_key_is_stored_with_it(house) -> None:
    name = RequestKey("user:admin", "POST /api-keys", "once")
    first, second = (KeyClaim(name, token, lambda made: Reply(201, (), made[0].id.encode())) for token in "ab")
    with house.transactions.begin() as work:
        assert work.request_keys.reserve(first, digest="d") is None
        work.commit()
    key, _ = house.membership(replace(BY_ADMIN, claim=first)).create_api_key(**KEY)
    with house.transactions.begin() as work:
        assert work.request_keys.reserve(second, digest="d") == Reply(201, (), key.id.encode())
