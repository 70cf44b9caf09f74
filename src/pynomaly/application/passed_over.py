"""What a look at one column would find, and the decision let pass: a score weighs all columns together."""

from pynomaly.application.ports.tables import Table
from pynomaly.application.trained_model import TrainedModel
from pynomaly.domain.decision import Decision
from pynomaly.domain.far_cells import FarCell

MOST_NAMED = 3
WEIGHS_DISTANCE = "knn"
"""An algorithm whose score grows with every cell's distance."""


def passed_over(model: TrainedModel, table: Table, decision: Decision) -> str:
    """Name the cells far outside their column in rows that are not flagged, in a sentence; "" if there are none."""
    far = [cell for cell in model.preparation.far_cells(table) if not decision.is_anomaly[cell.row]]
    if not far:
        return ""
    farthest: dict[int, FarCell] = {}
    for cell in sorted(far, key=lambda cell: cell.ranges_away, reverse=True):
        farthest.setdefault(cell.row, cell)
    cells = list(farthest.values())
    named = "; ".join(_in_words(cell) for cell in cells[:MOST_NAMED])
    more = f"; and {len(cells) - MOST_NAMED} more" if len(cells) > MOST_NAMED else ""
    advice = "" if model.algorithm == WEIGHS_DISTANCE else f", or at what {WEIGHS_DISTANCE} says of them"
    return (
        f"far outside a column and yet not flagged: {named}{more}. A score weighs all columns together, so that one "
        f"wild cell can pass; look at these rows{advice}"
    )


def _in_words(cell: FarCell) -> str:
    usual = f"usually {cell.typical.low:.3g} to {cell.typical.high:.3g}"
    return f"{cell.column} {cell.value:.6g} in row {cell.row:,} ({usual})"
