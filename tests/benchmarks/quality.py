"""Ranking quality on labelled tables: every own detector beside scikit-learn's isolation forest, table by table.

Usage: python tests/benchmarks/quality.py [FOLDER] [--rows N]
FOLDER holds .parquet or .csv tables with a column `label` (1 = anomaly); without it, tables that
scikit-learn ships are used in their outlier-detection form. Larger tables are cut to --rows rows.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from sklearn.datasets import load_breast_cancer, load_digits, load_wine
from sklearn.ensemble import IsolationForest
from sklearn.metrics import average_precision_score, roc_auc_score

import pynomaly
from pynomaly.bootstrap import build

ALGORITHMS = ("isolation_forest", "ecod", "hbos", "knn", "pca")


def shipped_tables() -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield scikit-learn's tables: one class kept whole, 10 rows of another as anomalies."""
    for name, load, normal in (
        ("breast_cancer", load_breast_cancer, 1),
        ("wine", load_wine, 1),
        ("digits", load_digits, 0),
    ):
        rows, target = load(return_X_y=True)
        kept = np.concatenate([np.flatnonzero(target == normal), np.flatnonzero(target != normal)[:10]])
        yield name, rows[kept].astype(float), target[kept] != normal


def tables_in(folder: Path) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield the numeric labelled tables of a folder."""
    for path in sorted([*folder.glob("*.parquet"), *folder.glob("*.csv")]):
        table = build().reader.read(path)
        labels = np.array([value is True for value in table.binary_labels("label")])
        data: pa.Table = table.data.drop_columns(["label"])  # type: ignore[attr-defined]
        rows = np.column_stack([data.column(i).to_numpy() for i in range(data.num_columns)])
        yield path.stem, rows.astype(float), labels


def main() -> None:
    """Print ROC AUC / average precision per table and detector, then the means."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path)
    options.add_argument("--rows", type=int, default=10_000)
    chosen = options.parse_args()
    names = ("scikit-learn forest", *ALGORITHMS)
    print(f"{'ROC AUC / average precision':28}", *(f"{name:>20}" for name in names))
    results = []
    for table, rows, labels in tables_in(chosen.folder) if chosen.folder else shipped_tables():
        if len(rows) > chosen.rows:
            picked = np.random.default_rng(0).choice(len(rows), chosen.rows, replace=False)
            rows, labels = rows[picked], labels[picked]
        peer = -IsolationForest(random_state=0).fit(rows.astype(np.float32)).score_samples(rows.astype(np.float32))
        ours = [pynomaly.detect(rows, algorithm=name, explain=False, top=1).scores for name in ALGORITHMS]
        line = [(roc_auc_score(labels, s), average_precision_score(labels, s)) for s in (peer, *ours)]
        results.append(line)
        print(f"{table:28}", *(f"{auc:>12.3f} / {ap:.3f}" for auc, ap in line))
    print(f"{'mean':28}", *(f"{auc:>12.3f} / {ap:.3f}" for auc, ap in np.mean(results, axis=0)))


if __name__ == "__main__":
    main()
