"""THE TABLE of bounds on what is read: generous for one machine, and met before memory runs out."""

MAX_COLUMNS = 10_000
"""A million columns in one line of a few megabytes cost a gigabyte before anything useful happens."""

MAX_CELLS = 250_000_000
"""Rows times columns: 2 GiB once every cell is an eight-byte number."""

MAX_UNPACKED_BYTES = 2 * 1024**3
"""What a compressed file, or standard input, may grow to."""

MAX_UNPACKED_RATIO = 200
"""Real tables shrink by 3 to 30; a file made to exhaust memory shrinks by 1000."""

UNPACKED_RATIO_COUNTS_FROM_BYTES = 64 * 1024**2
"""Below this size the ratio says nothing: a small table of one repeated row is honest."""

SNIFFED_BYTES = 1024**2
"""How much of a text file is looked at to learn its shape; its first line must fit."""

SNIFFED_RECORDS = 300
"""How many records of a text file are looked at."""


def unpacked_limit_bytes(packed_bytes: int) -> int:
    """Return what a compressed file of this size may grow to."""
    return min(MAX_UNPACKED_BYTES, max(UNPACKED_RATIO_COUNTS_FROM_BYTES, MAX_UNPACKED_RATIO * packed_bytes))
