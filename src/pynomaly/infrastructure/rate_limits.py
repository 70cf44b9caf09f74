"""How often somebody may ask: counted in this process, by principal, and by address for whoever is nobody yet."""

from dataclasses import dataclass, field

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from pynomaly.domain.access import Principal
from pynomaly.domain.errors import TooManyRequests

ATTEMPTS_PER_MINUTE = 60  # of an address: sign-ins, renewals, and requests that nobody vouches for


@dataclass(frozen=True, slots=True)
class RateLimits:
    """Windows of a minute. requests_per_minute: of one principal."""

    requests_per_minute: int
    attempts_per_minute: int = ATTEMPTS_PER_MINUTE
    _limiter: FixedWindowRateLimiter = field(default_factory=lambda: FixedWindowRateLimiter(MemoryStorage()))

    def spend_for_principal(self, principal: Principal) -> None:
        """Count a request of somebody who is known. Raises TooManyRequests."""
        self._spend(self.requests_per_minute, "principal", principal.actor)

    def spend_for_address(self, address: str) -> None:
        """Count a request that nobody vouches for. Raises TooManyRequests."""
        self._spend(self.attempts_per_minute, "address", address)

    def _spend(self, per_minute: int, kind: str, who: str) -> None:
        if not self._limiter.hit(RateLimitItemPerMinute(per_minute), kind, who):
            raise TooManyRequests(f"at most {per_minute} requests a minute are answered", retry_after_seconds=10.0)
