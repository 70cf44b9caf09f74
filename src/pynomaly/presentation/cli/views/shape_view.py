"""Histograms of columns: bars for people, all their numbers for programs."""

from typing import TYPE_CHECKING

from pynomaly.application.written_cells import json_value
from pynomaly.presentation.words.sparkline import sparkline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pynomaly.domain.algorithm import JsonValue
    from pynomaly.domain.histogram import Histogram

MOST_BARS = 15


def shape_in_bars(shape: "Histogram | None") -> str:
    """Return one bar per bin or value, with dots where numbers lie beyond; empty where there is no shape."""
    from pynomaly.domain.histogram import NumberBins, TimeBins

    if shape is None:
        return ""
    if isinstance(shape, NumberBins):
        return "…" * bool(shape.n_below) + sparkline(_by_twos(shape.counts)) + "…" * bool(shape.n_above)
    if isinstance(shape, TimeBins):
        return sparkline(_by_twos(shape.counts))
    return sparkline([n_rows for _, n_rows in shape.values]) + "…" * bool(shape.n_others)


def _by_twos(counts: "Sequence[int]") -> "Sequence[int]":
    """Return many bins two by two: a line of a terminal has other columns to hold."""
    if len(counts) <= MOST_BARS:
        return counts
    return [sum(counts[place : place + 2]) for place in range(0, len(counts), 2)]


def shape_as_json(shape: "Histogram | None") -> "JsonValue":
    """Return a histogram as data, with the keys that the API has."""
    from pynomaly.domain.histogram import NumberBins, TimeBins

    if shape is None:
        return None
    if isinstance(shape, NumberBins):
        tails: dict[str, JsonValue] = {"n_below": shape.n_below, "n_above": shape.n_above}
        ends: dict[str, JsonValue] = {"least": shape.least, "greatest": shape.greatest}
        return {"kind": "numbers", "edges": list(shape.edges), "counts": list(shape.counts), **tails, **ends}
    if isinstance(shape, TimeBins):
        edges: list[JsonValue] = [edge.isoformat() for edge in shape.edges]
        return {"kind": "times", "edges": edges, "counts": list(shape.counts), "is_ascending": shape.is_ascending}
    return {
        "kind": "values",
        "values": [{"value": json_value(value), "n_rows": n_rows} for value, n_rows in shape.values],
        "n_others": shape.n_others,
        "n_counted": shape.n_counted,
    }
