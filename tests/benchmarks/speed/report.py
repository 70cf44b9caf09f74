"""The figures as a page: one table for each case, every ratio beside its bar, and how all of it was made."""

import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tests.benchmarks.speed.cases import Case
from tests.benchmarks.speed.measure import Figures

from pynomaly.infrastructure.algorithms.kernels.compiled import kernels_in_use

PACKAGES = ("numpy", "scipy", "scikit-learn", "pyod", "coniferest", "isotree", "faiss-cpu", "joblib")


GROWTH = """## How cost grows

![Milliseconds to fit and microseconds to score a row, against rows and columns, for each detector](growth.svg)
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """A case, on how many threads, and what came out; ours stands first."""

    case: Case
    n_threads: int
    figures: Sequence[Figures]
    scale: float = 1.0

    @property
    def title(self) -> str:
        """The name of the case, which tells its size, and what was different."""
        threads = f"{self.n_threads} thread{'s' * (self.n_threads > 1)}"
        return f"{self.case.name}, {threads}" + ("" if self.scale == 1 else f", a share of {self.scale:g} of the rows")

    def ratios(self) -> dict[tuple[str, str], float]:
        """Return (what, peer) -> the peer's figure over ours: above 1 ours is faster or smaller."""
        ours, found = self.figures[0], {}
        for peer in self.figures[1:]:
            found["fit", peer.name] = peer.fit_seconds / ours.fit_seconds
            found["score", peer.name] = peer.score_microseconds_per_row / ours.score_microseconds_per_row
            found["one row", peer.name] = peer.one_row_p50_microseconds / ours.one_row_p50_microseconds
            found["model size", peer.name] = peer.file_kilobytes / ours.file_kilobytes
            found["load", peer.name] = peer.load_milliseconds / ours.load_milliseconds
            n_rows = self.case.n_rows
            ours_with_scores = ours.fit_seconds + ours.score_microseconds_per_row * n_rows * self.scale / 1e6
            found["fit + training scores", peer.name] = peer.fit_seconds / ours_with_scores
        return found


def page(results: Iterable[Measured], command: str) -> str:
    """Return the page."""
    results = list(results)
    parts = [_head(command), _table_of_bars(results), GROWTH]
    for one in results:
        parts.append(f"## {one.title}\n")
        parts.append(_figures_table(one.figures))
        parts.append(_ratio_lines(one))
    return "\n".join(parts).rstrip() + "\n"


def _head(command: str) -> str:
    versions = ", ".join(f"{name} {found}" for name in PACKAGES if (found := _version(name)))
    sets = ", ".join(kernels_in_use().instruction_sets)
    return f"""# Speed beside the peers

Written by `{command}` on {datetime.now(UTC):%Y-%m-%d}. {_processor()}, Python {platform.python_version()};
{versions}; kernels {sets}.

All contenders of a case learn and score the same rows in one process and take turns; medians. Data: five Gaussian
clusters and 1 % uniform outliers. `peak` is by how much a fit and a scoring raise the memory of a process that holds
the rows. Ratios are the peer's figure divided by ours: above 1 ours is faster or smaller. PyOD scores its training
rows at every fit.
"""


def _table_of_bars(results: Sequence[Measured]) -> str:
    lines = ["## What was to be reached\n", "| | against | bar | measured | |", "|---|---|---:|---:|---|"]
    for one in results:
        ratios = one.ratios()
        for (what, peer), bar in one.case.bars.items():
            if (ratio := ratios.get((what, peer), float("nan"))) == ratio:
                verdict = _verdict(ratio, bar)
                lines.append(f"| {one.title}: {what} | {peer} | {bar:g} × | {_number(ratio)} × | {verdict} |")
    return "\n".join(lines) + "\n"


def _figures_table(figures: Sequence[Figures]) -> str:
    lines = [
        "| | fit | score a row | one row p50 | p99 | file | load | peak | ROC AUC |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for one in figures:
        cells = (
            f"{_number(one.fit_seconds * 1e3)} ms",
            f"{_number(one.score_microseconds_per_row)} µs",
            f"{_number(one.one_row_p50_microseconds)} µs",
            f"{_number(one.one_row_p99_microseconds)} µs",
            f"{one.file_kilobytes:,.0f} KB",
            f"{_number(one.load_milliseconds)} ms",
            f"{one.peak_megabytes:,.1f} MB",
            f"{one.roc_auc:.4f}",
        )
        lines.append(f"| {one.name} | " + " | ".join("–" if "nan" in cell else cell for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _ratio_lines(one: Measured) -> str:
    lines = []
    for (what, peer), ratio in one.ratios().items():
        if ratio == ratio:
            bar = one.case.bars.get((what, peer))
            verdict = "" if bar is None else f" (bar {bar:g}: {_verdict(ratio, bar)})"
            lines.append(f"- {what}, {peer}: {_number(ratio)} ×{verdict}")
    return "\n".join(lines) + "\n"


def _verdict(ratio: float, bar: float) -> str:
    return "reached" if ratio >= bar else "**fell short**"


def _number(value: float) -> str:
    """Write three digits that count, never as a power of ten.

    >>> _number(0.02064), _number(12.34), _number(18234.5)
    ('0.0206', '12.3', '18,234')
    """
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
