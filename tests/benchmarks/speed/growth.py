"""How the cost of every detector of our own grows with rows and columns, drawn: docs/benchmarks/growth.svg.

Usage: python -m tests.benchmarks.speed.growth [--only WORD] [--to FILE]
One thread. A size is left out once the one before it took longer than BUDGET_SECONDS to fit.
"""

import argparse
import time
from collections.abc import Sequence
from math import ceil
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from tests.benchmarks.speed.measure import clusters_with_outliers

from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.catalog import OWN_ROWS, Catalog
from pynomaly.infrastructure.algorithms.scoring_threads import bound_scoring_threads

PAGE = Path(__file__).parents[3] / "docs" / "benchmarks" / "growth.svg"
ROWS = (1_000, 3_000, 10_000, 30_000, 100_000)
COLUMNS = (2, 5, 10, 20, 50, 100)
FIXED_ROWS, FIXED_COLUMNS = 10_000, 10
BUDGET_SECONDS = 5.0
FIT, SCORE = "#2a6fdb", "#c2571a"


def main() -> None:
    """Measure and draw."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--only", default="")
    reader.add_argument("--to", type=Path, default=PAGE)
    asked = reader.parse_args()
    bound_scoring_threads(1)
    names = [row.description.name for row in OWN_ROWS if asked.only in row.description.name]
    names = [name for name in names if Catalog(plugins=()).describe(name).max_features != 1]
    mpl.rcParams.update({"svg.hashsalt": "growth", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 8})
    figure = Figure(figsize=(12, 1.9 * ceil(len(names) / 2)), layout="constrained")
    axes = figure.subplots(ceil(len(names) / 2), 4, squeeze=False)
    for place, name in enumerate(names):
        print(name, flush=True)
        line, pair = place % len(axes), 2 * (place // len(axes))
        _draw(
            axes[line][pair], f"{name}: {FIXED_COLUMNS} columns, rows", ROWS, [(n, FIXED_COLUMNS) for n in ROWS], name
        )
        _draw(axes[line][pair + 1], f"{FIXED_ROWS:,} rows, columns", COLUMNS, [(FIXED_ROWS, d) for d in COLUMNS], name)
    for unused in range(len(names), 2 * len(axes)):
        for axis in axes[unused % len(axes)][2:]:
            axis.set_axis_off()
    figure.legend(*axes[0][0].get_legend_handles_labels(), loc="outside upper center", ncols=2, frameon=False)
    asked.to.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(asked.to, metadata={"Date": None})


def _draw(axis: Axes, title: str, along: Sequence[int], sizes: Sequence[tuple[int, int]], name: str) -> None:
    figures = _figures(name, sizes)
    axis.set_title(title, fontsize=8, loc="left")
    axis.loglog(along[: len(figures)], [fit * 1e3 for fit, _ in figures], "o-", color=FIT, ms=3, label="fit, ms")
    axis.loglog(along[: len(figures)], [us for _, us in figures], "s--", color=SCORE, ms=3, label="score, µs a row")
    axis.minorticks_off()
    axis.grid(alpha=0.3)


def _figures(name: str, sizes: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
    """Return the seconds of a fit and the microseconds to score a row, size by size."""
    catalog, found = Catalog(plugins=()), []
    for place, (n_rows, n_features) in enumerate((sizes[0], *sizes)):  # the first once more: what is done once is over
        rows, _ = clusters_with_outliers(n_rows, n_features)
        matrix = FeatureMatrix(
            np.ascontiguousarray(rows, catalog.describe(name).dtype), tuple(f"f{i}" for i in range(n_features))
        )
        began = time.perf_counter()
        model = catalog.create(name, {}).fit(matrix, seed=0)
        fitted = time.perf_counter()
        scored = matrix.values[:5_000]
        model.score(scored)
        if place:
            found.append((fitted - began, (time.perf_counter() - fitted) / len(scored) * 1e6))
        if fitted - began > BUDGET_SECONDS:
            break
    return found


if __name__ == "__main__":
    main()
