"""Arrow has several layouts for the same thing; the rest of this room wants to know one of each."""

import pyarrow as pa


def familiar(data: pa.Table) -> pa.Table:
    """Return the table with text views as text, half floats as float32, extension types as what they store.

    Text stays dictionary-encoded where it was; a dictionary of anything else is decoded. Columns in familiar
    types, nearly always all of them, are not copied.
    """
    for index, field in enumerate(data.schema):
        column = data.column(index)
        wanted = _familiar_type(field.type)
        if isinstance(column.type, pa.BaseExtensionType):
            column = pa.chunked_array([chunk.storage for chunk in column.chunks], type=column.type.storage_type)
        if wanted != field.type:
            data = data.set_column(index, field.name, column.cast(wanted))
    return data


def ticks(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return times of day or durations as integers in their own unit."""
    return cells.cast(pa.int32() if cells.type.bit_width == 32 else pa.int64())


def _familiar_type(kind: pa.DataType) -> pa.DataType:
    if isinstance(kind, pa.BaseExtensionType):
        return _familiar_type(kind.storage_type)
    if pa.types.is_string_view(kind):
        return pa.large_string()
    if pa.types.is_float16(kind):
        return pa.float32()
    if pa.types.is_dictionary(kind):
        value_type = _familiar_type(kind.value_type)
        is_text = pa.types.is_string(value_type) or pa.types.is_large_string(value_type)
        return kind if is_text and value_type == kind.value_type else value_type
    return kind
