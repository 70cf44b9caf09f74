"""People of an installation: workspaces, users who sign in, keys for programs, and the tokens that keep them in."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pynomaly.domain.access import ROLE_PERMISSIONS, Permission, Principal, Role
from pynomaly.domain.dataset import require_name
from pynomaly.domain.errors import InvalidRequest, NotSignedIn, TooManyRequests
from pynomaly.domain.identifiers import TenantId, UserId

PASSWORD_CHARACTERS = range(8, 257)  # NIST SP 800-63B, section 5.1.1.2: no truncation, no composition rules
FREE_ATTEMPTS = 5  # mistyped passwords that cost nothing but the time of a hash
LONGEST_LOCK = timedelta(minutes=15)
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]+")
# fmt: off
_TOO_COMMON = frozenset([
    "password", "passw0rd", "password1", "password12", "password123", "12345678", "123456789", "1234567890",
    "12341234", "11111111", "00000000", "qwertyuiop", "qwerty123", "qwerty12", "1q2w3e4r", "1qaz2wsx", "abcd1234",
    "abc12345", "letmein1", "welcome1", "iloveyou", "sunshine", "princess", "football", "baseball", "superman",
    "trustno1", "monkey123", "dragon123", "admin123", "administrator", "changeme", "changeit", "secret123",
    "pynomaly", "pynomaly1", "anomaly1", "test1234", "testtest", "default1", "p@ssw0rd", "p@ssword", "asdfghjkl",
    "zxcvbnm1", "computer", "internet", "iloveyou1", "sunshine1", "princess1", "football1", "baseball1", "welcome123",
    "letmein123", "qwertyui", "q1w2e3r4", "a1b2c3d4", "87654321", "987654321", "starwars", "whatever", "michelle",
])
# fmt: on


@dataclass(frozen=True, slots=True)
class Tenant:
    """A workspace: its members see what is in it and nothing of any other."""

    id: TenantId
    name: str
    created_at: datetime

    def __post_init__(self) -> None:
        require_name(self.name)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who signs in with an e-mail address and a password.

    login_version: every access token carries it; raising it ends all of them.
    failed_sign_ins: since the last success.  locked_until: no password is looked at before.
    revision: grows with every stored change.
    """

    id: UserId
    tenant_id: TenantId
    email: str
    name: str
    role: Role
    password_hash: str
    login_version: int
    is_active: bool
    failed_sign_ins: int
    locked_until: datetime | None
    created_at: datetime
    revision: int = 0

    def __post_init__(self) -> None:
        require_name(self.name)

    def changed(self, *, name: str | None, role: Role | None, is_active: bool | None) -> "User":
        """Return the user after a change; another role, or none any more, ends every session."""
        after = replace(
            self,
            name=self.name if name is None else name,
            role=self.role if role is None else role,
            is_active=self.is_active if is_active is None else is_active,
        )
        has_new_rights = (after.role, after.is_active) != (self.role, self.is_active)
        return after.signed_out_everywhere() if has_new_rights else after

    def with_password(self, password_hash: str) -> "User":
        """Return the user with another password; every session ends."""
        return replace(self, password_hash=password_hash, failed_sign_ins=0, locked_until=None).signed_out_everywhere()

    def rehashed(self, password_hash: str) -> "User":
        """Return the user with the same password hashed by newer rules."""
        return replace(self, password_hash=password_hash)

    def signed_out_everywhere(self) -> "User":
        """Return the user with no session left."""
        return replace(self, login_version=self.login_version + 1)

    def failed_to_sign_in(self, at: datetime) -> "User":
        """Return the user after a wrong password: from the sixth in a row each doubles the wait."""
        n_failed = self.failed_sign_ins + 1
        if n_failed <= FREE_ATTEMPTS:
            return replace(self, failed_sign_ins=n_failed)
        wait = min(timedelta(seconds=2.0 ** min(n_failed - FREE_ATTEMPTS, 20)), LONGEST_LOCK)
        return replace(self, failed_sign_ins=n_failed, locked_until=at + wait)

    def signed_in(self) -> "User":
        """Return the user after a right password."""
        return replace(self, failed_sign_ins=0, locked_until=None)

    def is_locked(self, at: datetime) -> bool:
        """Whether no password is looked at now."""
        return self.locked_until is not None and at < self.locked_until

    def require_unlocked(self, at: datetime) -> None:
        """Check that a password is looked at now. Raises TooManyRequests, which tells how long to wait."""
        if self.locked_until is not None and self.is_locked(at):
            wait = (self.locked_until - at).total_seconds()
            raise TooManyRequests("too many wrong passwords; wait before the next one", retry_after_seconds=wait)

    def principal(self) -> Principal:
        """Return the user as whom requests are made. Raises NotSignedIn if deactivated."""
        if not self.is_active:
            raise NotSignedIn
        return Principal(self.tenant_id, "user", self.id, self.name, ROLE_PERMISSIONS[self.role])


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """What renews a session once. All that descend from one sign-in are a family.

    token_hash: SHA-256 (hex) of the token, which is not stored.
    """

    token_hash: str
    family: str
    user_id: UserId
    login_version: int
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def used(self, at: datetime) -> "RefreshToken":
        """Return the token used up."""
        return replace(self, used_at=at)

    def is_good(self, at: datetime) -> bool:
        """Whether it was neither revoked nor has expired."""
        return self.revoked_at is None and at < self.expires_at


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key for a program. secret_hash: SHA-256 (hex) of its secret, which is not stored."""

    id: str
    tenant_id: TenantId
    name: str
    secret_hash: str
    permissions: frozenset[Permission]
    created_by: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def __post_init__(self) -> None:
        require_name(self.name)
        if not self.permissions:
            raise InvalidRequest("a key without any permission opens nothing; name at least one")

    def revoked(self, at: datetime) -> "ApiKey":
        """Return the key after it was revoked; once is enough."""
        return self if self.revoked_at is not None else replace(self, revoked_at=at)

    def principal(self, at: datetime) -> Principal:
        """Return the key as which requests are made. Raises NotSignedIn if revoked or expired."""
        if self.revoked_at is not None or at >= self.expires_at:
            raise NotSignedIn
        return Principal(self.tenant_id, "api_key", self.id, self.name, self.permissions)


def email_address(text: str) -> str:
    """Return an e-mail address in the one form it is stored in. Raises InvalidRequest.

    >>> email_address(" Ada@Example.org ")
    'ada@example.org'
    """
    address = unicodedata.normalize("NFC", text.strip()).lower()
    if len(address) > 254 or not _EMAIL.fullmatch(address) or not address.isprintable():
        raise InvalidRequest(f"{text[:80]!r} is no e-mail address")
    return address


def require_good_password(password: str, email: str) -> None:
    """Check a new password: long enough, not a common one, not the address. Raises InvalidRequest."""
    password = unicodedata.normalize("NFC", password)  # as it is hashed
    if len(password) not in PASSWORD_CHARACTERS:
        raise InvalidRequest("a password has 8 to 256 characters; a sentence is easy to remember")
    plain = password.lower()
    if plain in _TOO_COMMON or len(set(plain)) < 4:
        raise InvalidRequest("this password is among the first that are tried; choose another one")
    if plain in (email, email.partition("@")[0]):
        raise InvalidRequest("a password must not be the e-mail address; choose another one")
