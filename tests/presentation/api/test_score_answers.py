import json

import numpy as np

from pynomaly.application.ports.stores import ScoredRows
from pynomaly.application.use_cases.score_rows import ScoredBatch
from pynomaly.presentation.api.schemas.scores import ScoresAnswer
from pynomaly.presentation.api.score_answers import about, json_answer


def batch(probabilities: np.ndarray | None = None, threshold: float | None = 0.5) -> ScoredBatch:
    values = np.array([10.0, 60.0])
    rows = ScoredRows(
        np.array([0.25, 0.75]), np.array([1.0, 0.1]), probabilities, np.array([False, True]), severities=values
    )
    return ScoredBatch("e" * 32, 3, rows, threshold, ("ignored: 'ü'",))


def test_an_answer_has_the_documented_form() -> None:
    document = json.loads(json_answer(batch()))
    assert ScoresAnswer.model_validate(document).model_dump() == document
    assert document == {
        "detector_id": "e" * 32,
        "version": 3,
        "n_rows": 2,
        "n_anomalies": 1,
        "score_threshold": 0.5,
        "scores": [0.25, 0.75],
        "severities": [10.0, 60.0],
        "p_values": [1.0, 0.1],
        "probabilities": None,
        "is_anomaly": [False, True],
        "notes": ["ignored: 'ü'"],
    }


def test_doubles_come_back_as_they_were() -> None:
    values = np.random.default_rng(0).random(500)
    rows = ScoredRows(values, values, values, values > 0.5)
    document = json.loads(json_answer(ScoredBatch("e" * 32, 1, rows, None, ())))
    for name in ("scores", "p_values", "probabilities"):
        assert np.array(document[name]).tobytes() == values.tobytes()


def test_a_line_beyond_all_numbers_is_null() -> None:
    assert b"Infinity" not in json_answer(batch(threshold=float("inf")))
    assert json.loads(json_answer(batch(threshold=float("inf"))))["score_threshold"] is None


def test_an_arrow_answer_says_the_same_beside_its_columns() -> None:
    assert about(batch()) == {
        "detector_id": "e" * 32,
        "version": "3",
        "score_threshold": "0.5",
        "notes": "[\"ignored: 'ü'\"]",
    }
