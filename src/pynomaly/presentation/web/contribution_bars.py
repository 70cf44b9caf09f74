"""Bars of what each column adds to a row's score or takes from it, as numbers that an SVG draws."""

from collections.abc import Sequence
from dataclasses import dataclass

from pynomaly.domain.inspection import InspectedCell, Inspection

WIDTH = 200.0
"""Of the drawing; bars begin at zero, which lies where the longest bars of both sides leave it."""


@dataclass(frozen=True, slots=True)
class ContributionBar:
    """One column's bar, in the drawing's units. zero: where all bars begin."""

    cell: InspectedCell
    start: float
    length: float
    zero: float
    raises: bool


def contribution_bars(inspection: Inspection) -> Sequence[ContributionBar]:
    """Return the bars of a row's columns, the greatest part in the score first."""
    cells = inspection.contributions
    parts = [cell.contribution or 0.0 for cell in cells]
    most, least = max([0.0, *parts]), min([0.0, *parts])
    scale = WIDTH / (most - least) if most > least else 0.0
    zero = -least * scale
    return [
        ContributionBar(cell, zero + min(part, 0.0) * scale, abs(part) * scale, zero, part >= 0.0)
        for cell, part in zip(cells, parts, strict=True)
    ]
