from dataclasses import replace

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.domain.access import ROLE_PERMISSIONS, Permission, Role
from pynomaly.domain.errors import NotSignedIn
from tests.application.use_cases.people import PASSWORD
from tests.infrastructure.persistence.examples import user

ELSEWHERE = Asked("elsewhere", "user:bo")


def _key(house, asked=None, **options):
    membership = house.membership(asked) if asked else house.membership()
    settings = {"name": "nightly", "permissions": {Permission.SCORE}, "days": 30, "of_creator": set(Permission)}
    return membership.create_api_key(**(settings | options))


def _principal(house, credentials):
    return house.people.authenticate(credentials=credentials)


def test_an_access_token_makes_a_request_the_users_own(house) -> None:
    ada = house.create(role=Role.ENGINEER)
    token = house.people.sign_in(email=ada.email, password=PASSWORD).access_token
    principal = _principal(house, token)
    assert (principal.tenant_id, principal.actor) == ("local", f"user:{ada.id}")
    assert principal.permissions == ROLE_PERMISSIONS[Role.ENGINEER]


def test_a_token_is_good_in_the_workspace_of_its_user_only(house) -> None:
    ada = house.create()
    elsewhere, _ = house.tokens.issue(replace(ada, tenant_id="elsewhere"), house.now)
    with pytest.raises(NotSignedIn):
        _principal(house, elsewhere)


def test_a_token_of_a_user_who_is_not_there_any_more_says_no_more_than_any_other(house) -> None:
    gone, _ = house.tokens.issue(user(), house.now)
    with pytest.raises(NotSignedIn) as caught:
        _principal(house, gone)
    assert str(caught.value) == str(NotSignedIn())


def test_an_api_key_acts_in_its_workspace_with_what_it_was_given(house) -> None:
    key, text = _key(house, ELSEWHERE)
    principal = _principal(house, text)
    assert (principal.tenant_id, principal.actor) == ("elsewhere", f"api_key:{key.id}")
    assert principal.permissions == {Permission.SCORE}


def test_a_key_that_was_revoked_or_has_expired_opens_nothing(house) -> None:
    revoked, text = _key(house)
    house.membership().revoke_api_key(key=revoked.id)
    _, other = _key(house)
    _principal(house, other)
    house.wait(days=30)
    for credentials in (text, other):
        with pytest.raises(NotSignedIn):
            _principal(house, credentials)


@pytest.mark.parametrize("credentials", ["", "key:unknown:1", "key:", "nonsense"])
def test_anything_else_opens_nothing(house, credentials) -> None:
    with pytest.raises(NotSignedIn):
        _principal(house, credentials)


def test_the_secret_of_another_key_opens_nothing(house) -> None:
    one, _ = _key(house)
    _, other_text = _key(house)
    with pytest.raises(NotSignedIn):
        _principal(house, f"key:{one.id}:{other_text.split(':')[2]}")


def test_a_user_who_is_not_active_is_nobody(house) -> None:
    ada = house.create()
    token = house.people.sign_in(email=ada.email, password=PASSWORD).access_token
    with house.transactions.begin() as work:  # without ending the sessions, as a changed user does by itself
        work.users.save(replace(work.users.get(ada.id), is_active=False))
        work.commit()
    with pytest.raises(NotSignedIn):
        _principal(house, token)


def test_secrets_are_compared_in_constant_time_also_where_there_is_no_such_key(house) -> None:
    key, _ = _key(house)
    for key_id in ("unknown", key.id):
        with pytest.raises(NotSignedIn):
            _principal(house, f"key:{key_id}:guess")
    assert house.secrets.compared == [("", "hash of guess"), (key.secret_hash, "hash of guess")]
