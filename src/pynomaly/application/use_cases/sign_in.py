"""Sessions of programs and of browsers: sign in, renew, sign out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.credentials import AccessTokens, Passwords, Secrets
from pynomaly.application.ports.persistence import UnitOfWork
from pynomaly.domain.errors import NotFound, NotSignedIn
from pynomaly.domain.events import RefreshTokenReused, SignedIn, SignedOut, SignInRefused
from pynomaly.domain.identifiers import LOCAL_TENANT, TenantId, UserId
from pynomaly.domain.user import RefreshToken, User, email_address

SESSION_LIFE = timedelta(days=30)  # without any renewal; each renewal begins it anew
WRONG = "the e-mail address or the password is wrong; after several wrong ones none is looked at for some minutes"


Carried = TypeVar("Carried", covariant=True)


@dataclass(frozen=True, slots=True)
class Session:
    """What a program that signed in carries away."""

    user: User
    access_token: str
    expires_at: datetime
    refresh_token: str
    refresh_expires_at: datetime


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """What a browser carries in its cookie: one token, good for hours, void once its user's sessions are ended."""

    user: User
    token: str
    expires_at: datetime


class Issue(Protocol[Carried]):
    """Makes what somebody carries away."""

    def __call__(self, work: UnitOfWork, user: User, family: str) -> Carried:
        """Return a session of a user; family: names this one sign-in. What has to be stored goes with `work`."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What sessions are made with. begin_in: opens a transaction in a workspace, on somebody's behalf."""

    begin_in: Callable[[Asked], UnitOfWork]
    begin_reading_in: Callable[[Asked], UnitOfWork]
    passwords: Passwords
    tokens: AccessTokens
    browser_tokens: AccessTokens
    secrets: Secrets
    clock: Clock
    new_id: NewId

    def issue_for_browser(self, work: UnitOfWork, user: User, family: str) -> BrowserSession:  # noqa: ARG002
        """Return a session that is all in its token; nothing is stored."""
        token, expires_at = self.browser_tokens.issue(user, self.clock())
        return BrowserSession(user, token, expires_at)

    def issue(self, work: UnitOfWork, user: User, family: str) -> Session:
        """Return new tokens of a family; the refresh token is stored with the transaction."""
        now = self.clock()
        access, expires_at = self.tokens.issue(user, now)
        refresh = self.secrets.new_refresh_token()
        stored = RefreshToken(refresh.hash, family, user.id, user.login_version, now, now + SESSION_LIFE)
        work.refresh_tokens.add(stored)
        return Session(user, access, expires_at, refresh.text, stored.expires_at)


@dataclass(frozen=True, slots=True)
class SignIn(Generic[Carried]):
    """Exchange a password for a session. What is wrong is never told, nor can it be guessed from the time taken."""

    desk: Desk
    issue: Issue[Carried]

    def __call__(self, *, email: str, password: str, request_id: str = "") -> Carried:
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

    def _admit(self, asked: Asked, verified: User, password: str) -> Carried:
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
            session = self.issue(work, user, self.desk.new_id())
            work.record(SignedIn(user.id))
            work.commit()
        return session


def _require_unlocked(user: User, at: datetime) -> None:
    if user.is_locked(at):
        raise NotSignedIn(WRONG)


@dataclass(frozen=True, slots=True)
class OpenBrowserSession:
    """Give a browser a token for somebody who is known already: from a ticket, or from the token before."""

    desk: Desk

    def __call__(
        self, *, tenant_id: TenantId, user_id: str, request_id: str = "", is_renewal: bool = False
    ) -> BrowserSession:
        """Return the session; only the first one of a visit is told of. Raises NotSignedIn."""
        with self.desk.begin_in(Asked(tenant_id, f"user:{user_id}", request_id)) as work:
            try:
                user = work.users.get(user_id)
            except NotFound:
                raise NotSignedIn from None
            if not user.is_active:
                raise NotSignedIn
            session = self.desk.issue_for_browser(work, user, self.desk.new_id())
            if not is_renewal:
                work.record(SignedIn(user.id))
            work.commit()
        return session


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
