"""One hash for what a table says, whatever file it came from and however it was cut into chunks."""

import hashlib
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pynomaly.infrastructure.data.columns.text_cells import is_text


def content_fingerprint(data: pa.Table) -> str:
    """Return a SHA-256 (hex) over column names, kinds of values and cells, in row and column order.

    data: plain columns (see arrow_types).  Widths do not matter (int8 and int64, float32 and float64 hash alike
    where the values are equal), chunks do not matter, and a float NaN counts as a missing cell.
    """
    total = hashlib.sha256(f"{data.num_rows} rows".encode())
    for name, column in zip(data.column_names, data.columns, strict=True):
        label = f"{len(name.encode())}:{name}:{_family(column.type)}:"
        total.update(label.encode())
        for digest in _digests(column):
            total.update(digest)
    return total.hexdigest()


def _family(kind: pa.DataType) -> str:
    if pa.types.is_integer(kind):
        return "integer"
    if pa.types.is_floating(kind):
        return "number"
    if is_text(kind):
        return "text"
    return str(kind)


def _digests(column: pa.ChunkedArray) -> list[bytes]:
    """Hash a column's parts apart (values, missing, lengths), so that where a chunk ends leaves no trace."""
    hashes = [hashlib.sha256() for _ in range(3)]
    for chunk in column.chunks:
        for part, buffer in zip(hashes, _parts(chunk), strict=False):
            part.update(buffer)
    return [part.digest() for part in hashes]


def _parts(chunk: pa.Array) -> Iterator[memoryview | bytes]:
    if pa.types.is_floating(chunk.type):
        yield _floats(chunk)
        return
    missing = pc.is_null(chunk)
    if is_text(chunk.type):
        yield from _text(pc.fill_null(chunk, ""), missing)
    elif _fixed_width(chunk.type):
        integers = chunk.cast(pa.int8()) if pa.types.is_boolean(chunk.type) else chunk.view(_same_width(chunk.type))
        wide = pa.int64() if chunk.type != pa.uint64() else pa.uint64()
        yield pc.fill_null(integers.cast(wide), 0).to_numpy(zero_copy_only=False).data
        yield _bytes(missing)
    else:
        yield "".join(f"{cell!r}," for cell in chunk.to_pylist()).encode()
        yield _bytes(missing)


def _floats(chunk: pa.Array) -> memoryview:
    values = chunk.cast(pa.float64()).to_numpy(zero_copy_only=False)
    lost = np.isnan(values)
    if lost.any():  # NaN has many bit patterns, and null becomes one of them
        values = np.where(lost, np.nan, values)
    return np.ascontiguousarray(values).data


def _text(chunk: pa.Array, missing: pa.Array) -> Iterator[memoryview | bytes]:
    whole = pa.concat_arrays([chunk.cast(pa.large_string())])
    _, offsets, payload = whole.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[whole.offset : whole.offset + len(whole) + 1]
    yield memoryview(payload)[ends[0] : ends[-1]] if payload is not None else b""
    yield _bytes(missing)
    yield np.diff(ends).data


def _bytes(missing: pa.Array) -> memoryview:
    return np.asarray(missing.to_numpy(zero_copy_only=False)).data


def _fixed_width(kind: pa.DataType) -> bool:
    is_time = pa.types.is_temporal(kind) and not pa.types.is_interval(kind)
    return bool(pa.types.is_integer(kind) or pa.types.is_boolean(kind) or is_time)


def _same_width(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_integer(kind):
        return kind
    return pa.int32() if kind.bit_width == 32 else pa.int64()
