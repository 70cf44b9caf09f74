"""How long work tells somebody how far it is."""

from typing import Protocol


class Progress(Protocol):
    """Listens to the stages of one piece of work."""

    def __call__(self, stage: str, share: float) -> None:
        """Hear that `stage` is done to `share` (0..1)."""
        ...


def nobody_listens(stage: str, share: float) -> None:
    """Ignore progress."""
