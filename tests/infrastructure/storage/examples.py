"""Things to store."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pynomaly.application.ports.stores import ModelArtifact, ScoredRows


def model(seed: int = 0) -> ModelArtifact:
    rng = np.random.default_rng(seed)
    return ModelArtifact(
        manifest={"algorithm": "ecod", "parameters": {"share": 0.1, "n": 100, "none": None}, "words": ["ä", "☂"]},
        arrays={
            "tree.left": rng.integers(-1, 50, size=40, dtype=np.int32),
            "tree.threshold": rng.normal(size=40),
            "is_leaf": rng.random(40) < 0.5,
            "bins": rng.integers(0, 255, size=(4, 3), dtype=np.uint8),
        },
    )


def assert_same_model(found: ModelArtifact, expected: ModelArtifact) -> None:
    assert found.manifest == expected.manifest
    assert found.arrays.keys() == expected.arrays.keys()
    for name, array in expected.arrays.items():
        assert_same_bits(found.arrays[name], array)


def assert_same_bits(found: NDArray[Any], expected: NDArray[Any]) -> None:
    assert found.shape == expected.shape
    assert found.dtype == expected.dtype
    assert found.tobytes() == expected.tobytes()


def scored(n_rows: int = 4, **changes: Any) -> ScoredRows:
    rng = np.random.default_rng(n_rows)
    settings = {
        "scores": rng.normal(size=n_rows),
        "p_values": rng.random(n_rows),
        "probabilities": rng.random(n_rows),
        "severities": 100.0 * rng.random(n_rows),
        "is_anomaly": rng.random(n_rows) < 0.5,
        "identifier_name": "customer",
        "identifiers": [f"c{number}" for number in range(n_rows)],
    }
    return ScoredRows(**(settings | changes))


def assert_same_rows(found: ScoredRows, expected: ScoredRows) -> None:
    assert_same_bits(found.scores, expected.scores)
    assert_same_bits(found.p_values, expected.p_values)
    assert_same_bits(found.is_anomaly, expected.is_anomaly)
    for known, same in ((found.probabilities, expected.probabilities), (found.severities, expected.severities)):
        assert (known is None) == (same is None)
        if known is not None and same is not None:
            assert_same_bits(known, same)
    assert found.identifier_name == expected.identifier_name
    assert (found.identifiers is None) == (expected.identifiers is None)
    assert list(found.identifiers or ()) == list(expected.identifiers or ())
