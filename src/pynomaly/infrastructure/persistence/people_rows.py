"""Workspaces, users, refresh tokens and API keys as rows.

Who signs in names no workspace: looking up by e-mail, by a key's id or by a token's hash goes through all of them.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select, update

from pynomaly.application.ports.paging import Page, Piece
from pynomaly.domain.access import Permission, Role
from pynomaly.domain.errors import AlreadyExists, NotFound, StaleWrite
from pynomaly.domain.identifiers import TenantId, UserId
from pynomaly.domain.user import ApiKey, RefreshToken, Tenant, User
from pynomaly.infrastructure.persistence.lookup import one_of, taking_name
from pynomaly.infrastructure.persistence.people_tables import api_keys, refresh_tokens, tenants, users
from pynomaly.infrastructure.persistence.transaction import Transaction


@dataclass(frozen=True, slots=True)
class TenantRows:
    """The workspaces of an installation."""

    transaction: Transaction

    def add(self, tenant: Tenant) -> None:
        """Store a new workspace. Raises AlreadyExists if the name is taken."""
        if any(other.name == tenant.name for other in self.all()):
            raise AlreadyExists(f"there is a workspace '{tenant.name}' already; choose another name")
        with taking_name(f"workspace '{tenant.name}'"):
            self.transaction.write(insert(tenants).values(asdict(tenant)))

    def get(self, name_or_id: str) -> Tenant:
        """Return a workspace by exact name or id. Raises NotFound."""
        wanted = (tenants.c.name == name_or_id) | (tenants.c.id == name_or_id)
        found = self.transaction.read(select(tenants).where(wanted), _tenant)
        if not found:
            raise NotFound(f"there is no workspace '{name_or_id}'; `pynomaly admin create-workspace` makes one")
        return found[0]

    def all(self) -> Sequence[Tenant]:
        """Return every workspace, oldest first."""
        return self.transaction.read(select(tenants).order_by(tenants.c.position), _tenant)


@dataclass(frozen=True, slots=True)
class UserRows:
    """The users of one workspace."""

    transaction: Transaction

    def add(self, user: User) -> None:
        """Store a new user. Raises AlreadyExists if the e-mail address is taken anywhere in the installation."""
        if self.by_email(user.email) is not None:
            raise AlreadyExists(f"there is a user '{user.email}' already")
        with taking_name(f"user '{user.email}'"):
            self.transaction.write(insert(users).values(self._to_row(user)))

    def get(self, user_id: str) -> User:
        """Return a user by id; a transaction that may write holds it. Raises NotFound."""
        mine = select(users).where(self.transaction.own(users), users.c.id == user_id)
        found = self.transaction.read_held(mine, _user)
        if not found:
            raise NotFound(f"there is no user '{user_id}'")
        return found[0]

    def by_email(self, email: str) -> User | None:
        """Return the user of any workspace who signs in with an address; held by a transaction that may write."""
        found = self.transaction.read_held(select(users).where(users.c.email == email), _user)
        return found[0] if found else None

    def all(self) -> Sequence[User]:
        """Return every user, oldest first; held by a transaction that may write."""
        mine: Select[Any] = select(users).where(self.transaction.own(users)).order_by(users.c.position)
        return self.transaction.read_held(mine, _user)

    def page(self, piece: Piece) -> Page[User]:
        """Return a piece of the list."""
        return self.transaction.page(users, piece, _user)

    def save(self, user: User) -> None:
        """Store a changed user under the next revision. Raises StaleWrite."""
        unchanged = (users.c.id == user.id) & (users.c.revision == user.revision)
        changed = self._to_row(user) | {"revision": user.revision + 1}
        if not self.transaction.write(update(users).where(self.transaction.own(users), unchanged).values(changed)):
            raise StaleWrite(f"user '{user.email}' was changed meanwhile; read it again and retry")

    def _to_row(self, user: User) -> dict[str, Any]:
        return asdict(user) | {"role": user.role.value, "tenant_id": self.transaction.tenant_id}


@dataclass(frozen=True, slots=True)
class RefreshTokenRows:
    """Refresh tokens, found by their hash."""

    transaction: Transaction

    def add(self, token: RefreshToken) -> None:
        """Store a new token."""
        self.transaction.write(insert(refresh_tokens).values(asdict(token)))

    def by_hash(self, token_hash: str) -> RefreshToken | None:
        """Return a token, held by a transaction that may write; None if there is none."""
        wanted = select(refresh_tokens).where(refresh_tokens.c.token_hash == token_hash)
        found = self.transaction.read_held(wanted, _refresh_token)
        return found[0] if found else None

    def owner(self, token: RefreshToken) -> User:
        """Return the user of any workspace whom a token belongs to. Raises NotFound."""
        found = self.transaction.read_held(select(users).where(users.c.id == token.user_id), _user)
        return one_of(found, "user")

    def save(self, token: RefreshToken) -> None:
        """Store a changed token."""
        same = refresh_tokens.c.token_hash == token.token_hash
        self.transaction.write(update(refresh_tokens).where(same).values(asdict(token)))

    def revoke_family(self, family: str, at: datetime) -> None:
        """Revoke every token that descends from one sign-in."""
        living = (refresh_tokens.c.family == family) & refresh_tokens.c.revoked_at.is_(None)
        self.transaction.write(update(refresh_tokens).where(living).values(revoked_at=at))


@dataclass(frozen=True, slots=True)
class ApiKeyRows:
    """The API keys of one workspace."""

    transaction: Transaction

    def add(self, key: ApiKey) -> None:
        """Store a new key."""
        self.transaction.write(insert(api_keys).values(self._to_row(key)))

    def get(self, key_id: str) -> ApiKey:
        """Return a key by id; a transaction that may write holds it. Raises NotFound."""
        mine = select(api_keys).where(self.transaction.own(api_keys), api_keys.c.id == key_id)
        found = self.transaction.read_held(mine, _key)
        if not found:
            raise NotFound(f"there is no API key '{key_id}'")
        return found[0]

    def by_id(self, key_id: str) -> ApiKey | None:
        """Return the key of any workspace, None if there is none."""
        found = self.transaction.read(select(api_keys).where(api_keys.c.id == key_id), _key)
        return found[0] if found else None

    def all(self) -> Sequence[ApiKey]:
        """Return every key, newest first."""
        mine = select(api_keys).where(self.transaction.own(api_keys)).order_by(api_keys.c.position.desc())
        return self.transaction.read(mine, _key)

    def page(self, piece: Piece) -> Page[ApiKey]:
        """Return a piece of the list."""
        return self.transaction.page(api_keys, piece, _key)

    def save(self, key: ApiKey) -> None:
        """Store a changed key. Raises NotFound."""
        mine = self.transaction.own(api_keys) & (api_keys.c.id == key.id)
        n_written = self.transaction.write(update(api_keys).where(mine).values(self._to_row(key)))
        one_of([key] * n_written, "API key")

    def _to_row(self, key: ApiKey) -> dict[str, Any]:
        permissions = sorted(permission.value for permission in key.permissions)
        return asdict(key) | {"permissions": permissions, "tenant_id": self.transaction.tenant_id}


def _tenant(row: Row[Any]) -> Tenant:
    return Tenant(TenantId(row.id), row.name, row.created_at)


def _user(row: Row[Any]) -> User:
    return User(
        id=UserId(row.id),
        tenant_id=TenantId(row.tenant_id),
        email=row.email,
        name=row.name,
        role=Role(row.role),
        password_hash=row.password_hash,
        login_version=row.login_version,
        is_active=row.is_active,
        failed_sign_ins=row.failed_sign_ins,
        locked_until=row.locked_until,
        created_at=row.created_at,
        revision=row.revision,
    )


def _refresh_token(row: Row[Any]) -> RefreshToken:
    return RefreshToken(
        token_hash=row.token_hash,
        family=row.family,
        user_id=UserId(row.user_id),
        login_version=row.login_version,
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        id=row.id,
        tenant_id=TenantId(row.tenant_id),
        name=row.name,
        secret_hash=row.secret_hash,
        permissions=frozenset(Permission(permission) for permission in row.permissions),
        created_by=row.created_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
