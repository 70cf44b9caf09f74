"""Our ECOD, HBOS, kNN and PCA beside PyOD's: fit, batch scoring and one row, same data, same run, one thread.

Usage: OMP_NUM_THREADS=1 python tests/benchmarks/own_detectors.py [--rows N] [--columns D] [--knn-rows N]
"""

import argparse
import time
from collections.abc import Callable

import numpy as np
from pyod.models.ecod import ECOD
from pyod.models.hbos import HBOS
from pyod.models.knn import KNN
from pyod.models.pca import PCA

from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.catalog import Catalog

PEERS = {"ecod": ECOD, "hbos": HBOS, "knn": KNN, "pca": PCA}


def gaussian_clusters(n_rows: int, n_columns: int) -> np.ndarray:
    """Return three Gaussian clusters and 1 % uniform rows."""
    rng = np.random.default_rng(0)
    centres = rng.uniform(-5, 5, size=(3, n_columns))
    rows = centres[rng.integers(3, size=n_rows)] + rng.normal(size=(n_rows, n_columns))
    strange = rng.choice(n_rows, n_rows // 100, replace=False)
    rows[strange] = rng.uniform(-12, 12, size=(strange.size, n_columns))
    return rows


def seconds(action: Callable[[], object], repeats: int) -> float:
    """Return the best wall time of several runs; the first call only warms up."""
    action()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def compare(name: str, rows: np.ndarray) -> None:
    """Print one detector's figures beside its namesake's."""
    matrix = FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))
    algorithm = Catalog(plugins=()).create(name, {})
    ours, theirs = algorithm.fit(matrix, seed=0), PEERS[name]().fit(rows)
    kilobytes = sum(array.nbytes for array in ours.state().arrays.values()) / 1000
    print(f"{name}: {rows.shape[0]:,} rows x {rows.shape[1]}, model {kilobytes:,.0f} KB")
    figures = {
        "fit": (lambda: algorithm.fit(matrix, seed=0), lambda: PEERS[name]().fit(rows), 2),
        "score all": (lambda: ours.score(rows), lambda: theirs.decision_function(rows), 2),
        "score one row": (lambda: ours.score(rows[:1]), lambda: theirs.decision_function(rows[:1]), 20),
    }
    for what, (our_action, their_action, repeats) in figures.items():
        our_time, their_time = seconds(our_action, repeats), seconds(their_action, repeats)
        times = f"ours {1e3 * our_time:10.3f} ms   PyOD {1e3 * their_time:10.3f} ms"
        print(f"  {what:14} {times}   {their_time / our_time:8.1f} x")


def main() -> None:
    """Compare all four; neighbours on fewer rows, because PyOD looks at every pair."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--columns", type=int, default=10)
    options.add_argument("--knn-rows", type=int, default=20_000)
    given = options.parse_args()
    for name in PEERS:
        compare(name, gaussian_clusters(given.knn_rows if name == "knn" else given.rows, given.columns))


if __name__ == "__main__":
    main()
