"""Changes that build on what their author last saw."""

from typing import Protocol

from pynomaly.domain.errors import StaleWrite


class Revised(Protocol):
    """Something whose stored changes are counted."""

    @property
    def revision(self) -> int:
        """How many there were."""
        ...


def require_revision(found: Revised, seen: int | None) -> None:
    """Check that nobody changed a thing since its caller saw it; None for a caller who does not mind.

    Raises StaleWrite.
    """
    if seen is not None and found.revision != seen:
        raise StaleWrite("this was changed since you read it; read it again, then decide")
