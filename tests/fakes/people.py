"""Passwords, tokens and secrets whose behaviour a test can predict."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pynomaly.application.ports.credentials import AccessClaims, Secret
from pynomaly.domain.errors import NotSignedIn
from pynomaly.domain.identifiers import UserId
from pynomaly.domain.user import User


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
