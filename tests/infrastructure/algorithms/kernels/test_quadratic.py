import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynomaly.infrastructure.algorithms.kernels.compiled import kernels_in_use, native_kernels
from pynomaly.infrastructure.algorithms.kernels.quadratic import MAX_FEATURES, packed_triangle, squared_lengths

COMPILED_PATHS = kernels_in_use().instruction_sets


def form(n_rows: int, n_features: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(n_rows, n_features)) * 10.0 ** rng.integers(-3, 4, n_features) + 5
    return rows, rng.normal(size=n_features), rng.normal(size=(n_features, n_features))


@settings(max_examples=60)
@given(n_rows=st.integers(0, 150), n_features=st.integers(1, MAX_FEATURES), seed=st.integers(0, 1000))
def test_every_path_gives_the_squared_length_of_the_mapped_row(n_rows: int, n_features: int, seed: int) -> None:
    rows, centre, root = form(n_rows, n_features, seed)
    triangle = packed_triangle(root)
    expected = (((rows - centre) @ root) ** 2).sum(axis=1)
    for path in (None, "numpy", *COMPILED_PATHS):
        np.testing.assert_allclose(squared_lengths(rows, centre, triangle, path=path), expected, rtol=1e-9)


@pytest.mark.skipif(native_kernels is None, reason="built without a compiler")
@pytest.mark.parametrize("n_features", [1, 2, 7, 10, 33, 64])
@pytest.mark.parametrize("n_rows", [1, 3, 4, 8, 31, 32, 33, 100])
def test_all_compiled_paths_give_the_same_bits_alone_and_in_a_batch(n_rows: int, n_features: int) -> None:
    rows, centre, root = form(n_rows, n_features)
    triangle = packed_triangle(root)
    lengths = squared_lengths(rows, centre, triangle)
    for path in COMPILED_PATHS:
        assert np.array_equal(squared_lengths(rows, centre, triangle, path=path), lengths)
    alone = [squared_lengths(rows[i : i + 1], centre, triangle)[0] for i in range(n_rows)]
    assert np.array_equal(alone, lengths)


@pytest.mark.parametrize("path", [None, "numpy", *COMPILED_PATHS])
@pytest.mark.parametrize("poison", [np.nan, np.inf, -np.inf, 1e200])
def test_what_is_not_finite_or_overflows_shows_in_its_own_length_only(path: str | None, poison: float) -> None:
    rows, centre, root = form(40, 5)
    rows[17, 3] = poison
    lengths = squared_lengths(rows, centre, packed_triangle(root), path=path)
    assert np.flatnonzero(~np.isfinite(lengths)).tolist() == [17]


def test_rows_of_any_layout_and_float_type_are_taken() -> None:
    rows, centre, root = form(50, 4)
    rows = rows.astype(np.float32)
    expected = squared_lengths(rows.astype(np.float64), centre, packed_triangle(root))
    wide = np.repeat(rows, 2, axis=1)[:, ::2]
    for same in (rows, np.asfortranarray(rows), wide):
        assert np.array_equal(squared_lengths(same, centre, packed_triangle(root)), expected)


@pytest.mark.skipif(native_kernels is None, reason="built without a compiler")
def test_arrays_that_do_not_fit_are_refused() -> None:
    rows, centre, root = form(6, 3)
    triangle, lengths = packed_triangle(root), np.empty(6)
    refused = [
        (rows, 2, centre, triangle, lengths, None),
        (rows, 0, centre, triangle, lengths, None),
        (rows, 3, centre[:2], triangle, lengths, None),
        (rows, 3, centre, triangle[:5], lengths, None),
        (rows, 3, centre, triangle, lengths[:5], None),
        (rows, 3, centre, triangle, lengths, "no such path"),
        (np.empty((6, 65)), 65, np.empty(65), np.empty(65 * 33), lengths, None),
    ]
    for arguments in refused:
        with pytest.raises(ValueError, match=r"length|path"):
            native_kernels.squared_lengths(*arguments)
