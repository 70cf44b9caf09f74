"""Workspaces, users and API keys: who is there, and what they may do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.credentials import Passwords, Secrets
from pynomaly.application.ports.persistence import Begin, BeginReading
from pynomaly.application.revisions import require_revision
from pynomaly.domain.access import Permission, Role
from pynomaly.domain.errors import Conflict, Forbidden, NotSignedIn, StaleWrite
from pynomaly.domain.events import (
    ApiKeyCreated,
    ApiKeyRevoked,
    PasswordChanged,
    SignInRefused,
    TenantCreated,
    UserChanged,
    UserCreated,
)
from pynomaly.domain.identifiers import TenantId, UserId
from pynomaly.domain.user import ApiKey, Tenant, User, email_address, require_good_password


@dataclass(frozen=True, slots=True)
class CreateTenant:
    """Make a workspace."""

    begin: Begin
    clock: Clock
    new_id: NewId

    def __call__(self, *, name: str) -> Tenant:
        """Return the new workspace. Raises AlreadyExists, InvalidRequest."""
        tenant = Tenant(TenantId(self.new_id()), name, self.clock())
        with self.begin() as work:
            work.tenants.add(tenant)
            work.record(TenantCreated(tenant.name))
            work.commit()
        return tenant


@dataclass(frozen=True, slots=True)
class CreateUser:
    """Let somebody sign in to a workspace."""

    begin: Begin
    asked: Asked
    passwords: Passwords
    clock: Clock
    new_id: NewId

    def __call__(self, *, email: str, name: str, role: Role, password: str) -> User:
        """Return the new user. Raises AlreadyExists, InvalidRequest for a weak password."""
        address = email_address(email)
        require_good_password(password, address)
        user = User(
            id=UserId(self.new_id()),
            tenant_id=self.asked.tenant_id,
            email=address,
            name=name,
            role=role,
            password_hash=self.passwords.hash(password),
            login_version=1,
            is_active=True,
            failed_sign_ins=0,
            locked_until=None,
            created_at=self.clock(),
        )
        with self.begin() as work:
            work.users.add(user)
            work.record(UserCreated(user.id, role.value))
            work.conclude(user)
            work.commit()
        return user


@dataclass(frozen=True, slots=True)
class ChangeUser:
    """Give a user another name or role, or end or restore their access."""

    begin: Begin

    def __call__(
        self,
        *,
        user: str,
        name: str | None = None,
        role: Role | None = None,
        is_active: bool | None = None,
        revision: int | None = None,
    ) -> User:
        """Return the user as stored.

        revision: the one the caller last saw.  Raises NotFound, StaleWrite, InvalidRequest, and Conflict where the
        workspace would be left without an active admin.
        """
        with self.begin() as work:
            members = work.users.all()
            found = work.users.get(user)
            require_revision(found, revision)
            changed = found.changed(name=name, role=role, is_active=is_active)
            others = [changed if member.id == found.id else member for member in members]
            if _has_admin(members) and not _has_admin(others):
                raise Conflict(f"{found.name} is the last active admin; make somebody else one first")
            work.users.save(changed)
            stored = work.users.get(found.id)
            work.record(UserChanged(stored.id, stored.role.value, stored.is_active))
            work.conclude(stored)
            work.commit()
        return stored


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """Set a user's password anew; every session of theirs ends."""

    begin: Begin
    begin_reading: BeginReading
    passwords: Passwords
    clock: Clock

    def __call__(self, *, user: str, new_password: str, old_password: str | None = None) -> User:
        """Return the user as stored.

        old_password: what vouches for the caller; None where an admin at the machine does it.
        Raises NotFound, NotSignedIn if the old one is wrong, TooManyRequests if that happens too often, InvalidRequest
        for a weak new one, StaleWrite.
        """
        with self.begin_reading() as work:
            found = work.users.get(user)
        if old_password is not None:
            self._require_right(old_password, found)
        require_good_password(new_password, found.email)
        password_hash = self.passwords.hash(new_password)
        with self.begin() as work:
            current = work.users.get(user)
            if current.password_hash != found.password_hash:
                raise StaleWrite("the password was changed meanwhile; sign in with the new one")
            work.users.save(current.with_password(password_hash))
            stored = work.users.get(user)
            work.record(PasswordChanged(stored.id))
            work.conclude(stored)
            work.commit()
        return stored

    def _require_right(self, password: str, known: User) -> None:
        """Check what vouches for the caller; a wrong one counts as it does at signing in."""
        known.require_unlocked(self.clock())
        is_right = self.passwords.verify(password, known.password_hash)
        with self.begin() as work:
            user, now = work.users.get(known.id), self.clock()
            user.require_unlocked(now)
            if is_right:
                return
            work.users.save(user.failed_to_sign_in(now))
            work.record(SignInRefused(user.id, "wrong old password"))
            work.commit()
        raise NotSignedIn("the old password is wrong")


@dataclass(frozen=True, slots=True)
class CreateApiKey:
    """Make a key for a program."""

    begin: Begin
    asked: Asked
    secrets: Secrets
    clock: Clock
    new_id: NewId

    def __call__(
        self, *, name: str, permissions: Collection[Permission], days: int, of_creator: Collection[Permission]
    ) -> tuple[ApiKey, str]:
        """Return the key and its text, which nobody can read again.

        of_creator: what its creator may do; a key can do no more.  Raises Forbidden, InvalidRequest.
        """
        excess = set(permissions) - set(of_creator)
        if excess:
            raise Forbidden(f"you cannot give away what you do not have: {', '.join(sorted(excess))}")
        key_id, now = self.new_id(), self.clock()
        secret = self.secrets.new_api_key(key_id)
        key = ApiKey(
            id=key_id,
            tenant_id=self.asked.tenant_id,
            name=name,
            secret_hash=secret.hash,
            permissions=frozenset(permissions),
            created_by=self.asked.actor,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        with self.begin() as work:
            work.api_keys.add(key)
            work.record(ApiKeyCreated(key.id))
            work.conclude((key, secret.text))
            work.commit()
        return key, secret.text


@dataclass(frozen=True, slots=True)
class RevokeApiKey:
    """Make a key open nothing any more."""

    begin: Begin
    clock: Clock

    def __call__(self, *, key: str) -> ApiKey:
        """Return the revoked key; revoking again changes nothing. Raises NotFound."""
        with self.begin() as work:
            found = work.api_keys.get(key)
            revoked = found.revoked(self.clock())
            if revoked != found:
                work.api_keys.save(revoked)
                work.record(ApiKeyRevoked(revoked.id))
            work.conclude(revoked)
            work.commit()
        return revoked


def _has_admin(members: Collection[User]) -> bool:
    return any(member.role is Role.ADMIN and member.is_active for member in members)
