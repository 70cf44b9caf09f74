from dataclasses import replace
from datetime import timedelta

import pytest

from pynomaly.application.use_cases.sign_in import SESSION_LIFE, WRONG
from pynomaly.domain.access import Role
from pynomaly.domain.errors import InvalidRequest, NotFound, NotSignedIn
from tests.application.use_cases.people import PASSWORD
from tests.application.use_cases.told import events_of
from tests.at_once import at_once

ADA = "ada@example.org"


def _sign_in(house, password=PASSWORD, email=ADA):
    return house.people.sign_in(email=email, password=password, request_id="req-2")


def _renew(house, token):
    return house.people.renew_session(refresh_token=token)


def _last(house):
    name, payload = events_of(house.transactions)[-1]
    return name, payload.get("reason")


def test_the_right_password_opens_a_session(house) -> None:
    ada = house.create()
    session = _sign_in(house, email=" Ada@Example.ORG ")
    assert session.user == ada
    assert session.refresh_expires_at == house.now + SESSION_LIFE
    assert house.people.authenticate(credentials=session.access_token).id == ada.id
    assert _last(house) == ("SignedIn", None)


@pytest.mark.parametrize("password", ["wrong", "", PASSWORD + " ", PASSWORD.upper()])
def test_a_wrong_password_and_an_unknown_address_are_told_the_same_sentence(house, password) -> None:
    house.create()
    with pytest.raises(NotSignedIn) as wrong:
        _sign_in(house, password)
    with pytest.raises(NotSignedIn) as unknown:
        _sign_in(house, email="nobody@example.org")
    assert str(wrong.value) == str(unknown.value) == WRONG
    assert house.passwords.n_wasted == 1  # the unknown one costs as much time
    assert _last(house) == ("SignInRefused", "wrong password")


def test_what_is_no_address_says_so(house) -> None:
    with pytest.raises(InvalidRequest, match="no e-mail address"):
        _sign_in(house, email="ada")


def test_from_the_sixth_wrong_password_on_nobody_looks_for_a_while(house) -> None:
    ada = house.create()
    for _ in range(6):
        with pytest.raises(NotSignedIn):
            _sign_in(house, "wrong")
    with pytest.raises(NotSignedIn, match=WRONG):
        _sign_in(house)  # not even at the right one
    house.wait(seconds=2)
    _sign_in(house)
    assert house.user(ada.id).failed_sign_ins == 0
    assert house.user(ada.id).locked_until is None


def test_guesses_that_come_together_are_all_counted(house) -> None:
    ada = house.create()
    refused = at_once(8, lambda _: _sign_in(house, "wrong"))
    assert {type(error) for error in refused} == {NotSignedIn}
    assert 6 <= house.user(ada.id).failed_sign_ins <= 8  # those that came after the lock were not looked at


def test_whoever_was_deactivated_is_refused_like_a_wrong_password(house) -> None:
    ada = house.create()
    house.membership().change_user(user=ada.id, is_active=False)
    with pytest.raises(NotSignedIn, match=WRONG):
        _sign_in(house)
    assert _last(house) == ("SignInRefused", "deactivated")


def test_a_hash_of_older_rules_is_made_anew(house) -> None:
    ada = house.create()
    with house.transactions.begin() as work:
        work.users.save(replace(work.users.get(ada.id), password_hash=f"old hash of {PASSWORD}"))
        work.commit()
    _sign_in(house)
    assert house.user(ada.id).password_hash == f"hash of {PASSWORD}"
    assert house.user(ada.id).login_version == 1  # other sessions stay


CHANGES = {
    "password": lambda house, ada: house.membership().change_password(user=ada.id, new_password="another sentence"),
    "deactivation": lambda house, ada: house.membership().change_user(user=ada.id, is_active=False),
    "role": lambda house, ada: house.membership().change_user(user=ada.id, role=Role.ADMIN),
    "sign-out": lambda house, ada: house.people.sign_out(tenant_id="local", user_id=ada.id),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_password_that_is_verified_while_every_session_is_ended_opens_none(house, change) -> None:
    """The old password, verified a moment before it was changed, would have opened a session that outlives it."""
    ada = house.create()
    house.passwords.meanwhile = lambda: CHANGES[change](house, ada)
    with pytest.raises(NotSignedIn, match=WRONG):
        _sign_in(house)


@pytest.mark.parametrize("change", CHANGES)
def test_every_session_ends_with_another_password_role_or_deactivation(house, change) -> None:
    ada = house.create()
    session = _sign_in(house)
    CHANGES[change](house, ada)
    with pytest.raises(NotSignedIn):
        house.people.authenticate(credentials=session.access_token)
    with pytest.raises(NotSignedIn):
        _renew(house, session.refresh_token)


def test_a_session_is_renewed_with_new_tokens(house) -> None:
    house.create()
    first = _sign_in(house)
    house.wait(minutes=16)
    with pytest.raises(NotSignedIn):
        house.people.authenticate(credentials=first.access_token)
    second = _renew(house, first.refresh_token)
    assert second.refresh_token != first.refresh_token
    assert second.refresh_expires_at == house.now + SESSION_LIFE
    assert house.people.authenticate(credentials=second.access_token).id == first.user.id


def test_a_token_that_comes_twice_was_copied_and_ends_its_whole_family(house) -> None:
    house.create()
    first, other = _sign_in(house), _sign_in(house)
    second = _renew(house, first.refresh_token)
    for token in (first.refresh_token, second.refresh_token, first.refresh_token):
        with pytest.raises(NotSignedIn):
            _renew(house, token)
    assert [name for name, _ in events_of(house.transactions)].count("RefreshTokenReused") == 1
    assert _renew(house, other.refresh_token)  # another sign-in is another family


def test_of_many_who_renew_with_one_token_at_once_one_succeeds_and_the_family_ends(house) -> None:
    house.create()
    first = _sign_in(house)
    outcomes = at_once(6, lambda _: _renew(house, first.refresh_token))
    renewed = [outcome for outcome in outcomes if not isinstance(outcome, NotSignedIn)]
    assert len(renewed) == 1
    with pytest.raises(NotSignedIn):
        _renew(house, renewed[0].refresh_token)


def test_a_token_expires(house) -> None:
    house.create()
    token = _sign_in(house).refresh_token
    house.now += SESSION_LIFE
    with pytest.raises(NotSignedIn):
        _renew(house, token)


@pytest.mark.parametrize("token", ["", "refresh token 99", "\0", "x" * 10_000])
def test_a_token_that_nobody_issued_renews_nothing(house, token) -> None:
    with pytest.raises(NotSignedIn):
        _renew(house, token)


def test_signing_out_ends_every_session_and_is_told(house) -> None:
    ada = house.create()
    sessions = [_sign_in(house), _sign_in(house)]
    house.people.sign_out(tenant_id="local", user_id=ada.id, request_id="req-3")
    for session in sessions:
        with pytest.raises(NotSignedIn):
            house.people.authenticate(credentials=session.access_token)
    assert _last(house) == ("SignedOut", None)
    with pytest.raises(NotFound):
        house.people.sign_out(tenant_id="elsewhere", user_id=ada.id)


def _change(house, user, **changes):
    with house.transactions.begin() as work:
        work.users.save(replace(work.users.get(user.id), **changes))
        work.commit()


def test_no_password_is_looked_at_while_the_user_is_locked(house) -> None:
    _change(house, house.create(), failed_sign_ins=6, locked_until=house.now + timedelta(seconds=2))
    with pytest.raises(NotSignedIn, match=WRONG):
        _sign_in(house)
    assert house.passwords.n_looked_at == 0
    assert house.passwords.n_wasted == 1  # a stranger cannot tell a locked user from none


@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_a_lock_that_came_while_a_password_was_looked_at_hides_whether_it_was_right(house, password) -> None:
    """Of a thousand guesses sent at once, those that are looked at after the lock must tell nothing."""
    ada = house.create()
    locked = {"failed_sign_ins": 9, "locked_until": house.now + timedelta(seconds=16)}
    house.passwords.meanwhile = lambda: _change(house, ada, **locked)
    with pytest.raises(NotSignedIn, match=WRONG):
        _sign_in(house, password)
    assert house.user(ada.id).failed_sign_ins == 9
    assert _last(house) == ("UserCreated", None)


def test_a_user_who_is_not_active_renews_nothing(house) -> None:
    ada = house.create()
    token = _sign_in(house).refresh_token
    _change(house, ada, is_active=False)  # without ending the sessions, as a changed user does by itself
    with pytest.raises(NotSignedIn):
        _renew(house, token)


def test_a_used_token_that_comes_after_it_expired_still_ends_its_family(house) -> None:
    house.create()
    first = _sign_in(house)
    house.wait(days=29)
    second = _renew(house, first.refresh_token)
    house.wait(days=2)
    for token in (first.refresh_token, second.refresh_token):
        with pytest.raises(NotSignedIn):
            _renew(house, token)
    assert _last(house) == ("RefreshTokenReused", None)
