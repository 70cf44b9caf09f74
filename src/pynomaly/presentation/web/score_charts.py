"""The numbers behind drawings of scores, as web/scripts/charts takes them."""

from collections.abc import Sequence
from dataclasses import dataclass

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.arrays import IntVector
from pynomaly.domain.score_outline import EXACT_RANKS, ScoreOutline
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.words.figures import count, short_figure


@dataclass(frozen=True, slots=True)
class Bar:
    """One bin of a histogram, as its table tells it. is_past: whether rows in it are flagged."""

    low: float
    high: float
    n_rows: int
    is_past: bool


def bars(outline: ScoreOutline, threshold: float | None) -> list[Bar]:
    """Return the bins as they are drawn, lowest first; first and last what lies too far out, where rows do."""
    histogram = outline.histogram
    edges = [outline.lowest, *histogram.edges.tolist(), outline.highest]
    counts = [histogram.n_below, *histogram.counts.tolist(), histogram.n_beyond]
    first, last = (0 if histogram.n_below else 1), len(counts) - (0 if histogram.n_beyond else 1)
    return [
        Bar(edges[at], edges[at + 1], counts[at], threshold is not None and edges[at + 1] > threshold)
        for at in range(first, last)
    ]


def histogram_data(outline: ScoreOutline, threshold: float | None, rule: str = "") -> dict[str, JsonValue]:
    """Return what the kind "histogram" draws. rule: what stands beside the line."""
    histogram = outline.histogram
    beyond = _("%(rows)s further out, up to %(highest)s") % {
        "rows": count(histogram.n_beyond),
        "highest": short_figure(outline.highest),
    }
    return {
        "edges": histogram.edges.tolist(),
        "counts": histogram.counts.tolist(),
        "n_below": histogram.n_below,
        "n_beyond": histogram.n_beyond,
        "highest": outline.highest,
        "threshold": threshold,
        "words": {"x": _("score"), "y": _("rows (log scale)"), "rule": rule, "beyond": beyond},
    }


def tail_data(outline: ScoreOutline) -> dict[str, JsonValue]:
    """Return how many rows each line would flag, and how many of them may be false."""
    expected = outline.expected_false_alarms
    return {
        "n_rows": outline.n_rows,
        "exact_ranks": EXACT_RANKS,
        "thresholds": outline.thresholds.tolist(),
        "n_past": outline.n_past.tolist(),
        "false_alarms": None if expected is None else [round(one, 3) for one in expected.tolist()],
    }


def overlay_data(first: tuple[str, IntVector], second: tuple[str, IntVector]) -> dict[str, JsonValue]:
    """Return what the kind "overlay" draws: how many rows of two detections are how severe."""
    return {
        "edges": severity_edges(first[1]),
        "first": {"name": first[0], "counts": first[1].tolist()},
        "second": {"name": second[0], "counts": second[1].tolist()},
        "words": {"x": _("severity"), "y": _("rows (log scale)")},
    }


def severity_edges(counts: Sequence[int] | IntVector) -> list[JsonValue]:
    """Return where each step of a histogram of severities begins, and where the last ends."""
    return [100.0 * step / len(counts) for step in range(len(counts) + 1)]
