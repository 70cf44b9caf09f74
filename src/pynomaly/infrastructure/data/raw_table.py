"""What a reader hands over: an Arrow table with unique column names, and what it noticed on the way."""

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True, slots=True, eq=False)
class RawTable:
    """Rows as parsed, before anyone decides what a column means.

    data: one Arrow column per source column, names unique and non-empty. Formats without types (CSV) give
    a number column only where every non-missing cell is plainly a number, and text otherwise; the words
    that mean "missing" are already nulls.
    notes: one sentence each for what the user should know (renamed columns, decimal comma, skipped lines).
    """

    data: pa.Table
    notes: tuple[str, ...] = ()
