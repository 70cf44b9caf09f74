import jax
import jax.numpy as jnp
import numpy as np
import pytest

from pynomaly.infrastructure.algorithms.jax_models.learning_rows import steps_for
from pynomaly.infrastructure.algorithms.jax_models.randomness import uniform_numbers
from pynomaly.infrastructure.algorithms.jax_models.training import Plan, train


def distance(centre, fixed, rows, weights, is_column, key):
    """A network of nothing but a point, which comes to rest at the mean of its rows."""
    del fixed, key
    return jnp.mean(weights * jnp.sum((rows - centre) ** 2 * is_column, axis=1))


def plan(row_weights, n_steps=600):
    n_members = row_weights.shape[1]
    return Plan(distance, np.zeros((n_members, 4), np.float32), None, row_weights, 32, n_steps, 0.05)


@pytest.fixture(scope="module")
def rows():
    return np.random.default_rng(0).normal([3.0, -1.0, 0.5], 0.3, size=(200, 3))


def test_each_member_learns_from_the_rows_it_heeds(rows):
    first_half = np.arange(200) < 100
    rows = np.where(first_half[:, None], rows, -rows)
    weights = np.column_stack([first_half, ~first_half]).astype(np.float32)
    found = train(plan(weights), rows, seed=0)
    np.testing.assert_allclose(found[0, :3], rows[:100].mean(axis=0), atol=0.1)
    np.testing.assert_allclose(found[1, :3], rows[100:].mean(axis=0), atol=0.1)


def test_padding_is_never_drawn_nor_changed(rows):
    found = train(plan(np.ones((200, 2))), rows, seed=0)
    assert found[:, 3].tolist() == [0.0, 0.0]
    np.testing.assert_allclose(found[0], found[1], rtol=1e-6)


def test_the_seed_decides(rows):
    weights = np.ones((200, 2))
    first, same, other = (train(plan(weights, n_steps=20), rows, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)


def test_what_the_process_has_set_for_jax_is_neither_used_nor_changed(rows):
    weights = np.ones((200, 2))
    expected = train(plan(weights, n_steps=20), rows, seed=1)
    with jax.enable_x64(True):
        found = train(plan(weights, n_steps=20), rows, seed=1)
        assert jnp.ones(1).dtype == np.float64
    assert found.dtype == np.float32
    assert np.array_equal(found, expected)
    assert jnp.ones(1).dtype == np.float32


@pytest.mark.parametrize(
    ("n_rows", "n_epochs", "expected"), [(10, None, 300), (3200, None, 1000), (10**6, None, 2000), (100, 3, 6)]
)
def test_a_run_is_twenty_epochs_within_bounds_or_those_asked_for(n_rows, n_epochs, expected):
    assert steps_for(n_rows, 64, n_epochs, fewest=300, most=2000) == expected


def test_random_numbers_depend_on_seed_and_purpose_and_fill_the_unit_interval():
    first, same, other_seed, other_purpose = (
        uniform_numbers(*which, 40, 50) for which in ((0, 1), (0, 1), (1, 1), (0, 2))
    )
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other_seed)
    assert not np.array_equal(first, other_purpose)
    assert first.shape == (40, 50)
    assert 0 <= first.min() < 0.01 < 0.99 < first.max() < 1
