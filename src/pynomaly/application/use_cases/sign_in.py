"""Sessions: sign in, renew, sign out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.credentials import AccessTokens, Passwords, Secrets
from pynomaly.application.ports.persistence import UnitOfWork
from pynomaly.domain.errors import NotSignedIn
from pynomaly.domain.events import RefreshTokenReused, SignedIn, SignedOut, SignInRefused
from pynomaly.domain.identifiers import LOCAL_TENANT, TenantId, UserId
from pynomaly.domain.user import RefreshToken, User, email_address

SESSION_LIFE = timedelta(days=30)  # without any renewal; each renewal begins it anew
WRONG = "the e-mail address or the password is wrong; after several wrong ones none is looked at for some minutes"


@dataclass(frozen=True, slots=True)
class Session:
    """What somebody who signed in carries away."""

    user: User
    access_token: str
    expires_at: datetime
    refresh_token: str
    refresh_expires_at: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """What sessions are made with. begin_in: opens a transaction in a workspace, on somebody's behalf."""

    begin_in: Callable[[Asked], UnitOfWork]
    begin_reading_in: Callable[[Asked], UnitOfWork]
    passwords: Passwords
    tokens: AccessTokens
    secrets: Secrets
    clock: Clock
    new_id: NewId

    def issue(self, work: UnitOfWork, user: User, family: str) -> Session:
        """Return new tokens of a family; the refresh token is stored with the transaction."""
        now = self.clock()
        access, expires_at = self.tokens.issue(user, now)
        refresh = self.secrets.new_refresh_token()
        stored = RefreshToken(refresh.hash, family, user.id, user.login_version, now, now + SESSION_LIFE)
        work.refresh_tokens.add(stored)
        return Session(user, access, expires_at, refresh.text, stored.expires_at)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Exchange a password for a session. What is wrong is never told, nor can it be guessed from the time taken."""

    desk: Desk

    def __call__(self, *, email: str, password: str, request_id: str = "") -> Session:
        """Return the session. Raises NotSignedIn, also while the user is locked: strangers must not learn who is."""
        user = self._user(email)
        if user is None or user.is_locked(self.desk.clock()):
            self.desk.passwords.waste_time(password)
            raise NotSignedIn(WRONG)
        is_right = self.desk.passwords.verify(password, user.password_hash)
        asked = Asked(user.tenant_id, f"user:{user.id}", request_id)
        if not (is_right and user.is_active):
            self._refuse(asked, user.id, "wrong password" if not is_right else "deactivated")
            raise NotSignedIn(WRONG)
        return self._admit(asked, user, password)

    def _user(self, email: str) -> User | None:
        with self.desk.begin_reading_in(Asked(LOCAL_TENANT, "nobody")) as work:
            return work.users.by_email(email_address(email))

    def _refuse(self, asked: Asked, user_id: UserId, reason: str) -> None:
        with self.desk.begin_in(asked) as work:
            user, now = work.users.get(user_id), self.desk.clock()
            _require_unlocked(user, now)  # of many tried at once, those after the lock learn nothing, right or wrong
            work.users.save(user.failed_to_sign_in(now))
            work.record(SignInRefused(user.id, reason))
            work.commit()

    def _admit(self, asked: Asked, verified: User, password: str) -> Session:
        """Issue the session, unless all of them were ended while the password was being verified."""
        is_outdated = self.desk.passwords.is_outdated(verified.password_hash)
        renewed = self.desk.passwords.hash(password) if is_outdated else None
        with self.desk.begin_in(asked) as work:
            user = work.users.get(verified.id)
            _require_unlocked(user, self.desk.clock())
            if user.login_version != verified.login_version:
                raise NotSignedIn(WRONG)
            if renewed is not None or user.failed_sign_ins:
                user = user.signed_in() if renewed is None else user.signed_in().rehashed(renewed)
                work.users.save(user)
            session = self.desk.issue(work, user, self.desk.new_id())
            work.record(SignedIn(user.id))
            work.commit()
        return session


def _require_unlocked(user: User, at: datetime) -> None:
    if user.is_locked(at):
        raise NotSignedIn(WRONG)


@dataclass(frozen=True, slots=True)
class RenewSession:
    """Exchange a refresh token for new tokens; it is used up by that."""

    desk: Desk

    def __call__(self, *, refresh_token: str, request_id: str = "") -> Session:
        """Return the renewed session.

        Raises NotSignedIn. A token that was used up before has been copied: its whole family is revoked then.
        """
        token_hash = self.desk.secrets.hash(refresh_token)
        with self.desk.begin_reading_in(Asked(LOCAL_TENANT, "nobody")) as work:
            known = work.refresh_tokens.by_hash(token_hash)
            if known is None:
                raise NotSignedIn
            owner = work.refresh_tokens.owner(known)
        with self.desk.begin_in(Asked(owner.tenant_id, f"user:{owner.id}", request_id)) as work:
            user = work.refresh_tokens.owner(known)  # held first: whoever touches this family waits here
            token = work.refresh_tokens.by_hash(token_hash)
            now = self.desk.clock()
            if token is None or token.revoked_at is not None:
                raise NotSignedIn
            if token.used_at is not None:  # also long ago: what descends from it may be in use
                work.refresh_tokens.revoke_family(token.family, now)
                work.record(RefreshTokenReused(user.id, token.family))
                work.commit()
                raise NotSignedIn
            if not token.is_good(now) or not user.is_active or token.login_version != user.login_version:
                raise NotSignedIn
            work.refresh_tokens.save(token.used(now))
            session = self.desk.issue(work, user, token.family)
            work.commit()
        return session


@dataclass(frozen=True, slots=True)
class SignOut:
    """End every session of a user."""

    desk: Desk

    def __call__(self, *, tenant_id: TenantId, user_id: str, request_id: str = "") -> User:
        """Return the user; access tokens that are still out end within seconds. Raises NotFound."""
        with self.desk.begin_in(Asked(tenant_id, f"user:{user_id}", request_id)) as work:
            user = work.users.get(user_id)
            work.users.save(user.signed_out_everywhere())
            work.record(SignedOut(user.id))
            work.commit()
        return user
