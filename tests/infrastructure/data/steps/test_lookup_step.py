import json
import math

import numpy as np
import pyarrow as pa
import pytest

from pynomaly.domain.errors import CorruptModel
from pynomaly.infrastructure.data.steps.lookup_step import (
    MAX_WORDS,
    LookupStep,
    learn_boolean_step,
    learn_category_step,
    restore_lookup_step,
)


def category(cells: list[str | None], knee: float | None = None) -> LookupStep:
    step = learn_category_step("country", pa.chunked_array([pa.array(cells, pa.string())]), knee=knee)
    assert step is not None
    return step


def boolean(cells: object, knee: float | None = None) -> LookupStep:
    return learn_boolean_step("paid", pa.chunked_array([pa.array(cells)]), knee=knee)


def filled(step: LookupStep, cells: object, **options: object) -> list[float]:
    read = step.read(pa.chunked_array([pa.array(cells, **options)]))
    out = np.empty((len(read), len(step.features)))
    step.fill(read.combine_chunks(), out)
    return out[:, 0].tolist()


def test_a_word_is_as_strange_as_the_share_of_rows_with_words_at_most_as_frequent() -> None:
    step = category(["ch"] * 6 + ["it"] * 3 + ["fr"] * 1)
    assert filled(step, ["ch", "it", "fr"]) == pytest.approx([0.0, -math.log(0.4), -math.log(0.1)])


def test_words_are_the_same_whatever_their_case_and_blanks() -> None:
    step = category(["Tuesday", " tuesday ", "TUESDAY", "monday", "Monday", "Sunday"])
    assert len(set(filled(step, ["tuesday", "TUESDAY ", "Tuesday"]))) == 1


def test_a_new_word_is_stranger_than_any_where_all_were_known() -> None:
    step = category(["ch"] * 50 + ["it"] * 50)
    assert filled(step, ["zz"])[0] == pytest.approx(-math.log(0.5 / 100))
    assert "1 cells hold a value never seen" in step.surprises(step.read(pa.chunked_array([["zz", "ch"]])))[0]


def test_a_new_word_is_ordinary_where_most_words_come_once() -> None:
    step = category([f"user {i}" for i in range(98)] + ["root"] * 2)
    assert filled(step, ["user new"])[0] < 0.05
    assert not step.surprises(step.read(pa.chunked_array([["user new"]])))


def test_a_rarer_word_is_never_less_strange() -> None:
    step = category([f"once {i}" for i in range(5)] + ["twice"] * 2 + ["thrice"] * 3 + ["often"] * 90)
    numbers = filled(step, ["new", "once 1", "twice", "thrice", "often"])
    assert numbers == sorted(numbers, reverse=True)


def test_missing_is_a_word_like_any_other() -> None:
    seldom = category(["ch"] * 9 + [None])
    often = category(["ch"] * 2 + [None, " "] * 4)
    assert filled(seldom, [None], type=pa.string())[0] == pytest.approx(-math.log(0.1))
    assert filled(often, [None], type=pa.string()) == [0.0]


def test_missing_that_never_was_is_the_strangest() -> None:
    assert filled(category(["ch"] * 5), [None], type=pa.string())[0] == pytest.approx(-math.log(0.5 / 5))


def test_words_that_all_come_once_teach_nothing() -> None:
    assert learn_category_step("name", pa.chunked_array([["a", "b", "c"]]), knee=None) is None


def test_more_words_than_fit_the_table_join_the_pool() -> None:
    step = category([f"w{i}" for i in range(MAX_WORDS + 500)] * 2)
    assert len(step.words) == MAX_WORDS
    assert not step.is_complete


def test_yes_is_one_and_no_is_zero_in_any_spelling() -> None:
    assert filled(boolean(["yes", "no"]), [" YES", "N", "t", "False", "1"]) == [1.0, 0.0, 1.0, 0.0, 1.0]
    assert filled(boolean([True, False]), [True, False]) == [1.0, 0.0]
    assert filled(boolean([True, False]), ["yes", "no"]) == [1.0, 0.0]


def test_a_missing_answer_lies_between_where_answers_were_missing() -> None:
    step = boolean(["yes", "no"] * 20 + [None])
    assert filled(step, [None, "perhaps"]) == [0.5, 0.5]
    assert step.features == ("paid", "paid missing")


def test_a_missing_answer_lies_beyond_the_rarer_one_where_none_was_missing() -> None:
    assert filled(boolean(["yes", "no", "no"]), [None], type=pa.string()) == [2.0]
    assert filled(boolean(["yes", "yes", "no"]), [None], type=pa.string()) == [-1.0]


def test_scaling_gives_rare_answers_the_weight_of_their_rarity() -> None:
    rare, even = boolean([True] + [False] * 99, knee=10.0), boolean([True, False] * 50, knee=10.0)
    assert np.ptp(filled(rare, [True, False])) > np.ptp(filled(even, [True, False]))


def test_the_most_frequent_word_is_shown_in_its_usual_spelling() -> None:
    typical = category(["Tuesday", "Tuesday", "tuesday", "Monday"]).typical
    assert (typical.most_frequent, typical.share) == ("Tuesday", 0.75)


@pytest.mark.parametrize("knee", [None, 10.0])
def test_a_stored_step_fills_the_same_bits(knee: float | None) -> None:
    cells = ["ch", "ch", "it", "it", "it", None, "fr"]
    step = category(cells, knee)
    again = restore_lookup_step(json.loads(json.dumps(step.state(), allow_nan=False)))
    assert filled(again, cells) == filled(step, cells)
    assert again.typical == step.typical


@pytest.mark.parametrize(
    "damage",
    [
        {"words": ["a"]},
        {"words": ["ch", "ch"], "numbers": [0, 0, 0, 0]},
        {"words": [1]},
        {"numbers": "0"},
        {"numbers": [None]},
    ],
)
def test_a_damaged_step_is_refused(damage: dict[str, object]) -> None:
    with pytest.raises(CorruptModel):
        restore_lookup_step(category(["ch", "ch", "it", "it"]).state() | damage)
