"""Isolation forest beside its peers in one process and on one thread, as ratios; and its ranking quality, paired.

Usage: python tests/benchmarks/isolation_forest.py [--quality [SEEDS]] [--rows N]
--quality also compares ROC AUC with scikit-learn's over SEEDS seeds (default 100; a minute or two).
A ratio is the peer's time divided by ours: above 1 we are faster.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from coniferest.isoforest import IsolationForest as ConiferestForest
from pyod.models.iforest import IForest as PyodForest
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import IsolationForest as SklearnForest
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits

from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.isolation_forest import IsolationForest
from pynomaly.infrastructure.algorithms.kernels.compiled import kernels_in_use
from pynomaly.infrastructure.algorithms.sklearn_forest import from_sklearn

SETTINGS = "100 trees x 256 samples"


def clusters_with_outliers(n_rows: int, n_features: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return float32 rows of five Gaussian clusters and 1 % uniform outliers, and which are outliers."""
    rng = np.random.default_rng(seed)
    is_outlier = rng.random(n_rows) < 0.01
    centres = rng.uniform(-8, 8, (5, n_features))
    rows = centres[rng.integers(0, 5, n_rows)] + rng.normal(size=(n_rows, n_features))
    rows[is_outlier] = rng.uniform(-12, 12, (int(is_outlier.sum()), n_features))
    return rows.astype(np.float32), is_outlier


def labelled_tables() -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield tables that are hard in different ways, 1 % to 5 % anomalies each."""
    rng = np.random.default_rng(0)
    yield "clusters, 2 columns", *clusters_with_outliers(3000, 2, seed=1)
    wide = rng.normal(size=(2000, 6))
    wide[:100] *= 2
    yield "wider spread", wide, np.arange(2000) < 100
    integers = rng.integers(0, 4, (2000, 8))
    integers[:100] = rng.integers(0, 6, (100, 8))
    integers[:, 0] = 1
    yield "integers, one constant column", integers, np.arange(2000) < 100
    mostly_noise = rng.normal(size=(2000, 30))
    mostly_noise[:60, :3] += 4
    yield "3 of 30 columns matter", mostly_noise, np.arange(2000) < 60
    skewed = rng.lognormal(sigma=1.5, size=(2000, 5))
    skewed[:40] = rng.uniform(5, 40, (40, 5))
    yield "skewed", skewed, np.arange(2000) < 40
    rows, target = load_breast_cancer(return_X_y=True)
    kept = np.concatenate([np.flatnonzero(target == 1), np.flatnonzero(target == 0)[:10]])
    yield "breast cancer, 10 malignant", rows[kept], target[kept] == 0


def interleaved(contenders: dict[str, Callable[[], Any]], n_rounds: int, n_calls: int = 1) -> dict[str, float]:
    """Return each contender's median seconds per call.

    All take turns in every round, so that a noisy moment hits all alike; a turn is n_calls calls in a row, of which
    the first pays for the caches that the others emptied.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(n_rounds):
        for name, run in contenders.items():
            for _ in range(n_calls):
                start = time.perf_counter()
                run()
                seconds[name].append(time.perf_counter() - start)
    return {name: float(np.median(times)) for name, times in seconds.items()}


def report(title: str, seconds: dict[str, float], n_rows: int = 1) -> None:
    """Print every time beside its ratio to ours."""
    print(f"\n{title}")
    ours = seconds["pynomaly"]
    for name, value in seconds.items():
        print(f"  {name:24} {value / n_rows * 1e6:12.3f} us   {value / ours:10.2f} x ours")


def speed(n_rows: int) -> None:
    """Compare fitting, scoring a batch and scoring single rows."""
    rows, _ = clusters_with_outliers(n_rows, 10, seed=0)
    matrix = FeatureMatrix(rows, tuple(f"c{i}" for i in range(10)))
    sklearn, pyod = SklearnForest(random_state=0), PyodForest(random_state=0, n_jobs=1)
    coniferest = ConiferestForest(n_jobs=1, random_seed=0)
    fits = {
        "pynomaly": lambda: IsolationForest().fit(matrix, seed=0),
        "scikit-learn": lambda: sklearn.fit(rows),
        "PyOD (scores, too)": lambda: pyod.fit(rows),
        "coniferest": lambda: coniferest.fit(rows),
    }
    report(f"fit, {SETTINGS}, {n_rows} x 10", interleaved(fits, 3))
    ours = IsolationForest().fit(matrix, seed=0)
    peers = {
        "scikit-learn": sklearn.score_samples,
        "PyOD": pyod.decision_function,
        "coniferest": coniferest.score_samples,
    }
    paths = {f"pynomaly, {path}": path for path in kernels_in_use().instruction_sets}
    batch = {
        "pynomaly": lambda: ours.score(rows),
        **{name: lambda path=path: ours.score(rows, path=path) for name, path in paths.items()},
        **{name: lambda score=score: score(rows) for name, score in peers.items()},
    }
    report(f"score, per row of {n_rows}", interleaved(batch, 5), n_rows)
    row = rows[:1]
    single = {
        "pynomaly": lambda: ours.score(row),
        **{name: lambda score=score: score(row) for name, score in peers.items()},
    }
    report("score, one row, again and again", interleaved(single, 10, n_calls=20))
    report("score, one row, after others used the caches", interleaved(single, 100))
    difference = from_sklearn(sklearn).score(rows) + sklearn.score_samples(rows)
    print(f"\nconverted scikit-learn forest: scores differ by at most {np.abs(difference).max():.1e}")


def quality(n_seeds: int) -> None:
    """Compare ROC AUC with scikit-learn's, seed by seed."""
    print(f"\nROC AUC over {n_seeds} seeds, {SETTINGS}: ours, scikit-learn's, mean difference and its standard error")
    for name, values, labels in labelled_tables():
        rows = np.ascontiguousarray(values, dtype=np.float32)
        matrix = FeatureMatrix(rows, tuple(f"c{i}" for i in range(rows.shape[1])))
        pairs = np.array([_one_seed(rows, matrix, labels, seed) for seed in range(n_seeds)])
        difference = pairs[:, 0] - pairs[:, 1]
        error = difference.std(ddof=1) / np.sqrt(n_seeds)
        print(
            f"  {name:32} {pairs[:, 0].mean():.4f}  {pairs[:, 1].mean():.4f}  {difference.mean():+.4f} +- {error:.4f}"
        )


def _one_seed(rows: np.ndarray, matrix: FeatureMatrix, labels: np.ndarray, seed: int) -> tuple[float, float]:
    ours = IsolationForest().fit(matrix, seed=seed).score(rows)
    peer = -SklearnForest(random_state=seed).fit(rows).score_samples(rows)
    return roc_auc_score(labels, ours), roc_auc_score(labels, peer)


def main() -> None:
    """Print the chosen comparisons."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quality", type=int, nargs="?", const=100, default=0, metavar="SEEDS")
    options.add_argument("--rows", type=int, default=100_000)
    chosen = options.parse_args()
    used = kernels_in_use()
    print(f"{'compiled' if used.is_compiled else 'numpy'} kernels: {', '.join(used.instruction_sets)}; one thread")
    with threadpool_limits(limits=1):
        speed(chosen.rows)
        if chosen.quality:
            quality(chosen.quality)


if __name__ == "__main__":
    main()
