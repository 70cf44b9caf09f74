import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.errors import CorruptModel
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.jax_models.autoencoder_ensemble import AutoencoderEnsemble
from pynomaly.infrastructure.algorithms.jax_models.one_hidden_layer import OneHiddenLayer

ALGORITHM = AutoencoderEnsemble(n_members=8)


def matrix(rows):
    return FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))


@pytest.fixture(scope="module")
def rows():
    """Three columns that follow one another, and a tenth of rows that do not."""
    rng = np.random.default_rng(0)
    shared = rng.normal(size=(250, 1))
    rows = np.hstack([shared, shared**2, -shared]) + 0.05 * rng.normal(size=(250, 3))
    rows[225:] = rng.uniform(-2, 4, size=(25, 3))
    return rows


@pytest.fixture(scope="module")
def model(rows):
    return ALGORITHM.fit(matrix(rows), seed=0)


def test_rows_that_break_the_relation_score_higher_though_they_were_trained_on(rows, model):
    scores = model.score(rows)
    usual, odd = scores[:225], scores[225:]
    assert np.mean(odd[:, None] > usual[None, :]) > 0.9


def test_the_networks_that_score_are_those_that_jax_runs(rows, model):
    network = OneHiddenLayer(model.inner, model.inner_bias[:, None], model.outer, model.outer_bias[:, None])
    standard = model.standardiser.apply(rows).astype(np.float32)
    errors = np.mean((np.asarray(network(standard[None])) - standard) ** 2, axis=2)
    deviations = (np.log(1e-6 + errors) - model.level[:, None]) / model.spread[:, None]
    expected = np.sort(deviations, axis=0)[2:6].mean(axis=0)
    np.testing.assert_allclose(model.score(rows), expected, rtol=1e-5, atol=1e-5)


def test_members_differ_by_their_cuts(model):
    is_cut = model.inner == 0
    assert 0.1 < is_cut.mean() < 0.5
    assert not np.array_equal(is_cut[0], is_cut[1])


def test_disagreement_is_the_spread_of_the_members(rows, model):
    some = rows[:40]
    alone = [
        replace(
            model,
            inner=model.inner[at],
            inner_bias=model.inner_bias[at],
            outer=model.outer[at],
            outer_bias=model.outer_bias[at],
            level=model.level[at],
            spread=model.spread[at],
        ).score(some)
        for at in (slice(m, m + 1) for m in range(8))
    ]
    np.testing.assert_allclose(model.disagreement(some), np.std(alone, axis=0), rtol=1e-9)


def test_a_usual_row_scores_about_zero(rows, model):
    assert abs(np.median(model.score(rows))) < 0.5


def test_another_seed_gives_other_members(rows, model):
    other = ALGORITHM.fit(matrix(rows), seed=1)
    assert not np.array_equal(other.inner, model.inner)


def test_a_table_of_equal_rows_is_survived():
    model = ALGORITHM.fit(matrix(np.full((20, 3), 4.0)), seed=0)
    assert np.isfinite(model.score(np.array([[4.0, 4.0, 4.0], [0.0, 1e30, -1e30]]))).all()


def test_a_spread_of_nothing_is_refused(model):
    state = model.state()
    broken = {**state.arrays, "spread": np.zeros(8)}
    with pytest.raises(CorruptModel, match="spread"):
        AutoencoderEnsemble.restore(ModelState(broken, state.scalars))


def test_restoring_and_scoring_need_no_jax():
    modules = ("autoencoder_ensemble", "score_matching", "normalizing_flow")
    program = f"""
import sys
from importlib import import_module
for name in {modules}:
    import_module("pynomaly.infrastructure.algorithms.jax_models." + name)
print("jax" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
