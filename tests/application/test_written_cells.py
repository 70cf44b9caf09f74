import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from pynomaly.application.written_cells import json_value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (float("nan"), None),
        (float("-inf"), None),
        (np.float32(0.5), 0.5),
        (np.float64("nan"), None),
        (np.int64(7), 7),
        (np.bool_(True), True),
        (Decimal("12.10"), "12.10"),
        (Decimal("NaN"), None),
        (datetime(2026, 3, 14, 12, tzinfo=UTC), "2026-03-14T12:00:00+00:00"),
        (date(2026, 3, 14), "2026-03-14"),
        (timedelta(minutes=1), 60.0),
        (b"\x00\xff", "00ff"),
        ("lone \ud800", "lone ?"),
        ({"a": [1, {"b": float("nan")}], 2: (3,)}, {"a": [1, {"b": None}], "2": [3]}),
        (complex(1, 2), "(1+2j)"),
    ],
)
def test_any_cell_becomes_strict_json(value, expected):
    assert json_value(value) == expected
    json.dumps(json_value(value), allow_nan=False).encode()
