"""Ranking quality of each detector of our own beside its reference, paired: the same rows, the same seeds.

Usage: python -W ignore tests/benchmarks/paired_quality.py [FOLDER] [--only WORD] [--rows 500] [--seeds 30] [--tables N]
FOLDER holds .parquet tables with a column `label` (1 = anomaly); without it, tables that scikit-learn ships. A seed
draws the rows of a table and seeds both detectors; columns are standardised for both. Bar: lower by 0.003 at most.
"""

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from sklearn.datasets import load_breast_cancer, load_digits, load_wine
from sklearn.metrics import roc_auc_score

from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.catalog import Catalog
from pynomaly.infrastructure.algorithms.scoring_threads import bound_scoring_threads

CATALOG = Catalog(plugins=())
BAR = -0.003


@dataclass(frozen=True, slots=True)
class Pair:
    """One of our detectors and the class it is held against."""

    ours: str
    reference: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    is_seeded: bool = False


PAIRS = (
    Pair("isolation_forest", "sklearn.ensemble:IsolationForest", is_seeded=True),
    Pair("extended_isolation_forest", "sklearn.ensemble:IsolationForest", is_seeded=True),
    Pair("ecod", "pyod.models.ecod:ECOD"),
    Pair("copod", "pyod.models.copod:COPOD"),
    Pair("hbos", "pyod.models.hbos:HBOS"),
    Pair("loda", "pyod.models.loda:LODA", is_seeded=True),
    Pair("pca", "pyod.models.pca:PCA", is_seeded=True),
    Pair("mcd", "pyod.models.mcd:MCD", is_seeded=True),
    Pair("gmm", "pyod.models.gmm:GMM", is_seeded=True),
    Pair("ocsvm", "pyod.models.ocsvm:OCSVM"),
    Pair("ocsvm_nystroem", "pyod.models.ocsvm:OCSVM"),
    Pair("knn", "pyod.models.knn:KNN"),
    Pair("lof", "pyod.models.lof:LOF"),
    Pair("cblof", "pyod.models.cblof:CBLOF", is_seeded=True),
    Pair("inne", "pyod.models.inne:INNE", is_seeded=True),
    Pair("kde", "pyod.models.kde:KDE"),
    Pair("dte_np", "pyod.models.knn:KNN"),
)


def tables(folder: Path | None) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield name, rows and labels."""
    if folder is None:
        for name, load, normal in (
            ("cancer", load_breast_cancer, 1),
            ("wine", load_wine, 1),
            ("digits", load_digits, 0),
        ):
            rows, target = load(return_X_y=True)
            kept = np.concatenate([np.flatnonzero(target == normal), np.flatnonzero(target != normal)[:20]])
            yield name, rows[kept].astype(float), target[kept] != normal
        return
    for path in sorted(folder.glob("*.parquet")):
        table = pq.read_table(path)
        labels = table.column("label").to_numpy() == 1
        yield path.stem, np.column_stack([c.to_numpy() for c in table.drop_columns(["label"]).columns]), labels


def drawn(rows: np.ndarray, labels: np.ndarray, n_rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw rows without replacement, a few anomalies among them at least, and standardise the columns."""
    rng = np.random.default_rng(seed)
    picked = rng.choice(len(rows), min(n_rows, int(0.8 * len(rows))), replace=False)
    if labels[picked].sum() < 3:
        picked = np.union1d(picked, rng.choice(np.flatnonzero(labels), min(3, int(labels.sum())), replace=False))
    rows = rows[picked]
    spread = rows.std(axis=0)
    return ((rows - rows.mean(axis=0)) / np.where(spread > 0, spread, 1))[:, spread > 0], labels[picked]


def one_pair(pair: Pair, rows: np.ndarray, labels: np.ndarray, seed: int) -> tuple[float, float] | None:
    """Return both ROC AUC, or None where the reference raises."""
    row = CATALOG.describe(pair.ours)
    matrix = FeatureMatrix(np.ascontiguousarray(rows, row.dtype), tuple(f"f{i}" for i in range(rows.shape[1])))
    ours = CATALOG.create(pair.ours, {}).fit(matrix, seed=seed).score(matrix.values)
    module, _, name = pair.reference.partition(":")
    create = getattr(import_module(module), name)
    try:
        fitted = create(**pair.settings, **({"random_state": seed} if pair.is_seeded else {})).fit(rows)
        theirs = -fitted.score_samples(rows) if module.startswith("sklearn") else fitted.decision_function(rows)
        return roc_auc_score(labels, ours), roc_auc_score(labels, theirs)
    except ValueError:
        return None


def main() -> None:
    """Print a line for each pair."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("folder", nargs="?", type=Path)
    reader.add_argument("--only", default="")
    reader.add_argument("--rows", type=int, default=500)
    reader.add_argument("--seeds", type=int, default=30)
    reader.add_argument("--tables", type=int, default=1000)
    asked = reader.parse_args()
    bound_scoring_threads(1)
    data = list(tables(asked.folder))[: asked.tables]
    print(
        f"mean ROC AUC over {len(data)} tables x {asked.seeds} seeds: ours, reference, difference +- its standard error"
    )
    for pair in (one for one in PAIRS if asked.only in one.ours):
        found = [
            (place, both)
            for place, (_, rows, labels) in enumerate(data)
            for seed in range(asked.seeds)
            if (both := one_pair(pair, *drawn(rows, labels, asked.rows, seed), seed)) is not None
        ]
        scores = np.array([both for _, both in found])
        by_seed = scores[:, 0] - scores[:, 1]
        error = by_seed.std(ddof=1) / np.sqrt(len(by_seed))
        mark = "" if by_seed.mean() >= BAR else "   below the bar"
        left_out = len(data) * asked.seeds - len(found)
        print(
            f"{pair.ours:28} {scores[:, 0].mean():.4f}  {scores[:, 1].mean():.4f}  {by_seed.mean():+.4f} +- {error:.4f}"
            f"   ({pair.reference.partition(':')[2]}, which failed {left_out} times){mark}",
            flush=True,
        )


if __name__ == "__main__":
    main()
