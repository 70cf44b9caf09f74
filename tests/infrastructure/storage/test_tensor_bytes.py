import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from pynomaly.domain.errors import CorruptModel, NotStorable
from pynomaly.infrastructure.storage.tensor_bytes import array_table, parse_arrays, serialize_arrays
from tests.infrastructure.storage.examples import assert_same_bits

DTYPES = ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64")


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (1,), (7,), (2, 3, 4)])
def test_every_type_and_shape_comes_back_bit_for_bit(dtype: str, shape: tuple[int, ...]) -> None:
    original = np.random.default_rng(0).integers(0, 2, size=shape).astype(dtype)
    found = parse_arrays(serialize_arrays({"a": original}))["a"]
    assert_same_bits(found, original)
    assert not found.flags.writeable


@given(arrays(st.sampled_from(DTYPES), array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)))
def test_any_bits_come_back(original: np.ndarray) -> None:
    assert_same_bits(parse_arrays(serialize_arrays({"a": original}))["a"], original)


def test_nan_payloads_and_negative_zero_come_back() -> None:
    original = np.array([0x7FF8000000000001, 0xFFF0000000000000, 0x8000000000000000], dtype=np.uint64).view(np.float64)
    assert_same_bits(parse_arrays(serialize_arrays({"a": original}))["a"], original)


def test_memory_layout_and_byte_order_leave_no_trace() -> None:
    plain = np.arange(12.0).reshape(3, 4)
    for same in (np.asfortranarray(plain), plain.astype(">f8"), np.repeat(plain, 2, axis=1)[:, ::2]):
        assert serialize_arrays({"a": same}) == serialize_arrays({"a": plain})


def test_the_order_of_arrays_leaves_no_trace() -> None:
    one, two = np.arange(3.0), np.arange(3, dtype=np.int8)
    assert serialize_arrays({"x": one, "y": two}) == serialize_arrays({"y": two, "x": one})


def test_no_arrays_at_all_are_fine() -> None:
    assert parse_arrays(serialize_arrays({})) == {}


@pytest.mark.parametrize(
    "array",
    [np.array([object()]), np.array(["text"]), np.array([1j]), np.array(["2024-01-01"], dtype="M8[D]")],
    ids=["object", "text", "complex", "time"],
)
def test_other_types_are_not_storable(array: np.ndarray) -> None:
    with pytest.raises(NotStorable, match="array 'a' is of type"):
        serialize_arrays({"a": array})


def test_a_reserved_name_and_too_many_names_are_not_storable() -> None:
    with pytest.raises(NotStorable, match="__metadata__"):
        serialize_arrays({"__metadata__": np.zeros(1)})
    with pytest.raises(NotStorable, match="too many"):
        serialize_arrays({f"{'long name' * 20} {number}": np.zeros(0) for number in range(5000)})


def test_the_table_says_what_an_array_is() -> None:
    assert array_table({"a": np.zeros((2, 3), np.float32)}) == {"a": {"dtype": "F32", "shape": [2, 3]}}


def _bytes_with(header: object, data: bytes = b"") -> bytes:
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def _one(**changes: object) -> dict[str, object]:
    return {"a": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]} | changes}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x80\x04K\x01.",
        b"\xff" * 64,
        (2**20 + 1).to_bytes(8, "little") + b" " * (2**20 + 1),
        _bytes_with(_one(), b"0" * 7),
        _bytes_with(_one(), b"0" * 9),
        _bytes_with(_one(data_offsets=[8, 16]), b"0" * 16),
        _bytes_with(_one(data_offsets=[-8, 0]), b""),
        _bytes_with(_one(data_offsets=[8, 0]), b"0" * 8),
        _bytes_with(_one(shape=[-1]), b"0" * 8),
        _bytes_with(_one(shape=[2]), b"0" * 8),
        _bytes_with(_one(shape=[2**40, 2**40, 0], data_offsets=[0, 0])),
        _bytes_with(_one(shape=[2**63 - 1, 0], data_offsets=[0, 0])),
        _bytes_with(_one(shape=[1] * 9), b"0" * 8),
        _bytes_with(_one(shape=[1] * 70), b"0" * 8),
        _bytes_with(_one(dtype="BF16", shape=[4]), b"0" * 8),
        _bytes_with(_one(dtype="F4", shape=[16]), b"0" * 8),
        _bytes_with(_one(dtype="C64"), b"0" * 8),
        _bytes_with(_one(dtype="object"), b"0" * 8),
        _bytes_with(_one(dtype="BOOL", shape=[8]), b"\x00\x01\x02\x00\x00\x00\x00\x00"),
        _bytes_with(_one() | {"b": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}}, b"0" * 8),
        _bytes_with([1, 2, 3]),
        _bytes_with({"__metadata__": {"x": 1}}),
    ],
)
def test_bytes_that_lie_are_refused(raw: bytes) -> None:
    with pytest.raises(CorruptModel):
        parse_arrays(raw)
