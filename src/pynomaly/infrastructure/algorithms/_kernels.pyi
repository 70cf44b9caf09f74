"""What the C sources in native/ offer; the same functions, without C, are in numpy_kernels.py and text_kernels.py."""

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
def read_rows(text: bytes, values: _Array, columns: _Array) -> tuple[int, int, int, int] | None: ...
def instruction_sets() -> tuple[str, ...]: ...
