"""The key that signs tokens: given by whoever runs the service, or kept in a file on the embedded default."""

import hashlib
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from pynomaly.domain.errors import Conflict, InvalidRequest

MIN_BYTES = 32  # RFC 8725, section 3.5, and RFC 7518, section 3.2: as long as the hash
MIN_DIFFERENT = 10  # 32 random bytes, in any usual notation, have more
FILE_NAME = "secret.key"
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


def kept_key(home: Path) -> bytes:
    """Return the key in a folder, made at first use for this user alone.

    Raises Conflict if others may read it, or if it cannot be kept.
    """
    path = home / FILE_NAME
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(path)
        status = path.stat()
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Conflict(f"the key {path} cannot be kept or read: {error}") from error
    if os.name == "posix" and stat.S_IMODE(status.st_mode) & 0o077:
        raise Conflict(f"others may read the key {path}; run: chmod 600 {path}")
    if len(text) < MIN_BYTES:
        raise Conflict(f"the key {path} is damaged; delete it, and everybody has to sign in again")
    return text.encode()


def derived(key: bytes, purpose: str) -> bytes:
    """Return a key for another purpose; knowing it tells nothing of the first."""
    return hashlib.blake2b(purpose.encode(), key=key[:64], digest_size=32).digest()


def _repeats(key: bytes) -> bool:
    """Whether a key is one piece written again and again; the last time may be cut short."""
    return any(key[length:] == key[:-length] for length in range(1, (len(key) + 1) // 2 + 1))


def _make(path: Path) -> None:
    """Write a new key unless there is one; of two who make one at once the first wins."""
    if path.exists():
        return
    draft = path.with_name(f".{secrets.token_hex(8)}.key")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(48))
            stream.flush()
            os.fsync(stream.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)  # unlike renaming, it never replaces
    finally:
        draft.unlink()
