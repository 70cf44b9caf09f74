import json

import numpy as np
import pyarrow as pa
import pytest

from pynomaly.domain.errors import CorruptModel
from pynomaly.infrastructure.data.steps.robust_scale import NEAR_KNEE
from pynomaly.infrastructure.data.steps.text_step import MEASURES, TextStep, learn_text_step, restore_text_step

NOTES = ["Paid on time.", "Called twice, no answer", "OK", "Will pay 20 on Friday", None, "Moved; new address follows"]


def learned() -> TextStep:
    return learn_text_step("note", pa.chunked_array([NOTES]), knee=NEAR_KNEE)


def filled(step: TextStep, cells: list[str | None]) -> np.ndarray:
    read = step.read(pa.chunked_array([pa.array(cells, pa.string())]))
    out = np.empty((len(read), len(step.features)))
    step.fill(read.combine_chunks(), out)
    return out


def test_each_measure_moves_with_what_it_measures() -> None:
    step = learned()
    assert step.features == tuple(f"note: {measure}" for measure in MEASURES)
    plain, longer, wordy, digits, capitals, marks = filled(
        step, ["abcd ef", "abcdabcdabcd ef", "a b c d", "1234 56", "ABCD EF", "!?!? ;;"]
    )
    assert longer[0] > plain[0]
    assert wordy[1] > plain[1]
    assert digits[2] > plain[2]
    assert capitals[3] > plain[3]
    assert marks[4] > plain[4]


def test_a_missing_text_is_an_empty_one() -> None:
    step = learned()
    assert filled(step, [None]).tobytes() == filled(step, [""]).tobytes() == filled(step, ["  "]).tobytes()


def test_a_text_measures_the_same_alone_and_in_company() -> None:
    step = learned()
    together = filled(step, NOTES)
    assert all(filled(step, [note]).tobytes() == row.tobytes() for note, row in zip(NOTES, together, strict=True))


def test_an_endless_text_stays_finite() -> None:
    assert np.isfinite(filled(learned(), ["x" * 10**6])).all()


def test_what_is_typical_is_said_in_words() -> None:
    assert learned().typical.most_frequent == "a text of 0–26 characters"


def test_a_stored_step_fills_the_same_bits() -> None:
    step = learned()
    again = restore_text_step(json.loads(json.dumps(step.state(), allow_nan=False)))
    assert filled(again, NOTES).tobytes() == filled(step, NOTES).tobytes()


@pytest.mark.parametrize("damage", [{"scales": []}, {"scales": [{}] * 5}, {"scales": None}])
def test_a_damaged_step_is_refused(damage: dict[str, object]) -> None:
    with pytest.raises(CorruptModel):
        restore_text_step(learned().state() | damage)
