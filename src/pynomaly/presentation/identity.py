"""Who makes a request: remembered for a few seconds, so that not every request asks the database."""

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from pynomaly.application.use_cases.authenticate import Authenticate
from pynomaly.domain.access import Principal

REMEMBERED_SECONDS = 3.0  # signing out, a new role or a revoked key takes effect within that time
MOST_REMEMBERED = 10_000


@dataclass(slots=True)
class Identity:
    """Authenticates tokens and keys; what is remembered is found by a digest, never by the token itself."""

    authenticate: Authenticate
    clock: Callable[[], float] = time.monotonic
    _known: dict[bytes, tuple[float, Principal]] = field(default_factory=dict, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __call__(self, credentials: str) -> Principal:
        """Return the principal. Raises NotSignedIn."""
        found = self.remembered(credentials)
        if found is not None:
            return found
        principal = self.authenticate(credentials=credentials)
        with self._lock:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()  # all of them would be asked for again within seconds anyway
            self._known[_digest(credentials)] = (self.clock() + REMEMBERED_SECONDS, principal)
        return principal

    def remembered(self, credentials: str) -> Principal | None:
        """Return the principal if it was authenticated a moment ago."""
        found = self._known.get(_digest(credentials))
        return found[1] if found is not None and self.clock() < found[0] else None


def _digest(credentials: str) -> bytes:
    return hashlib.blake2b(credentials.encode("utf-8", "replace"), digest_size=16).digest()
