"""Detectors on JAX: 32 autoencoders beside one, ours beside PyOD's on labelled tables, neighbours beside numpy's.

Usage: python tests/benchmarks/jax_models.py [FOLDER] [--tables A,B] [--rows N] [--seeds N] [--without-pyod]
FOLDER holds .parquet or .csv tables with a column `label` (1 = anomaly). Without it no qualities are compared.
PyOD's deep detectors need torch and tqdm.
"""

import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score
from tests.benchmarks.quality import tables_in

from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.catalog import Catalog

CATALOG = Catalog(plugins=())
OURS = ("jax.autoencoder_ensemble", "jax.score_matching", "jax.normalizing_flow", "jax.knn", "jax.dte_np", "knn")
PEERS = {"AutoEncoder": "pyod.models.auto_encoder", "VAE": "pyod.models.vae"}


def matrix(rows: np.ndarray) -> FeatureMatrix:
    """Name the columns of rows."""
    return FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))


def seconds(work: Callable[[], object], repeats: int = 5) -> tuple[float, float]:
    """Return the least wall and processor seconds of some repeats."""
    taken = []
    for _ in range(repeats):
        wall, processor = perf_counter(), process_time()
        work()
        taken.append((perf_counter() - wall, process_time() - processor))
    return min(wall for wall, _ in taken), min(processor for _, processor in taken)


def members(n_epochs: int = 20) -> None:
    """Print what 32 members take beside one, with and without compilation."""
    rows = matrix(np.random.default_rng(0).normal(size=(2000, 10)))
    found = {}
    for n_members in (1, 32):
        algorithm = CATALOG.create("jax.autoencoder_ensemble", {"n_members": n_members, "n_epochs": n_epochs})
        first = perf_counter()
        algorithm.fit(rows, seed=0)
        found[n_members] = (perf_counter() - first, *seconds(lambda: algorithm.fit(rows, seed=1)))  # noqa: B023
    for place, what in enumerate(("first fit, with compilation", "later fits, wall", "later fits, processor")):
        one, many = found[1][place], found[32][place]
        print(f"{what:30} one {one:7.3f} s   32 members {many:7.3f} s   ratio {many / one:5.2f}")


def epochs() -> None:
    """Print what one more pass over the rows takes, ours beside PyOD's."""
    rows = np.random.default_rng(0).normal(size=(2000, 10))
    for name in ("jax.autoencoder_ensemble", "jax.score_matching", "jax.normalizing_flow"):
        few, many = (CATALOG.create(name, {"n_epochs": n_epochs}) for n_epochs in (2, 22))
        few.fit(matrix(rows), seed=0)
        taken = [seconds(lambda a=a: a.fit(matrix(rows), seed=0), 3)[1] for a in (few, many)]
        print(f"{name:30} {(taken[1] - taken[0]) / 20 * 1e3:7.1f} ms of processor an epoch of 2000 x 10")
    for peer in PEERS:
        taken = [seconds(lambda n=n: peers_scores(peer, rows, 0, epoch_num=n), 2)[1] for n in (2, 7)]  # noqa: B023
        print(f"{'PyOD ' + peer:30} {(taken[1] - taken[0]) / 5 * 1e3:7.1f} ms of processor an epoch of 2000 x 10")


def neighbours() -> None:
    """Print how far jax.knn is from knn, and what both take."""
    rng = np.random.default_rng(0)
    reference, rows = rng.normal(size=(2000, 10)).astype(np.float32), rng.normal(size=(2560, 10)).astype(np.float32)
    ours, twin = (CATALOG.create(name, {}).fit(matrix(reference), seed=0) for name in ("jax.knn", "knn"))
    apart = np.max(np.abs(ours.score(rows) / twin.score(rows) - 1))
    print(f"jax.knn beside knn: largest relative difference {apart:.1e}")
    for name, model in (("jax.knn", ours), ("knn", twin)):
        model.score(rows[:1])
        many, one = (seconds(lambda at=at: model.score(rows[at]))[0] for at in (slice(None), slice(1)))  # noqa: B023
        print(f"{name:30} {many / len(rows) * 1e6:7.1f} us per row of 2560   {one * 1e6:7.1f} us for one row")


def peers_scores(peer: str, rows: np.ndarray, seed: int, **settings: int) -> np.ndarray:
    """Fit a detector of PyOD and score the same rows."""
    import torch

    torch.set_num_threads(1)
    detector = getattr(import_module(PEERS[peer]), peer)
    return np.asarray(detector(random_state=seed, verbose=0, **settings).fit(rows).decision_function(rows))


def our_scores(name: str, rows: np.ndarray, seed: int) -> np.ndarray:
    """Fit a detector of our own and score the same rows."""
    rows = rows.astype(CATALOG.describe(name).dtype)
    return CATALOG.create(name, {}).fit(matrix(rows), seed=seed).score(rows)


def qualities(options: argparse.Namespace) -> None:
    """Print ROC AUC / average precision, means over seeds, per table and detector, and the seconds of all fits."""
    columns = {name: lambda rows, seed, name=name: our_scores(name, rows, seed) for name in OURS}
    if not options.without_pyod:
        columns |= {peer: lambda rows, seed, peer=peer: peers_scores(peer, rows, seed) for peer in PEERS}
    print(f"{'ROC AUC / average precision':28}", *(f"{name:>25}" for name in columns))
    results, taken = [], dict.fromkeys(columns, 0.0)
    for table, rows, labels in tables_in(options.folder):
        if options.tables and table not in options.tables.split(","):
            continue
        picked = np.random.default_rng(0).permutation(len(rows))[: options.rows]
        rows, labels = rows[picked], labels[picked]
        spread = rows.std(axis=0)
        rows = (rows - rows.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
        line = []
        for name, scores_of in columns.items():
            start = perf_counter()
            scores = [scores_of(rows, seed) for seed in range(options.seeds)]
            taken[name] += perf_counter() - start
            of_seeds = [(roc_auc_score(labels, s), average_precision_score(labels, s)) for s in scores]
            line.append(np.mean(of_seeds, axis=0))
        results.append(line)
        print(f"{table:28}", *(f"{auc:>17.3f} / {ap:.3f}" for auc, ap in line), flush=True)
    print(f"{'mean':28}", *(f"{auc:>17.3f} / {ap:.3f}" for auc, ap in np.mean(results, axis=0)))
    print(f"{'seconds, all fits':28}", *(f"{second:>25.1f}" for second in taken.values()))


def main() -> None:
    """Print all comparisons."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path)
    options.add_argument("--tables", default="")
    options.add_argument("--rows", type=int, default=2000)
    options.add_argument("--seeds", type=int, default=3)
    options.add_argument("--without-pyod", action="store_true")
    chosen = options.parse_args()
    members()
    neighbours()
    if not chosen.without_pyod:
        epochs()
    if chosen.folder:
        qualities(chosen)


if __name__ == "__main__":
    main()
