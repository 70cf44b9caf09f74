"""An installation's people in memory, and credentials whose behaviour a test can predict."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.credentials import AccessClaims, Secret
from pynomaly.domain.access import Role
from pynomaly.domain.errors import AlreadyExists, NotFound, NotSignedIn, StaleWrite
from pynomaly.domain.identifiers import TenantId, UserId
from pynomaly.domain.user import ApiKey, RefreshToken, Tenant, User

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
HOME, ELSEWHERE = TenantId("a" * 32), TenantId("b" * 32)


def member(email: str = "ada@example.org", **changes: Any) -> User:
    """Somebody whose password is 'right password'."""
    settings = {"id": f"id of {email}", "tenant_id": HOME, "email": email, "name": "Ada", "role": Role.ADMIN}
    standing = {"login_version": 1, "is_active": True, "failed_sign_ins": 0, "locked_until": None}
    return User(**(settings | {"password_hash": "hash of right password", "created_at": NOON} | standing | changes))


@dataclass
class Rows:
    """What is stored; a transaction works on a copy."""

    tenants: dict[str, Tenant] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    refresh_tokens: dict[str, RefreshToken] = field(default_factory=dict)
    api_keys: dict[str, ApiKey] = field(default_factory=dict)
    events: list[Any] = field(default_factory=list)
    concluded: list[Any] = field(default_factory=list)

    def copied(self) -> "Rows":
        return Rows(*(copy(rows) for rows in vars(self).values()))


@dataclass
class FakeUsers:
    rows: dict[str, User]
    tenant: str

    def add(self, user: User) -> None:
        if self.by_email(user.email):
            raise AlreadyExists
        self.rows[user.id] = user

    def get(self, user_id: str) -> User:
        if user_id not in self.rows or self.rows[user_id].tenant_id != self.tenant:
            raise NotFound
        return self.rows[user_id]

    def by_email(self, email: str) -> User | None:
        return next((user for user in self.rows.values() if user.email == email), None)

    def all(self) -> list[User]:
        return [user for user in self.rows.values() if user.tenant_id == self.tenant]

    def save(self, user: User) -> None:
        if self.get(user.id).revision != user.revision:
            raise StaleWrite
        self.rows[user.id] = replace(user, revision=user.revision + 1)


@dataclass
class FakeRefreshTokens:
    rows: dict[str, RefreshToken]
    users: dict[str, User]

    def add(self, token: RefreshToken) -> None:
        self.rows[token.token_hash] = token

    save = add

    def by_hash(self, token_hash: str) -> RefreshToken | None:
        return self.rows.get(token_hash)

    def owner(self, token: RefreshToken) -> User:
        return self.users[token.user_id]

    def revoke_family(self, family: str, at: datetime) -> None:
        for token in list(self.rows.values()):
            if token.family == family and token.revoked_at is None:
                self.save(replace(token, revoked_at=at))


@dataclass
class FakeApiKeys:
    rows: dict[str, ApiKey]
    tenant: str

    def add(self, key: ApiKey) -> None:
        self.rows[key.id] = key

    save = add

    def get(self, key_id: str) -> ApiKey:
        if key_id not in self.rows or self.rows[key_id].tenant_id != self.tenant:
            raise NotFound
        return self.rows[key_id]

    def by_id(self, key_id: str) -> ApiKey | None:
        return self.rows.get(key_id)


@dataclass
class FakeTenants:
    rows: dict[str, Tenant]

    def add(self, tenant: Tenant) -> None:
        if any(tenant.name == other.name for other in self.rows.values()):
            raise AlreadyExists
        self.rows[tenant.id] = tenant


class FakeWork:
    """One transaction: what is not committed never happened, and what only reads stores nothing."""

    def __init__(self, people: "FakePeople", asked: Asked, *, is_reading: bool) -> None:
        self._people, self._asked, self._is_reading = people, asked, is_reading

    def __enter__(self) -> "FakeWork":
        self._rows = rows = self._people.rows.copied()
        self.users = FakeUsers(rows.users, self._asked.tenant_id)
        self.refresh_tokens = FakeRefreshTokens(rows.refresh_tokens, rows.users)
        self.api_keys = FakeApiKeys(rows.api_keys, self._asked.tenant_id)
        self.tenants = FakeTenants(rows.tenants)
        return self

    def __exit__(self, *error: object) -> None:
        self._rows = Rows()

    def record(self, event: object) -> None:
        self._rows.events.append((self._asked.tenant_id, self._asked.actor, event))

    def conclude(self, subject: object) -> None:
        self._rows.concluded.append(subject)

    def commit(self) -> None:
        assert not self._is_reading
        self._people.rows = self._rows


@dataclass
class FakePeople:
    """An installation; `at` is what its clock shows, and it moves only when a test moves it."""

    rows: Rows = field(default_factory=Rows)
    at: datetime = NOON
    _ids: Any = field(default_factory=lambda: count(1))

    @classmethod
    def of(cls, *users: User) -> "FakePeople":
        return cls(Rows(users={user.id: user for user in users}))

    def begin_in(self, asked: Asked) -> Any:
        return FakeWork(self, asked, is_reading=False)

    def begin_reading_in(self, asked: Asked) -> Any:
        return FakeWork(self, asked, is_reading=True)

    def transactions(self, asked: Asked) -> SimpleNamespace:
        return SimpleNamespace(begin=lambda: self.begin_in(asked), begin_reading=lambda: self.begin_reading_in(asked))

    def clock(self) -> datetime:
        return self.at

    def new_id(self) -> str:
        return f"{next(self._ids):032x}"

    def user(self, email: str = "ada@example.org") -> User:
        return self.rows.users[f"id of {email}"]

    def change(self, email: str = "ada@example.org", **changes: Any) -> None:
        user = replace(self.user(email), **changes)
        self.rows.users[user.id] = user

    @property
    def events(self) -> list[Any]:
        return [event for _, _, event in self.rows.events]


@dataclass
class FakePasswords:
    """Hashes so that a test can read it. meanwhile: happens once, while the next password is being looked at."""

    meanwhile: Callable[[], None] | None = None
    n_looked_at: int = 0
    n_wasted: int = 0

    def hash(self, password: str) -> str:
        return f"hash of {password}"

    def verify(self, password: str, stored: str) -> bool:
        self.n_looked_at += 1
        happening, self.meanwhile = self.meanwhile, None
        if happening is not None:
            happening()
        return stored.endswith(f"hash of {password}")

    def is_outdated(self, stored: str) -> bool:
        return stored.startswith("old ")

    def waste_time(self, password: str) -> None:
        self.n_wasted += 1


@dataclass
class FakeTokens:
    """Tokens that are what they say, for a quarter of an hour."""

    issued: dict[str, AccessClaims] = field(default_factory=dict)

    def issue(self, user: User, now: datetime) -> tuple[str, datetime]:
        expires_at = now + timedelta(minutes=15)
        text = f"access token {len(self.issued)}"
        self.issued[text] = AccessClaims(UserId(user.id), user.tenant_id, user.login_version, expires_at)
        return text, expires_at

    def read(self, token: str, now: datetime) -> AccessClaims:
        if token not in self.issued or now >= self.issued[token].expires_at:
            raise NotSignedIn
        return self.issued[token]


@dataclass
class FakeSecrets:
    """Numbered secrets; an API key is written key:<id>:<secret>. compared: what was compared, in a constant time."""

    n_made: int = 0
    compared: list[tuple[str, str]] = field(default_factory=list)

    def new_refresh_token(self) -> Secret:
        self.n_made += 1
        return Secret(f"refresh token {self.n_made}", self.hash(f"refresh token {self.n_made}"))

    def new_api_key(self, key_id: str) -> Secret:
        self.n_made += 1
        return Secret(f"key:{key_id}:{self.n_made}", self.hash(str(self.n_made)))

    def hash(self, text: str) -> str:
        return f"hash of {text}"

    def parse_api_key(self, text: str) -> tuple[str, str] | None:
        kind, _, rest = text.partition(":")
        key_id, _, secret = rest.partition(":")
        return (key_id, self.hash(secret)) if kind == "key" else None

    def are_equal(self, one: str, other: str) -> bool:
        self.compared.append((one, other))
        return one == other
