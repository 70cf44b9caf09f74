import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from pynomaly.infrastructure.algorithms import nearest_point as module
from pynomaly.infrastructure.algorithms.nearest_point import nearest_point


def nearest_of(points: np.ndarray) -> np.ndarray:
    return nearest_point(lambda w: points[np.argmin(points @ w)], points[0], tolerance=1e-10)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([[1.0, 1.0], [1.0, -1.0]], [1.0, 0.0]),
        ([[1.0, 1.0], [2.0, -1.0], [5.0, 5.0]], [1.2, 0.6]),
        ([[3.0, 4.0]], [3.0, 4.0]),
        ([[2.0, 0.0], [2.0, 0.0], [2.0, 1.0]], [2.0, 0.0]),
    ],
)
def test_the_nearest_points_of_small_hulls_are_those_one_can_draw(points, expected):
    np.testing.assert_allclose(nearest_of(np.array(points)), expected, atol=1e-9)


@settings(max_examples=30)
@given(n_points=st.integers(1, 30), n_axes=st.integers(1, 8), seed=st.integers(0, 1000))
def test_no_point_of_the_hull_is_nearer(n_points: int, n_axes: int, seed: int) -> None:
    points = np.random.default_rng(seed).normal(size=(n_points, n_axes)) + 1
    nearest = nearest_of(points)
    assert (points @ nearest).min() >= nearest @ nearest * (1 - 1e-8) - 1e-8


def test_a_general_solver_finds_the_same_point():
    points = np.random.default_rng(0).normal(size=(12, 4)) + 2
    solved = minimize(
        lambda shares: ((shares @ points) ** 2).sum(),
        np.full(12, 1 / 12),
        bounds=[(0, 1)] * 12,
        constraints={"type": "eq", "fun": lambda shares: shares.sum() - 1},
        options={"ftol": 1e-14},
    )
    np.testing.assert_allclose(nearest_of(points), solved.x @ points, atol=1e-4)


def test_the_search_ends(monkeypatch):
    monkeypatch.setattr(module, "MAX_POINTS", 3)
    points = np.random.default_rng(0).normal(size=(500, 50)) + 0.1
    assert nearest_of(points) @ nearest_of(points) < points[0] @ points[0]
