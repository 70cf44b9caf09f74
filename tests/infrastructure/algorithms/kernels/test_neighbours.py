from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import NearestNeighbors

from pynomaly.infrastructure.algorithms.kernels.compiled import kernels_in_use, native_kernels
from pynomaly.infrastructure.algorithms.kernels.neighbours import NeighbourIndex, own_places

WAYS = list(product(("tree", "tiles"), kernels_in_use().instruction_sets))


def table(n_rows: int, n_features: int, kind: str, seed: int = 0) -> np.ndarray:
    """Return rows that are Gaussian, full of ties, far from the origin, partly huge or tiny."""
    rng = np.random.default_rng(seed)
    if kind == "tied":
        return rng.integers(0, 3, (n_rows, n_features)).astype(float)
    rows = rng.normal(size=(n_rows, n_features))
    if kind == "far":
        rows += 1e8
    if kind == "huge":
        rows[0] *= 1e200
        rows[n_rows // 2] *= 1e30
    if kind == "overflowing":
        rows[0], rows[-1] = 1.7e308, -1.7e308
    if kind == "tiny":
        rows *= 1e-200
    return rows


@pytest.mark.parametrize("n_features", [1, 3, 8, 20])
def test_neighbours_are_those_of_scikit_learn(n_features):
    rows, queries = table(500, n_features, "gaussian"), table(40, n_features, "gaussian", 1)
    distances, neighbours = NearestNeighbors(n_neighbors=7, algorithm="kd_tree").fit(rows).kneighbors(queries)
    for way in ("tree", "tiles"):
        squares, found = NeighbourIndex(rows, 7, way).nearest(queries, 7)
        assert np.array_equal(found, neighbours)
        np.testing.assert_allclose(np.sqrt(squares), distances, rtol=1e-12)


@settings(max_examples=40)
@given(
    n_rows=st.integers(2, 400),
    n_features=st.integers(1, 40),
    n_neighbors=st.integers(1, 200),
    kind=st.sampled_from(["gaussian", "tied", "far", "huge", "overflowing", "tiny"]),
    leaves_out=st.booleans(),
)
def test_every_way_and_path_finds_the_same_neighbours_with_the_same_bits(
    n_rows, n_features, n_neighbors, kind, leaves_out
):
    rows = table(n_rows, n_features, kind)
    n_neighbors = min(n_neighbors, n_rows - 1)
    queries = np.vstack([rows[:7], rows[:4] + 0.1])
    excluded = np.full(len(queries), -1, np.int32)
    if leaves_out:
        excluded[: min(7, n_rows)] = own_places(min(7, n_rows))
    squares, neighbours = NeighbourIndex(rows, path="numpy").nearest(queries, n_neighbors, excluded=excluded)
    for way, path in WAYS:
        again = NeighbourIndex(rows, n_neighbors, way, path).nearest(queries, n_neighbors, excluded=excluded)
        assert np.array_equal(again[0], squares), (way, path)
        assert np.array_equal(again[1], neighbours), (way, path)


@pytest.mark.parametrize("n_queries", [1, 40_000])
def test_many_queries_on_threads_find_what_they_find_on_one(n_queries):
    rows, queries = table(50, 2, "gaussian"), table(n_queries, 2, "gaussian", 1)
    excluded = np.arange(n_queries, dtype=np.int32) % 50
    index = NeighbourIndex(rows, 3)
    one, all_threads = (f(queries, 3, excluded=excluded) for f in (index.nearest, index.nearest_to_all))
    assert np.array_equal(one[0], all_threads[0])
    assert np.array_equal(one[1], all_threads[1])


def test_equally_near_rows_come_in_their_order():
    rows = np.array([[1.0], [-1.0], [1.0], [5.0]])
    for way, path in WAYS:
        assert NeighbourIndex(rows, 2, way, path).nearest(np.zeros((1, 1)), 3)[1].tolist() == [[0, 1, 2]]


def test_a_row_left_out_is_no_neighbour_and_its_copies_are():
    rows = np.array([[0.0], [0.0], [3.0]])
    squares, neighbours = NeighbourIndex(rows).nearest(rows, 1, excluded=own_places(3))
    assert neighbours[:, 0].tolist() == [1, 0, 0]
    assert squares[:, 0].tolist() == [0.0, 0.0, 9.0]


@pytest.mark.parametrize("n_neighbors", [3, 100])
@pytest.mark.parametrize("slack", [1.5, 8.0])
def test_a_search_with_slack_misses_the_same_neighbours_in_numpy(n_neighbors, slack):
    rows, queries = table(700, 9, "gaussian"), table(6, 9, "gaussian", 1)
    compiled = NeighbourIndex(rows, n_neighbors, "tree").nearest(queries, n_neighbors, slack=slack)
    twin = NeighbourIndex(rows, n_neighbors, "tree", "numpy").nearest(queries, n_neighbors, slack=slack)
    assert np.array_equal(compiled[0], twin[0])
    assert np.array_equal(compiled[1], twin[1])


def test_a_search_with_slack_finds_no_nearer_and_mostly_the_true_neighbours():
    rows, queries = table(3000, 9, "gaussian"), table(50, 9, "gaussian", 1)
    index = NeighbourIndex(rows, 5, "tree")
    true, found = index.nearest(queries, 5)[0], index.nearest(queries, 5, slack=4.0)[0]
    assert (found >= true).all()
    assert 0.5 < np.mean(found == true) < 1


def test_a_tree_is_chosen_where_it_passes_over_rows():
    narrow, wide = table(5000, 3, "gaussian"), table(5000, 40, "gaussian")
    assert NeighbourIndex(narrow, 5)._tree is not None
    assert NeighbourIndex(wide, 5)._tiles is not None


@pytest.mark.skipif(native_kernels is None, reason="built without a compiler")
def test_arrays_that_do_not_fit_are_refused_before_anything_is_read():
    index = NeighbourIndex(table(100, 3, "gaussian"), 5, "tree")
    queries, nobody = np.zeros((4, 3)), np.empty(0, np.int32)
    squares, neighbours = np.empty((4, 5)), np.empty((4, 5), np.int32)
    tree = index._tree
    fitting = [tree.cells, tree.order, tree.boxes, 100, 3, tree.depth, 1.0, queries, nobody, 5, squares, neighbours]
    native_kernels.search_row_tree(*fitting, None)
    wrong = {0: tree.cells[:-1], 1: tree.order[:-1], 2: tree.boxes[:-1], 3: 5000, 4: 2, 5: 9, 6: 0.5, 7: queries[:3]}
    wrong |= {8: np.zeros(3, np.int32), 9: 6, 10: squares[:3], 11: neighbours[:3]}
    for place, value in wrong.items():
        with pytest.raises(ValueError, match="wrong lengths"):
            native_kernels.search_row_tree(*fitting[:place], value, *fitting[place + 1 :], None)
    tiles = NeighbourIndex(table(100, 3, "gaussian"), 5, "tiles")
    packed = tiles._tiles
    fitting = [tiles.rows, packed.centre, packed.scale, packed.cells, packed.half_squares, packed.lengths]
    fitting += [queries, nobody, 5, squares, neighbours]
    native_kernels.search_row_tiles(*fitting, None)
    wrong = {0: tiles.rows[:-40], 1: packed.centre[:2], 3: packed.cells[:-1], 4: packed.half_squares[:-1]}
    wrong |= {5: packed.lengths[:-1], 6: queries[:3], 7: np.zeros(3, np.int32), 8: 6, 9: squares[:3]}
    for place, value in wrong.items():
        with pytest.raises(ValueError, match="wrong lengths"):
            native_kernels.search_row_tiles(*fitting[:place], value, *fitting[place + 1 :], None)


@pytest.mark.skipif(native_kernels is None, reason="built without a compiler")
def test_a_path_that_the_processor_lacks_is_refused():
    with pytest.raises(ValueError, match="no 'neon' path"):
        NeighbourIndex(table(10, 2, "gaussian"), 1, "tree", "neon").nearest(np.zeros((1, 2)), 1)
