"""How much columns become once every cell stands for itself, found without writing a cell."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.columns.text_cells import is_text
from pynomaly.infrastructure.data.limits import MAX_CELLS, MAX_UNPACKED_BYTES

_VIEW_BYTES = 16  # of a text view: four for its length, the rest for where it is


def refuse_unfolding(data: pa.Table, name: str) -> None:
    """Check that no words, runs or lists which are kept once stand for more than may be read.

    Raises UnreadableFile.
    """
    n_bytes = sum(_unfolded_bytes(chunk) for column in data.columns for chunk in column.chunks)
    if n_bytes > MAX_UNPACKED_BYTES:
        limit = MAX_UNPACKED_BYTES // 1024**3
        raise UnreadableFile(f"'{name}' repeats words until they fill {n_bytes} bytes; at most {limit} GiB are read.")
    n_items = sum(_items(chunk) for column in data.columns for chunk in column.chunks)
    if n_items > MAX_CELLS:
        raise UnreadableFile(f"'{name}' holds lists of {n_items} values in all; at most {MAX_CELLS} can be read.")


def _unfolded_bytes(cells: pa.Array) -> int:
    """Return the bytes of a folded array written out; 0 for one that stands for itself."""
    kind = cells.type
    if isinstance(kind, pa.BaseExtensionType):
        return _unfolded_bytes(cells.storage)
    if pa.types.is_dictionary(kind):
        return int(pc.sum(_lengths(cells.dictionary).take(cells.indices), min_count=0).as_py())
    if pa.types.is_run_end_encoded(kind):
        runs = np.diff(cells.run_ends.to_numpy(), prepend=0).astype(np.float64)  # a run may be of 2^63
        return int(runs @ _lengths(cells.values).to_numpy())
    if pa.types.is_string_view(kind) or pa.types.is_binary_view(kind):
        return int(_lengths(cells).to_numpy().sum())
    return 0


def _lengths(words: pa.Array) -> pa.Array:
    """Return the bytes of each word: exact for text, never too few for anything else."""
    if is_text(words.type) or pa.types.is_binary(words.type) or pa.types.is_large_binary(words.type):
        return pc.fill_null(pc.binary_length(words).cast(pa.int64()), 0)
    if pa.types.is_string_view(words.type) or pa.types.is_binary_view(words.type):
        views = np.frombuffer(words.buffers()[1], dtype=np.int32)[:: _VIEW_BYTES // 4]
        return pa.array(views[words.offset : words.offset + len(words)].astype(np.int64))
    width = words.nbytes if pa.types.is_nested(words.type) else _VIEW_BYTES * 2  # the widest plain value
    return pa.array(np.full(len(words), width, dtype=np.int64))


def _items(cells: pa.Array) -> int:
    is_list = (pa.types.is_list, pa.types.is_large_list, pa.types.is_list_view, pa.types.is_large_list_view)
    if not any(is_it(cells.type) for is_it in is_list):
        return 0
    return int(pc.sum(pc.list_value_length(cells).cast(pa.int64()), min_count=0).as_py())
