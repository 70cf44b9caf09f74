"""`/detections/{id}/outline` and `/changes`: what a threshold is chosen by."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from pynomaly.application.choices import policy_for
from pynomaly.domain.errors import CorruptModel, InvalidRequest, NotFound, PolicyNotAvailable
from pynomaly.presentation.api.detections import DetectionPath, Reader
from pynomaly.presentation.api.replies import shown
from pynomaly.presentation.api.routing import answers, router
from pynomaly.presentation.api.schemas.outlines import ChangeAnswer, OutlineAnswer
from pynomaly.presentation.http.bounds import BOUNDS, Contamination, Number, PageLimit, Share

routes = router("detections")
ROWS_SHOWN = 10


@routes.get(
    "/detections/{id}/outline",
    operation_id="outline_detection",
    response_model=OutlineAnswer,
    responses=answers(NotFound, InvalidRequest, CorruptModel),
)
def outline_detection(caller: Reader, detection_id: DetectionPath) -> Response:
    """Outline the scores: a histogram, and how many rows each threshold would flag."""
    return shown(OutlineAnswer.of(*caller.workspace.queries.score_outline(detection_id)))


@routes.get(
    "/detections/{id}/changes",
    operation_id="preview_decision",
    response_model=ChangeAnswer,
    responses=answers(NotFound, InvalidRequest, PolicyNotAvailable, CorruptModel),
)
def preview_decision(
    caller: Reader,
    detection_id: DetectionPath,
    score_threshold: Annotated[Number | None, Query(description="How to decide: least score.")] = None,
    budget: Annotated[int | None, Query(ge=0, le=BOUNDS.row_count.most, description="How to decide: rows.")] = None,
    contamination: Annotated[Contamination | None, Query(description="How to decide: expected share.")] = None,
    false_alarms: Annotated[Share | None, Query(description="How to decide: accepted share of false ones.")] = None,
    threshold: Annotated[Share | None, Query(description="How to decide: probability.")] = None,
    limit: Annotated[PageLimit, Query(description="Rows to show on either side of the line.")] = ROWS_SHOWN,
) -> Response:
    """Say what another decision would change, and show the rows nearest its line; nothing is stored.

    Without any way to decide it is the default decision.
    """
    policy = policy_for(
        contamination=contamination,
        budget=budget,
        false_alarms=false_alarms,
        threshold=threshold,
        score_threshold=score_threshold,
    )
    return shown(ChangeAnswer.of(caller.workspace.queries.changed_rows(detection_id, policy, limit=limit)))
