"""Deep detectors beside PyOD's: ranking on labelled tables, and time per epoch.

Usage: python tests/benchmarks/deep.py [FOLDER] [--rows N] [--seeds N] [--tables NAME ...] [--clean]
Fitted and scored on the same rows, anomalies among them; with --clean, fitted on every other normal row and scored on
the rest, which is what detectors for clean training data are made for.
FOLDER holds .parquet or .csv tables with a column `label` (1 = anomaly); without it, tables that scikit-learn ships are
used in their outlier-detection form. Larger tables are cut to --rows rows. Both sides train in one thread with their
own defaults. PyOD's deep detectors need the packages torch and tqdm.
"""

import argparse
import time
import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import numpy as np
import torch
from quality import shipped_tables, tables_in
from sklearn.metrics import average_precision_score, roc_auc_score

from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.catalog import Catalog
from pynomaly.infrastructure.algorithms.scoring_threads import bound_scoring_threads

Scores = Callable[[np.ndarray, np.ndarray, int], np.ndarray]
OURS = ("autoencoder", "vae", "dte_c", "score_matching", "icl", "deep_sad")
PYOD = ("auto_encoder:AutoEncoder", "vae:VAE", "deep_svdd:DeepSVDD")
EPOCH_ROWS = 5000


def ours(name: str, **parameters: int) -> Scores:
    """Return what one of our detectors makes of a table."""

    def scores(learned: np.ndarray, scored: np.ndarray, seed: int) -> np.ndarray:
        matrix = FeatureMatrix(learned, tuple(f"f{place}" for place in range(learned.shape[1])))
        return np.asarray(Catalog(plugins=()).create(f"torch.{name}", parameters).fit(matrix, seed=seed).score(scored))

    return scores


def pyod(target: str, **parameters: int) -> Scores:
    """Return what one of PyOD's detectors makes of a table."""
    module, _, name = target.partition(":")
    made = getattr(import_module(f"pyod.models.{module}"), name)

    def scores(learned: np.ndarray, scored: np.ndarray, seed: int) -> np.ndarray:
        needed = {"n_features": learned.shape[1]} if name == "DeepSVDD" else {}
        detector = made(random_state=seed, verbose=0, **needed, **parameters).fit(learned)
        return np.asarray(detector.decision_function(scored))

    return scores


def chosen_tables(options: argparse.Namespace) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield the tables asked for, cut to size."""
    for name, rows, labels in tables_in(options.folder) if options.folder else shipped_tables():
        if options.tables and name not in options.tables:
            continue
        picked = np.sort(np.random.default_rng(0).permutation(len(rows))[: options.rows])
        yield name, rows[picked], labels[picked]


def clean_half(rows: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return every other normal row to learn from, and the rest to score with its labels."""
    is_learned = np.zeros(len(rows), dtype=bool)
    is_learned[np.flatnonzero(labels == 0)[::2]] = True
    return rows[is_learned], rows[~is_learned], labels[~is_learned]


def print_ranking(options: argparse.Namespace) -> None:
    """Print ROC AUC / average precision per table, means over seeds, then the means over tables."""
    detectors = {f"our {name}": ours(name) for name in OURS} | {
        f"PyOD {name.partition(':')[2]}": pyod(name) for name in PYOD
    }
    print(f"{'ROC AUC / average precision':28}", *(f"{name:>18}" for name in detectors))
    results = []
    for table, rows, labels in chosen_tables(options):
        learned, scored, labels = clean_half(rows, labels) if options.clean else (rows, rows, labels)
        line = []
        for scores in detectors.values():
            found = [scores(learned, scored, seed) for seed in range(options.seeds)]
            line.append(
                np.mean([(roc_auc_score(labels, s), average_precision_score(labels, s)) for s in found], axis=0)
            )
        results.append(line)
        print(f"{table:28}", *(f"{auc:>10.3f} / {ap:.3f}" for auc, ap in line), flush=True)
    print(f"{'mean':28}", *(f"{auc:>10.3f} / {ap:.3f}" for auc, ap in np.mean(results, axis=0)))


def seconds_per_epoch(make: Callable[[int], Scores], rows: np.ndarray) -> float:
    """Return what nine more epochs take, a ninth of it."""

    def seconds(n_epochs: int) -> float:
        begin = time.perf_counter()
        make(n_epochs)(rows, rows, 0)
        return time.perf_counter() - begin

    seconds(1)
    return (min(seconds(12) for _ in range(2)) - min(seconds(3) for _ in range(2))) / 9


def print_epochs() -> None:
    """Print how many times longer an epoch of PyOD's takes than the same detector's here."""
    rows = np.random.default_rng(0).normal(size=(EPOCH_ROWS, 20))
    print(f"\ntime per epoch, {EPOCH_ROWS} x 20: PyOD's / ours")
    for name, peer, word in (
        ("autoencoder", "auto_encoder:AutoEncoder", "epoch_num"),
        ("vae", "vae:VAE", "epoch_num"),
        ("deep_sad", "deep_svdd:DeepSVDD", "epochs"),
    ):
        theirs = seconds_per_epoch(lambda n, peer=peer, word=word: pyod(peer, **{word: n}), rows)
        own = seconds_per_epoch(lambda n, name=name: ours(name, epochs=n), rows)
        print(f"{name:16} {theirs / own:6.1f}x", flush=True)


def main() -> None:
    """Compare."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path)
    options.add_argument("--rows", type=int, default=2000)
    options.add_argument("--seeds", type=int, default=3)
    options.add_argument("--tables", nargs="*")
    options.add_argument("--clean", action="store_true")
    chosen = options.parse_args()
    warnings.simplefilter("ignore")  # PyOD's networks warn of their own defaults
    torch.set_num_threads(1)
    bound_scoring_threads(1)
    print_epochs()
    print_ranking(chosen)


if __name__ == "__main__":
    main()
