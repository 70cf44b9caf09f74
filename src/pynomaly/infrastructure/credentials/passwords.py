"""Passwords as Argon2id hashes (RFC 9106), at most a few at once: each takes 64 MiB for a tenth of a second."""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pwdlib.hashers.argon2 import Argon2Hasher

from pynomaly.domain.errors import TooManyRequests

AT_ONCE = 2
PATIENCE_SECONDS = 10.0  # how long a sign-in waits for its turn before it is told to come again


@dataclass(frozen=True, slots=True)
class ArgonPasswords:
    """Argon2id with the parameters RFC 9106 recommends second: 64 MiB, 3 passes, 4 lanes."""

    hasher: Argon2Hasher = field(default_factory=Argon2Hasher)
    _turns: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE))
    _of_nobody: list[str] = field(default_factory=list)

    def hash(self, password: str) -> str:
        """Return a salted hash. Raises TooManyRequests where too many are being hashed already."""
        with self._turn():
            return self.hasher.hash(_as_bytes(password))

    def verify(self, password: str, stored: str) -> bool:
        """Whether a password has that hash. Raises TooManyRequests."""
        with self._turn():
            return self.hasher.verify(_as_bytes(password), stored)

    def is_outdated(self, stored: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self.hasher.check_needs_rehash(stored)

    def waste_time(self, password: str) -> None:
        """Cost as much as `verify`, so that nobody can tell an unknown address from a wrong password."""
        if not self._of_nobody:
            self._of_nobody.append(self.hash("nobody has this password"))
        self.verify(password, self._of_nobody[0])

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=PATIENCE_SECONDS):
            raise TooManyRequests("too many people are signing in; try again in a moment", retry_after_seconds=5.0)
        try:
            yield
        finally:
            self._turns.release()


def _as_bytes(password: str) -> bytes:
    """Return the one spelling that is hashed: keyboards disagree on how to write 'é' (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
