"""Text as people type it: trimmed, without case, blanks counted as missing."""

import pyarrow as pa
import pyarrow.compute as pc


def is_text(kind: pa.DataType) -> bool:
    """Whether cells of this Arrow type are text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def trimmed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the cells as plain strings without surrounding white space; null where nothing is left."""
    plain = pc.utf8_trim_whitespace(column.cast(pa.large_string()))
    return pc.if_else(pc.equal(pc.binary_length(plain), 0), None, plain)


def tidy(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the cells trimmed and in lower case: ' Tuesday ' and 'TUESDAY' are the same word."""
    return pc.utf8_lower(trimmed(column))
