"""What the C sources in native/ offer to readers of data; without C, numpy, Arrow and text_twin.py do the same."""

from typing import Any

from numpy.typing import NDArray

_Array = NDArray[Any]

def count_lines(text: bytes | memoryview) -> int: ...
def read_rows(text: bytes, values: _Array, columns: _Array) -> tuple[int, int, int, int] | None: ...
def read_cells(
    text: bytes | memoryview,
    marks: bytes,
    words: bytes,
    is_text: _Array,
    numbers: _Array,
    columns: _Array,
    ends: _Array,
    kept: _Array,
) -> int: ...
def scale_into(
    values: _Array, center: float, spread: float, low: float, high: float, knee: float, missing: float, out: _Array
) -> None: ...
