import numpy as np
import pytest
from scipy.spatial.distance import cdist

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.errors import CorruptModel
from pynomaly.infrastructure.algorithms.kernel_expansion import KernelExpansion, KernelSpace, radial_kernel


def expansion(gamma=None, n_support=30):
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(200, 3)) * 2 + 1e6
    space = KernelSpace.of(rows, gamma)
    support = space.place(rows[:n_support]).astype(np.float32)
    return KernelExpansion(space, support, rng.normal(size=n_support), np.array([0.5]))


@pytest.mark.parametrize("gamma", [None, 0.01, 3.0, 1e6])
def test_scores_are_the_offset_less_the_weighted_kernels(gamma):
    model = expansion(gamma)
    rows = np.random.default_rng(1).normal(size=(500, 3)) * 2 + 1e6
    kernel = np.exp(-cdist(model.space.place(rows), model.support.astype(np.float64), "sqeuclidean"))
    np.testing.assert_allclose(model.score(rows), 0.5 - kernel @ model.weights, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("spread", [1.0, 1e2, 1e6])
def test_the_kernel_loses_no_digits_however_wide_the_rows_lie(spread):
    support = np.random.default_rng(0).normal(size=(50, 4)) * spread
    placed = support + 0.3
    expected = np.exp(-cdist(placed, support, "sqeuclidean"))
    np.testing.assert_allclose(radial_kernel(placed, support), expected, rtol=1e-9, atol=1e-300)


def test_the_width_follows_the_variance_of_all_values():
    rows = np.random.default_rng(0).normal(size=(100, 4)) * 3
    assert KernelSpace.of(rows, None).scale[0] == pytest.approx((4 * rows.var()) ** -0.5)
    assert KernelSpace.of(np.ones((5, 2)), None).scale[0] == 1.0


@pytest.mark.parametrize("scale", [1e-150, 1e200, 1e308])
def test_values_of_any_size_give_finite_scores(scale):
    rows = np.random.default_rng(0).uniform(-1, 1, size=(50, 3)) * scale
    space = KernelSpace.of(rows, None)
    model = KernelExpansion(space, space.place(rows).astype(np.float32), np.ones(50), np.zeros(1))
    assert np.isfinite(model.score(rows)).all()
    assert np.isfinite(model.score(np.full((1, 3), -1.7e308))).all()


@pytest.mark.parametrize(
    ("name", "value"),
    [("scale", [-1.0]), ("weights", np.full(30, 1e300)), ("offset", [1e300]), ("centre", [1e200] * 3)],
)
def test_a_state_out_of_bounds_is_refused(name, value):
    state = expansion().state()
    with pytest.raises(CorruptModel, match="outside"):
        KernelExpansion.restore(ModelState({**state.arrays, name: np.array(value)}))
