"""What each algorithm of our own declares that it costs, beside what it takes here: the declared over the measured.

Usage: OMP_NUM_THREADS=1 python tests/benchmarks/costs.py [NAME ...] [--sizes 1000x5 20000x20]
"""

import argparse
import time
import tracemalloc

import numpy as np

from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.catalog import OWN_ROWS, Catalog
from pynomaly.infrastructure.algorithms.scoring_threads import bound_scoring_threads

CATALOG = Catalog(plugins=())


def table(n_rows: int, n_features: int, dtype: str) -> FeatureMatrix:
    """Return three Gaussian clusters."""
    rng = np.random.default_rng(0)
    centres = rng.uniform(-5, 5, size=(3, n_features))
    rows = centres[rng.integers(3, size=n_rows)] + rng.normal(size=(n_rows, n_features))
    return FeatureMatrix(rows.astype(dtype), tuple(f"f{i}" for i in range(n_features)))


def compare(name: str, n_rows: int, n_features: int) -> None:
    """Print declared over measured of one algorithm on one size; outside a third to three is marked."""
    matrix = table(n_rows, n_features, CATALOG.describe(name).dtype)
    declared = CATALOG.cost(name, {}, n_rows=n_rows, n_features=n_features)
    if declared is None:
        print(f"{name:28} declares nothing")
        return
    algorithm = CATALOG.create(name, {})
    algorithm.fit(matrix, seed=0)  # imports and compiles what is imported and compiled once
    began = time.perf_counter()
    model = algorithm.fit(matrix, seed=0)
    fitted = time.perf_counter()
    model.score(matrix.values)
    scored = time.perf_counter()
    tracemalloc.start()
    algorithm.fit(matrix, seed=0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    pairs = {
        "fit s": (declared.fit_seconds, fitted - began),
        "score us/row": (declared.score_seconds_per_row * 1e6, (scored - fitted) / n_rows * 1e6),
        "fit MB": (declared.fit_bytes / 1e6, peak / 1e6),
        "model MB": (declared.model_bytes / 1e6, sum(array.nbytes for array in model.state().arrays.values()) / 1e6),
    }
    words = (f"{what} {a:.4g}/{b:.4g} = {a / b:.2f}{_mark(a / b)}" for what, (a, b) in pairs.items())
    print(f"{name:28} {n_rows:>8,} x {n_features:<4}", "   ".join(words), flush=True)


def _mark(ratio: float) -> str:
    return "" if 1 / 3 <= ratio <= 3 else " !"


def main() -> None:
    """Compare the asked algorithms, all of our own unless some are named."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("names", nargs="*")
    reader.add_argument("--sizes", nargs="+", default=["1000x5", "20000x20"])
    asked = reader.parse_args()
    bound_scoring_threads(1)
    for name in asked.names or [row.description.name for row in OWN_ROWS]:
        for size in asked.sizes:
            n_rows, n_features = (int(part) for part in size.split("x"))
            compare(name, n_rows, n_features)


if __name__ == "__main__":
    main()
