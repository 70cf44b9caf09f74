import json

import numpy as np
import pyarrow as pa
import pytest

from pynomaly.domain.errors import ColumnMismatch, CorruptModel
from pynomaly.infrastructure.data.steps.number_step import (
    NumberStep,
    differences,
    learn_number_step,
    restore_number_step,
)
from pynomaly.infrastructure.data.steps.robust_scale import NEAR_KNEE, WIDE_KNEE
from pynomaly.infrastructure.data.steps.row_sample import SAMPLE_ROWS


def learned(cells: object, knee: float = WIDE_KNEE) -> NumberStep:
    step = learn_number_step("amount", pa.chunked_array([pa.array(cells)]), knee=knee)
    assert step is not None
    return step


def filled(step: NumberStep, cells: object) -> np.ndarray:
    read = step.read(pa.chunked_array([pa.array(cells)]))
    out = np.empty((len(read), len(step.features)))
    step.fill(read.combine_chunks(), out)
    return out


def test_the_median_is_zero_and_the_middle_half_one() -> None:
    assert filled(learned(np.arange(5.0)), [2.0, 3.0, 1.0])[:, 0].tolist() == [0.0, 0.5, -0.5]


def test_a_rarely_missing_cell_takes_the_median_and_is_indicated() -> None:
    step = learned([*range(99), None])
    assert step.features == ("amount", "amount missing")
    assert filled(step, [None, 49])[:, 1].tolist() == [1.0, 0.0]
    assert filled(step, [None])[0, 0] == 0.0


def test_an_often_missing_cell_takes_the_median_silently() -> None:
    assert learned([1.0, 2.0, None, 4.0]).features == ("amount",)


def test_cells_that_are_rarely_there_are_indicated() -> None:
    assert learned([1.0, 2.0] + [None] * 98).features == ("amount", "amount missing")


def test_a_value_that_never_changes_leaves_only_whether_it_is_there() -> None:
    assert learned([5.0, None] * 10).features == ("amount missing",)


def test_a_hole_where_training_had_none_is_as_strange_as_infinity_and_reported() -> None:
    step = learned(np.arange(9.0))
    hole, infinity = filled(step, [None, float("inf")])[:, 0]
    assert hole == pytest.approx(infinity, rel=1e-6)
    assert hole > step.scale.high
    assert "1 cells hold no number" in step.surprises(pa.chunked_array([[1.0, None]]))[0]
    assert not step.surprises(pa.chunked_array([[1.0, 50.0]]))


def test_infinite_training_values_do_not_stretch_the_scale() -> None:
    assert learned([0.0, 1.0, 2.0, 3.0, float("inf")]).scale.high <= 2.0


def test_a_tiny_spread_on_a_huge_offset_survives_float32() -> None:
    cells = 1e9 + np.arange(100) * 1e-4
    values = filled(learned(cells), cells)[:, 0].astype(np.float32)
    assert np.unique(values).size == 100


def test_integers_beyond_the_precision_of_floats_stay_apart() -> None:
    cells = [2**62 + i for i in range(50)]
    values = filled(learned(cells), cells)[:, 0]
    assert np.unique(values).size == 50


def test_exact_differences_agree_with_python_integers() -> None:
    cells = [-(2**63), -1, 0, 2**53 + 1, 2**63 - 1]
    for center in (2**62 + 3, -(2**60) - 7):
        reduced = differences(pa.array([*cells, None]), center)
        assert reduced[:-1].tolist() == [float(cell - center) for cell in cells]
        assert np.isnan(reduced[-1])


def test_what_was_typical_is_in_the_units_of_the_column() -> None:
    typical = learned([*range(101)]).typical
    assert (typical.median, typical.low, typical.high) == (50.0, 5.0, 95.0)


def test_a_column_larger_than_the_sample_keeps_its_true_ends() -> None:
    cells = np.zeros(SAMPLE_ROWS * 3)
    cells[:: len(cells) // 2] = 1.0
    cells[7], cells[8] = -9.0, np.nan
    step = learned(cells)
    assert step.has_value
    assert step.scale.low < 0 < step.scale.high


def test_a_number_missing_in_all_but_a_few_of_many_rows_is_still_learned() -> None:
    cells = np.full(SAMPLE_ROWS * 3, np.nan)
    cells[[5, 6]] = 1.0, 2.0
    assert learned(cells).features == ("amount", "amount missing")


def test_text_is_read_in_the_format_learned_at_training() -> None:
    step = learned(["0,5", "1,5", "2,5", "1.000,5"])
    assert filled(step, ["1.000,5"])[0, 0] > filled(step, ["2,5"])[0, 0]


def test_a_column_without_one_finite_number_teaches_nothing() -> None:
    assert learn_number_step("amount", pa.chunked_array([[float("inf"), None]]), knee=NEAR_KNEE) is None


def test_words_where_numbers_were_learned_are_refused() -> None:
    with pytest.raises(ColumnMismatch, match="column 'amount' should hold numbers"):
        filled(learned([1.0, 2.0]), ["red"] * 20)


def test_a_stored_step_fills_the_same_bits() -> None:
    cells = [0.1, 1e300, -3.0, None, float("-inf")]
    step = learned(cells, NEAR_KNEE)
    again = restore_number_step(json.loads(json.dumps(step.state(), allow_nan=False)))
    assert filled(again, cells).tobytes() == filled(step, cells).tobytes()
    assert again == step


@pytest.mark.parametrize(
    "damage",
    [
        *(
            {"spread": 0},
            {"spread": "1"},
            {"knee": -1.0},
            {"low": 9.0, "high": 1.0},
            {"center": None},
            {"center": True},
            {"center": 10**400},
            {"high": 1e300},
            {"missing": 1e300},
            {"spread": 10**400},
        ),
        *({"missing": float("nan")}, {"column": 3}, {"has_value": 1}, {"typical": None}, {"typical": {"median": "x"}}),
    ],
)
def test_a_damaged_step_is_refused(damage: dict[str, object]) -> None:
    state = learned([1.0, 2.0]).state()
    with pytest.raises(CorruptModel):
        restore_number_step(state | damage)
