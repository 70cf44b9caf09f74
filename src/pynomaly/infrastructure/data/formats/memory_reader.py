"""Tables that are already in memory: data frames through the Arrow interface, and numpy arrays."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pynomaly.domain.errors import InvalidData
from pynomaly.infrastructure.data.formats.typed_columns import plain_table
from pynomaly.infrastructure.data.raw_table import RawTable


def read_object(source: object) -> RawTable:
    """Read a data frame (pandas, polars, pyarrow, anything with the Arrow interface) or a numpy array.

    Raises InvalidData, saying what is wrong with the object.
    """
    if isinstance(source, np.ndarray):
        return _from_array(source)
    if hasattr(source, "__arrow_c_stream__") or hasattr(source, "__arrow_c_array__"):
        return _from_arrow(source)
    what = type(source).__name__
    hint = "; call .collect() first" if hasattr(source, "collect") else ""
    hint = "; call .toarray() first" if hasattr(source, "toarray") else hint
    raise InvalidData(f"a {what} is not a table{hint}; pass a path, a data frame or a 2-D array.")


def _from_arrow(source: object) -> RawTable:
    try:
        table = pa.table(source)
        table.validate(full=True)
        return plain_table(table)
    except MemoryError:
        raise
    except (pa.ArrowException, TypeError, ValueError, UnicodeError) as error:
        reason = "; ".join(str(part) for part in error.args if part)[:200]
        hint = "; call .to_frame() first" if hasattr(source, "to_frame") else ""
        raise InvalidData(f"this {type(source).__name__} cannot be read as a table: {reason}{hint}.") from error


def _from_array(array: NDArray[np.generic]) -> RawTable:
    matrix = array[:, np.newaxis] if array.ndim == 1 and array.dtype.names is None else array
    if matrix.ndim != 2:
        raise InvalidData(f"expected a 2-D array of rows and columns, not one of shape {array.shape}.")
    columns = [_column(matrix[:, position], position) for position in range(matrix.shape[1])]
    names = [f"f{position}" for position in range(matrix.shape[1])]
    if not columns:
        return RawTable(pa.table({}))
    return plain_table(pa.Table.from_arrays(columns, names=names))


def _column(values: NDArray[np.generic], position: int) -> pa.Array:
    if values.dtype.kind == "O":
        return _mixed(values.tolist(), position)
    values = values.astype(_native(values.dtype), copy=False)
    try:
        return pa.array(np.ascontiguousarray(values) if not np.ma.isMaskedArray(values) else values)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise InvalidData(f"an array of {values.dtype} cannot be read; convert it to numbers or text.") from error


def _native(kind: np.dtype[Any]) -> np.dtype[Any]:
    """Return the type with this machine's byte order, and double precision in place of any greater."""
    is_longer = kind.kind == "f" and kind.itemsize > 8
    return np.dtype(np.float64) if is_longer else kind.newbyteorder("=")


def _mixed(values: list[object], position: int) -> pa.Array:
    try:
        return pa.array(values, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError, OverflowError, UnicodeError) as error:
        raise InvalidData(f"column {position} of the array mixes types; use one type per column ({error}).") from error
