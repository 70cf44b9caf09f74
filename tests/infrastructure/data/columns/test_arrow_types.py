from decimal import Decimal

import pyarrow as pa
import pytest

from pynomaly.infrastructure.data.columns.arrow_types import plain_column, plain_columns


def plain(cells: pa.Array) -> pa.ChunkedArray:
    return plain_column(pa.chunked_array([cells]))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (pa.array(["a", None, "a"]).dictionary_encode(), pa.string()),
        (pa.array(["a", None, "a"], pa.string_view()), pa.large_string()),
        (pa.array(["a", None, "a"], pa.string_view()).dictionary_encode(), pa.large_string()),
        (pa.array([1.5, None, 1.5], pa.float16()), pa.float32()),
        (pa.array([Decimal("1.25"), None, Decimal("0.5")]), pa.float64()),
        (pa.array([Decimal(7), None, Decimal(-7)], pa.decimal128(38, 0)), pa.int64()),
        (pa.RunEndEncodedArray.from_arrays(pa.array([1, 3], pa.int32()), pa.array([1, 2])), pa.int64()),
        (pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1, 0], pa.int8())), pa.int8()),
    ],
)
def test_every_layout_becomes_the_plainest_that_keeps_its_values(cells: pa.Array, expected: pa.DataType) -> None:
    assert plain(cells).type == expected
    assert plain(cells).to_pylist() == cells.to_pylist()


def test_whole_decimals_beyond_64_bits_lose_no_digit() -> None:
    keys = ["12345678901234567890123456789012345678", "-1"]
    assert plain(pa.array([Decimal(key) for key in keys], pa.decimal128(38, 0))).to_pylist() == keys


def test_columns_that_are_plain_are_not_copied() -> None:
    table = pa.table({"x": [1.5], "s": ["a"]})
    assert plain_columns(table) is table


def test_a_decimal_becomes_the_float_that_is_written_the_same() -> None:
    prices = ["11.75", "0.1", "-123456789.00001", "1e-5"]
    decimals = pa.array([Decimal(price) for price in prices], pa.decimal128(20, 5))
    assert plain(decimals).to_pylist() == [float(price) for price in prices]
