"""How somebody proves to be who they say: passwords, access tokens, and random secrets."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pynomaly.domain.identifiers import TenantId, UserId
from pynomaly.domain.user import User


class Passwords(Protocol):
    """Hashes passwords; every call costs a tenth of a second and much memory on purpose."""

    def hash(self, password: str) -> str:
        """Return a salted hash. Raises TooManyRequests where too many are being hashed already."""
        ...

    def verify(self, password: str, stored: str) -> bool:
        """Whether a password has that hash. Raises TooManyRequests."""
        ...

    def is_outdated(self, stored: str) -> bool:
        """Whether a hash was made by older rules and should be made anew."""
        ...

    def waste_time(self, password: str) -> None:
        """Cost as much as `verify`, so that nobody can tell an unknown address from a wrong password."""
        ...


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What an access token says; roles are not in it."""

    user_id: UserId
    tenant_id: TenantId
    login_version: int
    expires_at: datetime


class AccessTokens(Protocol):
    """Signs and reads access tokens."""

    def issue(self, user: User, now: datetime) -> tuple[str, datetime]:
        """Return a token and when it expires."""
        ...

    def read(self, token: str, now: datetime) -> AccessClaims:
        """Return what a token says. Raises NotSignedIn for any that was not issued here for this, or has expired."""
        ...


@dataclass(frozen=True, slots=True)
class Secret:
    """A random text, shown once, and the hash that is stored in its place."""

    text: str
    hash: str


class Secrets(Protocol):
    """Makes and compares secrets of 256 random bits; their hashes need no salt."""

    def new_refresh_token(self) -> Secret:
        """Return a refresh token."""
        ...

    def new_api_key(self, key_id: str) -> Secret:
        """Return the text of an API key that carries its id, and the hash of its secret part."""
        ...

    def hash(self, text: str) -> str:
        """Return SHA-256 (hex)."""
        ...

    def parse_api_key(self, text: str) -> tuple[str, str] | None:
        """Return id and secret hash of the text of a key, None if it has not the form of one."""
        ...

    def are_equal(self, one: str, other: str) -> bool:
        """Compare in a time that tells nothing."""
        ...
