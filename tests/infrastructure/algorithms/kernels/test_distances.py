import numpy as np
import pytest
from scipy.special import logsumexp

from pynomaly.infrastructure.algorithms.kernels.compiled import kernels_in_use, native_kernels
from pynomaly.infrastructure.algorithms.kernels.distances import log_kernel_sums, mean_innermost_values
from pynomaly.infrastructure.algorithms.kernels.distances_twin import packed_groups, squares_between, unpacked_groups

PATHS = [*kernels_in_use().instruction_sets, "numpy"]


def rows_and_queries(n_rows: int, n_features: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(n_rows)
    return rng.normal(size=(n_rows, n_features)), rng.normal(size=(30, n_features)) * rng.lognormal(size=(30, 1))


def test_groups_are_unpacked_to_the_rows_and_filled_with_infinity():
    rows = np.arange(20.0).reshape(10, 2)
    unpacked = unpacked_groups(packed_groups(rows), 2)
    assert np.array_equal(unpacked[:10], rows)
    assert np.isposinf(unpacked[10:]).all()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("n_rows", "n_features"), [(1, 1), (8, 3), (63, 5), (65, 2), (300, 17)])
def test_kernel_sums_are_those_of_scipy(path, n_rows, n_features):
    rows, queries = rows_and_queries(n_rows, n_features)
    expected = logsumexp(-0.7 * squares_between(queries, rows), axis=1)
    sums = log_kernel_sums(packed_groups(rows), 0.7, queries, path=path)
    np.testing.assert_allclose(sums, expected, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("path", PATHS)
def test_exponentials_are_right_to_the_last_places(path):
    exponents = np.concatenate([np.linspace(0, 40, 401), np.linspace(50, 700, 40)])
    gaps = np.sqrt(exponents)
    pairs = [packed_groups(np.array([[0.0], [gap]])) for gap in gaps]
    sums = [log_kernel_sums(pair, 1.0, np.zeros((1, 1)), path=path)[0] for pair in pairs]
    np.testing.assert_allclose(np.exp(sums), 1 + np.exp(-(gaps**2)), rtol=1e-15)


@pytest.mark.parametrize("path", PATHS)
def test_where_every_square_overflows_the_sum_is_nothing(path):
    with np.errstate(divide="ignore"):
        assert np.isneginf(log_kernel_sums(packed_groups(np.zeros((3, 2))), 1.0, np.full((1, 2), 1e200), path=path))


@pytest.mark.skipif(native_kernels is None, reason="built without a compiler")
def test_kernel_sums_have_the_same_bits_on_every_compiled_path_and_alone():
    rows, queries = rows_and_queries(300, 7)
    first, *others = [log_kernel_sums(packed_groups(rows), 0.7, queries, path=path) for path in PATHS[:-1]]
    for other in others:
        assert np.array_equal(other, first)
    alone = [log_kernel_sums(packed_groups(rows), 0.7, query[None])[0] for query in queries]
    assert np.array_equal(alone, first)


@pytest.mark.parametrize("path", PATHS)
def test_the_first_ball_that_holds_a_row_gives_its_value(path):
    centres = np.array([[[0.0], [10.0]], [[0.0], [0.5]]])
    cells = np.array([packed_groups(one) for one in centres])
    radii, values = np.full((2, 8), -1.0), np.zeros((2, 8))
    radii[:, :2] = [[1.0, 4.0], [1.0, 4.0]]
    values[:, :2] = [[0.25, 0.5], [0.125, 0.75]]
    queries = np.array([[0.0], [12.0], [2.5], [1.0], [99.0]])
    means = mean_innermost_values(cells, radii, values, queries, path=path)
    assert means.tolist() == [0.1875, 0.75, 0.875, 0.1875, 1.0]


@pytest.mark.skipif(native_kernels is None, reason="built without a compiler")
def test_arrays_that_do_not_fit_are_refused_before_anything_is_read():
    cells, queries = packed_groups(np.zeros((9, 2))), np.zeros((3, 2))
    with pytest.raises(ValueError, match="do not fit"):
        native_kernels.log_kernel_sums(cells.ravel()[:-1].copy(), 2, 1.0, queries, np.empty(3), None)
    with pytest.raises(ValueError, match="do not fit"):
        native_kernels.log_kernel_sums(cells, 2, 1.0, queries, np.empty(4), None)
    slots = np.zeros(16)
    for changed in ((1, slots[:8]), (2, slots[:8]), (0, cells[:1])):
        arguments = [cells, slots, slots]
        arguments[changed[0]] = changed[1]
        with pytest.raises(ValueError, match="do not fit"):
            native_kernels.mean_innermost_values(
                arguments[0], 1, 2, arguments[1], arguments[2], queries, np.empty(3), None
            )
    with pytest.raises(ValueError, match="no 'neon' path"):
        native_kernels.log_kernel_sums(cells, 2, 1.0, queries, np.empty(3), "neon")
