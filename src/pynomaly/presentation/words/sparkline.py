"""Counts as a line of small bars, for a terminal."""

from collections.abc import Sequence

BARS = "▁▂▃▄▅▆▇█"


def sparkline(counts: Sequence[int]) -> str:
    """Return one bar per count, the highest of full height; nothing at all is a space.

    >>> sparkline([0, 1, 4, 8])
    ' ▁▄█'
    """
    most = max(counts, default=0)
    return "".join(" " if n == 0 else BARS[max(0, -(-n * len(BARS) // most) - 1)] for n in counts)
