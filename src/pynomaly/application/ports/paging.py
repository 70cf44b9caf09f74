"""Long lists in pieces: each piece starts after the last item of the one before, so nothing is skipped or repeated."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item", covariant=True)


@dataclass(frozen=True, slots=True)
class Piece:
    """Which part of a list: at most `limit` items beyond the position `after`, None for the beginning.

    is_oldest_first: the order; newest first by default.
    """

    limit: int
    after: int | None = None
    is_oldest_first: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items, and the position that the next piece starts after; None where the list ends."""

    items: Sequence[Item]
    next_after: int | None
