"""The numpy twin of the compiled neighbour search: same calls, same bits; the fallback where no compiler was.

Source: Bentley (1975), CACM 18(9); Friedman, Bentley and Finkel (1977), ACM TOMS 3(3).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.infrastructure.algorithms.kernels.distances_twin import (
    GROUP,
    packed_groups,
    squares_between,
    unpacked_groups,
)

_FEW = 64  # neighbours that the compiled search keeps in order; more are thinned out at twice their number
_COMPARED_AT_ONCE = 1 << 18  # distances: an array of 2 MB and its intermediates


def build_row_tree(
    rows: FloatMatrix,
    n_features: int,
    depth: int,
    cells: FloatVector,
    order: NDArray[np.int32],
    boxes: FloatVector,
) -> None:
    """Halve rows `depth` times, into the last three arrays."""
    node_boxes = boxes.reshape(2 ** (depth + 1), 2, -1)
    slots = order.reshape(2**depth, -1)
    leaf_cells = cells.reshape(2**depth, -1, n_features, GROUP)
    for node, members in _halved(rows, depth, node_boxes):
        leaf = node - 2**depth
        ascending = np.sort(members)
        slots[leaf] = -1
        slots[leaf, : members.size] = ascending
        leaf_cells[leaf] = np.inf
        packed = packed_groups(rows[ascending])
        leaf_cells[leaf, : len(packed)] = packed


def _halved(rows: FloatMatrix, depth: int, boxes: FloatMatrix) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Yield each leaf and its rows; write every node's box on the way."""
    waiting = [(1, np.arange(len(rows)))]
    while waiting:
        node, members = waiting.pop()
        inside = rows[members]
        n_features = rows.shape[1]
        boxes[node] = 0
        boxes[node, :, :n_features] = inside.min(axis=0), inside.max(axis=0)
        if node >= 2**depth:
            yield node, members
            continue
        with np.errstate(over="ignore"):
            widest = int(np.argmax(boxes[node, 1] - boxes[node, 0]))
        ascending = members[np.lexsort((members, inside[:, widest]))]
        n_left = (members.size + 1) // 2
        waiting += [(2 * node, ascending[:n_left]), (2 * node + 1, ascending[n_left:])]


@dataclass(slots=True)
class _Search:
    """One query on its way through a tree."""

    query: FloatMatrix  # (1, d)
    boxes: FloatMatrix
    rows: list[FloatMatrix]
    slots: NDArray[np.int32]
    n_neighbors: int
    excluded: int
    slack: float
    limit: float = np.inf
    met: list[tuple[float, int]] = field(default_factory=list)
    n_scanned: int = 0

    def visit(self, node: int) -> None:
        """Take what a node holds, the nearer branch first."""
        if node >= len(self.slots):
            self._take(node - len(self.slots))
            return
        children = sorted((self._square_to_box(child), child) for child in (2 * node, 2 * node + 1))
        for square, child in children:
            if square * self.slack <= self.limit:
                self.visit(child)

    def _square_to_box(self, node: int) -> float:
        query = self.query[0]
        low, high = self.boxes[node, :, : query.size]
        with np.errstate(over="ignore"):
            gap = np.maximum(np.maximum(low - query, query - high), 0.0)
        return float(squares_between(gap[None], np.zeros((1, gap.size)))[0, 0])

    def _take(self, leaf: int) -> None:
        self.n_scanned += 1
        squares = squares_between(self.query, self.rows[leaf])[0]
        for square, row in zip(squares.tolist(), self.slots[leaf].tolist(), strict=True):
            if row >= 0 and row != self.excluded and square <= self.limit:
                self.met.append((square, row))
                if len(self.met) >= self.n_neighbors * (1 if self.n_neighbors <= _FEW else 2):
                    self.met = sorted(self.met)[: self.n_neighbors]
                    self.limit = self.met[-1][0]


def search_row_tree(
    cells: FloatVector,
    order: NDArray[np.int32],
    boxes: FloatVector,
    n_rows: int,  # noqa: ARG001 - the compiled kernel sees flat memory and needs it
    n_features: int,
    depth: int,
    slack: float,
    queries: FloatMatrix,
    excluded: NDArray[np.int32],
    n_neighbors: int,
    squares: FloatMatrix,
    neighbours: NDArray[np.int32],
    path: str | None,  # noqa: ARG001 - numpy has one path
) -> int:
    """Write the nearest rows of each query into squares and neighbours; return how many leaves were looked at."""
    rows = unpacked_groups(cells, n_features).reshape(2**depth, -1, n_features)
    slots = order.reshape(2**depth, -1)
    if slack == 1:
        in_order = np.empty((int(order.max()) + 1, n_features))
        in_order[slots[slots >= 0]] = rows[slots >= 0]
        _look_at_all(in_order, queries, excluded, n_neighbors, squares, neighbours)
        return len(queries) * len(slots)
    n_scanned = 0
    for place, query in enumerate(queries):
        apart = int(excluded[place]) if excluded.size else -1
        tree = boxes.reshape(2 ** (depth + 1), 2, -1), list(rows), slots
        search = _Search(query[None], *tree, n_neighbors, apart, slack)
        search.visit(1)
        squares[place], neighbours[place] = zip(*sorted(search.met)[:n_neighbors], strict=True)
        n_scanned += search.n_scanned
    return n_scanned


def pack_row_tiles(
    rows: FloatMatrix,
    centre: FloatVector,
    scale: float,
    tiles: NDArray[np.float32],
    half_squares: NDArray[np.float32],
    lengths: FloatVector,
) -> None:
    """Do nothing: numpy looks at the rows themselves."""


def search_row_tiles(
    rows: FloatMatrix,
    centre: FloatVector,  # noqa: ARG001 - numpy does not filter
    scale: float,  # noqa: ARG001
    tiles: NDArray[np.float32],  # noqa: ARG001
    half_squares: NDArray[np.float32],  # noqa: ARG001
    lengths: FloatVector,  # noqa: ARG001
    queries: FloatMatrix,
    excluded: NDArray[np.int32],
    n_neighbors: int,
    squares: FloatMatrix,
    neighbours: NDArray[np.int32],
    path: str | None,  # noqa: ARG001
) -> None:
    """Write the nearest rows of each query, nearest first, into squares and neighbours."""
    _look_at_all(rows, queries, excluded, n_neighbors, squares, neighbours)


def _look_at_all(
    rows: FloatMatrix,
    queries: FloatMatrix,
    excluded: NDArray[np.int32],
    n_neighbors: int,
    squares: FloatMatrix,
    neighbours: NDArray[np.int32],
) -> None:
    step = max(1, _COMPARED_AT_ONCE // len(rows))
    for start in range(0, len(queries), step):
        block = slice(start, start + step)
        distances = squares_between(queries[block], rows)
        keys = distances.copy()
        apart = excluded[block]
        keys[np.flatnonzero(apart >= 0), apart[apart >= 0]] = np.nan  # sorts after infinity
        nearest = np.argsort(keys, axis=1, kind="stable")[:, :n_neighbors]
        squares[block] = np.take_along_axis(distances, nearest, axis=1)
        neighbours[block] = nearest
