from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pynomaly.domain.access import ROLE_PERMISSIONS, Permission, Role
from pynomaly.domain.errors import InvalidRequest, NotSignedIn, TooManyRequests
from pynomaly.domain.user import (
    FREE_ATTEMPTS,
    ApiKey,
    RefreshToken,
    Tenant,
    User,
    email_address,
    require_good_password,
)

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ADA = User("u1", "t", "ada@example.org", "Ada", Role.ANALYST, "hash", 3, True, 0, None, NOON)
TOKEN = RefreshToken("h", "family", "u1", 3, NOON, NOON + timedelta(days=30))
KEY = ApiKey("k1", "t", "nightly", "h", frozenset({Permission.SCORE}), "user:u1", NOON, NOON + timedelta(days=1))


def test_another_name_keeps_every_session() -> None:
    assert ADA.changed(name="Ada L.", role=None, is_active=None) == replace(ADA, name="Ada L.")
    assert ADA.changed(name=None, role=Role.ANALYST, is_active=True) == ADA


@pytest.mark.parametrize("change", [{"role": Role.ADMIN}, {"is_active": False}], ids=["role", "deactivation"])
def test_other_rights_end_every_session(change) -> None:
    changed = ADA.changed(**({"name": None, "role": None, "is_active": None} | change))
    assert changed == replace(ADA, login_version=4, **change)


def test_another_password_ends_every_session_and_unlocks() -> None:
    locked = replace(ADA, failed_sign_ins=9, locked_until=NOON)
    assert locked.with_password("new") == replace(ADA, password_hash="new", login_version=4)


def test_the_same_password_hashed_by_newer_rules_keeps_every_session() -> None:
    assert ADA.rehashed("newer").login_version == ADA.login_version


def test_five_wrong_passwords_are_free_and_each_further_one_doubles_the_wait() -> None:
    user, waits = ADA, []
    for _ in range(16):
        user = user.failed_to_sign_in(NOON)
        waits.append(0.0 if user.locked_until is None else (user.locked_until - NOON).total_seconds())
    assert waits == [0.0] * FREE_ATTEMPTS + [2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 900.0, 900.0]


def test_a_thousand_wrong_passwords_lock_for_a_quarter_of_an_hour() -> None:
    assert replace(ADA, failed_sign_ins=10**6).failed_to_sign_in(NOON).locked_until == NOON + timedelta(minutes=15)


def test_a_lock_ends_and_a_right_password_forgets_it() -> None:
    locked = replace(ADA, failed_sign_ins=6, locked_until=NOON + SECOND)
    assert locked.is_locked(NOON)
    assert not locked.is_locked(NOON + SECOND)
    assert not ADA.is_locked(NOON)
    assert locked.signed_in() == ADA


def test_whoever_is_locked_is_told_how_long_to_wait() -> None:
    locked = replace(ADA, failed_sign_ins=6, locked_until=NOON + 2 * SECOND)
    with pytest.raises(TooManyRequests, match="wait before the next one") as caught:
        locked.require_unlocked(NOON + SECOND)
    assert caught.value.retry_after_seconds == 1.0
    locked.require_unlocked(NOON + 2 * SECOND)
    ADA.require_unlocked(NOON)


def test_a_user_acts_with_the_permissions_of_the_role_until_deactivated() -> None:
    assert ADA.principal().permissions == ROLE_PERMISSIONS[Role.ANALYST]
    assert ADA.principal().actor == "user:u1"
    with pytest.raises(NotSignedIn):
        replace(ADA, is_active=False).principal()


def test_a_refresh_token_is_good_until_it_expires_or_is_revoked() -> None:
    assert TOKEN.is_good(NOON)
    assert not TOKEN.is_good(TOKEN.expires_at)
    assert not replace(TOKEN, revoked_at=NOON).is_good(NOON)
    assert TOKEN.used(NOON).used_at == NOON


def test_an_api_key_opens_what_it_names_until_it_expires_or_is_revoked() -> None:
    assert KEY.principal(NOON).permissions == {Permission.SCORE}
    assert KEY.principal(NOON).actor == "api_key:k1"
    for closed, at in ((KEY, KEY.expires_at), (KEY.revoked(NOON), NOON)):
        with pytest.raises(NotSignedIn):
            closed.principal(at)


def test_revoking_twice_keeps_the_first_time() -> None:
    assert KEY.revoked(NOON).revoked(NOON + SECOND).revoked_at == NOON


def test_a_key_without_any_permission_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="opens nothing"):
        replace(KEY, permissions=frozenset())


@pytest.mark.parametrize("make", [lambda name: Tenant("t", name, NOON), lambda name: replace(ADA, name=name)])
@pytest.mark.parametrize("name", ["", "\t", "x" * 201, "a\0b"])
def test_workspaces_and_users_have_names_like_everything_else(make, name) -> None:
    with pytest.raises(InvalidRequest, match="a name has 1 to 200"):
        make(name)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        (" Ada@Example.org ", "ada@example.org"),
        ("cafe\u0301@example.org", "caf\u00e9@example.org"),
        ("x" * 64 + "@example.org", "x" * 64 + "@example.org"),
        ("日本@example.org", "日本@example.org"),
    ],
)
def test_an_address_has_one_form(written, stored) -> None:
    assert email_address(written) == stored
    assert email_address(stored) == stored


@pytest.mark.parametrize(
    "written",
    ["", "ada", "@example.org", "ada@", "a b@example.org", "a@b@c", "x" * 65 + "@e.org", "a@" + "x" * 253, "a\0@b.c"],
)
def test_what_is_no_address_is_refused(written) -> None:
    with pytest.raises(InvalidRequest, match="is no e-mail address"):
        email_address(written)


@pytest.mark.parametrize("password", ["correct horse", "x7$kkkkq", "日本語のパスワード", "a sentence " * 20])
def test_a_long_enough_password_of_any_characters_is_good(password) -> None:
    require_good_password(password, "ada@example.org")


def test_characters_are_counted_as_they_are_hashed() -> None:
    with pytest.raises(InvalidRequest, match="8 to 256"):
        require_good_password("re\u0301sume\u0301!", "ada@example.org")
    require_good_password("e\u0301a\u0300o\u0308u" * 64, "ada@example.org")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short 7", "8 to 256"),
        ("x" * 250 + "abcdefg", "8 to 256"),
        ("Password123", "among the first"),
        ("aaaaaaaaaaaa", "among the first"),
        ("abcabcabcabc", "among the first"),
        ("Ada@Example.org", "must not be the e-mail"),
        ("administratrix", "must not be the e-mail"),
    ],
)
def test_a_bad_password_is_told_why(password, reason) -> None:
    email = "administratrix@example.org" if password.startswith("admin") else "ada@example.org"
    with pytest.raises(InvalidRequest, match=reason):
        require_good_password(password, email)
