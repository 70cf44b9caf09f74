"""Tokens: JSON Web Tokens signed with one key and one algorithm, read as RFC 8725 advises.

What a token's header says is never followed: a header with anything but `alg` and `typ` is refused outright.
"""

import base64
import binascii
import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from pynomaly.application.ports.credentials import AccessClaims
from pynomaly.domain.errors import NotSignedIn
from pynomaly.domain.identifiers import TenantId, UserId
from pynomaly.domain.user import User

ALGORITHM = "HS256"
ISSUER = "pynomaly"
LEEWAY = timedelta(seconds=30)  # between clocks
MAX_CHARACTERS = 4096
_FORM = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}")
_CLAIMS = {"iss", "aud", "sub", "tid", "ver", "iat", "nbf", "exp", "jti"}
_ID = re.compile(r"[0-9a-f]{8,64}|local")


@dataclass(frozen=True, slots=True)
class TokenKind:
    """What a token is good for: none of one kind can be taken for one of another.  name: the header's `typ`."""

    name: str
    audience: str
    life: timedelta


ACCESS = TokenKind("at+jwt", "pynomaly-api", timedelta(minutes=15))  # the name is RFC 9068's
BROWSER = TokenKind("bs+jwt", "pynomaly-web", timedelta(hours=12))
"""In a cookie; renewed while somebody is there, and void as soon as its user's sessions are ended."""


@dataclass(frozen=True, slots=True)
class SignedTokens:
    """Issues and reads tokens of one kind; key: at least 32 secret bytes."""

    key: bytes = field(repr=False)
    kind: TokenKind = ACCESS

    def issue(self, user: User, now: datetime) -> tuple[str, datetime]:
        """Return a token and when it expires."""
        expires_at = now + self.kind.life
        claims = {
            "iss": ISSUER,
            "aud": self.kind.audience,
            "sub": user.id,
            "tid": user.tenant_id,
            "ver": user.login_version,
            "iat": int(now.timestamp()),
            "nbf": int(now.timestamp()),
            "exp": int(expires_at.timestamp()),
            "jti": secrets.token_hex(16),
        }
        return jwt.encode(claims, self.key, ALGORITHM, headers={"typ": self.kind.name}), expires_at

    def read(self, token: str, now: datetime) -> AccessClaims:
        """Return what a token says. Raises NotSignedIn for any that was not issued here for this, or has expired."""
        if len(token) > MAX_CHARACTERS or not _FORM.fullmatch(token):
            raise NotSignedIn
        if _decoded(token.split(".")[0]) != {"alg": ALGORITHM, "typ": self.kind.name}:
            raise NotSignedIn
        try:
            jwt.decode(
                token,
                self.key,
                algorithms=[ALGORITHM],
                audience=self.kind.audience,
                issuer=ISSUER,
                options={"require": sorted(_CLAIMS), "verify_exp": False, "verify_nbf": False, "verify_iat": False},
            )
        except (jwt.InvalidTokenError, ValueError, OverflowError, RecursionError):
            raise NotSignedIn from None
        return _claims(_decoded(token.split(".")[1]), self.kind, now)


def _claims(claims: dict[str, Any], kind: TokenKind, now: datetime) -> AccessClaims:
    if claims.keys() != _CLAIMS or claims["aud"] != kind.audience or claims["iss"] != ISSUER:
        raise NotSignedIn
    subject, tenant, version = claims["sub"], claims["tid"], claims["ver"]
    if not (_is_id(subject) and _is_id(tenant) and type(version) is int and isinstance(claims["jti"], str)):
        raise NotSignedIn
    issued, begins, ends = (_moment(claims[name]) for name in ("iat", "nbf", "exp"))
    is_short = timedelta(0) < ends - issued <= kind.life
    if not is_short or max(issued, begins) > now + LEEWAY or now >= ends + LEEWAY:
        raise NotSignedIn
    return AccessClaims(UserId(subject), TenantId(tenant), version, ends)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _moment(value: object) -> datetime:
    if type(value) is not int or not 0 <= value < 2**33:
        raise NotSignedIn
    return datetime.fromtimestamp(value, UTC)


def _decoded(part: str) -> dict[str, Any]:
    """Return the JSON object of one part; written otherwise than we write it, it is nobody's token."""
    try:
        raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        found = json.loads(raw.decode("utf-8"), object_pairs_hook=_unique)
    except (binascii.Error, ValueError, RecursionError):
        raise NotSignedIn from None
    if not isinstance(found, dict) or base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != part:
        raise NotSignedIn
    return found


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key was given twice")
    return found
