"""What a preparation knows beyond its matrix: in what rows are compared, single cells as features, what is new."""

from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from pynomaly.domain.errors import NotFound
from pynomaly.domain.gower import column_differences
from tests.infrastructure.data.test_matrix_builder import N, learned, mixed, table_of


def differences(table, row=0, preparation=None):
    """Return per column how unlike each row and one of them are."""
    prepared = preparation or learned(table)
    return {
        column: apart.tolist()
        for aspects in prepared.aspects(table)
        for column, apart in column_differences(aspects, row).items()
    }


def test_every_learned_column_is_compared_and_every_row_is_like_itself():
    table = table_of(mixed())
    found = differences(table, row=5)
    assert list(found) == ["amount", "price", "country", "paid", "when", "note"]
    assert all(len(apart) == N for apart in found.values())
    assert all(apart[5] == 0.0 for apart in found.values())


def test_numbers_are_compared_by_the_middle_90_per_cent_of_training_also_where_they_are_text():
    numbers = [*(float(n) for n in range(101)), 1e6]
    table = table_of({"x": numbers, "y": [f"$ {number:,.2f}" for number in numbers]})
    preparation = learned(table)
    typical = preparation.typical("x")
    found = differences(table, preparation=preparation)
    assert found["x"][10] == pytest.approx(10 / (typical.high - typical.low))
    assert found["x"] == found["y"]
    assert found["x"][-1] == 1.0


def test_whole_numbers_beyond_what_floats_hold_keep_their_differences():
    start = 2**62
    table = table_of({"x": pa.array([start + n * 10 for n in range(0, 200, 2)], pa.int64()), "y": range(100)})
    assert differences(table)["x"][1] > 0.0


def test_spellings_that_are_one_word_for_detection_are_alike():
    table = table_of({"x": ["CH", "ch ", "IT", None, None] * 20})
    assert differences(table)["x"][:5] == [0.0, 0.0, 1.0, 1.0, 1.0]
    assert differences(table, row=3)["x"][3:5] == [0.0, 0.0]


def test_times_are_compared_on_the_clock_and_in_the_week_and_never_by_their_date():
    monday = datetime(2026, 1, 5, 8, 30)
    times = [monday, monday.replace(month=6, day=1), monday.replace(hour=20), monday.replace(day=8), None]
    found = differences(table_of({"x": times * 20}))["x"][:5]
    assert found == pytest.approx([0.0, 0.0, 0.5, 0.5 * 3 / 3.5, 1.0])


def test_texts_are_compared_by_what_they_are_made_of():
    words = [f"Remark number {n} on {'much ' * (n % 5)}more" for n in range(N)]
    found = differences(table_of({"x": [*words, words[0], None]}))["x"]
    assert found[N] == 0.0
    assert 0.0 < found[4] < 1.0
    assert found[N + 1] == 1.0


@pytest.mark.parametrize("scale", [False, True])
def test_a_cell_alone_becomes_the_features_it_becomes_in_a_table(scale):
    table = table_of(mixed())
    preparation = learned(table, scale=scale)
    matrix = preparation.matrix(table).values
    for column in dict.fromkeys(preparation.sources):
        places = [place for place, source in enumerate(preparation.sources) if source == column]
        for row in (0, 5, 7):
            features = preparation.features(column, table.cells(column, [row]))
            assert features.dtype == matrix.dtype
            assert (features[0] == matrix[row, places]).all()


def test_cells_are_read_as_numbers_only_where_numbers_were_learned():
    preparation = learned(table_of(mixed()))
    assert preparation.numbers("price", ["1,234.50 $", None])[0] == 1234.5
    assert np.isnan(preparation.numbers("amount", [None])[0])
    assert preparation.numbers("country", ["CH"]) is None
    with pytest.raises(NotFound, match="nothing was learned from a column 'amonut'; did you mean 'amount'"):
        preparation.numbers("amonut", [1.0])


def test_columns_that_hold_what_training_never_held_are_named():
    words = {"x": ["a", "b"] * 30, "y": [1.0, 2.0] * 30, "z": ["a", None] * 30}
    preparation = learned(table_of(words))
    assert preparation.surprising(table_of({"x": ["a"], "y": [1.5], "z": [None]})) == frozenset()
    new = {"x": ["c"], "y": pa.array([None], pa.float64()), "z": pa.array([None], pa.string())}
    assert preparation.surprising(table_of(new)) == {"x", "y"}
