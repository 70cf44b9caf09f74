"""Rows of numbers straight out of JSON text into one array: the compiled reader, or its twin: the same bits."""

from typing import Literal

import numpy as np

from pynomaly.application.ports.number_rows import NumbersFound
from pynomaly.infrastructure.data import text_twin
from pynomaly.infrastructure.data.compiled import native_steps

ReadingPath = Literal["compiled", "python"]

MOST_COLUMNS = 10_000  # as many as the readers of files take


def find_number_rows(body: bytes, *, path: ReadingPath | None = None) -> NumbersFound | None:
    """Read the value of the key "rows" of a JSON object, if it is plainly an array of equally long rows of numbers.

    None for anything else: other cells, no rows, whole numbers beyond 2^53, numbers too large for a double or longer
    than 120 characters, escapes in a key, a key "rows" twice. Only the rows are checked, not what is around them.
    Doubles are correctly rounded. path: forces one of the two readers; None takes the compiled one where it is.
    """
    values = np.empty(len(body) // 2)  # a cell takes a character and the comma or bracket after it
    kinds = np.empty(MOST_COLUMNS, np.uint8)
    reader = text_twin if path == "python" or native_steps is None else native_steps
    found = reader.read_rows(body, values, kinds)
    if found is None:
        return None
    start, end, n_rows, n_columns = found
    cells = values[: n_rows * n_columns].reshape(n_rows, n_columns)
    return NumbersFound(start, end, cells, kinds[:n_columns] == text_twin.IS_WHOLE)
