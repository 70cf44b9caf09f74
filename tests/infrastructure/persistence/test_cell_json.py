import json
import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.infrastructure.persistence.cell_json import from_json, to_json
from pynomaly.infrastructure.persistence.column_types import json_text


def _round_trip(cell: object) -> object:
    return from_json(json.loads(json_text(to_json(cell))))


@pytest.mark.parametrize(
    "cell",
    [
        None,
        True,
        0,
        2**63 - 1,
        -(2**63),
        2**63,
        -(10**40),
        0.1,
        -0.0,
        5e-324,
        math.inf,
        -math.inf,
        "",
        "caf\u00e9 \ud800 \0 \n",
        Decimal("1.50"),
        Decimal("1E+400"),
        b"",
        b"\x00\xff",
        datetime(2024, 2, 29, 12, 0, 0, 123456),
        datetime(2024, 2, 29, 12, tzinfo=UTC),
        datetime(2024, 2, 29, 12, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
        date(1, 1, 1),
        time(23, 59, 59, 999999),
        timedelta(days=-1, microseconds=1),
        [1, [None, b"x"]],
        {"a": {"float": 1.0}, "list": [2**70]},
        {"float": "inf"},
        {1: "a", None: "b"},
        {},
    ],
)
def test_a_cell_comes_back_equal_and_of_the_same_type(cell: object) -> None:
    found = _round_trip(cell)
    assert found == cell
    assert type(found) is type(cell)
    assert repr(found) == repr(cell)  # tells -0.0 from 0.0 and 1.50 from 1.5


def test_nan_comes_back_as_nan() -> None:
    found = _round_trip([math.nan, Decimal("NaN")])
    assert isinstance(found, list)
    assert all(value != value for value in found)


def test_numpy_scalars_become_plain_numbers() -> None:
    assert _round_trip(np.float32(0.5)) == 0.5
    assert _round_trip(np.int8(-3)) == -3
    assert _round_trip(np.bool_(True)) is True


def test_a_tuple_becomes_a_list_and_an_unknown_type_its_text() -> None:
    assert _round_trip((1, 2)) == [1, 2]
    assert _round_trip(UUID(int=5)) == "00000000-0000-0000-0000-000000000005"


_scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters())
    | st.binary()
    | st.decimals(allow_nan=False)
    | st.datetimes()
    | st.dates()
    | st.times()
    | st.timedeltas()
)


_cells = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=6
)


@given(_cells)
def test_any_cell_survives(cell: object) -> None:
    assert _round_trip(cell) == cell
