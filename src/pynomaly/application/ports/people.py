"""People as they are stored. Who signs in names no workspace, so some look-ups go through all of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from pynomaly.application.ports.paging import Page, Piece
from pynomaly.domain.user import ApiKey, RefreshToken, Tenant, User


class Tenants(Protocol):
    """The workspaces of an installation."""

    def add(self, tenant: Tenant) -> None:
        """Store a new workspace. Raises AlreadyExists if the name is taken."""
        ...

    def get(self, name_or_id: str) -> Tenant:
        """Return a workspace by exact name or id. Raises NotFound."""
        ...

    def all(self) -> Sequence[Tenant]:
        """Return every workspace, oldest first."""
        ...


class Users(Protocol):
    """The users of a workspace."""

    def add(self, user: User) -> None:
        """Store a new user. Raises AlreadyExists if the e-mail address is taken anywhere in the installation."""
        ...

    def get(self, user_id: str) -> User:
        """Return a user by id; a transaction that may write holds it. Raises NotFound."""
        ...

    def by_email(self, email: str) -> User | None:
        """Return the user of any workspace who signs in with an address; held by a transaction that may write."""
        ...

    def all(self) -> Sequence[User]:
        """Return every user of the workspace, oldest first; held by a transaction that may write."""
        ...

    def page(self, piece: Piece) -> Page[User]:
        """Return a piece of the list."""
        ...

    def save(self, user: User) -> None:
        """Store a changed user under the next revision. Raises StaleWrite."""
        ...


class RefreshTokens(Protocol):
    """Refresh tokens of all workspaces, found by their hash."""

    def add(self, token: RefreshToken) -> None:
        """Store a new token."""
        ...

    def by_hash(self, token_hash: str) -> RefreshToken | None:
        """Return a token, held by a transaction that may write; None if there is none."""
        ...

    def owner(self, token: RefreshToken) -> User:
        """Return the user of any workspace whom a token belongs to. Raises NotFound."""
        ...

    def save(self, token: RefreshToken) -> None:
        """Store a changed token."""
        ...

    def revoke_family(self, family: str, at: datetime) -> None:
        """Revoke every token that descends from one sign-in."""
        ...


class ApiKeys(Protocol):
    """The API keys of a workspace."""

    def add(self, key: ApiKey) -> None:
        """Store a new key."""
        ...

    def get(self, key_id: str) -> ApiKey:
        """Return a key by id; a transaction that may write holds it. Raises NotFound."""
        ...

    def by_id(self, key_id: str) -> ApiKey | None:
        """Return the key of any workspace, None if there is none."""
        ...

    def all(self) -> Sequence[ApiKey]:
        """Return every key of the workspace, newest first."""
        ...

    def page(self, piece: Piece) -> Page[ApiKey]:
        """Return a piece of the list."""
        ...

    def save(self, key: ApiKey) -> None:
        """Store a changed key. Raises NotFound."""
        ...
