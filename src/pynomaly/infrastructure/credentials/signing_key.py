"""The key that signs tokens, as whoever runs the service gives it."""

import hashlib

from pynomaly.domain.errors import InvalidRequest

MIN_BYTES = 32  # RFC 8725, section 3.5, and RFC 7518, section 3.2: as long as the hash
MIN_DIFFERENT = 10  # 32 random bytes, in any usual notation, have more
# fmt: off
_SAMPLES = (  # lower case; what guides and tutorials print, and what fingers type
    "changeme", "change-me", "change_me", "secretkey", "secret-key", "secret_key", "your-", "example", "password",
    "supersecret", "thisisasecret", "0123456789abcdef0123", "1234567890", "abcdefghijkl", "qwertyuiop",
    "django-insecure-",  # a new Django project
    "a-string-secret-at-least-256-bits-long",  # jwt.io
    "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",  # FastAPI's tutorial
)
# fmt: on
_ADVICE = "make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'"


def checked_key(text: str) -> bytes:
    """Return a configured key. Raises InvalidRequest for one that is short, plain or a sample."""
    key = text.encode("utf-8", "surrogateescape")  # as the environment held it, whatever its bytes
    if len(key) < MIN_BYTES:
        raise InvalidRequest(f"PYNOMALY_SECRET_KEY has {len(key)} bytes; at least {MIN_BYTES} are needed. {_ADVICE}")
    if len(set(key)) < MIN_DIFFERENT or _repeats(key) or any(sample in text.lower() for sample in _SAMPLES):
        raise InvalidRequest(f"PYNOMALY_SECRET_KEY can be guessed. {_ADVICE}")
    return key


def derived(key: bytes, purpose: str) -> bytes:
    """Return a key for another purpose; knowing it tells nothing of the first."""
    return hashlib.blake2b(purpose.encode(), key=key[:64], digest_size=32).digest()


def _repeats(key: bytes) -> bool:
    """Whether a key is one piece written again and again; the last time may be cut short."""
    return any(key[length:] == key[:-length] for length in range(1, (len(key) + 1) // 2 + 1))
