from dataclasses import replace
from datetime import timedelta

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.persistence import UnitOfWork
from pynomaly.application.use_cases.sign_in import Desk, RenewSession, Session, SignIn
from pynomaly.domain.access import Permission, Role
from pynomaly.domain.errors import AlreadyExists, NotFound, NotSignedIn, StaleWrite
from pynomaly.domain.identifiers import LOCAL_TENANT
from pynomaly.domain.user import Tenant
from tests.at_once import at_once
from tests.fakes.people import FakePasswords, FakeSecrets, FakeTokens
from tests.infrastructure.persistence.examples import NOON, api_key, new_id, refresh_token, user

LATER = NOON + timedelta(days=1)


def _tenant(name="risk"):
    return Tenant(new_id(), name, NOON)


def test_every_installation_has_the_local_workspace(work) -> None:
    (local,) = work.tenants.all()
    assert (local.id, local.name) == (LOCAL_TENANT, "local")


def test_a_workspace_is_found_by_name_and_by_id(work) -> None:
    risk = _tenant()
    work.tenants.add(risk)
    assert work.tenants.get("risk") == work.tenants.get(risk.id) == risk
    assert [tenant.name for tenant in work.tenants.all()] == ["local", "risk"]
    with pytest.raises(NotFound, match=r"no workspace 'Risk'.*create-workspace"):
        work.tenants.get("Risk")


@pytest.mark.parametrize("name", ["risk", "local"])
def test_the_name_of_a_workspace_is_used_once(work, name) -> None:
    work.tenants.add(_tenant())
    with pytest.raises(AlreadyExists, match=f"workspace '{name}'"):
        work.tenants.add(_tenant(name))


def test_a_user_comes_back_as_they_were(work) -> None:
    stored = user(
        role=Role.ADMIN, login_version=7, is_active=False, failed_sign_ins=9, locked_until=LATER, name="Ada ☂"
    )
    work.users.add(stored)
    assert work.users.get(stored.id) == stored
    assert work.users.by_email("ada@example.org") == stored
    assert work.users.all() == [stored]
    assert work.users.by_email("ADA@example.org") is None  # addresses are stored in one form


def test_an_address_is_used_once(work) -> None:
    work.users.add(user())
    with pytest.raises(AlreadyExists, match=r"'ada@example\.org'"):
        work.users.add(user())


def test_two_who_change_a_user_notice_each_other(work) -> None:
    stored = user()
    work.users.add(stored)
    work.users.save(stored.signed_out_everywhere())
    with pytest.raises(StaleWrite, match="changed meanwhile"):
        work.users.save(replace(stored, name="x"))
    assert work.users.get(stored.id) == replace(stored, login_version=2, revision=1)


def test_users_come_oldest_first(work) -> None:
    stored = [user(f"{name}@example.org") for name in "cab"]
    for one in stored:
        work.users.add(one)
    assert work.users.all() == stored


def test_a_token_is_found_by_its_hash_with_its_owner(work) -> None:
    owner = user()
    token = refresh_token(owner.id)
    work.users.add(owner)
    work.refresh_tokens.add(token)
    assert work.refresh_tokens.by_hash(token.token_hash) == token
    assert work.refresh_tokens.by_hash("unknown") is None
    assert work.refresh_tokens.owner(token) == owner
    work.refresh_tokens.save(token.used(LATER))
    assert work.refresh_tokens.by_hash(token.token_hash) == token.used(LATER)


def test_a_token_of_nobody_is_refused(work) -> None:
    with pytest.raises(StaleWrite):
        work.refresh_tokens.add(refresh_token("nobody"))


def test_the_owner_of_a_token_is_found_from_any_workspace(transactions, elsewhere) -> None:
    owner = user()
    token = refresh_token(owner.id)
    with transactions.begin() as work:
        work.users.add(owner)
        work.refresh_tokens.add(token)
        work.commit()
    with elsewhere.begin_reading() as work:
        assert work.refresh_tokens.owner(token) == owner


def test_revoking_a_family_spares_other_families_and_those_revoked_before(work) -> None:
    owner = user()
    work.users.add(owner)
    living, dead, other = (refresh_token(owner.id, family=family) for family in ("a", "a", "b"))
    for token in (living, replace(dead, revoked_at=NOON), other):
        work.refresh_tokens.add(token)
    work.refresh_tokens.revoke_family("a", LATER)
    found = [work.refresh_tokens.by_hash(token.token_hash).revoked_at for token in (living, dead, other)]
    assert found == [LATER, NOON, None]


def test_a_key_comes_back_as_it_was_before_and_after_it_was_revoked(work) -> None:
    stored = api_key(permissions=frozenset(Permission))
    work.api_keys.add(stored)
    assert work.api_keys.get(stored.id) == work.api_keys.by_id(stored.id) == stored
    work.api_keys.save(stored.revoked(LATER))
    assert work.api_keys.get(stored.id).revoked_at == LATER


def test_keys_come_newest_first(work) -> None:
    stored = [api_key(name) for name in "cab"]
    for one in stored:
        work.api_keys.add(one)
    assert work.api_keys.all() == stored[::-1]


def test_saving_a_key_that_is_not_there_is_refused(work) -> None:
    with pytest.raises(NotFound):
        work.api_keys.save(api_key())


@pytest.mark.slow
def test_changes_of_one_user_that_come_together_are_made_one_after_the_other(transactions) -> None:
    stored = user()
    with transactions.begin() as work:
        work.users.add(stored)
        work.commit()

    def sign_out(_number: int) -> None:
        with transactions.begin() as work:
            work.users.save(work.users.get(stored.id).signed_out_everywhere())
            work.commit()

    assert at_once(8, sign_out) == [None] * 8
    with transactions.begin_reading() as work:
        assert (work.users.get(stored.id).login_version, work.users.get(stored.id).revision) == (9, 8)


def test_an_address_that_many_take_at_once_is_given_to_one_of_them(transactions) -> None:
    def add(number: int) -> None:
        here = replace(transactions, asked=Asked(f"workspace {number}", "admin"))
        with here.begin() as work:
            work.users.add(user())
            work.commit()

    outcomes = at_once(6, add)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyExists"] * 5 + ["NoneType"]


@pytest.mark.slow
def test_a_family_that_is_renewed_and_revoked_at_once_ends_without_anybody_waiting_for_each_other(transactions) -> None:
    """Each held a token and wanted the other's: PostgreSQL ended one of them after a second."""

    def begin_in(asked: Asked) -> UnitOfWork:
        return replace(transactions, asked=asked).begin()

    def begin_reading_in(asked: Asked) -> UnitOfWork:
        return replace(transactions, asked=asked).begin_reading()

    credentials = FakePasswords(), FakeTokens(), FakeTokens(), FakeSecrets()
    desk = Desk(begin_in, begin_reading_in, *credentials, lambda: NOON, new_id)
    with transactions.begin() as work:
        work.users.add(user(password_hash="hash of right password"))
        work.commit()
    for _ in range(8):
        used = SignIn(desk, desk.issue)(email="ada@example.org", password="right password").refresh_token
        fresh = RenewSession(desk)(refresh_token=used).refresh_token
        outcomes = at_once(2, lambda n, tokens=(used, fresh): RenewSession(desk)(refresh_token=tokens[n]))
        assert isinstance(outcomes[0], NotSignedIn)
        assert isinstance(outcomes[1], NotSignedIn | Session)
