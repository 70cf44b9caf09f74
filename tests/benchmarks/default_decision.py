"""How many rows the default decision flags: on clean tables (all false) and on tables with planted anomalies.

Usage: python tests/benchmarks/default_decision.py [--tables N]
Beside it stands the usual rule of other libraries, the top 10 % of the training scores.
"""

import argparse
from collections.abc import Callable

import numpy as np

import pynomaly

Sampler = Callable[[np.random.Generator, int, int], np.ndarray]

CLEAN: dict[str, Sampler] = {
    "normal": lambda rng, n, d: rng.normal(size=(n, d)),
    "uniform": lambda rng, n, d: rng.uniform(size=(n, d)),
    "exponential": lambda rng, n, d: rng.exponential(size=(n, d)),
    "lognormal": lambda rng, n, d: rng.lognormal(size=(n, d)),
    "t, 5 degrees": lambda rng, n, d: rng.standard_t(5, size=(n, d)),
    "4 clusters": lambda rng, n, d: rng.normal(scale=4, size=(4, d))[rng.integers(4, size=n)] + rng.normal(size=(n, d)),
}
SHAPES = ((500, 2), (2000, 8), (5000, 20))
ALGORITHMS = ("isolation_forest", "ecod", "hbos", "knn", "pca")


def flagged(rows: np.ndarray, algorithm: str, contamination: float | None) -> np.ndarray:
    """Return what is flagged in a table that is also the training table."""
    return pynomaly.detect(rows, algorithm=algorithm, contamination=contamination, explain=False, top=1).is_anomaly


def main() -> None:
    """Print one line per algorithm and kind of table, then the planted anomalies."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tables", type=int, default=3, help="tables per kind and shape")
    n_tables = options.parse_args().tables
    print("flagged rows in clean tables, per cent (mean over shapes; the usual rule flags 10.00)")
    for algorithm in ALGORITHMS:
        shares = {kind: _clean_share(sample, algorithm, n_tables) for kind, sample in CLEAN.items()}
        print(f"  {algorithm:17}", "  ".join(f"{kind} {100 * share:.2f}" for kind, share in shares.items()))
    print("2 % planted anomalies, 6 standard deviations away in a third of the columns: precision / recall")
    for algorithm in ALGORITHMS:
        ours = _planted(algorithm, None, n_tables)
        usual = _planted(algorithm, 0.1, n_tables)
        print(f"  {algorithm:17} default {ours[0]:.2f} / {ours[1]:.2f}   top 10 % {usual[0]:.2f} / {usual[1]:.2f}")


def _clean_share(sample: Sampler, algorithm: str, n_tables: int) -> float:
    shares = [
        flagged(sample(np.random.default_rng(seed), n, d), algorithm, None).mean()
        for n, d in SHAPES
        for seed in range(n_tables)
    ]
    return float(np.mean(shares))


def _planted(algorithm: str, contamination: float | None, n_tables: int) -> tuple[float, float]:
    precision, recall = [], []
    for n, d in SHAPES:
        for seed in range(n_tables):
            rng = np.random.default_rng(seed)
            rows, truth = rng.normal(size=(n, d)), np.arange(n) < n // 50
            rows[truth, : max(1, d // 3)] += 6 * rng.choice([-1, 1], size=(int(truth.sum()), 1))
            alarms = flagged(rows, algorithm, contamination)
            precision.append((alarms & truth).sum() / max(alarms.sum(), 1))
            recall.append((alarms & truth).sum() / truth.sum())
    return float(np.mean(precision)), float(np.mean(recall))


if __name__ == "__main__":
    main()
