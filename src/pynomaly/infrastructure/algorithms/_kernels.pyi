"""What the C sources in native/ offer; the same functions without C are the twins in kernels/."""

from typing import Any

from numpy.typing import NDArray

_Array = NDArray[Any]

def grow_forest(
    rows: _Array,
    n_features: int,
    max_samples: int,
    depth_limit: int,
    seeds: _Array,
    feature: _Array,
    threshold: _Array,
    leaf_size: _Array,
    tree_nodes: _Array,
) -> tuple[int, int]: ...
def lay_out_forest(
    stored_feature: _Array,
    stored_threshold: _Array,
    leaf_size: _Array,
    tree_nodes: _Array,
    correction: _Array,
    n_features: int,
    depth: int,
    feature: _Array,
    threshold: _Array,
    leaf: _Array,
) -> None: ...
def score_forest(
    rows: _Array,
    n_features: int,
    feature: _Array,
    threshold: _Array,
    leaf: _Array,
    depth: int,
    scale: float,
    scores: _Array,
    path: str | None,
) -> bool: ...
def build_row_tree(rows: _Array, n_features: int, depth: int, cells: _Array, order: _Array, boxes: _Array) -> None: ...
def search_row_tree(
    cells: _Array,
    order: _Array,
    boxes: _Array,
    n_rows: int,
    n_features: int,
    depth: int,
    slack: float,
    queries: _Array,
    excluded: _Array,
    n_neighbors: int,
    squares: _Array,
    neighbours: _Array,
    path: str | None,
) -> int: ...
def pack_row_tiles(
    rows: _Array, centre: _Array, scale: float, tiles: _Array, half_squares: _Array, lengths: _Array
) -> None: ...
def search_row_tiles(
    rows: _Array,
    centre: _Array,
    scale: float,
    tiles: _Array,
    half_squares: _Array,
    lengths: _Array,
    queries: _Array,
    excluded: _Array,
    n_neighbors: int,
    squares: _Array,
    neighbours: _Array,
    path: str | None,
) -> None: ...
def log_kernel_sums(
    cells: _Array, n_features: int, factor: float, queries: _Array, logs: _Array, path: str | None
) -> None: ...
def mean_innermost_values(
    cells: _Array,
    n_sets: int,
    n_features: int,
    square_radii: _Array,
    values: _Array,
    queries: _Array,
    means: _Array,
    path: str | None,
) -> None: ...
def grow_extended(
    rows: _Array,
    n_features: int,
    max_samples: int,
    seeds: _Array,
    correction: _Array,
    n_components: int,
    depth: int,
    feature: _Array,
    weight: _Array,
    offset: _Array,
    leaf: _Array,
) -> None: ...
def score_extended(
    rows: _Array,
    n_features: int,
    n_components: int,
    depth: int,
    feature: _Array,
    weight: _Array,
    offset: _Array,
    leaf: _Array,
    scale: float,
    scores: _Array,
) -> bool: ...
def score_tails(
    rows: _Array,
    n_features: int,
    half_centre: _Array,
    scale: _Array,
    first: _Array,
    start: _Array,
    knots: _Array,
    lines: _Array,
    takes_first: _Array,
    n_sides: int,
    scores: _Array,
    path: str | None,
) -> bool: ...
def score_histograms(
    rows: _Array,
    n_features: int,
    columns: _Array,
    weights: _Array,
    low: _Array,
    high: _Array,
    n_bins: _Array,
    start: _Array,
    heights: _Array,
    scores: _Array,
    path: str | None,
) -> bool: ...
def squared_lengths(
    rows: _Array, n_features: int, centre: _Array, triangle: _Array, lengths: _Array, path: str | None
) -> None: ...
def instruction_sets() -> tuple[str, ...]: ...
