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

MAX_SENT_ROWS = 100_000
"""What is scored while somebody waits for the answer: 30 ms for 20 columns; more is a job."""

MAX_SENT_CELLS = 10_000_000
"""80 MB as numbers: columns of nothing but nulls take no bytes of a body, however many there are."""

MAX_SENT_PIECES = 1000
"""Record batches of one body; a hundred rows each are few already."""


def unpacked_limit_bytes(packed_bytes: int) -> int:
    """Return what a compressed file of this size may grow to."""
    return min(MAX_UNPACKED_BYTES, max(UNPACKED_RATIO_COUNTS_FROM_BYTES, MAX_UNPACKED_RATIO * packed_bytes))
