import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.errors import CorruptModel, NotStorable
from pynomaly.infrastructure.algorithms.pyod_adapter.algorithm import PyodAlgorithm
from pynomaly.infrastructure.algorithms.pyod_adapter.stored_sample import STORABLE_CELLS, probe_rows, stored_sample
from pynomaly.infrastructure.algorithms.pyod_adapter.table import PYOD_TABLE
from tests.infrastructure.algorithms.pyod_adapter.examples import INDUCTIVE, TRANSDUCTIVE, fit, planted_table, table_for

RESTORE_ALL = """
import json, sys
import numpy as np
from pathlib import Path
from pynomaly.application.ports.algorithm import ModelState
from pynomaly.infrastructure.algorithms.pyod_adapter.algorithm import PyodAlgorithm
from pynomaly.infrastructure.algorithms.pyod_adapter.table import PYOD_TABLE

folder = Path(sys.argv[1])
for name, scalars in json.loads((folder / "scalars.json").read_text()).items():
    stored = np.load(folder / f"{name}.npz", allow_pickle=False)
    arrays = {key: stored[key] for key in ("training_rows", "probe_scores")}
    model = PyodAlgorithm.restore(PYOD_TABLE[name].description, ModelState(arrays, scalars))
    np.save(folder / f"{name}.npy", model.score(stored["asked"]))
"""


def test_every_inductive_detector_scores_bit_equal_when_restored_in_a_new_process(tmp_path):
    expected, scalars = {}, {}
    for name in INDUCTIVE:
        rows = table_for(name)
        asked = np.vstack([rows, np.random.default_rng(4).normal(size=rows.shape)])
        model = fit(name, rows)
        state = model.state()
        expected[name], scalars[name] = model.score(asked), state.scalars
        np.savez(tmp_path / f"{name}.npz", asked=asked, **state.arrays)
    (tmp_path / "scalars.json").write_text(json.dumps(scalars))
    subprocess.run([sys.executable, "-W", "error", "-c", RESTORE_ALL, str(tmp_path)], check=True)

    for name in INDUCTIVE:
        assert np.array_equal(np.load(tmp_path / f"{name}.npy"), expected[name]), name


def state_of(name: str = "pyod.knn") -> ModelState:
    return fit(name, table_for(name)).state()


def restore(state: ModelState, name: str = "pyod.knn"):
    return PyodAlgorithm.restore(PYOD_TABLE[name].description, state)


@pytest.mark.parametrize("name", TRANSDUCTIVE)
def test_a_transductive_detector_is_never_restored(name):
    with pytest.raises(NotStorable, match="table it was fitted on"):
        restore(state_of(), name)


def test_a_changed_training_row_is_noticed_by_the_scores():
    state = state_of()
    rows = state.arrays["training_rows"].copy()
    rows[7] += 0.5

    with pytest.raises(CorruptModel, match="gives other scores than before"):
        restore(replace(state, arrays={**state.arrays, "training_rows": rows}))


def test_another_version_that_scores_differently_is_named():
    state = state_of()
    versions = {**state.scalars["versions"], "scikit-learn": "0.1"}
    changed = replace(
        state,
        arrays={**state.arrays, "probe_scores": state.arrays["probe_scores"] + 1e-12},
        scalars={**state.scalars, "versions": versions},
    )

    with pytest.raises(CorruptModel, match=r"scikit-learn 0\.1 -> .*train it again"):
        restore(changed)


def test_another_version_that_scores_the_same_is_accepted():
    state = state_of()
    versions = {**state.scalars["versions"], "scipy": "0.1"}

    assert restore(replace(state, scalars={**state.scalars, "versions": versions})).score(planted_table()).size == 80


def test_settings_other_than_the_rows_are_refused():
    state = state_of()
    for settings in ({}, {"n_neighbors": 0, "method": "mean"}, {"n_neighbors": [5], "method": "mean"}, None):
        with pytest.raises(CorruptModel):
            restore(replace(state, scalars={**state.scalars, "settings": settings}))


def test_rows_that_cannot_be_learned_from_are_a_corrupt_model():
    state = state_of()
    rows = np.ones_like(state.arrays["training_rows"])

    with pytest.raises(CorruptModel, match="cannot be learned from"):
        restore(replace(state, arrays={**state.arrays, "training_rows": rows}))


def test_more_rows_than_the_detector_takes_are_refused_before_anything_is_fitted():
    state = state_of("pyod.kde")
    rows = np.zeros((20_001, 4))

    with pytest.raises(CorruptModel, match="too few or too many rows"):
        restore(replace(state, arrays={**state.arrays, "training_rows": rows}), "pyod.kde")


def test_a_large_training_table_is_not_storable_and_the_sentence_says_what_to_do():
    rows = np.broadcast_to(0.0, (STORABLE_CELLS // 10 + 1, 10))

    with pytest.raises(NotStorable, match=r"at most 10000000 cells.*train on a sample, or use isolation_forest"):
        stored_sample(rows, {}, 0, lambda asked: asked[:, 0], PYOD_TABLE["pyod.iforest"])


def test_probes_are_spread_over_the_table():
    assert probe_rows(3).tolist() == [0, 1, 2]
    assert probe_rows(1000)[[0, -1]].tolist() == [0, 999]
    assert probe_rows(1000).size == 64
