"""Arrow has several layouts for the same thing; behind this module there is one of each."""

import pyarrow as pa
import pyarrow.compute as pc


def plain_columns(data: pa.Table) -> pa.Table:
    """Return the table with every column plain; columns that are so already, nearly always all, are not copied."""
    for index, field in enumerate(data.schema):
        column = data.column(index)
        plain = plain_column(column)
        if plain is not column:
            data = data.set_column(index, field.name, plain)
    return data


def plain_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the column in the plainest type that keeps its values.

    Dictionaries and run lengths are decoded, extension types become their storage, text views text, half floats
    float32. Decimals become float64; whole ones, which may be keys, integers, or text beyond 64 bits. Times keep
    their zone; lists, structs and bytes stay as they are.
    """
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        return plain_column(pa.chunked_array([chunk.storage for chunk in column.chunks], type=kind.storage_type))
    if pa.types.is_dictionary(kind):
        decoded = [_decoded(chunk) for chunk in column.chunks]
        return plain_column(pa.chunked_array(decoded, type=None if decoded else kind.value_type))
    if pa.types.is_run_end_encoded(kind):
        runs = [pc.run_end_decode(chunk) for chunk in column.chunks]
        return plain_column(pa.chunked_array(runs, type=kind.value_type))
    if pa.types.is_decimal(kind):
        return _whole(column) if kind.scale == 0 else _nearest_floats(column)
    if pa.types.is_float16(kind):
        return column.cast(pa.float32())
    return column.cast(pa.large_string()) if pa.types.is_string_view(kind) else column


def ticks(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return times of day or durations as integers in their own unit."""
    return cells.cast(pa.int32() if cells.type.bit_width == 32 else pa.int64())


def _decoded(chunk: pa.DictionaryArray) -> pa.Array:
    words = chunk.dictionary
    if pa.types.is_string_view(words.type):  # which Arrow can neither decode nor take from
        words = words.cast(pa.large_string())
    return words.take(chunk.indices)


def _nearest_floats(decimals: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the floats that are written as the decimals are; Arrow's own cast is an ulp or two off."""
    return decimals.cast(pa.string()).cast(pa.float64())


def _whole(decimals: pa.ChunkedArray) -> pa.ChunkedArray:
    try:
        return decimals.cast(pa.int64())
    except pa.ArrowInvalid:
        return decimals.cast(pa.string())
