"""Named arrays as safetensors bytes and back, bit for bit, with nothing believed that the bytes merely claim."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, deserialize
from safetensors.numpy import save

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.arrays import read_only
from pynomaly.domain.errors import CorruptModel, NotStorable

HEADER_BYTES_LIMIT = 2**20  # the library would parse 100 MB of names
MAX_DIMENSIONS = 8  # no detector needs more than 3; numpy itself stops at 64
_LENGTH_BYTES = 8
_NAMES_OF_DTYPES = {
    "bool": "BOOL",
    "int8": "I8",
    "int16": "I16",
    "int32": "I32",
    "int64": "I64",
    "uint8": "U8",
    "uint16": "U16",
    "uint32": "U32",
    "uint64": "U64",
    "float32": "F32",
    "float64": "F64",
}
_DTYPES = {short: np.dtype(name) for name, short in _NAMES_OF_DTYPES.items()}


def array_table(arrays: Mapping[str, NDArray[Any]]) -> dict[str, JsonValue]:
    """Return name -> {dtype, shape}. Raises NotStorable for a type that has no safe bytes."""
    return {name: {"dtype": _dtype_of(name, array), "shape": list(array.shape)} for name, array in arrays.items()}


def serialize_arrays(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return safetensors bytes; equal arrays give equal bytes, whatever their order or memory layout.

    Raises NotStorable for arrays of objects, text, times or complex numbers, and for a reserved name.
    """
    array_table(arrays)
    if "__metadata__" in arrays:
        raise NotStorable("no array of a model may be called __metadata__; safetensors keeps that name")
    native = {name: np.asarray(array, dtype=array.dtype.newbyteorder("="), order="C") for name, array in arrays.items()}
    try:
        raw = save(native)
    except (SafetensorError, ValueError) as error:
        raise NotStorable(f"the model's arrays cannot be written: {error}") from error
    if _header_bytes(raw) > HEADER_BYTES_LIMIT:
        raise NotStorable(f"the model has {len(arrays)} arrays, too many to list in one file")
    return raw


def parse_arrays(raw: bytes) -> dict[str, NDArray[Any]]:
    """Return the arrays of safetensors bytes, read-only. Raises CorruptModel."""
    if len(raw) < _LENGTH_BYTES or _header_bytes(raw) > min(HEADER_BYTES_LIMIT, len(raw) - _LENGTH_BYTES):
        raise CorruptModel("arrays.safetensors is not a safetensors file, or its header is longer than 1 MB")
    try:
        parts = deserialize(raw)  # type: ignore[no-untyped-call]  # the library has no hints
    except (SafetensorError, ValueError) as error:
        raise CorruptModel(f"arrays.safetensors is damaged: {error}") from error
    return {name: _array(name, part["dtype"], tuple(part["shape"]), part["data"]) for name, part in parts}


def _array(name: str, dtype: str, shape: tuple[int, ...], data: bytearray) -> NDArray[Any]:
    if dtype not in _DTYPES or len(shape) > MAX_DIMENSIONS:
        raise CorruptModel(f"array '{name}' has a type or a number of dimensions that no model has")
    try:
        array = np.frombuffer(data, dtype=_DTYPES[dtype]).reshape(shape)
    except ValueError as error:  # an empty array of an impossible shape, such as 2**60 x 2**60 x 0
        raise CorruptModel(f"array '{name}' has an impossible shape") from error
    if dtype == "BOOL" and np.frombuffer(data, dtype=np.uint8).max(initial=0) > 1:
        raise CorruptModel(f"array '{name}' holds truth values that are neither true nor false")
    return read_only(array)


def _dtype_of(name: str, array: NDArray[Any]) -> str:
    if array.dtype.name not in _NAMES_OF_DTYPES:
        raise NotStorable(f"array '{name}' is of type {array.dtype}; a model file holds numbers and truth values only")
    return _NAMES_OF_DTYPES[array.dtype.name]


def _header_bytes(raw: bytes) -> int:
    return int.from_bytes(raw[:_LENGTH_BYTES], "little")
