"""From a scored row to everything an anomaly's page shows."""

import numpy as np

from pynomaly.application.counterfactuals import counterfactual
from pynomaly.application.explaining import explain_in_full, strongest
from pynomaly.application.findings import anomaly_of
from pynomaly.application.neighbours import neighbourhood
from pynomaly.application.ports.stores import ScoredRows
from pynomaly.application.ports.tables import Table
from pynomaly.application.trained_model import TrainedModel
from pynomaly.domain.arrays import FloatVector
from pynomaly.domain.detection import Detection
from pynomaly.domain.explanation import Reason, Typical
from pynomaly.domain.inspection import InspectedCell, Inspection


def inspect(model: TrainedModel, table: Table, rows: ScoredRows, detection: Detection, row: int) -> Inspection:
    """Return one row of a detection in depth.

    table, rows: what the detection scored and how. Costs an explanation, a look at no more than a few ten thousand
    rows, and some hundred scores.
    """
    (reasons,) = explain_in_full(model, table, [row])
    anomaly = anomaly_of(model, rows, detection.score_threshold, row, strongest(reasons))
    around = neighbourhood(model.preparation, table, rows, detection, anomaly)
    nearest = around.nearest[0].row if around.nearest else None
    added = sum(reason.contribution for reason in reasons)
    return Inspection(
        anomaly=anomaly,
        n_rows=detection.n_rows,
        rank=_rank(rows.scores, row),
        score_threshold=detection.score_threshold,
        cells=_cells(model, table, row, reasons),
        typical_score=anomaly.score - added if reasons else None,
        around=around,
        counterfactual=counterfactual(
            model, table, row, reasons, nearest=nearest, score_threshold=detection.score_threshold
        ),
    )


def _rank(scores: FloatVector, row: int) -> int:
    """Return a row's place by score, from 1; equal scores in row order, as they are listed."""
    own = scores[row]
    return 1 + int(np.count_nonzero(scores > own)) + int(np.count_nonzero(scores[:row] == own))


def _cells(model: TrainedModel, table: Table, row: int, reasons: tuple[Reason, ...]) -> tuple[InspectedCell, ...]:
    told = {reason.feature: reason.contribution for reason in reasons}
    learned = frozenset(model.preparation.sources)
    new = model.preparation.surprising(table.take([row]))
    return tuple(
        InspectedCell(
            column=column,
            value=table.cells(column.name, [row])[0],
            typical=model.preparation.typical(column.name) if column.name in learned else Typical(),
            contribution=told.get(column.name),
            is_new=column.name in new,
        )
        for column in table.columns
    )
