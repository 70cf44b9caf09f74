"""How often somebody may ask: counted in this process, by principal, and by address for whoever is nobody yet.

Counted here in a few lines, because the usual library starts a thread for nearly every hit: a tenth of a millisecond,
a third of what scoring a row over HTTP takes.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from pynomaly.domain.access import Principal
from pynomaly.domain.errors import TooManyRequests

ATTEMPTS_PER_MINUTE = 60  # of an address: sign-ins, renewals, and requests that nobody vouches for
WINDOW_SECONDS = 60.0


@dataclass(slots=True)
class RateLimits:
    """Fixed windows of a minute. requests_per_minute: of one principal.  clock: seconds that never go back."""

    requests_per_minute: int
    attempts_per_minute: int = ATTEMPTS_PER_MINUTE
    clock: Callable[[], float] = time.monotonic
    _spent: Counter[str] = field(default_factory=Counter, init=False)
    _window_ends: float = field(default=float("-inf"), init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def spend_for_principal(self, principal: Principal) -> None:
        """Count a request of somebody who is known. Raises TooManyRequests."""
        self._spend(self.requests_per_minute, principal.actor)

    def spend_for_address(self, address: str) -> None:
        """Count a request that nobody vouches for. Raises TooManyRequests."""
        self._spend(self.attempts_per_minute, f"address:{address}")

    def _spend(self, per_minute: int, who: str) -> None:
        with self._lock:
            now = self.clock()
            if now >= self._window_ends:
                self._spent.clear()
                self._window_ends = now + WINDOW_SECONDS
            self._spent[who] += 1
            is_too_much, wait = self._spent[who] > per_minute, self._window_ends - now
        if is_too_much:
            raise TooManyRequests(f"at most {per_minute} requests a minute are answered", retry_after_seconds=wait)
