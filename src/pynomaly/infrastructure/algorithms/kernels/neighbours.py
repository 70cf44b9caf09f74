"""Exact nearest neighbours by squared Euclidean distance: compiled, or by the numpy twin with the same bits."""

from dataclasses import dataclass, field
from types import ModuleType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.infrastructure.algorithms.kernels import neighbours_twin
from pynomaly.infrastructure.algorithms.kernels.compiled import ScoringPath, native_kernels
from pynomaly.infrastructure.algorithms.neighbour_counts import search_cycles
from pynomaly.infrastructure.algorithms.scoring_threads import in_row_blocks

Way = Literal["tree", "tiles"]

MOST_TREE_FEATURES = 16
"""Columns up to which a tree is always tried; with more it passes over few rows, unless many are asked for."""

LARGE_SHARE = 0.02
"""Share of the rows asked for from which a tree is tried whatever the columns: it meets near rows first."""

N_PROBES = 16
"""Rows searched for in a tree to see how many leaves it passes over."""

ROWS_PER_LEAF = 32
"""Rows of a leaf at most; fewer make more boxes to compare with, more make rows that a box would have ruled out."""

TILE = 32
"""Rows of a tile of the compiled filter."""

CENTRE_ROWS = 1000
"""Rows of which the filter's centre is the median; any centre gives the same neighbours, a near one gives them fast."""

NOBODY = np.empty(0, np.int32)

Neighbours = tuple[NDArray[np.float64], NDArray[np.int32]]
"""Squared distances (n, k) and row numbers (n, k), nearest first; equally near rows in their order."""


@dataclass(frozen=True, slots=True, eq=False)
class _Tree:
    """Rows halved at the middle of their widest column; see native/neighbours.h."""

    depth: int
    cells: FloatVector
    order: NDArray[np.int32]
    boxes: FloatVector


@dataclass(frozen=True, slots=True, eq=False)
class _Tiles:
    """Rows less a centre, times a scale, rounded to float32; see native/neighbours.h."""

    centre: FloatVector
    scale: float
    cells: NDArray[np.float32]
    half_squares: NDArray[np.float32]
    lengths: FloatVector


@dataclass(frozen=True, slots=True, eq=False)
class NeighbourIndex:
    """Reference rows, float64 (m, d), arranged for being searched; built anew wherever the rows are loaded.

    A squared distance is added up in four sums over every fourth column, in one order on every path, so the result
    does not depend on how it was found: by a k-d tree; or by looking at all rows, where products in float32 rule out
    what they can within a proven margin and true distances settle the rest. Squares of differences above 1e154 are
    infinite.

    n_neighbors: how many will be asked for about; the way is chosen for it by counting what a tree passes over.
    way: chosen if None.
    """

    rows: FloatMatrix
    n_neighbors: int = 1
    way: Way | None = None
    path: ScoringPath | None = None
    _tree: _Tree | None = field(init=False, repr=False)
    _tiles: _Tiles | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        plain = _plain(self.rows)
        n_rows, n_features = plain.shape
        is_tried = n_features <= MOST_TREE_FEATURES or self.n_neighbors >= LARGE_SHARE * n_rows
        tree = _tree(plain, self._kernels) if self.way == "tree" or (self.way is None and is_tried) else None
        object.__setattr__(self, "rows", plain)
        object.__setattr__(self, "_tree", tree)
        if tree is None or (self.way is None and not self.passes_over_enough()):
            object.__setattr__(self, "_tree", None)
            object.__setattr__(self, "_tiles", _tiles(plain, self._kernels))
        else:
            object.__setattr__(self, "_tiles", None)

    def nearest(
        self, queries: FloatMatrix, n_neighbors: int, *, excluded: NDArray[np.int32] = NOBODY, slack: float = 1.0
    ) -> Neighbours:
        """Return the n_neighbors rows nearest to each query (n, d), n_neighbors <= m, on the thread it is called on.

        excluded: for each query a row that does not count, -1 for none; n_neighbors <= m - 1 then.
        slack: at least 1. A tree then passes over branches with nothing nearer than the farthest neighbour's squared
        distance divided by slack: faster, and some true neighbours are missed. Only for an index with a tree.
        """
        squares = np.empty((len(queries), n_neighbors))
        neighbours = np.empty((len(queries), n_neighbors), np.int32)
        apart = np.ascontiguousarray(excluded, np.int32)
        self._search(slack, _plain(queries), apart, n_neighbors, squares, neighbours, self.path)
        return squares, neighbours

    def nearest_to_all(
        self, queries: FloatMatrix, n_neighbors: int, *, excluded: NDArray[np.int32] = NOBODY
    ) -> Neighbours:
        """Return what `nearest` does of at least one query, on as many threads as may be used: for fitting."""
        found = in_row_blocks(
            lambda block: self.nearest(queries[block], n_neighbors, excluded=excluded[block]), len(queries)
        )
        squares, neighbours = zip(*found, strict=True)
        return np.concatenate(squares), np.concatenate(neighbours)

    def passes_over_enough(self, slack: float = 1.0) -> bool:
        """Say whether the tree is faster than looking at all rows, by a count of leaves. For an index with a tree."""
        n_rows, n_features = self.rows.shape
        probes = self.rows[:: max(1, n_rows // N_PROBES)]
        wanted = min(self.n_neighbors, n_rows)
        found = np.empty((len(probes), wanted)), np.empty((len(probes), wanted), np.int32)
        n_leaves = self._search(slack, probes.copy(), NOBODY, wanted, *found, self.path) / len(probes)
        by_tree, by_all = search_cycles(n_rows, n_features, wanted, n_leaves)
        return by_tree <= by_all

    @property
    def _kernels(self) -> ModuleType:
        return neighbours_twin if self.path == "numpy" or native_kernels is None else native_kernels

    def _search(self, slack: float, *asked: object) -> int:
        """Search by the way chosen; return how many leaves were looked at."""
        if self._tree is not None:
            tree = self._tree
            shape = *self.rows.shape, tree.depth
            return int(self._kernels.search_row_tree(tree.cells, tree.order, tree.boxes, *shape, slack, *asked))
        if self._tiles is not None:
            tiles = self._tiles
            packed = tiles.cells, tiles.half_squares, tiles.lengths
            self._kernels.search_row_tiles(self.rows, tiles.centre, tiles.scale, *packed, *asked)
        return 0


def own_places(n_rows: int) -> NDArray[np.int32]:
    """Return what to exclude so that no row is its own neighbour, where the queries are the reference rows."""
    return np.arange(n_rows, dtype=np.int32)


def _tree(rows: FloatMatrix, kernels: ModuleType) -> _Tree:
    n_rows, n_features = rows.shape
    depth = max(0, int(np.ceil(np.log2(n_rows / ROWS_PER_LEAF))))
    n_slots = (-(-n_rows // 2**depth) + 7) // 8 * 8 * 2**depth
    cells, order = np.empty(n_slots * n_features), np.empty(n_slots, np.int32)
    boxes = np.zeros(2 ** (depth + 2) * (-(-n_features // 4) * 4))
    kernels.build_row_tree(rows, n_features, depth, cells, order, boxes)
    return _Tree(depth, cells, order, boxes)


def _tiles(rows: FloatMatrix, kernels: ModuleType) -> _Tiles:
    n_rows, n_features = rows.shape
    centre: FloatVector = np.quantile(rows[:: max(1, n_rows // CENTRE_ROWS)], 0.5, axis=0, method="lower")
    n_tiles = -(-n_rows // TILE)
    cells, half_squares = np.empty(n_tiles * TILE * n_features, np.float32), np.empty(n_tiles * TILE, np.float32)
    lengths = np.empty(n_tiles)
    scale = _scale(rows, centre)
    kernels.pack_row_tiles(rows, centre, scale, cells, half_squares, lengths)
    return _Tiles(centre, scale, cells, half_squares, lengths)


def _scale(rows: FloatMatrix, centre: FloatVector) -> float:
    """Return the power of two that brings all differences from the centre within 1; 0 where they are too large."""
    with np.errstate(over="ignore"):
        farthest = np.maximum(rows.max(axis=0) - centre, centre - rows.min(axis=0)).max()
    if farthest == 0:
        return 1.0
    return float(np.ldexp(1.0, min(1000, -int(np.frexp(farthest)[1])))) if np.isfinite(farthest) else 0.0


def _plain(rows: FloatMatrix) -> FloatMatrix:
    """Return rows as C code wants them: float64, row-major, aligned; a copy only where they are not."""
    plain = np.ascontiguousarray(rows, np.float64)
    return plain if plain.flags.aligned else plain.copy()
