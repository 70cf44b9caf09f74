"""What every model that goes on learning must do."""

import numpy as np
import pytest

from pynomaly.application.ports.algorithm import LearnsOnline, ModelState
from pynomaly.domain.errors import ColumnMismatch, InvalidData
from tests.conformance.trained import CATALOG, as_if_stored, trained

LEARNS_ONLINE = {"half_space_trees", "loda", "robust_ewma"}


def stream(name: str, n_rows: int = 700) -> np.ndarray:
    """Return rows of another regime than the model was fitted on: 6 standard deviations higher in every column."""
    one = trained(name)
    rows = np.random.default_rng(5).normal(size=(n_rows, one.rows.shape[1])) + 6
    return rows.astype(one.rows.dtype)


def as_bytes(state: ModelState) -> dict[str, object]:
    return {name: array.tobytes() for name, array in state.arrays.items()} | dict(state.scalars)


def test_a_model_learns_online_if_and_only_if_that_is_known(any_algorithm):
    assert isinstance(trained(any_algorithm).model, LearnsOnline) == (any_algorithm in LEARNS_ONLINE)


@pytest.mark.parametrize("name", sorted(LEARNS_ONLINE))
@pytest.mark.parametrize("block_rows", [1, 64, 251])
def test_learning_in_one_block_and_in_many_gives_the_same_state(name, block_rows):
    rows, model = stream(name), trained(name).model
    for start in range(0, len(rows), block_rows):
        model = model.learn(rows[start : start + block_rows])
    assert as_bytes(model.state()) == as_bytes(trained(name).model.learn(rows).state())


@pytest.mark.parametrize("name", sorted(LEARNS_ONLINE))
def test_learning_leaves_the_old_model_and_the_rows_as_they_are(name):
    rows, model = stream(name), trained(name).model
    before, read_only = as_bytes(model.state()), rows.copy()
    read_only.flags.writeable = False
    model.learn(read_only)
    assert as_bytes(model.state()) == before
    assert np.array_equal(model.score(trained(name).rows), trained(name).scores)


@pytest.mark.parametrize("name", sorted(LEARNS_ONLINE))
def test_learning_nothing_changes_nothing(name):
    model = trained(name).model
    assert as_bytes(model.learn(stream(name, 0)).state()) == as_bytes(model.state())


@pytest.mark.parametrize("name", sorted(LEARNS_ONLINE))
def test_the_state_does_not_grow_with_the_rows_learned(name):
    def size(model):
        return {key: (array.shape, array.dtype) for key, array in model.state().arrays.items()}

    assert size(trained(name).model.learn(stream(name, 2000))) == size(trained(name).model)


@pytest.mark.parametrize("name", sorted(LEARNS_ONLINE))
def test_a_restored_model_goes_on_learning_alike(name):
    first, rest = np.split(stream(name), [333])
    model = trained(name).model.learn(first)
    restored = CATALOG.restore(name, as_if_stored(model.state()))
    assert as_bytes(restored.learn(rest).state()) == as_bytes(model.learn(rest).state())
    assert np.array_equal(restored.learn(rest).score(rest), model.learn(rest).score(rest))


@pytest.mark.parametrize("name", sorted(LEARNS_ONLINE))
def test_a_new_regime_is_strange_until_it_was_learned(name):
    rows, model = stream(name), trained(name).model
    usual = np.median(trained(name).scores)
    before, after = model.score(rows), model.learn(rows).score(rows)
    assert np.median(before) > usual
    assert (after < before).mean() > 0.95


@pytest.mark.parametrize("name", sorted(LEARNS_ONLINE))
def test_learning_refuses_what_scoring_refuses(name):
    rows = stream(name)
    with pytest.raises(ColumnMismatch):
        trained(name).model.learn(rows[:, 1:])
    rows[0, 0] = np.nan
    with pytest.raises(InvalidData):
        trained(name).model.learn(rows)
