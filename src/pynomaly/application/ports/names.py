"""What people call things by: finding them by a part of a name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

NOUNS = ("dataset", "detector", "channel", "detection", "job")
"""What can be found. Detections and jobs have no names, and are found by the first characters of their ids."""


@dataclass(frozen=True, slots=True)
class Name:
    """One thing of a workspace. noun: what people call such a thing.  name: empty for what has none."""

    noun: str
    id: str
    name: str


class Names(Protocol):
    """The names of what is in a workspace."""

    def like(self, text: str, nouns: Collection[str], *, limit: int) -> Sequence[Name]:
        """Return what has a text in its name, whatever the case, or an id that begins with it.

        nouns: of NOUNS, those that are looked for; of each at most `limit`, newest first.
        """
        ...
