"""Secrets of 256 random bits: too many to guess, so that a plain hash keeps them."""

import hashlib
import hmac
import re
import secrets

from pynomaly.application.ports.credentials import Secret

RANDOM_BYTES = 32
_API_KEY = re.compile(r"pyn_([0-9a-f]{32})_([A-Za-z0-9_-]{43})")


class RandomSecrets:
    """Refresh tokens, and API keys of the form pyn_<id>_<secret>."""

    def new_refresh_token(self) -> Secret:
        """Return a refresh token."""
        text = secrets.token_urlsafe(RANDOM_BYTES)
        return Secret(text, self.hash(text))

    def new_api_key(self, key_id: str) -> Secret:
        """Return the text of an API key that carries its id, and the hash of its secret part."""
        secret = secrets.token_urlsafe(RANDOM_BYTES)
        return Secret(f"pyn_{key_id}_{secret}", self.hash(secret))

    def hash(self, text: str) -> str:
        """Return SHA-256 (hex)."""
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def parse_api_key(self, text: str) -> tuple[str, str] | None:
        """Return id and secret hash of the text of a key, None if it has not the form of one."""
        found = _API_KEY.fullmatch(text)
        return None if found is None else (found[1], self.hash(found[2]))

    def are_equal(self, one: str, other: str) -> bool:
        """Compare in a time that tells nothing."""
        return hmac.compare_digest(one.encode(), other.encode())
