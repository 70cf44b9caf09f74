"""A cache that several processes share: never the truth, and never in the way."""

from dataclasses import dataclass
from typing import Protocol

MOST_BYTES = 8 * 2**20  # of one value; a forest of a hundred trees has one or two million


@dataclass(frozen=True, slots=True)
class Look:
    """What a look into the cache came to.

    content: None where nothing was found, or nothing that can be believed.  seconds_left: until it is out of date.
    at: the moment by the cache's own clock, which all who share it have in common; None where it does not answer.
    """

    content: bytes | None = None
    seconds_left: float = 0.0
    at: float | None = None


class SharedCache(Protocol):
    """Keeps bytes for a while. It raises nothing: where it is away or slow, nothing is found and nothing is kept.

    A key starts with the id of the workspace, so that no workspace finds what another one put there.
    """

    def look(self, key: str, /) -> Look:
        """Return what is kept under a key."""
        ...

    def put(self, key: str, content: bytes, /, *, until: float) -> None:
        """Keep content up to a moment of the cache's own clock; what arrives later than that is not kept.

        Nor is what has more than MOST_BYTES.
        """
        ...

    def forget(self, key: str, /) -> None:
        """Keep nothing under a key."""
        ...


class NoCache:
    """What is used where no cache is set."""

    def look(self, _key: str, /) -> Look:
        """Find nothing."""
        return Look()

    def put(self, key: str, content: bytes, /, *, until: float) -> None:
        """Keep nothing."""

    def forget(self, key: str, /) -> None:
        """There is nothing to forget."""
