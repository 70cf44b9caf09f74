"""How often somebody may ask, as every door counts it."""

from typing import Protocol

from pynomaly.domain.access import Principal


class Limits(Protocol):
    """How often somebody may ask."""

    def spend_for_principal(self, principal: Principal) -> None:
        """Count a request of somebody who is known. Raises TooManyRequests."""
        ...

    def spend_for_address(self, address: str) -> None:
        """Count a request that nobody vouches for, such as a failed sign-in. Raises TooManyRequests."""
        ...
